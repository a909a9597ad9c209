// If these failed, points would get the values of other points, or results would depend on threads.
#include "twin/infer/emulate/emulated_points.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "twin/contract/refusal.hpp"

namespace twin::infer {
namespace {

void sum_and_size(const Eigen::MatrixXd& x, Eigen::VectorXd& mean, Eigen::VectorXd* variance) {
  mean = x.rowwise().sum();
  if (variance != nullptr) variance->setConstant(x.rows(), static_cast<double>(x.rows()));
}

TEST(EmulatedPoints, EachGetsItsOwn) {
  std::vector<double> x(2 * 150);
  for (std::size_t k = 0; k < x.size(); ++k) x[k] = static_cast<double>(k);
  for (const unsigned threads : {1U, 4U}) {
    const EmulatedPoints p = emulated_points(x, 2, true, threads, sum_and_size);
    ASSERT_EQ(p.mean.size(), 150U);
    for (std::size_t k = 0; k < 150; ++k) {
      EXPECT_EQ(p.mean[k], static_cast<double>(4 * k + 1));
      EXPECT_EQ(p.variance[k],
                k < 128 ? 64.0 : 22.0);  // pieces are as they are, whatever the threads
    }
  }
  EXPECT_TRUE(emulated_points(x, 2, false, 1, sum_and_size).variance.empty());
  EXPECT_TRUE(emulated_points({}, 2, true, 1, sum_and_size).mean.empty());
}

TEST(EmulatedPoints, NeedWholePoints) {
  EXPECT_EQ(contract::refusal([] {
              (void)emulated_points(std::vector<double>{1, 2, 3}, 2, true, 1, sum_and_size);
            }),
            "3 numbers for points of 2 inputs");
}

}  // namespace
}  // namespace twin::infer
