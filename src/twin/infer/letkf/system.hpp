// The observed ensemble as the kernel reads it, and what can be asked of it without localisation:
// the innovation, the global transform of the ETKF.
#pragma once
#include <Eigen/Dense>
#include <cstddef>
#include <span>
#include <vector>

#include "twin/infer/ensemble/observed.hpp"
#include "twin/infer/ensemble/transform.hpp"
#include "twin/infer/letkf/aligned.hpp"
#include "twin/infer/letkf/kernel.hpp"
#include "twin/infer/noise.hpp"

namespace twin::infer::letkf {

class System {
 public:
  // Takes the anomalies in the coordinates of subspace_basis into `room`, which must outlive this.
  // Errors: as observe. Only the noise's diagonal kind. threads: for large ones.
  System(const Eigen::Ref<const Eigen::MatrixXd>& observed,
         const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise, unsigned threads,
         AlignedDoubles& room);

  [[nodiscard]] std::size_t observations() const { return observations_; }
  [[nodiscard]] std::size_t members() const { return members_; }

  // A batch that knows what was seen, and changes nothing else: no state, no inflation.
  [[nodiscard]] Batch batch() const;

  // Of all observations together. work: any room, for the kernel.
  [[nodiscard]] Innovation innovation(const Kernel& kernel, AlignedDoubles& work) const;

  // The ETKF of all observations (as etkf), T times the rotation of the subspace, row-major
  // [member - 1][member - 1], unless that is empty. innovation is filled.
  [[nodiscard]] Transform transform(const Kernel& kernel, std::span<const double> rotation) const;

  // One domain by the eigenvectors, for spectra that the kernel refuses.
  void analyse_slowly(const Sight& sight, std::span<const std::size_t> rows,
                      const Inflation& inflation, std::span<const double> rotation,
                      Eigen::Ref<Eigen::MatrixXd> x) const;

 private:
  std::size_t observations_ = 0, members_ = 0, stride_ = 0;
  double log_determinant_ = 0.0;
  const double* seen_ = nullptr;

  [[nodiscard]] Observed observed(const Sight& sight) const;
  [[nodiscard]] Innovation innovation_of(const double* pivots, const double* solved) const;
};

}  // namespace twin::infer::letkf
