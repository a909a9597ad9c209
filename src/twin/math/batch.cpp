// The loops below are written to become vectors in every build: both sides of a choice may be worked
// out. Before the headers, so that what they define can be inlined.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#pragma GCC optimize("no-trapping-math")
#endif

#include "twin/math/batch.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>

#include "twin/core/expect.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/elementary.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#define TWIN_AVX512 [[gnu::target("avx512f,avx512dq,avx512vl,avx512bw")]]
#define TWIN_AVX2 [[gnu::target("avx2")]]
#endif

namespace twin::math {
namespace {

using std::size_t;
using std::uint64_t;

// ---- uniforms ----

enum class Along { Member, Who };  // which part of the counter goes on from number to number

// What is filled: out from the first two words of each block, and second, unless empty, from the
// other two.
struct Filled {
  double* out;
  double* second;
};

void uniforms_portable(const core::PhiloxKeys& keys, core::Block counter, Along along, Filled to,
                       size_t count) {
  std::uint32_t& moving = counter[along == Along::Member ? 0 : 2];
  for (size_t j = 0; j < count; ++j) {
    const core::Block b = core::philox4x32_10(counter, keys);
    to.out[j] = core::uniform_of(b[0], b[1]);
    if (to.second != nullptr) to.second[j] = core::uniform_of(b[2], b[3]);
    ++moving;
  }
}

#if defined(__x86_64__)
// A 32-bit word stands in the lower half of each 64-bit lane; the upper half is never read.
TWIN_AVX512 __m512d uniform_avx512(__m512i high, __m512i low) {
  const __m512i word = _mm512_set1_epi64(0xFFFFFFFF);
  const __m512i bits = _mm512_or_si512(_mm512_slli_epi64(_mm512_and_si512(high, word), 20),
                                       _mm512_srli_epi64(_mm512_and_si512(low, word), 12));
  const __m512i two52 = _mm512_set1_epi64(0x4330000000000000);
  const __m512d whole =
      _mm512_sub_pd(_mm512_castsi512_pd(_mm512_or_si512(bits, two52)), _mm512_set1_pd(0x1p52));
  return _mm512_mul_pd(_mm512_add_pd(whole, _mm512_set1_pd(0.5)), _mm512_set1_pd(0x1p-52));
}

TWIN_AVX512 size_t uniforms_avx512(const core::PhiloxKeys& keys, const core::Block& counter,
                                   Along along, Filled to, size_t count) {
  const __m512i ma = _mm512_set1_epi64(0xD2511F53), mb = _mm512_set1_epi64(0xCD9E8D57);
  const bool members = along == Along::Member;
  const __m512i lane = _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7);
  __m512i moving = _mm512_add_epi64(_mm512_set1_epi64(counter[members ? 0 : 2]), lane);
  size_t j = 0;
  for (; j + 8 <= count; j += 8) {
    __m512i c0 = members ? moving : _mm512_set1_epi64(counter[0]);
    __m512i c2 = members ? _mm512_set1_epi64(counter[2]) : moving;
    __m512i c1 = _mm512_set1_epi64(counter[1]), c3 = _mm512_set1_epi64(counter[3]);
    for (const auto& key : keys.round) {
      const __m512i a = _mm512_mul_epu32(c0, ma), b = _mm512_mul_epu32(c2, mb);
      c0 = _mm512_xor_si512(_mm512_xor_si512(_mm512_srli_epi64(b, 32), c1),
                            _mm512_set1_epi64(key[0]));
      c2 = _mm512_xor_si512(_mm512_xor_si512(_mm512_srli_epi64(a, 32), c3),
                            _mm512_set1_epi64(key[1]));
      c1 = b;
      c3 = a;
    }
    _mm512_storeu_pd(to.out + j, uniform_avx512(c0, c1));
    if (to.second != nullptr) _mm512_storeu_pd(to.second + j, uniform_avx512(c2, c3));
    moving = _mm512_add_epi64(moving, _mm512_set1_epi64(8));
  }
  return j;
}

TWIN_AVX2 __m256d uniform_avx2(__m256i high, __m256i low) {
  const __m256i word = _mm256_set1_epi64x(0xFFFFFFFF);
  const __m256i bits = _mm256_or_si256(_mm256_slli_epi64(_mm256_and_si256(high, word), 20),
                                       _mm256_srli_epi64(_mm256_and_si256(low, word), 12));
  const __m256i two52 = _mm256_set1_epi64x(0x4330000000000000);
  const __m256d whole =
      _mm256_sub_pd(_mm256_castsi256_pd(_mm256_or_si256(bits, two52)), _mm256_set1_pd(0x1p52));
  return _mm256_mul_pd(_mm256_add_pd(whole, _mm256_set1_pd(0.5)), _mm256_set1_pd(0x1p-52));
}

TWIN_AVX2 size_t uniforms_avx2(const core::PhiloxKeys& keys, const core::Block& counter,
                               Along along, Filled to, size_t count) {
  const __m256i ma = _mm256_set1_epi64x(0xD2511F53), mb = _mm256_set1_epi64x(0xCD9E8D57);
  const bool members = along == Along::Member;
  __m256i moving = _mm256_add_epi64(_mm256_set1_epi64x(counter[members ? 0 : 2]),
                                    _mm256_setr_epi64x(0, 1, 2, 3));
  size_t j = 0;
  for (; j + 4 <= count; j += 4) {
    __m256i c0 = members ? moving : _mm256_set1_epi64x(counter[0]);
    __m256i c2 = members ? _mm256_set1_epi64x(counter[2]) : moving;
    __m256i c1 = _mm256_set1_epi64x(counter[1]), c3 = _mm256_set1_epi64x(counter[3]);
    for (const auto& key : keys.round) {
      const __m256i a = _mm256_mul_epu32(c0, ma), b = _mm256_mul_epu32(c2, mb);
      c0 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(b, 32), c1),
                            _mm256_set1_epi64x(key[0]));
      c2 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(a, 32), c3),
                            _mm256_set1_epi64x(key[1]));
      c1 = b;
      c3 = a;
    }
    _mm256_storeu_pd(to.out + j, uniform_avx2(c0, c1));
    if (to.second != nullptr) _mm256_storeu_pd(to.second + j, uniform_avx2(c2, c3));
    moving = _mm256_add_epi64(moving, _mm256_set1_epi64x(4));
  }
  return j;
}
#endif

