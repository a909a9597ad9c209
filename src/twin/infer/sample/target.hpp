// What samplers of a posterior are given and give back.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "twin/infer/sample/diagnostics.hpp"

namespace twin::infer {

// A density on R^d by its logarithm but for a constant, of many points at once: x [point][dimension]. Where it is
// 0 the logarithm is -infinity. A run of a model that fails gives NaN: the point is refused, and counted.
struct Target {
  std::size_t dimensions = 0;
  std::function<void(std::span<const double> x, std::span<double> value)> log_density = {};
  // With its slopes [point][dimension], by whatever means; may be empty where no sampler asks for them.
  std::function<void(std::span<const double> x, std::span<double> value, std::span<double> slope)>
      log_density_and_slopes = {};
};
// Of one point at a time. f: (std::span<const double> x) -> double; with slopes: (x, std::span<double> slope) ->
// double
Target target_of(std::size_t dimensions, std::function<double(std::span<const double>)> f);
Target target_with_slopes(
    std::size_t dimensions,
    std::function<double(std::span<const double> x, std::span<double> slope)> f);

struct Chains {
  std::size_t dimensions = 0, draws = 0;
  std::vector<std::vector<double>> x;  // [chain][draw x dimensions + dimension], after the warm-up
  std::vector<std::vector<double>> density;  // [chain][draw] logarithm
  std::vector<double> accepted;              // [chain] share of moves, after the warm-up
  std::uint64_t evaluations = 0;             // of the density, warm-up and all
  std::uint64_t failed = 0;                  // of them, those that gave NaN
  std::uint64_t divergences = 0;  // NUTS: paths that left the energy after the warm-up; 0 otherwise
  // Draws of one coordinate, and of a function of the point.
  [[nodiscard]] ChainsOf of(std::size_t dimension) const;
  [[nodiscard]] ChainsOf of(const std::function<double(std::span<const double>)>& f) const;
};

// The greatest distance of the slopes from central differences at a point, over 1 + |difference|. Steps of
// 1e-5 (1 + |x|): of a smooth density 1e-6 or less is as good as can be.
double slope_error(const Target& target, std::span<const double> x);

// core::Error with the sampler's name where there are no chains, no draws, or starts that are not as many and as
// long as they should be, or where the density is 0 or has no value.
void check_starts(const Target& target, std::span<const std::vector<double>> starts,
                  std::size_t draws, const std::string& sampler);

}  // namespace twin::infer
