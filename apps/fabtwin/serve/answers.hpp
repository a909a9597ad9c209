// What people and screens ask a living twin about one lot, one tool, one signal: what the record
// says of it last, where it is, what is expected of it. As JSON.
#pragma once
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "apps/fabtwin/serve/living.hpp"
#include "apps/fabtwin/serve/stores.hpp"
#include "twin/event/event.hpp"
#include "twin/event/names.hpp"

namespace apps::fabtwin::serve {

inline constexpr std::size_t EventsTold = 50;

// "#7" where nobody has told its name.
[[nodiscard]] std::string lot_name(const twins::fab::live::Dialect& dialect, std::uint32_t lot);

[[nodiscard]] const char* word(twins::fab::LotPlace place);  // "queued"

// An event of the record with the names of what it is of.
[[nodiscard]] nlohmann::ordered_json event_json(const twin::event::Event& event,
                                                std::uint64_t entry,
                                                const twin::event::Names& names);

// The probability that a lot is on time; null where the forecast ends before anybody can tell.
[[nodiscard]] nlohmann::ordered_json on_time_json(const twins::fab::forecast::Forecast& forecast,
                                                  const twins::fab::forecast::LotForecast& lot);

// Nothing where nobody has spoken of a lot, or tool, of this name. Without stores: no events.
std::optional<std::string> lot_json(Living& living, Stores* stores, std::string_view name,
                                    Tick now_ms);
// line: what the tool's own line does; empty where it has none.
std::optional<std::string> tool_json(Living& living, Stores* stores, std::string_view name,
                                     std::string_view line, Tick now_ms);

// Of which lots and tools the twin is not sure, since when and why.
std::string doubts_json(Living& living, Tick now_ms);

// What people are to respond to, in groups by cause, what is put aside, and how the budget stands.
std::string alarms_json(const Living& living, Tick now_ms);
// One of its groups, in one line.
std::string alarm_json(const AlarmRow& row, Tick time_zero_ms);

struct SeriesAsked {
  std::string signal = {};
  Tick from_ms = 0, until_ms = 0;
  std::size_t pixels = 0;
};
// Of "signal=...&from=...&until=...&pixels=...": times in UTC (ISO 8601); by default the last day
// in 240 pixels. twin::core::Error says which is wrong.
SeriesAsked series_asked(std::string_view query, Tick now_ms);
// Least, mean and greatest value a pixel, null where there are none; nothing where there is no such
// signal.
std::optional<std::string> series_json(Stores& stores, const SeriesAsked& asked);

}  // namespace apps::fabtwin::serve
