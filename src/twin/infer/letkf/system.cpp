#include "twin/infer/letkf/system.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "twin/core/parallel.hpp"
#include "twin/infer/ensemble/filters.hpp"
#include "twin/infer/letkf/rational_root.hpp"

namespace twin::infer::letkf {
namespace {

constexpr std::size_t SystemBlockRows =
    64;  // a block of columns of the observed ensemble in the cache

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// The same for every analysis, and some milliseconds to make.
const RationalRoot& rational_root() {
  static const RationalRoot root;
  return root;
}

// All observations, in full.
struct Everything {
  std::vector<std::uint32_t> observations;
  std::vector<double> weights;

  explicit Everything(std::size_t count) : observations(count), weights(count, 1.0) {
    std::iota(observations.begin(), observations.end(), 0U);
  }
  [[nodiscard]] Sight sight() const {
    return {.observations = observations.data(),
            .weights = weights.data(),
            .count = observations.size()};
  }
};

// A rotation of the subspace as one of the members that keeps their mean.
Eigen::MatrixXd full_rotation(std::span<const double> rotation, std::size_t members) {
  const auto n = static_cast<Eigen::Index>(members);
  const Eigen::MatrixXd basis = subspace_basis(n);
  Eigen::MatrixXd full =
      basis * Eigen::Map<const RowMajor>(rotation.data(), n - 1, n - 1) * basis.transpose();
  full.array() += 1.0 / static_cast<double>(n);
  return full;
}

}  // namespace

System::System(const Eigen::Ref<const Eigen::MatrixXd>& observed,
               const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise, unsigned threads,
               AlignedDoubles& room)
    : observations_(static_cast<std::size_t>(observed.rows())),
      members_(static_cast<std::size_t>(observed.cols())) {
  check_observed(observed, y, noise);
  stride_ = (members_ + RowPadding - 1) / RowPadding * RowPadding;
  log_determinant_ = noise.log_determinant();
  double* const seen = room.room(observations_ * stride_);
  seen_ = seen;
  Eigen::MatrixXd certainty = Eigen::MatrixXd::Ones(observed.rows(), 1);
  noise.whiten(certainty);  // 1 / deviation of each
  const double members = static_cast<double>(members_);
  const double beside = 1.0 / members / (1.0 / std::sqrt(members) + 1.0);
  const double root = 1.0 / std::sqrt(members - 1.0);
  const std::size_t n = members_ - 1;
  const std::size_t blocks = (observations_ + SystemBlockRows - 1) / SystemBlockRows;
  core::for_each_member(blocks, threads, [&](std::size_t block) {
    const std::size_t first = block * SystemBlockRows;
    const std::size_t count = std::min(SystemBlockRows, observations_ - first);
    const double* const from = observed.data() + first;
    const auto column = static_cast<std::size_t>(observed.outerStride());
    double sum[SystemBlockRows] = {};
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t i = 0; i < count; ++i) {
        const double a = from[j * column + i] - from[n * column + i];
        seen[(first + i) * stride_ + j] = a;
        sum[i] += a;
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      double* const row = seen + (first + i) * stride_;
      const auto k = static_cast<Eigen::Index>(first + i);
      const double scale = certainty(k, 0) * root;
      for (std::size_t j = 0; j < n; ++j) row[j] = scale * (row[j] - beside * sum[i]);
      const double mean = from[n * column + i] + sum[i] / members;
      row[n] = certainty(k, 0) * (y[k] - mean);
      for (std::size_t j = members_; j < stride_; ++j) row[j] = 0.0;
    }
  });
}

Batch System::batch() const {
  Batch batch = {};
  batch.seen = seen_;
  batch.stride = stride_;
  batch.members = members_;
  batch.factor = 1.0;
  batch.root = rational_root().nodes();
  return batch;
}

Observed System::observed(const Sight& sight) const {
  const auto n = static_cast<Eigen::Index>(members_ - 1);
  const auto count = static_cast<Eigen::Index>(sight.count);
  Eigen::MatrixXd rows(count, n);
  Observed seen;
  seen.innovation.resize(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const double* row = seen_ + sight.observations[i] * stride_;
    const double root = std::sqrt(sight.weights[i]);
    rows.row(i) = root * Eigen::Map<const Eigen::RowVectorXd>(row, n);
    seen.innovation[i] = root * row[n];
  }
  seen.anomalies = rows * subspace_basis(n + 1).transpose();
  seen.log_determinant = log_determinant_;
  return seen;
}

