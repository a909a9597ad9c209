#include "twin/score/page_hinkley.hpp"

#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::score {

static_assert(Monitor<PageHinkley>);

PageHinkley::PageHinkley(const PageHinkleyOptions& options) : options_(options) { loaded(); }

void PageHinkley::loaded() const {
  need_positive(options_.threshold, "threshold");
  need_finite(options_.tolerance, "tolerance");
  if (options_.tolerance < 0.0) {
    throw core::Error("tolerance = " + core::show_values(options_.tolerance) +
                      " (must not be negative)");
  }
}

Change PageHinkley::add(double x) {
  ++count_;
  if (!std::isfinite(x)) {
    ++missing_;
    return sums_.change();
  }
  const std::uint64_t seen = count_ - missing_;
  mean_ += (x - mean_) / static_cast<double>(seen);
  if (seen <= options_.learn) return Change::None;
  const double off = x - mean_;
  return sums_.add(off - options_.tolerance, -off - options_.tolerance, options_.threshold, count_);
}

void PageHinkley::reset() { *this = PageHinkley(options_); }

}  // namespace twin::score
