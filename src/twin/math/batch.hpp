// Many numbers at once, with the bits of one at a time: draws of members, normals, exponentials. The
// widest vectors that the processor has are chosen when the program runs; only + - * / and roots are
// used and nothing is contracted, so that the choice does not show.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "twin/core/draw.hpp"
#include "twin/math/elementary.hpp"

namespace twin::math {

// out[j] = Draw{first.seed, first.member + j}.uniform(what, who, occasion)
void uniforms(const core::Draw& first, std::uint32_t what, std::uint32_t who,
              std::uint32_t occasion, std::span<double> out);

// out[j] = draw.uniform(what, first_who + j, occasion)
void uniforms_of_things(const core::Draw& draw, std::uint32_t what, std::uint32_t first_who,
                        std::uint32_t occasion, std::span<double> out);

// Two numbers of each draw: out[j] is that of uniforms(), second[j] is made of the other two words of
// the same block. Sizes are equal.
void uniform_pairs(const core::Draw& first, std::uint32_t what, std::uint32_t who,
                   std::uint32_t occasion, std::span<double> out, std::span<double> second);

// u[i] := normal(u[i]), for u in (0, 1): standard normals of uniforms (distributions.hpp).
void normals_of_uniforms(std::span<double> u);

// Standard normals of members: the two above, one after the other.
void normals(const core::Draw& first, std::uint32_t what, std::uint32_t who, std::uint32_t occasion,
             std::span<double> out);

// x[i] := exp(x[i]) (elementary.hpp), for every double.
void exponentials(std::span<double> x);

namespace detail {

inline constexpr auto QuickSeries = [] {  // 1/2!, ..., 1/13!: what follows is below 2^-57
  std::array<double, 12> c{};
  for (std::size_t i = 0; i < c.size(); ++i) c[i] = ExpSeries[i];
  return c;
}();

// x = k ln 2 + r by adding and taking away 1.5 * 2^52, whose last bits then hold k + 1023.
[[gnu::always_inline]] constexpr double quick_exp_in_range(double x) {
  constexpr double Shift = 0x1.8p52 + 1023.0;
  const double shifted = x * Log2E + Shift;
  const double n = shifted - Shift;
  const double r = (x - n * Ln2High) - n * Ln2Low;
  const double power = std::bit_cast<double>(std::bit_cast<std::uint64_t>(shifted) << 52);
  return (1.0 + (r + r * r * polynomial(QuickSeries, r))) * power;
}

}  // namespace detail

// exp to 2 ulp, for weights: less than half the work of exp. 0 below -708; x at most 708, no NaN [the
// caller's duty].
constexpr double quick_exp(double x) { return x < -708.0 ? 0.0 : detail::quick_exp_in_range(x); }
// out[i] := quick_exp(x[i] - from), out may be x. Sizes are equal.
void quick_exponentials(std::span<const double> x, double from, std::span<double> out);

enum class Instructions : std::uint8_t { Portable, Avx2, Avx512 };
Instructions best_instructions();  // of this processor: what is chosen
std::string_view name_of(Instructions instructions);

namespace detail {

// The same by instructions that are named, so that each can be held against the others; they must be
// no wider than the best.
void uniform_pairs(Instructions by, const core::Draw& first, std::uint32_t what, std::uint32_t who,
                   std::uint32_t occasion, std::span<double> out, std::span<double> second);
void normals_of_uniforms(Instructions by, std::span<double> u);
void exponentials(Instructions by, std::span<double> x);
void quick_exponentials(Instructions by, std::span<const double> x, double from,
                        std::span<double> out);

}  // namespace detail

}  // namespace twin::math
