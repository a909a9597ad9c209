// A belief as weighted members: each has its own State and its own theta. Members carry their
// global number, so that a part of an ensemble on another rank draws what it would draw anywhere.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/core/expect.hpp"
#include "twin/core/model.hpp"

namespace twin::core {

template <Model M>
struct Ensemble {
  std::uint32_t first = 0;           // global number of member 0
  std::vector<typename M::State> x;  // [member]
  std::vector<double> theta;         // [member][parameter]
  std::vector<double> log_weight;    // [member], natural log, not normalised

  [[nodiscard]] std::size_t size() const { return x.size(); }
  [[nodiscard]] std::size_t parameters() const { return x.empty() ? 0 : theta.size() / x.size(); }
  [[nodiscard]] std::span<const double> theta_of(std::size_t member) const {
    TWIN_EXPECT(member < x.size(), member, x.size());
    return std::span(theta).subspan(member * parameters(), parameters());
  }
  [[nodiscard]] Draw draw_of(std::size_t member, std::uint64_t seed) const {
    return {.seed = seed, .member = first + static_cast<std::uint32_t>(member)};
  }

  bool operator==(const Ensemble&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("first", self.first);
    archive("x", self.x);
    archive("theta", self.theta);
    archive("log_weight", self.log_weight);
  }
};

// Members with equal weights at the model's initial state. theta: [member][parameter]; draw.member
// is the first member's global number.
template <Model M>
Ensemble<M> initial_ensemble(const M& model, std::size_t members, const std::vector<double>& theta,
                             Draw draw) {
  TWIN_EXPECT(members > 0 && theta.size() % members == 0, members, theta.size());
  Ensemble<M> belief;
  belief.first = draw.member;
  belief.theta = theta;
  belief.log_weight.assign(members, 0.0);
  const std::size_t parameters = belief.theta.size() / members;
  belief.x.reserve(members);
  for (std::size_t i = 0; i < members; ++i) {
    const auto mine = std::span<const double>(belief.theta).subspan(i * parameters, parameters);
    belief.x.push_back(model.initial(mine, belief.draw_of(i, draw.seed)));
  }
  return belief;
}

}  // namespace twin::core