void fill(Instructions by, std::uint64_t seed, core::Block counter, Along along, Filled to,
          size_t count) {
  const core::PhiloxKeys keys(seed);
  size_t done = 0;
#if defined(__x86_64__)
  if (by == Instructions::Avx512) {
    done = uniforms_avx512(keys, counter, along, to, count);
  } else if (by == Instructions::Avx2) {
    done = uniforms_avx2(keys, counter, along, to, count);
  }
#endif
  counter[along == Along::Member ? 0 : 2] += static_cast<std::uint32_t>(done);
  to.out += done;
  if (to.second != nullptr) to.second += done;
  uniforms_portable(keys, counter, along, to, count - done);
}

// ---- loops that the compiler makes vectors of; each is compiled once for each width ----

constexpr uint64_t Fraction = (uint64_t{1} << 52) - 1;

// detail::log_of(split(x)) for x normal and below 1, without branches and without 64-bit integers
// becoming doubles, which not every processor has a vector instruction for.
[[gnu::always_inline]] inline double log_below_one(double x) {
  using namespace detail;
  const auto bits = std::bit_cast<uint64_t>(x);
  const double exponent =
      std::bit_cast<double>((bits >> 52) | uint64_t{0x4330000000000000}) - (0x1p52 + 1023.0);
  const double mantissa = std::bit_cast<double>((bits & Fraction) | (uint64_t{1023} << 52));
  const bool upper = !(mantissa < 1.4142135623730951);
  const double n = upper ? exponent + 1.0 : exponent;
  const double f = (upper ? 0.5 * mantissa : mantissa) - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  const HalfSquare half = half_square(f);
  const double small =
      s * (half.high + half.low + z * polynomial(AtanhSeries, z)) + (n * Ln2Low + 0.0) - half.low;
  const double first = f - half.high;
  const double first_lost = (f - first) - half.high;
  const double sum = n * Ln2High + first;
  const double lost = n == 0.0 ? 0.0 : (n * Ln2High - sum) + first;
  return sum + (lost + (first_lost + small));
}

[[gnu::always_inline]] inline void centres(const double* u, double* out, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const double q = u[i] - 0.5;
    const double r = 0.180625 - q * q;
    out[i] =
        q * detail::polynomial(detail::CentreAbove, r) / detail::polynomial(detail::CentreBelow, r);
  }
}

// r^2 of the flanks: minus the logarithm of the distance to the nearer end.
[[gnu::always_inline]] inline void distances(const double* u, double* out, size_t count) {
  for (size_t i = 0; i < count; ++i) out[i] = -log_below_one(u[i] < 0.5 ? u[i] : 1.0 - u[i]);
}

// Signed quantiles of the flanks; r: [flank]. Those beyond r = 5 are left to the scalar function.
[[gnu::always_inline]] inline void flanks(const double* u, const double* r, double* out,
                                          size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const double from = r[i] - 1.6;
    const double x =
        detail::polynomial(detail::FlankAbove, from) / detail::polynomial(detail::FlankBelow, from);
    out[i] = u[i] < 0.5 ? -x : x;
  }
}

