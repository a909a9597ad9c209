#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif

#include "twins/toys/membrane.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "twin/core/expect.hpp"
#include "twin/math/elementary.hpp"
#include "twins/toys/membrane_kernel.hpp"
#include "twins/toys/membrane_plan.hpp"
#include "twins/toys/membrane_seen.hpp"

namespace twins::toys {
namespace {

using membrane::Lanes;
using twin::math::Instructions;

// What a batch is given and gives, [number][set of the batch]. weight empty: no slopes.
struct Batch {
  const double* a;
  double* seen;
  double* work;
  double* adjoint;
  double* slope;
};

template <int Sets>
[[gnu::always_inline]] inline void deflect_in_lanes(const Batch& b) {
  using V = Lanes<Sets>;
  membrane::deflect(membrane_plan(), reinterpret_cast<const V*>(b.a), reinterpret_cast<V*>(b.seen),
                    reinterpret_cast<V*>(b.work));
}

// Of the logarithm of the likelihood: the weight of a point is (measured - seen) / error^2.
template <int Sets>
[[gnu::always_inline]] inline void slopes_in_lanes(const Batch& b) {
  using V = Lanes<Sets>;
  V* seen = reinterpret_cast<V*>(b.seen);
  for (std::size_t k = 0; k < Membrane::Points; ++k)
    seen[k] = (MembraneMeasured[k] - seen[k]) * (1.0 / (Membrane::Error * Membrane::Error));
  membrane::slopes(membrane_plan(), reinterpret_cast<const V*>(b.a), seen,
                   reinterpret_cast<V*>(b.slope), reinterpret_cast<V*>(b.adjoint),
                   reinterpret_cast<V*>(b.work));
}

struct Kernel {
  std::size_t sets;
  void (*deflect)(const Batch&);
  void (*slopes)(const Batch&);
};

// The same loops for each set of instructions.
#define TWIN_MEMBRANE_KERNEL(NAME, SETS, ...)                                                      \
  __VA_ARGS__ [[gnu::noinline]] void deflect_##NAME(const Batch& b) { deflect_in_lanes<SETS>(b); } \
  __VA_ARGS__ [[gnu::noinline]] void slopes_##NAME(const Batch& b) { slopes_in_lanes<SETS>(b); }
TWIN_MEMBRANE_KERNEL(portable, 2)
TWIN_MEMBRANE_KERNEL(one_portable, 1)
#if defined(__x86_64__)
TWIN_MEMBRANE_KERNEL(avx512, 8, [[gnu::target("avx512f")]])
TWIN_MEMBRANE_KERNEL(avx2, 4, [[gnu::target("avx2")]])
TWIN_MEMBRANE_KERNEL(one_avx2, 1, [[gnu::target("avx2")]])
#endif
#undef TWIN_MEMBRANE_KERNEL

// One set by itself fills no lanes: its rows are worked on as vectors.
Kernel kernel_of(Instructions by, std::size_t sets) {
#if defined(__x86_64__)
  if (by != Instructions::Portable && sets == 1) return {1, deflect_one_avx2, slopes_one_avx2};
  if (by == Instructions::Avx512 && sets > 4) return {8, deflect_avx512, slopes_avx512};
  if (by != Instructions::Portable) return {4, deflect_avx2, slopes_avx2};
#endif
  if (sets == 1) return {1, deflect_one_portable, slopes_one_portable};
  return {2, deflect_portable, slopes_portable};
}

// Memory of a batch, kept by its thread for the next.
class Room {
 public:
  explicit Room(std::size_t sets) {
    const std::size_t numbers = membrane::membrane_work(membrane_plan()).total + Nodes * Nodes +
                                2 * Membrane::Coefficients + Membrane::Points;
    memory_.resize((numbers * sets) + 8);
    double* at = memory_.data();
    while (reinterpret_cast<std::uintptr_t>(at) % 64 != 0) ++at;
    a = at;
    slope = a + sets * Membrane::Coefficients;
    adjoint = slope + sets * Membrane::Coefficients;
    work = adjoint + sets * Nodes * Nodes;
    seen = work + sets * membrane::membrane_work(membrane_plan()).total;
  }
  double *a, *slope, *adjoint, *work, *seen;

