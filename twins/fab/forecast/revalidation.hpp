// Whether the twin has to be validated again, and why: what the monitors of the whole fab and of its tools found, as
// notes for the record and words for people.
#pragma once
#include <cstddef>
#include <vector>

#include "twin/core/record.hpp"
#include "twins/fab/forecast/ledger.hpp"
#include "twins/fab/forecast/tool_watch.hpp"

namespace twins::fab::forecast {

// Notes of kind "alarm", one a reason; none: it has not. alarms_answered: so many of the tools' alarms, the first ones,
// were told before or have been answered by validating again.
std::vector<twin::core::Note> revalidation_due(const Layout& layout, const Ledger& ledger,
                                               const ToolWatch& tools, std::size_t alarms_answered,
                                               Tick now);

}  // namespace twins::fab::forecast
