// If these failed, extended filters and 4D-Var on the toys would follow a slope that is not the model's.
#include "twins/toys/runge_kutta_tangent.hpp"

#include <gtest/gtest.h>

#include "twin/infer/variational/derivative_check.hpp"
#include "twin/infer/variational/model_operator.hpp"
#include "twins/toys/lorenz63.hpp"
#include "twins/toys/lorenz96.hpp"

namespace twins::toys {
namespace {

using twin::infer::variational::model_operator;
using twin::infer::variational::Stretch;

static_assert(twin::infer::variational::HasTangent<Lorenz63>);
static_assert(twin::infer::variational::HasTangent<Lorenz96<>>);

constexpr twin::core::Draw Seed{.seed = 11, .member = 0};

template <class M>
void check(const M& model, const std::vector<double>& theta, twin::core::Tick ticks) {
  auto start = model.initial(theta, Seed);
  model.advance(start, theta, 500, Seed);  // on the attractor
  const Stretch<M> stretch{
      .model = &model, .start = start, .theta = theta, .until = start.now + ticks};
  const auto view = M::vector(start);
  const Eigen::VectorXd x =
      Eigen::Map<const Eigen::VectorXd>(view.data(), static_cast<Eigen::Index>(view.size()));
  const auto g = model_operator<M>(stretch);
  // The adjoint is that of the tangent; products of some hundred factors, so some hundred epsilons.
  EXPECT_LT(dot_product_test(g, x, Seed), 1e-13);
  // The tangent is that of the run: its remainder falls with the square of the step, down to
  // round-off over a step of 1e-6.
  const auto taylor = taylor_test(g, x, Seed, 1e-2, 6);
  EXPECT_NEAR(taylor.order, 2.0, 0.1);
  EXPECT_LT(taylor.relative_error, 1e-6);
}

TEST(RungeKuttaTangent, IsTheDerivativeOfTheRun) {
  check(Lorenz63(), {10.0, 28.0, 8.0 / 3.0}, 25);
  check(Lorenz96<>(), {8.0}, 8);
  check(Lorenz96<5>(), {8.0}, 3);
}

TEST(RungeKuttaTangent, TakesColumnsTogetherAsOneByOne) {
  // A Jacobian would depend on how many of its columns are asked for.
  const std::vector<double> theta = {8.0};
  const Lorenz96<> model;
  const auto start = model.initial(theta, Seed);
  Eigen::MatrixXd both(40, 2);
  twin::infer::standard_normal(Seed, 7, 0, both);
  for (const bool back : {false, true}) {
    Eigen::MatrixXd together = both, apart = both;
    const auto move = [&](double* from, std::size_t count) {
      const std::span<double> dx(from, count);
      back ? model.adjoint(start, theta, 5, dx) : model.tangent(start, theta, 5, dx);
    };
    move(together.data(), 80);
    move(apart.col(0).data(), 40);
    move(apart.col(1).data(), 40);
    EXPECT_EQ(together, apart);
  }
}

TEST(RungeKuttaTangent, OfNoTimeChangesNothing) {
  // A window without length would bend what it is given.
  const auto start = Lorenz63().initial(std::vector<double>{10.0, 28.0, 8.0 / 3.0}, Seed);
  std::vector<double> dx = {1.0, 2.0, 3.0};
  Lorenz63().tangent(start, std::vector<double>{10.0, 28.0, 8.0 / 3.0}, 0, dx);
  EXPECT_EQ(dx, (std::vector<double>{1.0, 2.0, 3.0}));
}

}  // namespace
}  // namespace twins::toys
