// Points of the unit cube to run a model at: by chance, one in each slice of each input (Latin hypercube: M. D.
// McKay, R. J. Beckman and W. J. Conover, Technometrics 21, 1979), or scrambled Sobol' sequences; in replications
// that are independent of each other, whose spread is an error one may state.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace twin::uq {

enum class PointsBy : std::uint8_t { Chance, LatinHypercube, Sobol };
std::string_view word(PointsBy by);

struct PointsWanted {
  std::size_t inputs = 0;
  std::size_t points = 1'024;  // of each replication
  std::uint32_t replications = 16;
  PointsBy by = PointsBy::Sobol;
  std::uint64_t seed = 1;
};

// [input][replication x points + point]. core::Error for no inputs, points or replications, and for more than a
// sequence has.
std::vector<std::vector<double>> sample_points(const PointsWanted& wanted);

}  // namespace twin::uq
