// Tools bought: a layout with more tools in a group, and a fab under way that is carried over to it. The new tools
// stand behind all others, so that no tool, clock or draw gets another number: what they do not touch runs on to the
// bit.
#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include "twin/core/draw.hpp"
#include "twins/fab/any_fab.hpp"

namespace twins::fab::decide {

struct Bought {
  std::uint32_t group = None, count = 1;  // [tools]
  Tick from = 0;                          // [tick] in work from then on
  bool operator==(const Bought&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("group", self.group);
    a("count", self.count);
    a("from", self.from);
  }
};

// To run on, not to begin from: GroupInfo::tools still counts the data set's own, which alone are one after the other,
// and by which their maintenances are staggered. None bought: the layout itself.
std::shared_ptr<const Layout> with_bought(std::shared_ptr<const Layout> layout,
                                          std::span<const Bought> bought);

// x, a simulation's State of the layout without them, becomes one of `fab`, whose layout is with_bought's of the same
// purchases. The new tools are idle with their group's first setup from the time on at which they are in work, and down
// by people's word before; then come the first failure as at time zero, and maintenances staggered among the tools of
// the purchase.
void carry_over(const AnyFab& fab, std::span<const Bought> bought, State& x,
                std::span<const double> theta, twin::core::Draw draw);

}  // namespace twins::fab::decide
