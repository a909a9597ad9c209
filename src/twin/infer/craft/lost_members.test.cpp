// If these failed, a member that is no number would spoil all the others, or vanish without a word.
#include "twin/infer/craft/lost_members.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/example.hpp"

namespace twin::infer {
namespace {

constexpr double Nan = std::numeric_limits<double>::quiet_NaN();
constexpr core::Draw Seed{.seed = 2, .member = 0};
const Eigen::MatrixXd NoBank(0, 0);

Eigen::MatrixXd with_lost() {
  Eigen::MatrixXd x = random_example(5, 1, 8, 3).x;
  x(2, 1) = Nan;
  x(0, 6) = -std::numeric_limits<double>::infinity();
  return x;
}

TEST(LostMembers, AreReplacedByASurvivorMovedByItsOwnDraw) {
  // Two copies of one member would be one opinion counted twice; survivors must stay to the bit.
  const Eigen::MatrixXd x = with_lost();
  const Replaced r = replace_lost({}, x, NoBank, Seed, 5);
  EXPECT_EQ(r.lost, (std::vector<Eigen::Index>{1, 6}));
  EXPECT_TRUE(r.x.allFinite());
  for (const Eigen::Index j : {0, 2, 3, 4, 5, 7}) EXPECT_EQ(r.x.col(j), x.col(j));
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(x.col(r.source[i]).allFinite());
    EXPECT_GT((r.x.col(r.lost[i]) - x.col(r.source[i])).norm(), 1e-3);
  }
  EXPECT_EQ(replace_lost({}, x, NoBank, Seed, 5).x, r.x) << "its draws are named";
  EXPECT_NE(replace_lost({}, x, NoBank, Seed, 6).x, r.x);
  const Replaced plain = replace_lost({.spread = 0.0}, x, NoBank, Seed, 5);
  EXPECT_EQ(plain.x.col(1), x.col(plain.source[0]));
}

TEST(LostMembers, ReplacementsAreMovedAsFarAsStated) {
  // Over many losses the displacement has spread^2 times the covariance of the survivors: 4000 of them,
  // relative standard error of a variance sqrt(2/4000), five of them.
  Eigen::MatrixXd x = random_example(2, 1, 9, 4).x;
  x.col(8).setConstant(Nan);
  const Eigen::MatrixXd c = covariance_of(x.leftCols(8));
  Eigen::Matrix2d sum = Eigen::Matrix2d::Zero();
  for (std::uint32_t i = 0; i < 4000; ++i) {
    const Replaced r = replace_lost({.spread = 0.7}, x, NoBank, Seed, i);
    const Eigen::Vector2d moved = r.x.col(8) - x.col(r.source[0]);
    sum += moved * moved.transpose() / 4000.0;
  }
  EXPECT_NEAR(sum(0, 0), 0.49 * c(0, 0), 5.0 * 0.49 * c(0, 0) * std::sqrt(2.0 / 4000.0));
  EXPECT_NEAR(sum(1, 1), 0.49 * c(1, 1), 5.0 * 0.49 * c(1, 1) * std::sqrt(2.0 / 4000.0));
}

TEST(LostMembers, StartAgainFromTheClimatology) {
  const Eigen::MatrixXd bank = random_example(5, 1, 3, 9).x;
  const Replaced r =
      replace_lost({.replacement = Replacement::Climatology}, with_lost(), bank, Seed, 1);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(r.x.col(r.lost[i]), bank.col(r.source[i]));
}

TEST(LostMembers, AreDroppedWhereThatIsThePolicy) {
  const Eigen::MatrixXd x = with_lost();
  const Replaced r = replace_lost({.replacement = Replacement::Drop}, x, NoBank, Seed, 1);
  ASSERT_EQ(r.x.cols(), 6);
  EXPECT_EQ(r.x.col(1), x.col(2));
  EXPECT_EQ(r.x.col(5), x.col(7));
  EXPECT_EQ(r.source, (std::vector<Eigen::Index>{-1, -1}));
}

TEST(LostMembers, WithoutALossNothingChanges) {
  const Eigen::MatrixXd x = random_example(5, 1, 8, 3).x;
  for (const auto p : {Replacement::Refuse, Replacement::Resample, Replacement::Drop}) {
    const Replaced r = replace_lost({.replacement = p}, x, NoBank, Seed, 0);
    EXPECT_EQ(r.x, x);
    EXPECT_TRUE(r.lost.empty());
  }
}

TEST(LostMembers, SaysWhatIsWrong) {
  const auto refused = [](const LostPolicy& p, const Eigen::MatrixXd& bank) {
    return contract::refusal([&] { replace_lost(p, with_lost(), bank, Seed, 0); });
  };
  EXPECT_EQ(refused({.replacement = Replacement::Refuse}, NoBank),
            "members [1, 6] are lost (the policy is to refuse)");
  EXPECT_EQ(refused({.least_survivors = 7}, NoBank), "6 of 8 members survive (at least 7 must)");
  EXPECT_EQ(refused({.least_survivors = 1}, NoBank),
            "least_survivors = 1 (a covariance needs at least 2)");
  EXPECT_EQ(refused({.spread = -1.0}, NoBank),
            "spread = -1 of replaced members (must be finite, at least 0)");
  EXPECT_EQ(refused({.replacement = Replacement::Climatology}, NoBank),
            "a climatology of 0 states of 0 variables for a state of 5 (must hold at least one of "
            "that size)");
  EXPECT_EQ(
      refused({.replacement = Replacement::Climatology}, Eigen::MatrixXd::Constant(5, 1, Nan)),
      "a state of the climatology is not finite");
}

}  // namespace
}  // namespace twin::infer
