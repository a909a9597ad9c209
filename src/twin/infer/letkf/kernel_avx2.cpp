// The kernel for AVX2 and FMA: compiled for them, called only where the CPU has them.
#ifdef TWIN_LETKF_X86
#include <immintrin.h>

#include "twin/infer/letkf/batch.hpp"
#include "twin/infer/letkf/kernel.hpp"
#include "twin/infer/letkf/row_sweep.hpp"
#include "twin/infer/letkf/taper_lanes.hpp"

namespace twin::infer::letkf {
namespace {

struct Avx2 {
  static constexpr size_t Lanes = 4;
  static constexpr size_t Columns = 2;
  using V [[gnu::vector_size(32)]] = double;

  [[gnu::always_inline]] static V fma(V a, V b, V c) { return _mm256_fmadd_pd(a, b, c); }
  [[gnu::always_inline]] static V root(V a) { return _mm256_sqrt_pd(a); }
};

void analyse(Batch& batch) { BatchAnalysis<Avx2>(batch).run(); }

void sweep(const Sweep& s) {
  Avx2::V anomalies[2 * MaxSweepMembers];
  RowSweep<Avx2>(s).run(anomalies);
}

const Kernel TheAvx2 = {.name = "AVX2+FMA",
                        .lanes = Avx2::Lanes,
                        .work_doubles = BatchAnalysis<Avx2>::work_doubles,
                        .analyse = analyse,
                        .sweep = sweep,
                        .taper = taper_lanes<Avx2>};

}  // namespace

const Kernel& avx2_kernel() { return TheAvx2; }

}  // namespace twin::infer::letkf
#endif
