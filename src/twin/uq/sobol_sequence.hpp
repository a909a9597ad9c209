// Points that fill the unit cube more evenly than chance: the sequence of I. M. Sobol' (USSR Computational
// Mathematics and Mathematical Physics 7, 1967) with the direction numbers of S. Joe and F. Y. Kuo (SIAM J.
// Scientific Computing 30, 2008), as Boost.Random has them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/core/draw.hpp"

namespace twin::uq {

class SobolSequence {
 public:
  static constexpr std::size_t DimensionsMax = 3'667;
  static constexpr std::uint64_t PointsMax = std::uint64_t{1} << 32;

  // As it is published, but that each number stands in the middle of its cell of 2^-32: none is 0.
  // core::Error for no dimensions or too many.
  explicit SobolSequence(std::size_t dimensions);
  // Scrambled by a random linear matrix and a random shift of the digits (J. Matousek, "On the L2-discrepancy for
  // anchored boxes", J. Complexity 14, 1998): each point is uniform, a mean over points is without bias, and
  // sequences of other draws are independent, so that their spread is an error one may state.
  SobolSequence(std::size_t dimensions, const core::Draw& scramble);

  [[nodiscard]] SobolSequence scrambled(const core::Draw& scramble) const;  // likewise

  [[nodiscard]] std::size_t dimensions() const { return shift_.size(); }

  // Points first, first + 1, ... in one dimension, all of them before PointsMax. Points come in the order of the
  // Gray code; any 2^m from a multiple of 2^m on are a net.
  void fill(std::size_t dimension, std::uint64_t first, std::span<double> out) const;

 private:
  static constexpr std::size_t Digits = 32;
  std::vector<std::uint32_t> direction_;  // [dimension][digit], the highest bit first
  std::vector<std::uint32_t> shift_;      // [dimension]
};

}  // namespace twin::uq
