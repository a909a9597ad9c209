// The kernel for AVX-512F: compiled for it, called only where the CPU has it.
#ifdef TWIN_LETKF_X86
#include <immintrin.h>

#include "twin/infer/letkf/batch.hpp"
#include "twin/infer/letkf/kernel.hpp"
#include "twin/infer/letkf/row_sweep.hpp"
#include "twin/infer/letkf/taper_lanes.hpp"

namespace twin::infer::letkf {
namespace {

struct Avx512 {
  static constexpr size_t Lanes = 8;
  static constexpr size_t Columns = 4;
  using V [[gnu::vector_size(64)]] = double;

  [[gnu::always_inline]] static V fma(V a, V b, V c) { return _mm512_fmadd_pd(a, b, c); }
  [[gnu::always_inline]] static V root(V a) { return _mm512_sqrt_pd(a); }
};

void analyse_kernel_avx512(Batch& batch) { BatchAnalysis<Avx512>(batch).run(); }

void sweep_kernel_avx512(const Sweep& s) {
  Avx512::V anomalies[2 * MaxSweepMembers];
  RowSweep<Avx512>(s).run(anomalies);
}

const Kernel TheAvx512 = {.name = "AVX-512",
                          .lanes = Avx512::Lanes,
                          .work_doubles = BatchAnalysis<Avx512>::work_doubles,
                          .analyse = analyse_kernel_avx512,
                          .sweep = sweep_kernel_avx512,
                          .taper = taper_lanes<Avx512>};

}  // namespace

const Kernel& avx512_kernel() { return TheAvx512; }

}  // namespace twin::infer::letkf
#endif
