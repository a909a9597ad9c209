#include "twins/fab/report/ticks.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "twin/core/expect.hpp"
#include "twins/fab/report/text.hpp"

namespace twins::fab::report {

namespace {

// The round steps, ascending from the power of ten below `rough`. An index counts steps exactly;
// the mark is index times step, computed so that 3 * 0.1 prints as 0.3.
struct Step {
  double mantissa = 1.0;
  int exponent = 0;

  [[nodiscard]] double size() const { return mantissa * std::pow(10.0, exponent); }
  [[nodiscard]] double mark(double index) const {
    return exponent >= 0 ? index * mantissa * std::pow(10.0, exponent)
                         : index * mantissa / std::pow(10.0, -exponent);
  }
};

constexpr std::array Mantissas = {1.0, 2.0, 2.5, 5.0};
constexpr double TicksSlack = 1e-9;  // of a step: 0.3 / 0.1 is three steps

Step next_step(double rough, std::size_t nth) {
  const int exponent = static_cast<int>(std::floor(std::log10(rough)));
  return {Mantissas[nth % Mantissas.size()], exponent + static_cast<int>(nth / Mantissas.size())};
}

Ticks marks(const Step& step, double first, double last) {
  Ticks t;
  t.step = step.size();
  t.decimals = std::max(0, -step.exponent + (step.mantissa == 2.5 ? 1 : 0));
  for (double i = first; i <= last; i += 1.0) t.at.push_back(step.mark(i) + 0.0);
  return t;
}

}  // namespace

std::string Ticks::label(double value) const { return figure(value, decimals); }

Ticks round_ticks(double low, double high, int most) {
  TWIN_EXPECT(std::isfinite(low) && std::isfinite(high) && low <= high, low, high);
  TWIN_EXPECT(most >= 2, most);
  if (high - low <= 1e-12 * std::max(std::abs(low), std::abs(high))) {
    const double room = low == 0.0 ? 1.0 : 0.1 * std::abs(low);
    return round_ticks(low == 0.0 ? 0.0 : low - room, high + room, most);
  }
  for (std::size_t nth = 0;; ++nth) {
    const Step step = next_step((high - low) / most, nth);
    const double first = std::floor(low / step.size() + TicksSlack);
    const double last = std::ceil(high / step.size() - TicksSlack);
    if (last - first + 1.0 > most) continue;
    Ticks t = marks(step, first, last);
    t.low = t.at.front();
    t.high = t.at.back();
    return t;
  }
}

Ticks inner_ticks(double low, double high, int most) {
  TWIN_EXPECT(std::isfinite(low) && std::isfinite(high) && low < high, low, high);
  TWIN_EXPECT(most >= 2, most);
  for (std::size_t nth = 0;; ++nth) {
    const Step step = next_step((high - low) / most, nth);
    const double first = std::ceil(low / step.size() - TicksSlack);
    const double last = std::floor(high / step.size() + TicksSlack);
    if (last - first + 1.0 > most) continue;
    Ticks t = marks(step, first, last);
    t.low = low;
    t.high = high;
    return t;
  }
}

}  // namespace twins::fab::report