 private:
  std::vector<double> memory_;
};

Room& room(std::size_t sets) {
  thread_local std::array<std::vector<Room>, Membrane::SetsMax + 1> rooms;
  if (rooms[sets].empty()) rooms[sets].emplace_back(sets);
  return rooms[sets].front();
}

// A batch that is not full works on its first set again in the places that are left.
template <class Take>
void each_batch(Instructions by, std::size_t sets, const Take& take) {
  for (std::size_t first = 0; first < sets;) {
    const Kernel kernel = kernel_of(by, sets - first);
    const std::size_t count = std::min(kernel.sets, sets - first);
    take(kernel, first, count);
    first += count;
  }
}

}  // namespace

void Membrane::deflections(std::span<const double> a, std::span<double> seen) {
  deflections(twin::math::best_instructions(), a, seen);
}

void Membrane::deflections(Instructions by, std::span<const double> a, std::span<double> seen) {
  const std::size_t sets = a.size() / Coefficients;
  TWIN_EXPECT(a.size() == sets * Coefficients && seen.size() == sets * Points, a.size(),
              seen.size());
  each_batch(by, sets, [&](const Kernel& kernel, std::size_t first, std::size_t count) {
    Room& r = room(kernel.sets);
    for (std::size_t s = 0; s < kernel.sets; ++s)
      for (std::size_t k = 0; k < Coefficients; ++k)
        r.a[k * kernel.sets + s] = a[(first + (s < count ? s : 0)) * Coefficients + k];
    kernel.deflect(
        {.a = r.a, .seen = r.seen, .work = r.work, .adjoint = r.adjoint, .slope = r.slope});
    for (std::size_t s = 0; s < count; ++s)
      for (std::size_t k = 0; k < Points; ++k)
        seen[(first + s) * Points + k] = r.seen[k * kernel.sets + s];
  });
}

double Membrane::log_likelihood(std::span<const double> seen) {
  TWIN_EXPECT(seen.size() == Points, seen.size());
  double sum = 0.0;
  for (std::size_t k = 0; k < Points; ++k) {
    const double d = seen[k] - MembraneMeasured[k];
    sum += d * d;
  }
  return -sum / (2.0 * Error * Error);
}

double Membrane::log_prior(std::span<const double> log_a) {
  double sum = 0.0;
  for (const double x : log_a) sum += x * x;
  return -sum / (2.0 * PriorDeviation * PriorDeviation);
}

void Membrane::log_posteriors(std::span<const double> log_a, std::span<double> value,
                              std::span<double> slope) {
  const std::size_t sets = value.size();
  TWIN_EXPECT(log_a.size() == sets * Coefficients && slope.size() == log_a.size(), log_a.size(),
              sets, slope.size());
  std::array<double, Points> seen{};
  const auto by = twin::math::best_instructions();
  each_batch(by, sets, [&](const Kernel& kernel, std::size_t first, std::size_t count) {
    Room& r = room(kernel.sets);
    for (std::size_t s = 0; s < kernel.sets; ++s)
      for (std::size_t k = 0; k < Coefficients; ++k)
        r.a[k * kernel.sets + s] =
            twin::math::exp(log_a[(first + (s < count ? s : 0)) * Coefficients + k]);
    const Batch batch = {
        .a = r.a, .seen = r.seen, .work = r.work, .adjoint = r.adjoint, .slope = r.slope};
    kernel.deflect(batch);
    for (std::size_t s = 0; s < count; ++s) {
      for (std::size_t k = 0; k < Points; ++k) seen[k] = r.seen[k * kernel.sets + s];
      value[first + s] =
          log_likelihood(seen) + log_prior(log_a.subspan((first + s) * Coefficients, Coefficients));
    }
    kernel.slopes(batch);
    for (std::size_t s = 0; s < count; ++s)
      for (std::size_t k = 0; k < Coefficients; ++k)
        slope[(first + s) * Coefficients + k] =
            r.slope[k * kernel.sets + s] -
            log_a[(first + s) * Coefficients + k] / (PriorDeviation * PriorDeviation);
  });
}

void Membrane::slopes(std::span<const double> log_a, std::span<const double> weight,
                      std::span<double> slope) {
  const std::size_t sets = weight.size() / Points;
  TWIN_EXPECT(weight.size() == sets * Points && log_a.size() == sets * Coefficients &&
                  slope.size() == log_a.size(),
              log_a.size(), weight.size(), slope.size());
  each_batch(
      twin::math::best_instructions(), sets,
      [&](const Kernel& kernel, std::size_t first, std::size_t count) {
        Room& r = room(kernel.sets);
        const auto of = [&](std::size_t s) { return first + (s < count ? s : 0); };
        for (std::size_t s = 0; s < kernel.sets; ++s)
          for (std::size_t k = 0; k < Coefficients; ++k)
            r.a[k * kernel.sets + s] = twin::math::exp(log_a[of(s) * Coefficients + k]);
        const Batch batch = {
            .a = r.a, .seen = r.seen, .work = r.work, .adjoint = r.adjoint, .slope = r.slope};
        kernel.deflect(batch);
        // The likelihood weighs each point by how far it is off: here it is as far off as it is to weigh.
        for (std::size_t s = 0; s < kernel.sets; ++s)
          for (std::size_t k = 0; k < Points; ++k)
            r.seen[k * kernel.sets + s] =
                MembraneMeasured[k] - weight[of(s) * Points + k] * (Error * Error);
        kernel.slopes(batch);
        for (std::size_t s = 0; s < count; ++s)
          for (std::size_t k = 0; k < Coefficients; ++k)
            slope[(first + s) * Coefficients + k] = r.slope[k * kernel.sets + s];
      });
}

const std::array<double, Membrane::Points>& Membrane::measured() { return MembraneMeasured; }

}  // namespace twins::toys
