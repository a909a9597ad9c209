// If these failed, baselines would be better or worse than they are, and filters seem the other way.
#include "twin/infer/variational/climatology.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "twin/contract/refusal.hpp"

namespace twin::infer::variational {
namespace {

// Counts up to four and starts again; the second variable is twice the first.
struct Clock {
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
  void advance(State& s, std::span<const double>, core::Tick until, core::Draw) const {
    s.now = until;
    s.x[0] = static_cast<double>(until % 4);
    s.x[1] = 2.0 * s.x[0];
  }
  static std::span<double> vector(State& s) { return s.x; }
};

TEST(Climatology, IsMeanAndCovarianceOfTheRun) {
  // 0, 1, 2, 3 in turn: mean 1.5, variance 5/4 n/(n - 1).
  const Climatology c = climatology_of(Clock{}, {}, {}, {.spin_up = 7, .every = 1, .samples = 400});
  const double variance = 1.25 * 400.0 / 399.0;
  EXPECT_NEAR(c.mean[0], 1.5, 1e-12);
  EXPECT_NEAR(c.mean[1], 3.0, 1e-12);
  EXPECT_NEAR(c.covariance(0, 0), variance, 1e-12);
  EXPECT_NEAR(c.covariance(0, 1), 2.0 * variance, 1e-12);
  EXPECT_NEAR(c.covariance(1, 1), 4.0 * variance, 1e-12);
}

TEST(Climatology, SamplesAsToldAfterTheSpinUp) {
  // The start of a run, which is no climate, would be counted: from tick 2 every 4th is always 2.
  const Climatology c = climatology_of(Clock{}, {}, {}, {.spin_up = 2, .every = 4, .samples = 10});
  EXPECT_EQ(c.mean[0], 2.0);
  EXPECT_EQ(c.covariance.norm(), 0.0);
}

TEST(Climatology, SaysWhatIsWrong) {  // Wrong: a covariance of one sample is none.
  EXPECT_EQ(contract::refusal([] {
              static_cast<void>(climatology_of(Clock{}, {}, {}, {.every = 0, .samples = 1}));
            }),
            "1 samples, one every 0 ticks (must be at least 2, and 1)");
}

}  // namespace
}  // namespace twin::infer::variational
