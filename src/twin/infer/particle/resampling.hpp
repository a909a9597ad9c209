// How many copies of each particle go on. Every scheme is unbiased, E[copies of i] = N w_i / sum w,
// takes time in O(N), and depends on the draw alone. Compared by Douc, Cappe, Moulines (2005) and
// Gerber, Chopin, Whiteley (2019).
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "twin/core/draw.hpp"

namespace twin::infer::particle {

enum class Resampling : std::uint8_t {
  Multinomial,         // N independent choices (Gordon, Salmond, Smith 1993), from sorted uniforms
  Stratified,          // one uniform in each N-th part (Kitagawa 1996)
  Systematic,          // the same uniform in each N-th part (Kitagawa 1996; Whitley 1994)
  Residual,            // floor(N w) copies, the rest by multinomial choices (Liu, Chen 1998)
  ResidualSystematic,  // floor(N w) copies, the rest systematically
  // floor(N w) or one more, decided in pairs as in Srinivasan's sampling process (Gerber, Chopin,
  // Whiteley 2019): consistent whatever the order of the particles, which systematic is not.
  Srinivasan
};
inline constexpr std::array<Resampling, 6> AllResamplings = {
    Resampling::Multinomial, Resampling::Stratified,         Resampling::Systematic,
    Resampling::Residual,    Resampling::ResidualSystematic, Resampling::Srinivasan};
std::string_view name_of(Resampling scheme);

// Which random numbers of an estimator are these (Draw's what).
enum ParticleDraw : std::uint32_t {
  ResamplingDraw = 0xB5000000,
  JitterDraw,     // who: the variable
  ParameterDraw,  // who: the parameter
  ProposalDraw,   // who: the variable
  LookAheadDraw   // resampling before the particles move
};

// weights: [member], finite and not negative, their sum positive [the caller's duty]; they need not
// sum to 1. copies: [member], their sum is the number of members; none where the weight is 0.
void resample(Resampling scheme, std::span<const double> weights, const core::Draw& draw,
              std::uint32_t what, std::uint32_t occasion, std::span<std::uint32_t> copies);

// Who stands in each place afterwards: those who go on keep theirs, so that only further copies move,
// into the places left free, both in ascending order. [member]
void ancestors_of(std::span<const std::uint32_t> copies, std::span<std::uint32_t> ancestors);

}  // namespace twin::infer::particle
