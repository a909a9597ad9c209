#include "twin/infer/sample/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::infer {

Target target_of(std::size_t dimensions, std::function<double(std::span<const double>)> f) {
  return {.dimensions = dimensions,
          .log_density = [dimensions, f = std::move(f)](std::span<const double> x,
                                                        std::span<double> value) {
            for (std::size_t k = 0; k < value.size(); ++k)
              value[k] = f(x.subspan(k * dimensions, dimensions));
          }};
}

Target target_with_slopes(
    std::size_t dimensions,
    std::function<double(std::span<const double> x, std::span<double> slope)> f) {
  Target target = target_of(dimensions, [dimensions, f](std::span<const double> x) {
    std::vector<double> unused(dimensions);
    return f(x, unused);
  });
  target.log_density_and_slopes = [dimensions, f = std::move(f)](std::span<const double> x,
                                                                 std::span<double> value,
                                                                 std::span<double> slope) {
    for (std::size_t k = 0; k < value.size(); ++k)
      value[k] =
          f(x.subspan(k * dimensions, dimensions), slope.subspan(k * dimensions, dimensions));
  };
  return target;
}

ChainsOf Chains::of(std::size_t dimension) const {
  TWIN_EXPECT(dimension < dimensions, dimension, dimensions);
  return of([dimension](std::span<const double> p) { return p[dimension]; });
}

ChainsOf Chains::of(const std::function<double(std::span<const double>)>& f) const {
  ChainsOf all;
  for (const auto& chain : x) {
    std::vector<double> values(draws);
    for (std::size_t k = 0; k < draws; ++k)
      values[k] = f(std::span(chain).subspan(k * dimensions, dimensions));
    all.push_back(std::move(values));
  }
  return all;
}

double slope_error(const Target& target, std::span<const double> x) {
  const std::size_t d = target.dimensions;
  std::vector<double> slope(d), moved(x.begin(), x.end());
  double value = 0.0, most = 0.0;
  target.log_density_and_slopes(x, std::span(&value, 1), slope);
  for (std::size_t i = 0; i < d; ++i) {
    const double step = 1e-5 * (1 + std::abs(x[i]));
    double up = 0.0, down = 0.0;
    moved[i] = x[i] + step;
    const double above = moved[i];
    target.log_density(moved, std::span(&up, 1));
    moved[i] = x[i] - step;
    target.log_density(moved, std::span(&down, 1));
    const double difference = (up - down) / (above - moved[i]);
    moved[i] = x[i];
    most = std::max(most, std::abs(slope[i] - difference) / (1 + std::abs(difference)));
  }
  return most;
}

void check_starts(const Target& target, std::span<const std::vector<double>> starts,
                  std::size_t draws, const std::string& sampler) {
  using core::Error;
  if (target.dimensions == 0) throw Error(sampler + ": a density of no dimensions");
  if (starts.empty()) throw Error(sampler + ": no chains (a start for each)");
  if (draws == 0) throw Error(sampler + ": no draws are asked for");
  for (std::size_t c = 0; c < starts.size(); ++c) {
    if (starts[c].size() != target.dimensions)
      throw Error(fmt::format("{}: the start of chain {} has {} numbers for {} dimensions", sampler,
                              c, starts[c].size(), target.dimensions));
    double value = 0.0;
    target.log_density(starts[c], std::span(&value, 1));
    if (!std::isfinite(value))
      throw Error(fmt::format("{}: the density at the start of chain {} is {}", sampler, c,
                              std::isnan(value) ? "no number"
                              : value < 0       ? "0"
                                                : "infinite"));
  }
}

}  // namespace twin::infer
