// The newest forecast in parts that a screen shows at once: the whole fab, or one tool group; and how its scores went
// day by day. As JSON objects.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "apps/fabtwin/serve/living.hpp"
#include "apps/fabtwin/serve/stores.hpp"

namespace apps::fabtwin::serve {

// of: "fab", or a tool group; nothing where there is no forecast or no such group.
std::optional<std::string> forecast_part(const Living& living, std::string_view of);

// Scores of all kinds in all, and of each day on which forecasts were made: how many, how many of their 90 % intervals
// held, and the mean CRPS of the twin and of what it is compared with, on the same numbers.
std::string scores_json(Living& living, Tick now_ms);

// What a new forecast says of the moment a day ahead, as points of the historian at that moment:
// "ahead/1d/fab/wip/p05", "ahead/1d/fab/out_day/p50", ..., to be held against what comes.
void keep_ahead(Stores& stores, const twins::fab::forecast::Forecast& forecast, Tick time_zero_ms);

}  // namespace apps::fabtwin::serve
