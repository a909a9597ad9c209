// If these failed, 4D-Var would be of another model than the twin's.
#include "twin/infer/variational/model_operator.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/infer/smooth/example.hpp"
#include "twin/infer/variational/derivative_check.hpp"

namespace twin::infer::variational {
namespace {

using smooth::Swing;

constexpr core::Draw ModelOperatorSeed{.seed = 22, .member = 3};

// A spring that tells its tangent: x <- F x a tick.
struct Spring {
  struct State {
    core::Tick now = 0;
    std::array<double, 2> x = {};
    bool operator==(const State&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("now", self.now);
      archive("x", self.x);
    }
  };
  [[nodiscard]] State initial(std::span<const double>, core::Draw) const { return {}; }
  void advance(State& s, std::span<const double> theta, core::Tick until, core::Draw) const {
    for (; s.now < until; ++s.now) step(s.x, theta[0]);
  }
  static std::span<double> vector(State& s) { return s.x; }
  void tangent(const State& s, std::span<const double> theta, core::Tick until,
               std::span<double> dx) const {
    for (core::Tick t = s.now; t < until; ++t) step(dx, theta[0]);
  }
  void adjoint(const State& s, std::span<const double> theta, core::Tick until,
               std::span<double> a) const {
    for (core::Tick t = s.now; t < until; ++t) {
      const double back = a[0];
      a[0] = back - theta[0] * a[1];
      a[1] = theta[0] * back + a[1];
    }
  }
  static void step(std::span<double> x, double rate) {
    const double before = x[0];
    x[0] = before + rate * x[1];
    x[1] = x[1] - rate * before;
  }
};
static_assert(HasTangent<Spring>);
static_assert(!HasTangent<Swing>);

TEST(ModelOperator, RunsTheModelsTangentAndAdjoint) {
  // The model's own derivatives would be run over another stretch than the model.
  const Spring model;
  const Stretch<Spring> stretch{
      .model = &model, .start = {.now = 3, .x = {}}, .theta = {0.1}, .until = 8};
  const Eigen::VectorXd x = Eigen::Vector2d(1.0, -0.5);
  const Operator g = model_operator<Spring>(stretch);
  EXPECT_LT(dot_product_test(g, x, ModelOperatorSeed), 1e-15);
  EXPECT_TRUE(std::isinf(taylor_test(g, x, ModelOperatorSeed).order));
  Eigen::MatrixXd f(2, 2);
  f << 1.0, 0.1, -0.1, 1.0;
  EXPECT_LT((g(x).value - f * f * f * f * f * x).norm(), 1e-15);
}

TEST(ModelOperator, DifferencesRunWholeStatesWithTheirDraws) {
  // A model without a tangent would forget what its State holds beside the vector, or draw anew in each
  // run, which no difference survives.
  const Swing model;
  const std::vector<double> theta = {0.5, 0.05};
  Swing::State start = model.initial(theta, ModelOperatorSeed);
  model.advance(start, theta, 10, ModelOperatorSeed);
  const Stretch<Swing> stretch{
      .model = &model, .start = start, .theta = theta, .until = 15, .draw = ModelOperatorSeed};
  const Eigen::VectorXd x = Eigen::Map<const Eigen::VectorXd>(start.x.data(), 4);
  Swing::State end = start;
  model.advance(end, theta, 15, ModelOperatorSeed);
  const Operator g = model_by_differences<Swing>(stretch, 1e-5);
  EXPECT_EQ(g(x).value, Eigen::VectorXd(Eigen::Map<const Eigen::VectorXd>(end.x.data(), 4)));
  EXPECT_NEAR(taylor_test(g, x, ModelOperatorSeed, 1e-1, 4).order, 2.0, 0.1);
  EXPECT_LT(dot_product_test(g, x, ModelOperatorSeed), 1e-14);
}

TEST(ModelOperator, RefusesAnotherSize) {  // Wrong: it would write beyond the State.
  const Swing model;
  const Stretch<Swing> stretch{.model = &model, .start = {}, .theta = {0.5, 0.0}, .until = 1};
  EXPECT_EQ(contract::refusal([&] { static_cast<void>(stretch.run(Eigen::VectorXd::Zero(3))); }),
            "3 variables for a state of 4 (must be as many)");
}

}  // namespace
}  // namespace twin::infer::variational
