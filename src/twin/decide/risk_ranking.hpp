// A menu in the order in which it is recommended: by mean benefit over the standing policy, subject to
// how bad the bad cases may be. What is not shown to keep the limits is not recommended, and says which
// limit it is that holds it back.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "twin/math/statistics.hpp"
#include "twin/uq/chance.hpp"
#include "twin/uq/tail_risk.hpp"

namespace twin::decide {

// What members said of one alternative. Member m of each alternative and of the standing policy shares
// its random numbers.
struct Outcomes {
  std::vector<double>
      benefit;  // [member] over the standing policy, more is better [objective's unit]
  std::vector<double>
      loss;  // [member] whose tail is limited, as tardiness of hot lots; may be empty
             // if it has no limit
  std::vector<std::uint8_t> violated;  // [member] 1: a chance constraint was; may be empty likewise
};

struct RiskLimits {
  std::optional<double> tail{};    // CVaR of the loss at most this [the loss' unit]; none: no limit
  double level = 0.95;             // of that CVaR
  std::optional<double> chance{};  // P(violated) at most this; none: no limit
  double confidence = 0.95;  // of the benefit's interval, and that the chance is shown to be kept
};

enum class Limit : std::uint8_t { None, Tail, Chance, ChanceUnknown };

struct Ranked {
  std::size_t alternative = 0;
  math::Interval benefit{};
  double worse = 0.0;       // share of members that did worse than the standing policy
  uq::TailRisk downside{};  // of -benefit at the level: how much worse, in bad cases
  std::optional<uq::TailRisk> loss{};
  std::optional<uq::Chance> chance{};
  Limit binding = Limit::None;  // the first that is not kept: broken ones before unknown ones
};

// Allowed alternatives first, most mean benefit first; then those that only more members could show to
// be allowed; then the forbidden. Ties go to the lower number. A common shift of all benefits changes
// no order. core::Error, which names the alternative, for members that are not as many everywhere, not
// finite, or missing where there is a limit.
std::vector<Ranked> rank(std::span<const Outcomes> menu, const RiskLimits& limits);

}  // namespace twin::decide
