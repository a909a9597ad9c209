#include "twin/score/checked.hpp"

#include <cmath>
#include <string>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::score {
namespace {

std::string equals(std::string_view what, double x) {
  return std::string(what) + " = " + core::show_values(x);
}

[[noreturn]] void refuse_not_finite(const std::string& what, double x) {
  throw core::Error(equals(what, x) + " (must be finite); was a missing value left in?");
}

}  // namespace

void need_finite(std::span<const double> x, std::string_view what) {
  if (x.empty()) {
    throw core::Error("no " + std::string(what) +
                      " (needs at least one value); was everything filtered out?");
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i]))
      refuse_not_finite(std::string(what) + "[" + std::to_string(i) + "]", x[i]);
  }
}

void need_finite(double x, std::string_view what) {
  if (!std::isfinite(x)) refuse_not_finite(std::string(what), x);
}

void need_positive(double x, std::string_view what) {
  need_finite(x, what);
  if (!(x > 0.0)) throw core::Error(equals(what, x) + " (must be positive)");
}

void need_probability(double p, std::string_view what) {
  if (!(p >= 0.0 && p <= 1.0))
    throw core::Error(equals(what, p) + " (must lie in 0 to 1); is it in percent?");
}

void need_level(double level, std::string_view what) {
  if (!(level > 0.0 && level < 1.0)) {
    throw core::Error(equals(what, level) +
                      " (must lie between 0 and 1, both excluded); is it in percent?");
  }
}

void need_same_length(std::size_t a, std::string_view what_a, std::size_t b,
                      std::string_view what_b) {
  if (a == b) return;
  throw core::Error(std::to_string(a) + " " + std::string(what_a) + " and " + std::to_string(b) +
                    " " + std::string(what_b) + " (must be as many); do they belong together?");
}

}  // namespace twin::score
