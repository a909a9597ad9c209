#include "twin/score/coverage.hpp"

#include <boost/math/special_functions/beta.hpp>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::score {

Bounds clopper_pearson(std::uint64_t successes, std::uint64_t trials, double confidence) {
  TWIN_EXPECT(successes <= trials, successes, trials);
  need_level(confidence, "confidence");
  const auto k = static_cast<double>(successes);
  const auto n = static_cast<double>(trials);
  const double tail = 0.5 * (1.0 - confidence);
  Bounds b;
  if (successes > 0) b.low = boost::math::ibeta_inv(k, n - k + 1.0, tail);
  if (successes < trials) b.high = boost::math::ibetac_inv(k + 1.0, n - k, tail);
  return b;
}

void Coverage::add(double low, double high, double y) {
  need_finite(y, "observation");
  if (!(low <= high)) {
    throw core::Error("interval " + core::show_values(low) + " to " + core::show_values(high) +
                      " (low must not be above high, nor either missing); are the ends swapped?");
  }
  ++(y < low ? below_ : y > high ? above_ : inside_);
}

void Coverage::merge(const Coverage& other) {
  below_ += other.below_;
  inside_ += other.inside_;
  above_ += other.above_;
}

std::optional<double> Coverage::share() const {
  if (total() == 0) return std::nullopt;
  return static_cast<double>(inside_) / static_cast<double>(total());
}

}  // namespace twin::score
