#include "twin/uq/sample_points.hpp"

#include <fmt/format.h>

#include <span>

#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"
#include "twin/uq/permutation.hpp"
#include "twin/uq/sobol_sequence.hpp"

namespace twin::uq {
namespace {

// Named apart from those of the methods, which may use the same seed.
enum SamplePointDraw : std::uint32_t { PlaceInCube = 0xA5000060, SliceOrder, CubeScramble };

}  // namespace

std::string_view word(PointsBy by) {
  switch (by) {
    case PointsBy::Chance: return "chance";
    case PointsBy::LatinHypercube: return "latin-hypercube";
    case PointsBy::Sobol: return "sobol";
  }
  return "?";
}

std::vector<std::vector<double>> sample_points(const PointsWanted& wanted) {
  if (wanted.inputs == 0) throw core::Error("points without inputs");
  if (wanted.points == 0 || wanted.replications == 0)
    throw core::Error(fmt::format("{} points in {} replications (one at least)", wanted.points,
                                  wanted.replications));
  if (wanted.by == PointsBy::Sobol && wanted.points > SobolSequence::PointsMax)
    throw core::Error(fmt::format("{} points of a sequence (it has {})", wanted.points,
                                  SobolSequence::PointsMax));
  const std::size_t n = wanted.points;
  std::vector<std::vector<double>> u(wanted.inputs, std::vector<double>(n * wanted.replications));
  const auto part = [&](std::size_t input, std::uint32_t r) {
    return std::span(u[input]).subspan(r * n, n);
  };
  for (std::uint32_t r = 0; r < wanted.replications; ++r) {
    const core::Draw draw{wanted.seed, r};
    if (wanted.by == PointsBy::Sobol) {
      // A sequence takes its own draws of a seed: another one than that of the points by chance.
      const SobolSequence sequence(wanted.inputs, {wanted.seed ^ CubeScramble, r});
      for (std::size_t i = 0; i < wanted.inputs; ++i) sequence.fill(i, 0, part(i, r));
      continue;
    }
    for (std::size_t i = 0; i < wanted.inputs; ++i) {
      const auto who = static_cast<std::uint32_t>(i);
      const auto column = part(i, r);
      for (std::size_t k = 0; k < n; ++k)
        column[k] = draw.uniform(PlaceInCube, who, static_cast<std::uint32_t>(k));
      if (wanted.by == PointsBy::Chance) continue;
      const auto order = permutation(n, {wanted.seed ^ (std::uint64_t{who} << 32), r}, SliceOrder);
      for (std::size_t k = 0; k < n; ++k)
        column[k] = (static_cast<double>(order[k]) + column[k]) / static_cast<double>(n);
    }
  }
  return u;
}

}  // namespace twin::uq
