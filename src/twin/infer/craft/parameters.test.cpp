// If these failed, estimated parameters would leave their bounds, or their spread shrink to nothing.
#include "twin/infer/craft/parameters.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/example.hpp"

namespace twin::infer {
namespace {

constexpr double Infinity = std::numeric_limits<double>::infinity();

TEST(Parameters, GoWhereTheyAreFreeAndComeBack) {
  // A correction would move a parameter across its bounds, or a visit alone change it.
  for (const EstimatedParameter& p :
       {EstimatedParameter{"both", 0, 2.0, 5.0}, EstimatedParameter{"below", 0, 2.0, Infinity},
        EstimatedParameter{"above", 0, -Infinity, 5.0}, EstimatedParameter{"none", 0}}) {
    double last = -Infinity;
    for (const double value : {2.0001, 2.7, 3.5, 4.9999}) {
      const double free = free_value(p, value, 0);
      EXPECT_GT(free, last) << p.name << ": not increasing";
      EXPECT_NEAR(bound_value(p, free), value, 1e-14) << p.name;
      last = free;
    }
    for (const double far : {-700.0, -50.0, 50.0, 700.0}) {
      const double back = bound_value(p, far);
      EXPECT_GT(back, p.lower) << p.name;
      EXPECT_LT(back, p.upper) << p.name;
    }
    EXPECT_TRUE(std::isnan(free_value(p, std::nan(""), 0)));
  }
  EXPECT_NEAR(free_value({"both", 0, 2.0, 5.0}, 3.0, 0), std::log(1.0 / 2.0), 1e-15);
}

TEST(Parameters, KernelKeepsMeanAndCovariance) {
  // The parameters' spread would shrink or grow of itself, or their correlations go: the mean exactly,
  // the covariance on average over 2000 draws. Given the members, one draw's variance errs by 2 a h / 3
  // through its product with their anomalies, a = 0.944, h = 0.329, and by h^2 sqrt(2/9): together 0.21
  // of the variance, 0.0047 over 2000.
  Eigen::MatrixXd x = random_example(2, 1, 10, 6).x;
  x.row(1) += 0.8 * x.row(0);
  const Eigen::MatrixXd c = covariance_of(x);
  Eigen::Matrix2d sum = Eigen::Matrix2d::Zero();
  for (std::uint32_t i = 0; i < 2000; ++i) {
    Eigen::MatrixXd y = x;
    shrink(0.9, {.seed = 5, .member = 0}, i, y);
    EXPECT_LT((y.rowwise().mean() - x.rowwise().mean()).norm(), 1e-13);
    sum += covariance_of(y) / 2000.0;
  }
  for (Eigen::Index i = 0; i < 2; ++i) {
    for (Eigen::Index j = 0; j < 2; ++j) {
      EXPECT_NEAR(sum(i, j), c(i, j), 5.0 * 0.0047 * std::sqrt(c(i, i) * c(j, j)));
    }
  }
  Eigen::MatrixXd same = x;
  shrink(1.0, {.seed = 5, .member = 0}, 0, same);
  EXPECT_EQ(same, x);
}

TEST(Parameters, SaysWhatIsWrong) {
  const EstimatedParameter p{"yield", 0, 0.0, 1.0};
  EXPECT_EQ(contract::refusal([&] { static_cast<void>(free_value(p, 1.0, 3)); }),
            "parameter yield of member 3 is 1 (must lie inside (0, 1))");
  EXPECT_EQ(contract::refusal([] {
              check_parameter({"yield", 0, 1.0, 1.0});
            }),
            "parameter yield lies between 1 and 1 (the lower bound first)");
  Eigen::MatrixXd x = Eigen::MatrixXd::Ones(1, 3);
  EXPECT_EQ(contract::refusal([&] { shrink(0.3, {}, 0, x); }),
            "discount = 0.3 of the parameters' kernel (must lie in (1/3, 1])");
}

}  // namespace
}  // namespace twin::infer