[[gnu::always_inline]] inline void exponentials_loop(double* x, size_t count) {
  using namespace detail;
  for (size_t i = 0; i < count; ++i) {
    const double given = x[i];
    const double low = given > -750.0 ? given : -750.0;  // NaN becomes -750 too
    const double at = low < 711.0 ? low : 711.0;
    const double t = at * Log2E;
    const auto k = static_cast<std::int32_t>(t < 0.0 ? t - 0.5 : t + 0.5);
    const double n = static_cast<double>(k);
    const double high = at - n * Ln2High;
    const double small = n * Ln2Low;
    const double r = high - small;
    const double tail = r * r * polynomial(ExpSeries, r) + ((high - r) - small);
    const double sum = 1.0 + r;
    const double lost = r - (sum - 1.0);
    // scaled(): in two factors where one would be no normal number.
    const std::int32_t k1 = k > 1023 ? k - 1 : (k < -1000 ? k + 1000 : k);
    const double second = k > 1023 ? 2.0 : (k < -1000 ? 0x1p-1000 : 1.0);
    const double power =
        std::bit_cast<double>(static_cast<uint64_t>(std::int64_t{k1} + 1023) << 52);
    const double y = (sum + (lost + tail)) * power * second;
    const double bounded = given > 710.0 ? Infinity : (given < -746.0 ? 0.0 : y);
    x[i] = given != given ? given : bounded;
  }
}

[[gnu::always_inline]] inline void quick_loop(const double* x, double from, double* out,
                                              size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const double at = x[i] - from;
    const double y = detail::quick_exp_in_range(at < -708.0 ? -708.0 : at);
    out[i] = at < -708.0 ? 0.0 : y;
  }
}

struct Loops {
  void (*centres)(const double*, double*, size_t);
  void (*distances)(const double*, double*, size_t);
  void (*roots)(double*, size_t);
  void (*flanks)(const double*, const double*, double*, size_t);
  void (*exponentials)(double*, size_t);
  void (*quick)(const double*, double, double*, size_t);
};

void centres_portable(const double* u, double* out, size_t n) { centres(u, out, n); }
void distances_portable(const double* u, double* out, size_t n) { distances(u, out, n); }
void flanks_portable(const double* u, const double* r, double* out, size_t n) {
  flanks(u, r, out, n);
}
void exponentials_portable(double* x, size_t n) { exponentials_loop(x, n); }
void quick_portable(const double* x, double from, double* out, size_t n) {
  quick_loop(x, from, out, n);
}
void roots_portable(double* x, size_t n) {
  for (size_t i = 0; i < n; ++i) x[i] = std::sqrt(x[i]);
}
#if defined(__x86_64__)
TWIN_AVX2 void centres_avx2(const double* u, double* out, size_t n) { centres(u, out, n); }
TWIN_AVX2 void distances_avx2(const double* u, double* out, size_t n) { distances(u, out, n); }
TWIN_AVX2 void flanks_avx2(const double* u, const double* r, double* out, size_t n) {
  flanks(u, r, out, n);
}
TWIN_AVX2 void exponentials_avx2(double* x, size_t n) { exponentials_loop(x, n); }
TWIN_AVX2 void quick_avx2(const double* x, double from, double* out, size_t n) {
  quick_loop(x, from, out, n);
}
// By hand: std::sqrt may set errno, which keeps the compiler from making vectors of it.
TWIN_AVX2 void roots_avx2(double* x, size_t n) {
  size_t i = 0;
  for (; i + 4 <= n; i += 4) _mm256_storeu_pd(x + i, _mm256_sqrt_pd(_mm256_loadu_pd(x + i)));
  roots_portable(x + i, n - i);
}
TWIN_AVX512 void centres_avx512(const double* u, double* out, size_t n) { centres(u, out, n); }
TWIN_AVX512 void distances_avx512(const double* u, double* out, size_t n) { distances(u, out, n); }
TWIN_AVX512 void flanks_avx512(const double* u, const double* r, double* out, size_t n) {
  flanks(u, r, out, n);
}
TWIN_AVX512 void exponentials_avx512(double* x, size_t n) { exponentials_loop(x, n); }
TWIN_AVX512 void quick_avx512(const double* x, double from, double* out, size_t n) {
  quick_loop(x, from, out, n);
}
TWIN_AVX512 void roots_avx512(double* x, size_t n) {
  size_t i = 0;
  for (; i + 8 <= n; i += 8) _mm512_storeu_pd(x + i, _mm512_sqrt_pd(_mm512_loadu_pd(x + i)));
  roots_portable(x + i, n - i);
}
#endif

