// Menus whose best is known, for tests: normal results with given means and one deviation, the same
// correlation between all alternatives. Every number is named, so any procedure sees the same world.
#pragma once
#include <cmath>
#include <cstdint>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/decide/selection.hpp"
#include "twin/math/distributions.hpp"

namespace twin::decide::example {

struct Menu {
  std::vector<double> means;  // [alternative]
  double deviation = 1.0;
  double correlation = 0.0;  // of replication r of any two, 0 to 1

  // Replication r of an alternative in one world.
  [[nodiscard]] double run(const core::Draw& world, std::size_t alternative,
                           std::uint64_t r) const {
    const auto occasion = static_cast<std::uint32_t>(r);
    const auto who = static_cast<std::uint32_t>(alternative) + 1;
    double z = math::normal(world.uniform(0, who, occasion));
    if (correlation > 0.0) {
      z = std::sqrt(1.0 - correlation) * z +
          std::sqrt(correlation) * math::normal(world.uniform(0, 0, occasion));
    }
    return means[alternative] + deviation * z;
  }

  // All that a procedure wants, in its order.
  [[nodiscard]] std::vector<double> run(const core::Draw& world,
                                        const std::vector<Runs>& wanted) const {
    std::vector<double> values;
    for (const Runs& w : wanted) {
      for (std::uint64_t r = w.first; r < w.first + w.count; ++r)
        values.push_back(run(world, w.alternative, r));
    }
    return values;
  }

  // The slippage configuration: alternative `best` is better than all others by delta, which is the
  // worst that an indifference zone allows.
  static Menu slippage(std::size_t alternatives, std::size_t best, double delta, double deviation,
                       double correlation) {
    Menu m{std::vector<double>(alternatives, delta), deviation, correlation};
    m.means[best] = 0.0;
    return m;
  }
  // Equal steps from 0 up.
  static Menu ladder(std::size_t alternatives, double step, double deviation, double correlation) {
    Menu m{{}, deviation, correlation};
    for (std::size_t i = 0; i < alternatives; ++i) m.means.push_back(step * static_cast<double>(i));
    return m;
  }
};

// Until it stops.
template <class Procedure>
Procedure run_out(Procedure p, const Menu& menu, const core::Draw& world) {
  for (auto wanted = p.wanted(); !wanted.empty(); wanted = p.wanted())
    p.take(menu.run(world, wanted));
  return p;
}

}  // namespace twin::decide::example
