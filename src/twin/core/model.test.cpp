// If these failed to compile, the concept would let in what no twin can run, or refuse what it can.
#include "twin/core/model.hpp"

#include <gtest/gtest.h>

#include "twin/core/record.hpp"

namespace twin::core {
namespace {

struct Clock {
  struct State {
    Tick now = 0;
    bool operator==(const State&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("now", self.now);
    }
  };
  [[nodiscard]] State initial(std::span<const double>, Draw) const { return {}; }
  void advance(State& x, std::span<const double>, Tick until, Draw) const { x.now = until; }
};

struct Counted : Clock {
  void act(State& x, const Action& action) const { x.now += static_cast<Tick>(action.kind); }
};

struct Irregular : Clock {  // its State cannot be compared
  struct State {
    Tick now = 0;
  };
  [[nodiscard]] State initial(std::span<const double>, Draw) const { return {}; }
  void advance(State&, std::span<const double>, Tick, Draw) const {}
};

struct Mutable : Clock {  // its laws change while it runs
  void advance(State& x, std::span<const double>, Tick until, Draw) { x.now = until; }
};

struct Gaussian {
  [[nodiscard]] double log_likelihood(const Clock::State&, std::span<const double>) const {
    return 0.0;
  }
};

TEST(Model, IsAnImmutableLawWithARegularState) {
  static_assert(Model<Clock>);
  static_assert(!Model<Irregular>);
  static_assert(!Model<Mutable>);
  static_assert(!Model<int>);
  static_assert(TakesAction<Counted, Action>);
  static_assert(!TakesAction<Clock, Action>);
  static_assert(Observes<Gaussian, Clock>);
  static_assert(!Observes<Clock, Clock>);
}

}  // namespace
}  // namespace twin::core
