// If these failed, the global analysis would need the memory of several ensembles, or its result
// depend on the number of threads.
#include "twin/infer/letkf/apply.hpp"

#include <gtest/gtest.h>

#include "twin/contract/allocations.hpp"
#include "twin/infer/letkf/example.hpp"

namespace twin::infer::letkf {
namespace {

TEST(ApplyFast, ThreadsChangeNoBit) {
  const Example e = random_example(9001, 5, 6, 14);
  const Transform t = etkf(observe(e.hx(), e.y, Noise::diagonal(e.r.diagonal())));
  Eigen::MatrixXd one = e.x;
  apply_fast(t, {.inflation = {.rtps = 0.3}}, one);
  for (const unsigned threads : {2U, 3U, 7U}) {
    Eigen::MatrixXd many = e.x;
    apply_fast(t, {.inflation = {.rtps = 0.3}, .threads = threads}, many);
    EXPECT_EQ(many, one) << threads;
  }
}

TEST(ApplyFast, AllocatesTheMapAndNothingForTheState) {
  if (!contract::allocations_are_counted()) GTEST_SKIP() << "a sanitizer brings its own";
  const Example e = random_example(20000, 5, 6, 15);
  const Transform t = etkf(observe(e.hx(), e.y, Noise::diagonal(e.r.diagonal())));
  Eigen::MatrixXd x = e.x;
  const std::uint64_t before = contract::allocations();
  apply_fast(t, {}, x);
  EXPECT_LE(contract::allocations() - before, 2U);
}

TEST(ApplyFast, MoreMembersThanTheKernelTakes) {
  const Example e = random_example(3, 2, static_cast<Eigen::Index>(MaxSweepMembers) + 1, 16);
  const Transform t = identity_transform(e.x.cols());
  Eigen::MatrixXd x = e.x;
  apply_fast(t, {}, x);
  EXPECT_LT((x - e.x).norm(), 1e-12);
}

}  // namespace
}  // namespace twin::infer::letkf