Innovation System::innovation_of(const double* pivots, const double* solved) const {
  const std::size_t n = members_ - 1;
  const bool observed = solves_in_observation_space(members_, observations_);
  const std::size_t size = observed ? observations_ : n;
  double quadratic = 0.0, log_determinant = log_determinant_;
  for (std::size_t i = 0; i < size; ++i) {
    quadratic += solved[i] * solved[i] * pivots[i];
    log_determinant -= std::log(pivots[i]);
  }
  Innovation result;
  result.observations = static_cast<Eigen::Index>(observations_);
  if (observed) {  // d^T (I + S S^T)^-1 d as it stands
    result.chi_square = quadratic;
  } else {
    double square = 0.0;
    for (std::size_t k = 0; k < observations_; ++k) {
      square += seen_[k * stride_ + n] * seen_[k * stride_ + n];
    }
    result.chi_square = square - quadratic;
  }
  result.log_likelihood =
      -0.5 * (result.chi_square + log_determinant +
              static_cast<double>(observations_) * std::log(2.0 * std::numbers::pi));
  return result;
}

Innovation System::innovation(const Kernel& kernel, AlignedDoubles& work) const {
  const Everything all(observations_);
  std::vector<double> pivots(members_ - 1), solved(members_ - 1);
  Batch b = batch();
  b.domains = 1;
  b.same_sight = true;
  b.sight[0] = all.sight();
  b.pivots = pivots.data();
  b.solved = solved.data();
  b.work = work.room(kernel.work_doubles(members_, b.root.terms));
  kernel.analyse(b);
  if (b.refused == 0) return innovation_of(pivots.data(), solved.data());
  const Gram gram = gram_of(observed(all.sight()));
  return infer::innovation_of(gram, spectrum_of(gram.c, gram.b));
}

Transform System::transform(const Kernel& kernel, std::span<const double> rotation) const {
  // The analysis of the unit vectors, as rows of a state: e_i becomes w_i + T_i.
  const auto n = static_cast<Eigen::Index>(members_);
  Eigen::MatrixXd unit = Eigen::MatrixXd::Identity(n, n);
  std::vector<std::size_t> rows(members_);
  for (std::size_t lane = 0, at = 0; lane < kernel.lanes; ++lane) {
    for (std::size_t i = lane; i < members_; i += kernel.lanes) rows[at++] = i;
  }
  const Everything all(observations_);
  AlignedDoubles room;
  std::vector<double> pivots(members_ - 1), solved(members_ - 1);
  Batch b = batch();
  b.domains = std::min(kernel.lanes, members_);
  b.same_sight = true;
  for (std::size_t lane = 0, at = 0; lane < b.domains; ++lane) {
    const std::size_t count = (members_ - lane + kernel.lanes - 1) / kernel.lanes;
    b.sight[lane] = all.sight();
    b.rows[lane] = {.rows = rows.data() + at, .count = count};
    at += count;
  }
  b.state = unit.data();
  b.state_stride = members_;
  b.rotation = rotation.empty() ? nullptr : rotation.data();
  b.pivots = pivots.data();
  b.solved = solved.data();
  b.work = room.room(kernel.work_doubles(members_, b.root.terms));
  kernel.analyse(b);
  if (b.refused != 0) {
    Transform t = etkf(observed(all.sight()));
    if (!rotation.empty()) t.anomalies *= full_rotation(rotation, members_);
    return t;
  }
  Transform t;
  t.mean = unit.rowwise().mean().array() - 1.0 / static_cast<double>(n);
  t.anomalies = unit.colwise() - t.mean;
  t.innovation = innovation_of(pivots.data(), solved.data());
  return t;
}

void System::analyse_slowly(const Sight& sight, std::span<const std::size_t> rows,
                            const Inflation& inflation, std::span<const double> rotation,
                            Eigen::Ref<Eigen::MatrixXd> x) const {
  Transform t = etkf(observed(sight));
  if (!rotation.empty()) t.anomalies *= full_rotation(rotation, members_);
  std::vector<Eigen::Index> variables(rows.begin(), rows.end());
  apply(t, inflation, variables, x);
}

}  // namespace twin::infer::letkf
