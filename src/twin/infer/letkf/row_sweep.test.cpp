// If this failed, the global analysis would differ from the map that it lays on the state.
#include "twin/infer/letkf/row_sweep.hpp"

#include <gtest/gtest.h>

#include "twin/infer/letkf/apply.hpp"
#include "twin/infer/letkf/example.hpp"

namespace twin::infer::letkf {
namespace {

TEST(RowSweep, IsApplyForAnySizes) {
  const Inflation all[] = {{}, {.factor = 1.1, .rtpp = 0.3, .rtps = 0.6}};
  for (const Path path : Paths) {
    if (!is_available(path)) continue;
    for (const Eigen::Index members : {2, 5, 6, 13, 40}) {
      const Example e = random_example(37, 9, members, 13);
      const Transform t = etkf(observe(e.hx(), e.y, Noise::diagonal(e.r.diagonal())));
      for (const Eigen::Index rows : {1, 2, 7, 8, 15, 16, 17, 37}) {
        for (const Inflation& inflation : all) {
          Eigen::MatrixXd slow = e.x, fast = e.x;
          apply(t, inflation, slow.topRows(rows));
          apply_fast(t, {.inflation = inflation, .path = path}, fast.topRows(rows));
          EXPECT_LT(worst_row(fast, slow), 1e-13)
              << kernel_of(path).name << ' ' << members << ' ' << rows;
        }
      }
    }
  }
}

TEST(RowSweep, ARowWithoutSpreadStays) {
  // Division by the spread after.
  Eigen::MatrixXd x = Eigen::MatrixXd::Constant(3, 4, 2.5);
  apply_fast(identity_transform(4), {.inflation = {.rtps = 0.5}}, x);
  EXPECT_EQ(x, Eigen::MatrixXd::Constant(3, 4, 2.5));
}

}  // namespace
}  // namespace twin::infer::letkf
