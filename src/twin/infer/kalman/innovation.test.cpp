// If these failed, the monitors that read innovations would judge another observation.
#include "twin/infer/kalman/innovation.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "twin/infer/kalman/dense.hpp"

namespace twin::infer::kalman {
namespace {

using dense::message_of;
constexpr double InnovationNan = std::numeric_limits<double>::quiet_NaN();

// Wrong: a missing component would take another one's row of H or R with it.
TEST(Innovation, PartKeepsRowsTogether) {
  const auto innovation =
      detail::compared(Vector<3>(1.0, InnovationNan, 3.0), Vector<3>(0.5, 0.5, 0.5));
  EXPECT_EQ(innovation.present, 2);
  EXPECT_EQ(innovation.missing, 1);
  const detail::Part<3> part(innovation);
  Matrix<3, 3> r;
  r << 1, 2, 3, 4, 5, 6, 7, 8, 9;
  const Eigen::MatrixXd square = part.square(r);
  const Eigen::MatrixXd rows = part.rows(r);
  EXPECT_EQ(square, (Eigen::MatrixXd(2, 2) << 1, 3, 7, 9).finished());
  EXPECT_EQ(rows, (Eigen::MatrixXd(2, 3) << 1, 2, 3, 7, 8, 9).finished());
  const Eigen::VectorXd d = part.rows(innovation.innovation);
  EXPECT_EQ(d, Eigen::Vector2d(0.5, 2.5));
}

// Wrong: a likelihood would be off by a constant. d = 2, S = 4: log N(2; 0, 4).
TEST(Innovation, JudgedByHand) {
  auto innovation = detail::compared(Vector<1>::Constant(2.0).eval(), Vector<1>::Zero());
  EXPECT_TRUE(detail::judged(innovation, Matrix<1, 1>::Constant(2.0), Vector<1>::Ones(), Gate{}));
  EXPECT_EQ(innovation.nis, 1.0);
  EXPECT_NEAR(innovation.log_determinant, std::log(4.0), 1e-15);
  EXPECT_NEAR(innovation.log_likelihood, -0.5 * (1.0 + std::log(8.0 * std::acos(-1.0))), 1e-15);
}

// Wrong: a model that has lost its numbers would pass for a sensor that is silent.
TEST(Innovation, ALostPredictionIsNoMissingObservation) {
  EXPECT_EQ(message_of([] {
              detail::compared(Vector<1>::Zero().eval(), Vector<1>::Constant(InnovationNan));
            }),
            "predicted observation 0 = nan (must be finite; an observation's NaN means missing)");
}

}  // namespace
}  // namespace twin::infer::kalman
