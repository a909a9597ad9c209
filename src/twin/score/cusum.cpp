#include "twin/score/cusum.hpp"

#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::score {

static_assert(Monitor<Cusum>);

Cusum::Cusum(const CusumOptions& options) : options_(options) { loaded(); }

void Cusum::loaded() const {
  need_finite(options_.target, "target");
  need_positive(options_.deviation, "deviation");
  need_positive(options_.threshold, "threshold");
  need_finite(options_.slack, "slack");
  if (options_.slack < 0.0)
    throw core::Error("slack = " + core::show_values(options_.slack) + " (must not be negative)");
}

Change Cusum::add(double x) {
  ++count_;
  if (!std::isfinite(x)) {
    ++missing_;
    return sums_.change();
  }
  const double z = (x - options_.target) / options_.deviation;
  return sums_.add(z - options_.slack, -z - options_.slack, options_.threshold, count_);
}

void Cusum::reset() { *this = Cusum(options_); }

}  // namespace twin::score
