// The kernel for any CPU.
#include "twin/infer/letkf/batch.hpp"
#include "twin/infer/letkf/kernel.hpp"
#include "twin/infer/letkf/row_sweep.hpp"
#include "twin/infer/letkf/taper_lanes.hpp"

namespace twin::infer::letkf {
namespace {

void analyse_kernel_portable(Batch& batch) { BatchAnalysis<Portable>(batch).run(); }

void sweep_kernel_portable(const Sweep& s) {
  Portable::V anomalies[2 * MaxSweepMembers];
  RowSweep<Portable>(s).run(anomalies);
}

const Kernel ThePortable = {.name = "portable",
                            .lanes = Portable::Lanes,
                            .work_doubles = BatchAnalysis<Portable>::work_doubles,
                            .analyse = analyse_kernel_portable,
                            .sweep = sweep_kernel_portable,
                            .taper = taper_lanes<Portable>};

}  // namespace

const Kernel& portable_kernel() { return ThePortable; }

}  // namespace twin::infer::letkf
