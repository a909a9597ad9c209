// Where an axis has its marks: at round numbers, few enough for their labels, just enclosing the
// values.
#pragma once
#include <string>
#include <vector>

namespace twins::fab::report {

struct Ticks {
  double low = 0.0, high = 1.0;  // of the axis: multiples of step
  double step = 1.0;             // 1, 2, 2.5 or 5 times a power of ten
  int decimals = 0;              // that show every mark exactly
  std::vector<double> at;        // low, low + step, ..., high

  [[nodiscard]] std::string label(double value) const;
};

// At most `most` marks (>= 2) over [low, high]. One value alone gets room around it.
// Expects finite values, low <= high.
Ticks round_ticks(double low, double high, int most);

// As round_ticks, inside [low, high] only: the axis ends where the values do (time, shares).
Ticks inner_ticks(double low, double high, int most);

}  // namespace twins::fab::report
