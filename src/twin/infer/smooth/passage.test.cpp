// If these failed, a window would be run from elsewhere than its start, or otherwise than the twin runs.
#include "twin/infer/smooth/passage.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/infer/smooth/example.hpp"

namespace twin::infer::smooth {
namespace {

const std::vector<double> Theta = {0.5, 0.05};
constexpr core::Draw PassageSeed{.seed = 4, .member = 10};
const auto FirstTwo = [](std::size_t, const Eigen::MatrixXd& x) {
  return Eigen::MatrixXd(x.topRows(2));
};

TEST(Members, RunFromAStartAsTheyWouldAdvance) {
  // What a smoother tries would not be what then happens, what is not in the vector included.
  const Swing model;
  Members<Swing> members(model, Theta, PassageSeed, 5);
  members.advance(20);
  const auto heat = members.state(3).heat;
  EXPECT_NE(heat, 0.0);
  const std::vector<core::Tick> moments = {25, 30};
  const Passage passage = members.run(members.x(), moments, FirstTwo, 33);
  EXPECT_EQ(members.state(3).now, 20);
  ASSERT_EQ(passage.observed.rows(), 4);
  members.advance(25);
  EXPECT_EQ(passage.observed.topRows(2), members.x().topRows(2));
  members.advance(30);
  EXPECT_EQ(passage.observed.bottomRows(2), members.x().topRows(2));
  members.advance(33);
  EXPECT_EQ(passage.end, members.x());
}

TEST(Members, DrawAsTheirNumbersSay) {
  // A member would meet other random numbers in a larger ensemble, or under another number.
  const Swing model;
  Members<Swing> members(model, Theta, PassageSeed, 3);
  members.advance(10);
  auto alone = model.initial(Theta, {.seed = 4, .member = 12});
  model.advance(alone, Theta, 10, {.seed = 4, .member = 12});
  EXPECT_EQ(members.state(2), alone);
}

TEST(Members, AreTheSameForAnyNumberOfThreads) {
  // Results would depend on the machine.
  const Swing model;
  const auto run = [&](unsigned threads) {
    Members<Swing> members(model, Theta, PassageSeed, 9, threads);
    const std::vector<core::Tick> moments = {5, 40};
    return members.run(1.1 * members.x(), moments, FirstTwo, 50);
  };
  const Passage one = run(1);
  for (const unsigned threads : {2U, 3U, 7U}) {
    EXPECT_EQ(run(threads).observed, one.observed) << threads;
    EXPECT_EQ(run(threads).end, one.end) << threads;
  }
}

TEST(Members, GoOnAsCopiesOfTheirAncestors) {
  // A resampled member would keep a part of what it was.
  const Swing model;
  Members<Swing> members(model, Theta, PassageSeed, 3);
  members.advance(5);
  const auto before = members.x();
  const std::vector<std::uint32_t> ancestors = {2, 1, 2};
  members.copy(ancestors);
  EXPECT_EQ(members.state(0), members.state(2));
  EXPECT_EQ(members.x().col(0), before.col(2));
  EXPECT_EQ(members.x().col(1), before.col(1));
}

TEST(Members, RefuseWhatIsOfAnotherSize) {
  // Corrections would land in the wrong variable or member.
  const Swing model;
  Members<Swing> members(model, Theta, PassageSeed, 3);
  EXPECT_EQ(contract::refusal([&] { members.correct(Eigen::MatrixXd::Zero(4, 2)); }),
            "2 columns for 3 members (must be as many)");
  EXPECT_EQ(contract::refusal([&] { members.correct(Eigen::MatrixXd::Zero(3, 3)); }),
            "3 variables for a state of 4 (must be as many)");
}

}  // namespace
}  // namespace twin::infer::smooth