Loops loops(Instructions by) {
  TWIN_EXPECT(by <= best_instructions(), name_of(by));
#if defined(__x86_64__)
  if (by == Instructions::Avx512)
    return {centres_avx512, distances_avx512,    roots_avx512,
            flanks_avx512,  exponentials_avx512, quick_avx512};
  if (by == Instructions::Avx2)
    return {centres_avx2, distances_avx2, roots_avx2, flanks_avx2, exponentials_avx2, quick_avx2};
#endif
  return {centres_portable, distances_portable,    roots_portable,
          flanks_portable,  exponentials_portable, quick_portable};
}

}  // namespace

void uniforms(const core::Draw& first, std::uint32_t what, std::uint32_t who,
              std::uint32_t occasion, std::span<double> out) {
  fill(best_instructions(), first.seed, {first.member, what, who, occasion}, Along::Member,
       {out.data(), nullptr}, out.size());
}

void uniforms_of_things(const core::Draw& draw, std::uint32_t what, std::uint32_t first_who,
                        std::uint32_t occasion, std::span<double> out) {
  fill(best_instructions(), draw.seed, {draw.member, what, first_who, occasion}, Along::Who,
       {out.data(), nullptr}, out.size());
}

void detail::uniform_pairs(Instructions by, const core::Draw& first, std::uint32_t what,
                           std::uint32_t who, std::uint32_t occasion, std::span<double> out,
                           std::span<double> second) {
  TWIN_EXPECT(out.size() == second.size() && by <= best_instructions(), out.size(), second.size());
  fill(by, first.seed, {first.member, what, who, occasion}, Along::Member,
       {out.data(), second.data()}, out.size());
}

void detail::normals_of_uniforms(Instructions by, std::span<double> u) {
  constexpr size_t Tile = 512;
  constexpr auto Seam = std::bit_cast<uint64_t>(0.425);
  constexpr uint64_t Magnitude = ~uint64_t{0} >> 1;
  std::array<double, Tile> centre, flank, root, far;
  std::array<std::uint32_t, Tile> place;
  const Loops loop = loops(by);
  for (size_t begin = 0; begin < u.size(); begin += Tile) {
    const size_t count = std::min(Tile, u.size() - begin);
    double* const tile = u.data() + begin;
    loop.centres(tile, centre.data(), count);
    size_t outside = 0;
    for (size_t i = 0; i < count; ++i) {
      place[outside] = static_cast<std::uint32_t>(i);
      flank[outside] = tile[i];
      // 1 if |u - 1/2| > 0.425, from the bits: a branch here could not be foreseen.
      outside += (Seam - (std::bit_cast<uint64_t>(tile[i] - 0.5) & Magnitude)) >> 63;
    }
    loop.distances(flank.data(), root.data(), outside);
    loop.roots(root.data(), outside);
    loop.flanks(flank.data(), root.data(), far.data(), outside);
    constexpr double Tail = 1.3887943864964021e-11;  // exp(-25), where r = 5; some below it are too
    for (size_t i = 0; i < outside; ++i) {
      const double v = flank[i];
      centre[place[i]] = v < 2.0 * Tail || 1.0 - v < 2.0 * Tail ? normal(v) : far[i];
    }
    std::copy_n(centre.data(), count, tile);
  }
}

void normals(const core::Draw& first, std::uint32_t what, std::uint32_t who, std::uint32_t occasion,
             std::span<double> out) {
  uniforms(first, what, who, occasion, out);
  normals_of_uniforms(out);
}

void detail::exponentials(Instructions by, std::span<double> x) {
  loops(by).exponentials(x.data(), x.size());
}

void detail::quick_exponentials(Instructions by, std::span<const double> x, double from,
                                std::span<double> out) {
  TWIN_EXPECT(x.size() == out.size(), x.size(), out.size());
  loops(by).quick(x.data(), from, out.data(), x.size());
}

void uniform_pairs(const core::Draw& first, std::uint32_t what, std::uint32_t who,
                   std::uint32_t occasion, std::span<double> out, std::span<double> second) {
  detail::uniform_pairs(best_instructions(), first, what, who, occasion, out, second);
}

void normals_of_uniforms(std::span<double> u) {
  detail::normals_of_uniforms(best_instructions(), u);
}

void exponentials(std::span<double> x) { detail::exponentials(best_instructions(), x); }

void quick_exponentials(std::span<const double> x, double from, std::span<double> out) {
  detail::quick_exponentials(best_instructions(), x, from, out);
}

Instructions best_instructions() {
#if defined(__x86_64__)
  static const Instructions chosen = [] {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")) {
      return Instructions::Avx512;
    }
    return __builtin_cpu_supports("avx2") ? Instructions::Avx2 : Instructions::Portable;
  }();
  return chosen;
#else
  return Instructions::Portable;
#endif
}

std::string_view name_of(Instructions instructions) {
  switch (instructions) {
    case Instructions::Avx512: return "AVX-512";
    case Instructions::Avx2: return "AVX2";
    case Instructions::Portable: break;
  }
  return "portable";
}

}  // namespace twin::math
