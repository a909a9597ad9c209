#include "twins/fab/decide/down.hpp"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "twins/fab/occasions.hpp"

namespace twins::fab::decide {

void take_down(State& x, std::span<const Down> downs) {
  std::map<std::uint32_t, std::vector<std::pair<Tick, Tick>>> by_tool;
  for (const Down& d : downs) {
    const Tick from = std::max(d.from, x.now);
    if (d.until > from) by_tool[d.tool].emplace_back(from, d.until);
  }
  const auto push = [&x](Tick at, Happens what, std::uint32_t tool) {
    x.agenda.push(at, tool, static_cast<std::uint16_t>(what), 0);
  };
  for (auto& [tool, times] : by_tool) {
    std::sort(times.begin(), times.end());
    for (std::size_t i = 0; i < times.size();) {
      auto [from, until] = times[i];
      for (++i; i < times.size() && times[i].first <= until; ++i)
        until = std::max(until, times[i].second);
      push(from, Happens::TakenDown, tool);
      push(until, Happens::PutBack, tool);
    }
  }
}

}  // namespace twins::fab::decide
