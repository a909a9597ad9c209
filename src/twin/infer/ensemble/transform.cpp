#include "twin/infer/ensemble/transform.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::infer {
namespace {

constexpr Eigen::Index BlockRows = 256;  // rows at once: small beside any large state

// All but the addressing of rows: a block of variables before, the same block after.
class Map {
 public:
  Map(const Transform& transform, const Inflation& inflation)
      : mean_(transform.mean), anomalies_(transform.anomalies), inflation_(inflation) {
    anomalies_ *= 1.0 - inflation.rtpp;
    anomalies_.diagonal().array() += inflation.rtpp;
  }

  template <class Rows>
  void operator()(Rows&& rows) {
    centre_ = rows.rowwise().mean();
    before_ = rows.colwise() - centre_;
    after_.noalias() = before_ * anomalies_;
    scale_.setConstant(rows.rows(), inflation_.factor);
    if (inflation_.rtps > 0.0) {
      for (Eigen::Index i = 0; i < rows.rows(); ++i) {
        const double spread = after_.row(i).norm();
        if (spread == 0.0) continue;  // no direction to relax in
        scale_[i] *= 1.0 + inflation_.rtps * (before_.row(i).norm() - spread) / spread;
      }
    }
    centre_.noalias() += before_ * mean_;
    rows = (after_.array().colwise() * scale_.array()).colwise() + centre_.array();
  }

 private:
  const Eigen::VectorXd& mean_;
  Eigen::MatrixXd anomalies_;
  Inflation inflation_;
  Eigen::VectorXd centre_, scale_;  // [row]
  Eigen::MatrixXd before_, after_;  // [row][member]
};

}  // namespace

Transform identity_transform(Eigen::Index members) {
  Transform t;
  t.mean.setZero(members);
  t.anomalies.setIdentity(members, members);
  return t;
}

void check_inflation(const Inflation& inflation) {
  if (!(inflation.factor > 0.0) || !std::isfinite(inflation.factor)) {
    throw core::Error(
        fmt::format("inflation = {} (must be positive and finite)", inflation.factor));
  }
  const auto share = [](const char* name, double value) {
    if (!(value >= 0.0 && value <= 1.0)) {
      throw core::Error(fmt::format("{} = {} (must lie in [0, 1])", name, value));
    }
  };
  share("rtpp", inflation.rtpp);
  share("rtps", inflation.rtps);
}

void apply(const Transform& transform, const Inflation& inflation, Eigen::Ref<Eigen::MatrixXd> x) {
  TWIN_EXPECT(transform.mean.size() == x.cols(), transform.mean.size(), x.cols());
  Map map(transform, inflation);
  for (Eigen::Index first = 0; first < x.rows(); first += BlockRows) {
    map(x.middleRows(first, std::min(BlockRows, x.rows() - first)));
  }
}

void apply(const Transform& transform, const Inflation& inflation,
           std::span<const Eigen::Index> variables, Eigen::Ref<Eigen::MatrixXd> x) {
  TWIN_EXPECT(transform.mean.size() == x.cols(), transform.mean.size(), x.cols());
  Map map(transform, inflation);
  Eigen::MatrixXd rows(static_cast<Eigen::Index>(variables.size()), x.cols());
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    rows.row(i) = x.row(variables[static_cast<std::size_t>(i)]);
  }
  map(rows);
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    x.row(variables[static_cast<std::size_t>(i)]) = rows.row(i);
  }
}

}  // namespace twin::infer
