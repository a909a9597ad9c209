#include "twin/decide/box.hpp"

#include <cmath>
#include <limits>

#include "twin/score/checked.hpp"

namespace twin::decide {
namespace {
std::string named(const char* what, std::size_t i) {
  return std::string(what) + "[" + std::to_string(i) + "]";
}
}  // namespace

bool Box::contains(std::span<const double> x) const {
  if (x.size() != size()) return false;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!(x[i] >= low[i] && x[i] <= high[i])) return false;
  }
  return true;
}

bool Box::finite() const {
  for (std::size_t i = 0; i < size(); ++i) {
    if (!std::isfinite(low[i]) || !std::isfinite(high[i])) return false;
  }
  return true;
}

void need_box(const Box& box) {
  score::need_same_length(box.low.size(), "lower bounds", box.high.size(), "upper bounds");
  if (box.low.empty())
    throw core::Error("no parameters (a search needs at least one); were all of them fixed?");
  for (std::size_t i = 0; i < box.size(); ++i) {
    if (!(box.low[i] < box.high[i])) {
      throw core::Error(named("low", i) + " = " + core::show_values(box.low[i]) + ", " +
                        named("high", i) + " = " + core::show_values(box.high[i]) +
                        " (low must be below high); leave out what is fixed?");
    }
  }
}

void need_finite_box(const Box& box, const std::string& who) {
  need_box(box);
  for (std::size_t i = 0; i < box.size(); ++i) {
    if (std::isfinite(box.low[i]) && std::isfinite(box.high[i])) continue;
    throw core::Error(named("bounds", i) + " = " + core::show_values(box.low[i], box.high[i]) +
                      " (" + who + " needs finite ones)");
  }
}

void need_inside(const Box& box, const Point& start) {
  score::need_same_length(box.size(), "bounds", start.size(), "start values");
  score::need_finite(start, "start");
  for (std::size_t i = 0; i < start.size(); ++i) {
    if (start[i] >= box.low[i] && start[i] <= box.high[i]) continue;
    throw core::Error(named("start", i) + " = " + core::show_values(start[i]) + " (bounds are " +
                      core::show_values(box.low[i], box.high[i]) + ")");
  }
}

void need_values(std::span<const double> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] > -std::numeric_limits<double>::infinity()) continue;
    throw core::Error(named("values", i) + " = " + core::show_values(values[i]) +
                      " (must be a number, or +infinity for what cannot be run)");
  }
}

void Best::offer(std::span<const double> point, double y) {
  if (!std::isfinite(y) || (!x.empty() && !(y < value))) return;
  x.assign(point.begin(), point.end());
  value = y;
}

}  // namespace twin::decide
