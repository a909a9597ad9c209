// If these failed, observations of several times would be taken for one, or in another order.
#include "twin/infer/craft/window.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/infer/craft/serial.hpp"
#include "twin/infer/ensemble/example.hpp"

namespace twin::infer {
namespace {

constexpr double WindowNan = std::numeric_limits<double>::quiet_NaN();
constexpr core::Draw WindowSeed{.seed = 3, .member = 0};

// x_{k+1} = F x_k + w_k over three steps, all members with exact joint moments; y_k = x_k[0] + noise.
struct Line {
  Eigen::Matrix2d f = (Eigen::Matrix2d() << 1.0, 0.4, -0.3, 0.8).finished();
  Eigen::VectorXd y = Eigen::Vector3d(0.7, -0.2, 1.1);
  double q = 0.2, r = 0.4;
  std::vector<Eigen::MatrixXd> x;  // [tick] of [variable][member]

  Line() {
    const Eigen::MatrixXd all =
        with_moments(Eigen::VectorXd::Zero(8), Eigen::MatrixXd::Identity(8, 8), 12);
    Eigen::MatrixXd now = all.topRows(2);
    for (Eigen::Index k = 0; k < 3; ++k) {
      now = f * now + std::sqrt(q) * all.middleRows(2 + 2 * k, 2);
      x.push_back(now);
    }
  }
};

TEST(Window, IsTheKalmanFilterOverItsTimes) {
  // Asynchronous data would be worth less, or more, than in order (Sakov, Evensen, Bertino 2010): at the
  // end of the window both filters know the same.
  const Line line;
  Eigen::Vector2d m = Eigen::Vector2d::Zero();
  Eigen::Matrix2d p = Eigen::Matrix2d::Identity();
  ObservationWindow window(12);
  for (Eigen::Index k = 0; k < 3; ++k) {
    m = line.f * m;
    p = line.f * p * line.f.transpose() + line.q * Eigen::Matrix2d::Identity();
    const Eigen::Vector2d gain = p.col(0) / (p(0, 0) + line.r);
    m += gain * (line.y[k] - m[0]);
    p -= gain * p.row(0).eval();
    window.add(k + 1, line.x[static_cast<std::size_t>(k)].topRows(1), line.y.segment(k, 1),
               Noise::equal(1, line.r));
  }
  EXPECT_EQ(window.at(), (std::vector<core::Tick>{1, 2, 3}));
  Eigen::MatrixXd x = line.x[2], serial = line.x[2];
  analyse({}, window.observed(), window.y(), window.noise(), WindowSeed, 0, x);
  analyse_serially({}, {}, {.observed = window.observed(), .y = window.y(), .readings = {}},
                   window.noise(), WindowSeed, 0, serial);
  for (const Eigen::MatrixXd& a : {x, serial}) {
    EXPECT_LT((a.rowwise().mean() - m).norm(), 1e-10);
    EXPECT_LT((covariance_of(a) - p).norm(), 1e-10);
  }
}

TEST(Window, KeepsCorrelationsWithinATimeOnly) {
  // Errors of one time would lose their correlations, or those of two times gain some.
  const Example e = random_example(3, 2, 5, 1);
  Eigen::Matrix2d r;
  r << 1.0, 0.5, 0.5, 2.0;
  ObservationWindow window(5);
  window.add(1, e.hx(), e.y, Noise::full(r));
  EXPECT_TRUE(window.noise().covariance().isApprox(r, 1e-14));
  Eigen::Vector2d some = e.y;
  some[0] = WindowNan;
  window.add(2, e.hx(), some, Noise::full(r));
  EXPECT_EQ(window.missing(), 1);
  ASSERT_EQ(window.y().size(), 3);
  EXPECT_EQ(window.y()[2], e.y[1]);
  Eigen::Matrix3d expected = Eigen::Matrix3d::Zero();
  expected.topLeftCorner(2, 2) = r;
  expected(2, 2) = 2.0;
  EXPECT_TRUE(window.noise().covariance().isApprox(expected, 1e-14));
  window.clear();
  EXPECT_EQ(window.y().size(), 0);
  EXPECT_EQ(window.noise().size(), 0);
  window.add(3, e.hx(), e.y, Noise::diagonal(Eigen::Vector2d(3.0, 4.0)));
  EXPECT_TRUE(window.noise().is_diagonal());
  EXPECT_NEAR(window.noise().covariance()(1, 1), 4.0, 1e-14);
}

TEST(Window, SaysWhatIsWrong) {
  const Example e = random_example(3, 2, 5, 1);
  EXPECT_EQ(contract::refusal([] { ObservationWindow(1); }),
            "a window of 1 member (its covariance needs at least 2)");
  ObservationWindow window(5);
  const auto refused = [&](const Eigen::MatrixXd& hx, const Eigen::VectorXd& y) {
    return contract::refusal([&] { window.add(0, hx, y, Noise::equal(2, 1.0)); });
  };
  EXPECT_EQ(refused(e.hx().leftCols(4), e.y),
            "4 observed members in a window of 5 (must be as many)");
  EXPECT_EQ(refused(e.hx().topRows(1), e.y),
            "2 observations for an observed ensemble of 1 (must be as many)");
  Eigen::MatrixXd lost = e.hx();
  lost(0, 3) = WindowNan;
  EXPECT_EQ(refused(lost, e.y),
            "observed member 3 is not finite (it is lost) replace it before the analysis?");
  EXPECT_EQ(window.y().size(), 0);
}

}  // namespace
}  // namespace twin::infer
