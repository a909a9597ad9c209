#include "twin/math/log_histogram.hpp"

#include <bit>
#include <limits>
#include <optional>

#include "twin/core/expect.hpp"
#include "twin/math/share_place.hpp"

namespace twin::math {
namespace {

constexpr int Shift = 52 - LogHistogram::BinsPerOctaveLog2;

// Exponent and upper fraction of a positive double, which grow with it.
constexpr std::uint64_t upper_bits(double x) { return std::bit_cast<std::uint64_t>(x) >> Shift; }
constexpr double value_of(std::uint64_t upper) { return std::bit_cast<double>(upper << Shift); }

}  // namespace

LogHistogram::LogHistogram(double least, double most) : first_(upper_bits(least)) {
  TWIN_EXPECT(least > 0.0 && least < most && most < std::numeric_limits<double>::infinity(), least,
              most);
  std::uint64_t last = upper_bits(most);
  if (value_of(last) < most) ++last;  // most itself falls on an edge
  counts_.assign(last - first_ + 2, 0);
}

std::size_t LogHistogram::bin_of(double x) const {
  TWIN_EXPECT(x >= 0.0 && !counts_.empty(), x, counts_.size());
  const std::uint64_t upper = upper_bits(x + 0.0);  // -0.0 becomes 0.0
  if (upper < first_) return 0;
  const std::uint64_t bin = upper - first_ + 1;
  return bin < counts_.size() ? bin : counts_.size() - 1;
}

double LogHistogram::lower_edge(std::size_t bin) const {
  TWIN_EXPECT(bin < counts_.size(), bin, counts_.size());
  return bin == 0 ? 0.0 : value_of(first_ + bin - 1);
}

double LogHistogram::upper_edge(std::size_t bin) const {
  TWIN_EXPECT(bin < counts_.size(), bin, counts_.size());
  return bin + 1 == counts_.size() ? std::numeric_limits<double>::infinity()
                                   : value_of(first_ + bin);
}

double LogHistogram::count_below(double x) const {
  const std::size_t own = bin_of(x);
  std::uint64_t whole = 0;
  for (std::size_t b = 0; b < own; ++b) whole += counts_[b];
  const double low = lower_edge(own);
  const double share = own + 1 == counts_.size() ? 0.0 : (x - low) / (upper_edge(own) - low);
  return static_cast<double>(whole) + share * counts_[own];
}

double LogHistogram::quantile(double p) const {
  const std::optional<SharePlace> place = place_of_share(counts_, p);
  if (!place) return 0.0;
  const double low = lower_edge(place->bin);
  if (place->bin + 1 == counts_.size()) return low;  // all that is known: at least this
  return low + place->within * (upper_edge(place->bin) - low);
}

LogHistogram& LogHistogram::operator+=(const LogHistogram& other) {
  TWIN_EXPECT(first_ == other.first_ && counts_.size() == other.counts_.size(), "other bins");
  for (std::size_t b = 0; b < counts_.size(); ++b) counts_[b] += other.counts_[b];
  total_ += other.total_;
  return *this;
}

LogHistogram& LogHistogram::operator-=(const LogHistogram& earlier) {
  TWIN_EXPECT(first_ == earlier.first_ && counts_.size() == earlier.counts_.size(), "other bins");
  for (std::size_t b = 0; b < counts_.size(); ++b) {
    TWIN_EXPECT(earlier.counts_[b] <= counts_[b], b, earlier.counts_[b], counts_[b]);
    counts_[b] -= earlier.counts_[b];
  }
  total_ -= earlier.total_;
  return *this;
}

}  // namespace twin::math
