// Lots and tool groups of a fab as rows of a table: of the twin that lives, and of one as it was.
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>

#include "twin/core/tick.hpp"
#include "twins/fab/layout.hpp"
#include "twins/fab/live/dialect.hpp"
#include "twins/fab/state.hpp"
#include "twins/fab/view.hpp"

namespace apps::fabtwin::serve {

nlohmann::ordered_json lot_row(const twins::fab::Layout& layout,
                               const twins::fab::live::Dialect& dialect,
                               const twins::fab::LotView& lot, twin::core::Tick time_zero_ms);
// [tool group] in the order of the data set: tools, able, queue, WIP, and tools by mode.
nlohmann::ordered_json group_rows(const twins::fab::Layout& layout, const twins::fab::State& x);

}  // namespace apps::fabtwin::serve
