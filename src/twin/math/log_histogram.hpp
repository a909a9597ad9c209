// How long things took, counted in bins of equal relative width: quantiles of millions of cycle
// times to 0.2 % in a fixed 30 kB, as part of a State. The bin is cut out of the double's own bits
// (exponent and upper nine bits of the fraction), so no logarithm decides where a value falls.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace twin::math {

class LogHistogram {
 public:
  static constexpr int BinsPerOctaveLog2 = 9;  // a bin is 1/512 to 1/1024 of its values wide

  LogHistogram() = default;  // takes nothing
  // Values below `least` go to one bin below all, values of `most` or above to one bin above all.
  LogHistogram(double least, double most);

  void add(double x) {  // x >= 0
    const std::size_t bin = bin_of(x);
    ++counts_[bin];
    ++total_;
  }

  [[nodiscard]] std::uint64_t total() const { return total_; }
  [[nodiscard]] std::span<const std::uint32_t> counts() const { return counts_; }  // [bin]
  [[nodiscard]] std::size_t bin_of(double x) const;
  [[nodiscard]] double lower_edge(std::size_t bin) const;  // [the values' unit]
  [[nodiscard]] double upper_edge(std::size_t bin) const;

  // Values in bins that end at or below x, and the share of x's own bin below x.
  [[nodiscard]] double count_below(double x) const;
  // The value that the share p of all lies below; 0 if there is nothing. Exact to the bin's width.
  [[nodiscard]] double quantile(double p) const;

  LogHistogram& operator+=(const LogHistogram& other);    // same bins
  LogHistogram& operator-=(const LogHistogram& earlier);  // what came since `earlier`

  bool operator==(const LogHistogram&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("first", self.first_);
    archive("total", self.total_);
    archive("counts", self.counts_);
  }

 private:
  std::uint64_t first_ = 0;            // upper bits of the lower edge of bin 1
  std::uint64_t total_ = 0;            // [values]
  std::vector<std::uint32_t> counts_;  // [bin] values; bin 0 below all, the last above all
};

}  // namespace twin::math
