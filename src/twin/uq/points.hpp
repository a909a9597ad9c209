// What a model is given where many of its inputs' values are tried at once: points of the unit cube, a column an
// input. Whoever has laws for the inputs turns a column of uniforms into their values by inversion.
#pragma once
#include <concepts>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace twin::uq {

struct Points {
  std::span<const double* const> columns;  // [input] -> [point]
  std::size_t count = 0;                   // points
  [[nodiscard]] double at(std::size_t input, std::size_t point) const {
    return columns[input][point];
  }
};

// y[point] of each point. A point that has no value (the run failed) gets what is not finite.
template <class F>
concept BatchFunction = std::invocable<const F&, const Points&, std::span<double>>;

// One that is chosen at run time.
using AnyFunction = std::function<void(const Points&, std::span<double>)>;

// A function of one point as one of many. f: (std::span<const double> u) -> double
template <class F>
auto pointwise(F f) {
  return [f](const Points& points, std::span<double> y) {
    std::vector<double> u(points.columns.size());
    for (std::size_t k = 0; k < points.count; ++k) {
      for (std::size_t i = 0; i < points.columns.size(); ++i) u[i] = points.at(i, k);
      y[k] = f(std::span<const double>(u));
    }
  };
}

}  // namespace twin::uq
