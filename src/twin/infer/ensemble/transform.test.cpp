// If these failed, the analysis would reach the state distorted, or the spread would not be what the
// inflation asks for.
#include "twin/infer/ensemble/transform.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/example.hpp"

namespace twin::infer {
namespace {

struct Case {
  Example e = random_example(600, 5, 6, 1);  // more rows than one block
  Transform t = etkf(observe(e.hx(), e.y, Noise::full(e.r)));
  Eigen::VectorXd mean = e.x.rowwise().mean();
  Eigen::MatrixXd before = e.x.colwise() - mean;
  Eigen::MatrixXd after = before * t.anomalies;

  [[nodiscard]] Eigen::MatrixXd analysed(const Inflation& inflation) const {
    Eigen::MatrixXd x = e.x;
    apply(t, inflation, x);
    return x;
  }
};

Eigen::MatrixXd anomalies_of(const Eigen::MatrixXd& x) {
  return x.colwise() - x.rowwise().mean().eval();
}

TEST(Transform, IsAppliedToEveryRow) {
  // Rows beyond the first block would be left out.
  const Case c;
  const Eigen::MatrixXd expected = c.after.colwise() + (c.mean + c.before * c.t.mean).eval();
  EXPECT_LT((c.analysed({}) - expected).cwiseAbs().maxCoeff(), 1e-13);
  Eigen::MatrixXd x = c.e.x;
  const std::vector<Eigen::Index> rows = {7, 3, 599};
  apply(c.t, {}, rows, x);
  for (const Eigen::Index i : {Eigen::Index{3}, Eigen::Index{7}, Eigen::Index{599}}) {
    EXPECT_LT((x.row(i) - expected.row(i)).norm(), 1e-13);
    x.row(i) = c.e.x.row(i);
  }
  EXPECT_EQ(x, c.e.x);
}

TEST(Transform, InflationKeepsTheMean) {
  // Spread would be bought with a shifted mean.
  const Case c;
  const Eigen::VectorXd mean = c.mean + c.before * c.t.mean;
  for (const Inflation& i : {Inflation{.factor = 1.3}, Inflation{.rtpp = 0.5},
                             Inflation{.factor = 1.1, .rtpp = 0.2, .rtps = 0.7}}) {
    EXPECT_LT((c.analysed(i).rowwise().mean() - mean).cwiseAbs().maxCoeff(), 1e-13);
  }
}

TEST(Transform, InflationIsWhatItSays) {
  // A published setting would mean something else here.
  const Case c;
  const Eigen::MatrixXd fixed = anomalies_of(c.analysed({.factor = 1.3}));
  EXPECT_LT((fixed - 1.3 * c.after).cwiseAbs().maxCoeff(), 1e-13);
  const Eigen::MatrixXd rtpp = anomalies_of(c.analysed({.rtpp = 0.25}));
  EXPECT_LT((rtpp - 0.75 * c.after - 0.25 * c.before).cwiseAbs().maxCoeff(), 1e-13);
  const Eigen::MatrixXd rtps = anomalies_of(c.analysed({.rtps = 0.25}));
  for (Eigen::Index i = 0; i < rtps.rows(); ++i) {
    const double wanted = 0.75 * c.after.row(i).norm() + 0.25 * c.before.row(i).norm();
    EXPECT_NEAR(rtps.row(i).norm(), wanted, 1e-13);
  }
  EXPECT_LT((anomalies_of(c.analysed({.rtpp = 1.0})) - c.before).cwiseAbs().maxCoeff(), 1e-13);
}

TEST(Transform, SaysWhatIsWrong) {
  // A mistyped inflation would collapse or blow up the ensemble.
  EXPECT_EQ(contract::refusal([] { check_inflation({.factor = 0.0}); }),
            "inflation = 0 (must be positive and finite)");
  EXPECT_EQ(contract::refusal([] { check_inflation({.rtpp = 1.5}); }),
            "rtpp = 1.5 (must lie in [0, 1])");
  EXPECT_EQ(contract::refusal([] { check_inflation({.rtps = -0.1}); }),
            "rtps = -0.1 (must lie in [0, 1])");
}

}  // namespace
}  // namespace twin::infer
