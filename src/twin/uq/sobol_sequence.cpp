#include "twin/uq/sobol_sequence.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <boost/random/sobol.hpp>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::uq {
namespace {

constexpr std::uint32_t Block = 16;  // points that are made at a time

// What two neighbours in the order of the Gray code differ by is a direction number.
std::vector<std::uint32_t> directions(std::size_t dimensions, std::size_t digits) {
  if (dimensions == 0 || dimensions > SobolSequence::DimensionsMax)
    throw core::Error(fmt::format("{} dimensions of a Sobol sequence (1 to {})", dimensions,
                                  SobolSequence::DimensionsMax));
  boost::random::sobol_engine<std::uint32_t, 32> engine(dimensions);
  std::vector<std::uint32_t> all(dimensions * digits), before(dimensions);
  // The engine leaves out the first point, which is 0: what it gives first is the first direction.
  for (std::size_t digit = 0; digit < digits; ++digit) {
    const std::uint64_t at = std::uint64_t{1} << digit;  // its point of this number follows at - 1
    std::fill(before.begin(), before.end(), 0U);
    if (at > 1) {
      engine.seed(static_cast<std::uint32_t>(at - 2));
      for (auto& x : before) x = static_cast<std::uint32_t>(engine());
    } else {
      engine.seed();
    }
    for (std::size_t d = 0; d < dimensions; ++d)
      all[d * digits + digit] = static_cast<std::uint32_t>(engine()) ^ before[d];
  }
  return all;
}

}  // namespace

SobolSequence::SobolSequence(std::size_t dimensions)
    : direction_(directions(dimensions, Digits)), shift_(dimensions, 0U) {}

SobolSequence::SobolSequence(std::size_t dimensions, const core::Draw& scramble)
    : SobolSequence(SobolSequence(dimensions).scrambled(scramble)) {}

SobolSequence SobolSequence::scrambled(const core::Draw& scramble) const {
  SobolSequence other = *this;
  for (std::size_t d = 0; d < dimensions(); ++d) {
    const auto who = static_cast<std::uint32_t>(d);
    other.shift_[d] ^= scramble.block(0, who, Digits)[0];
    // Row by row from the highest bit: a one on the diagonal, chance below it in each column.
    std::array<std::uint32_t, Digits> column{};
    for (std::uint32_t k = 0; k < Digits; ++k) {
      const std::uint32_t one = std::uint32_t{1} << (Digits - 1 - k);
      column[k] = one | (scramble.block(0, who, k)[0] & (one - 1));
    }
    for (std::size_t k = 0; k < Digits; ++k) {
      std::uint32_t& v = other.direction_[d * Digits + k];
      std::uint32_t mixed = 0;
      for (std::size_t bit = 0; bit < Digits; ++bit)
        if ((v >> (Digits - 1 - bit)) & 1U) mixed ^= column[bit];
      v = mixed;
    }
  }
  return other;
}

void SobolSequence::fill(std::size_t dimension, std::uint64_t first, std::span<double> out) const {
  TWIN_EXPECT(
      dimension < shift_.size() && out.size() <= PointsMax && first <= PointsMax - out.size(),
      dimension, first, out.size());
  const std::uint32_t* v = direction_.data() + dimension * Digits;
  // Within a block points differ from its first one by the same as in every block.
  std::array<std::uint32_t, Block> within{};
  for (std::uint32_t k = 1; k < Block; ++k)
    within[k] = within[k - 1] ^ v[static_cast<std::size_t>(std::countr_zero(k))];
  const auto point = [&](std::uint64_t n) {
    std::uint32_t x = shift_[dimension];
    for (std::uint64_t gray = n ^ (n >> 1); gray != 0; gray &= gray - 1)
      x ^= v[static_cast<std::size_t>(std::countr_zero(gray))];
    return x;
  };
  std::size_t k = 0;
  for (; k < out.size() && (first + k) % Block != 0; ++k)
    out[k] = core::uniform_of(point(first + k));
  for (; k + Block <= out.size(); k += Block) {
    const std::uint32_t base = point(first + k);
    for (std::uint32_t j = 0; j < Block; ++j) out[k + j] = core::uniform_of(base ^ within[j]);
  }
  for (; k < out.size(); ++k) out[k] = core::uniform_of(point(first + k));
}

}  // namespace twin::uq
