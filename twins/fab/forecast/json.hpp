// A forecast as JSON for screens and other programs, and back: its fields under their names, in their order, and the
// names of what they number. docs/forecast.schema.json checks it, docs/forecasts.md describes it.
#pragma once
#include <string>
#include <string_view>

#include "twins/fab/forecast/forecast.hpp"

namespace twins::fab::forecast {

// RFC 8259; Beyond is null. Of step numbers: "step_names" holds those of Layout::step_name.
std::string to_json(const Layout& layout, const Forecast& forecast);
// Names are not needed. Throws twin::core::Error, which says where, for text that is no forecast of this schema.
Forecast from_json(std::string_view text);

}  // namespace twins::fab::forecast
