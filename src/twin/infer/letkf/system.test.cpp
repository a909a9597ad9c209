// If these failed, the global filter or the evidence would differ from that of the eigenvectors.
#include "twin/infer/letkf/system.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/infer/letkf/example.hpp"
#include "twin/infer/letkf/path.hpp"

namespace twin::infer::letkf {
namespace {

TEST(System, TransformIsTheEtkf) {
  for (const Path path : Paths) {
    if (!is_available(path)) continue;
    for (const Eigen::Index members : {2, 3, 9, 24, 41}) {
      for (const Eigen::Index observations : {1, 5, 30, 200}) {
        const Example e = random_example(4, observations, members, 17);
        const Noise noise = Noise::diagonal(e.r.diagonal());
        AlignedDoubles room, work;
        const System system(e.hx(), e.y, noise, 1, room);
        const Transform fast = system.transform(kernel_of(path), {});
        const Transform slow = etkf(observe(e.hx(), e.y, noise));
        EXPECT_LT((fast.anomalies - slow.anomalies).norm(), 1e-12) << members;
        EXPECT_LT((fast.mean - slow.mean).norm(), 1e-12 * (1.0 + slow.mean.norm()));
        const Innovation i = system.innovation(kernel_of(path), work);
        for (const Innovation& is : {fast.innovation, i}) {
          EXPECT_EQ(is.observations, observations);
          EXPECT_NEAR(is.chi_square, slow.innovation.chi_square,
                      1e-12 * static_cast<double>(10 * observations));
          EXPECT_NEAR(is.log_likelihood, slow.innovation.log_likelihood,
                      1e-12 * static_cast<double>(10 * observations));
        }
      }
    }
  }
}

TEST(System, ThreadsChangeNoBit) {
  const Example e = random_example(4, 1000, 10, 18);
  const Noise noise = Noise::diagonal(e.r.diagonal());
  AlignedDoubles room, rooms;
  const System one(e.hx(), e.y, noise, 1, room);
  const System many(e.hx(), e.y, noise, 7, rooms);
  for (std::size_t i = 0; i < 1000 * one.batch().stride; ++i) {
    ASSERT_EQ(one.batch().seen[i], many.batch().seen[i]);
  }
}

TEST(System, GoesTheSlowWayWhereTheSpectrumIsTooWide) {
  // Variances of 1e-20 would leave the analysis undone.
  Example e = random_example(4, 3, 6, 19);
  e.r *= 1e-20;
  const Noise noise = Noise::diagonal(e.r.diagonal());
  AlignedDoubles room, work;
  const System system(e.hx(), e.y, noise, 1, room);
  const Transform t = system.transform(kernel_of(Path::Best), {});
  Eigen::MatrixXd x = e.x;
  apply(t, {}, x);
  EXPECT_LT((e.h * x.rowwise().mean() - e.y).norm(), 1e-4) << "not at what was seen for sure";
  EXPECT_TRUE(std::isfinite(system.innovation(kernel_of(Path::Best), work).log_likelihood));
}

TEST(System, RefusesWhatObserveRefuses) {
  Example e = random_example(4, 3, 6, 20);
  AlignedDoubles room;
  const auto refusal = [&](const Eigen::MatrixXd& hx, const Noise& noise) {
    return contract::refusal([&] { (void)System(hx, e.y, noise, 1, room); });
  };
  const Noise noise = Noise::equal(3, 1.0);
  EXPECT_EQ(refusal(e.hx().leftCols(1), noise),
            "the ensemble has 1 member (its covariance needs at least 2)");
  EXPECT_EQ(refusal(e.hx().topRows(2), noise),
            "3 observations for an observed ensemble of 2 (must be as many)");
  EXPECT_EQ(refusal(e.hx(), Noise::equal(2, 1.0)),
            "3 observations with an error covariance of 2 (must be as many)");
  e.y[2] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal(e.hx(), noise),
            "observation 2 is nan (must be finite) leave it out where it is missing?");
}

}  // namespace
}  // namespace twin::infer::letkf
