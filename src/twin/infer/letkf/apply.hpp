// apply() of transform.hpp by the vector kernels: the whole state in one pass, in place, in the
// memory of the ensemble.
#pragma once
#include <Eigen/Dense>

#include "twin/infer/ensemble/transform.hpp"
#include "twin/infer/letkf/path.hpp"

namespace twin::infer::letkf {

struct ApplyOptions {
  Inflation inflation = {};
  Path path = Path::Best;
  unsigned threads = 1;  // the bits do not depend on it
};

// x: [variable][member], overwritten by the analysis. More than MaxSweepMembers: by apply itself.
void apply_fast(const Transform& transform, const ApplyOptions& options,
                Eigen::Ref<Eigen::MatrixXd> x);

}  // namespace twin::infer::letkf
