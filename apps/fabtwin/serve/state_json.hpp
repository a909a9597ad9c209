// The head of a living twin as JSON: whole for who asks, and as the news of each second for who listens.
#pragma once
#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "apps/fabtwin/serve/living.hpp"
#include "apps/fabtwin/serve/picture.hpp"
#include "twins/fab/view.hpp"

namespace apps::fabtwin::serve {

// forecast: the name of the newest one; empty: none. open: recommendations that wait for somebody.
struct StateExtras {
  std::string forecast = {};
  std::size_t open_cases = 0, open_alarms = 0;
};
StateExtras extras_of(const Living& living);

std::string state_json(const Picture& picture, const StateExtras& extras);
// How forecasts have held, a quantity and a horizon a row.
nlohmann::ordered_json score_rows(const Picture& picture);
// One line: the same without what changes seldom (scores, links, alarms).
std::string state_news(const Picture& picture, const StateExtras& extras);

// What each tool group is doing: tools by mode, as twins::fab::ToolMode counts them.
struct GroupNow {
  std::uint32_t able = 0, queue = 0, wip = 0;
  // [tools] processing, setting up, loading or unloading, idle, in maintenance, down
  std::array<std::uint32_t, 6> modes{};
  bool operator==(const GroupNow&) const = default;
};
inline constexpr std::array<const char*, 6> ModeNames = {"processing", "setup",       "loading",
                                                         "idle",       "maintenance", "down"};
// Index of ModeNames.
[[nodiscard]] std::size_t mode_index(twins::fab::ToolMode mode);
// [tool group]
std::vector<GroupNow> groups_now(const twins::fab::Layout& layout, const twins::fab::State& x);

// One line, {"now_ms":...,"changes":[[group, able, queue, wip, modes...], ...]}: of groups that are otherwise than
// `before`, which becomes what they are now; empty where none is. A `before` of another size: all of them.
std::string groups_news(const twins::fab::Layout& layout, const twins::fab::State& x, Tick now_ms,
                        std::vector<GroupNow>& before);

}  // namespace apps::fabtwin::serve
