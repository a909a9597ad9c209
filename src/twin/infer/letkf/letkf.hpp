// The local ensemble transform Kalman filter (Hunt, Kostelich, Szunyogh 2007), built for speed: no
// eigenvectors, one domain in each lane of the vector registers, neighbours found by cells while
// the analysis runs. Decision 0009 tells how and why; filters.hpp has the slow and obvious form.
//
// Reproducible: a domain's bits depend on what it sees and on its own rows, not on the number of
// threads, on the other domains, or on how they are ordered and batched.
#pragma once
#include <Eigen/Dense>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "twin/infer/ensemble/domains.hpp"
#include "twin/infer/ensemble/observed.hpp"
#include "twin/infer/ensemble/transform.hpp"
#include "twin/infer/letkf/aligned.hpp"
#include "twin/infer/letkf/path.hpp"
#include "twin/infer/letkf/rows.hpp"
#include "twin/infer/letkf/sights.hpp"
#include "twin/infer/noise.hpp"

namespace twin::infer {

class Letkf {
 public:
  struct Options {
    Inflation inflation = {};
    letkf::Path path = letkf::Path::Best;
    unsigned threads = 1;
  };

  // Error for an inflation that cannot be or a path that this CPU has not.
  explicit Letkf(const Options& options);
  ~Letkf();
  Letkf(const Letkf&) = delete;
  Letkf& operator=(const Letkf&) = delete;

  // The instructions in use, for the report: "AVX-512", "AVX2+FMA" or "portable".
  [[nodiscard]] std::string_view path() const { return kernel_->name; }

  // Turns the analysis anomalies of every row, T := T rotation; as subspace_rotation gives it,
  // [member - 1][member - 1], row after row. Until the next call; empty: no more.
  void rotate_by(std::vector<double> rotation) { rotation_ = std::move(rotation); }

  // x: [variable][member], the forecast, overwritten by the analysis; whole rows of no domain stay.
  // observed: [observation][member]; y: [observation]. near: what each domain sees; rows: which rows
  // of x it corrects; no two domains may share one. The innovation is that of all observations
  // together, without localisation. No observations at all: x stays to the bit.
  // Errors: as observe; members, domains or observations that do not fit each other, rows beyond x,
  // noise that is not diagonal.
  Innovation analyse(const letkf::Neighbourhood& near, const letkf::DomainRows& rows,
                     const Eigen::Ref<const Eigen::MatrixXd>& observed,
                     const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise,
                     Eigen::Ref<Eigen::MatrixXd> x);

  // The domains whose observations are surer than the ensemble by more than 2^60, in the last
  // analysis: the kernel leaves them to the slow form.
  [[nodiscard]] std::size_t slow_domains() const { return slow_; }

 private:
  struct Chunk;  // what one thread works with, kept from cycle to cycle

  Options options_;
  const letkf::Kernel* kernel_;
  std::size_t slow_ = 0;
  letkf::AlignedDoubles seen_;
  std::vector<double> rotation_;  // [coordinate][coordinate]
  std::vector<Chunk> chunks_;     // [thread]
};

}  // namespace twin::infer
