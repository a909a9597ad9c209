// If these failed, a member would run with another member's parameters or luck.
#include "twin/core/ensemble.hpp"

#include <gtest/gtest.h>

#include "twin/core/archive.hpp"

namespace twin::core {
namespace {

struct Walk {  // a random walk; theta = {drift, spread}
  struct State {
    Tick now = 0;
    double at = 0.0;
    bool operator==(const State&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("now", self.now);
      archive("at", self.at);
    }
  };
  [[nodiscard]] State initial(std::span<const double> theta, Draw draw) const {
    return {.now = 0, .at = theta[0] + draw.uniform(0, 0, 0)};
  }
  void advance(State& x, std::span<const double>, Tick until, Draw) const { x.now = until; }
};

const std::vector<double> Theta = {1, 2, 3, 4, 5, 6};  // [member][parameter]

TEST(Ensemble, GivesEachMemberItsOwnThetaAndDraw) {
  const Walk walk;
  const Ensemble<Walk> e = initial_ensemble(walk, 3, Theta, {.seed = 9, .member = 40});
  EXPECT_EQ(e.size(), 3U);
  EXPECT_EQ(e.parameters(), 2U);
  EXPECT_EQ(e.theta_of(1)[0], 3.0);
  EXPECT_EQ(e.draw_of(2, 9), (Draw{.seed = 9, .member = 42}));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(e.x[i], walk.initial(e.theta_of(i), e.draw_of(i, 9)));
  }
}

// A part of an ensemble on another rank that draws otherwise than the whole does.
TEST(Ensemble, APartIsTheSameAsThatPartOfTheWhole) {
  const Walk walk;
  const auto whole = initial_ensemble(walk, 3, Theta, {.seed = 9, .member = 0});
  const auto part = initial_ensemble(walk, 1, {5, 6}, {.seed = 9, .member = 2});
  EXPECT_EQ(part.x[0], whole.x[2]);
}

TEST(Ensemble, ComesBackFromAFile) {
  const auto e = initial_ensemble(Walk{}, 3, Theta, {.seed = 9, .member = 40});
  EXPECT_EQ(load<Ensemble<Walk>>(save(e)), e);
}

TEST(EnsembleDeathTest, RefusesAThetaThatIsNoRectangle) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(static_cast<void>(initial_ensemble(Walk{}, 4, Theta, {})), "expected.*4, 6");
}

}  // namespace
}  // namespace twin::core
