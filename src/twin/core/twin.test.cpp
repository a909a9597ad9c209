// If these failed, a twin replayed from its record would not be the twin that made it.
#include "twin/core/twin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twin/core/archive.hpp"

namespace twin::core {
namespace {

struct Counter {  // counts whole ticks at which a coin falls; theta = {chance}
  struct State {
    Tick now = 0;
    std::int64_t count = 0;
    bool operator==(const State&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("now", self.now);
      archive("count", self.count);
    }
  };
  [[nodiscard]] State initial(std::span<const double>, Draw) const { return {}; }
  void advance(State& x, std::span<const double> theta, Tick until, Draw draw) const {
    for (; x.now < until; ++x.now) {
      if (draw.uniform(1, 0, static_cast<std::uint32_t>(x.now)) < theta[0]) ++x.count;
    }
  }
};

struct Actable : Counter {
  void act(State& x, const Action& action) const { x.count += action.on; }
};

struct Nudge {  // adds the observed value and remembers what it was given
  std::vector<std::uint32_t>* occasions;
  template <class Belief>
  void update(Belief& belief, const Observation& y, Draw draw, std::uint32_t occasion) const {
    occasions->push_back(occasion);
    EXPECT_EQ(draw.seed, 5U);
    EXPECT_EQ(draw.member, 0xffffffffU);
    for (auto& x : belief.x) x.count += static_cast<std::int64_t>(y.values.at(0));
  }
  template <class Belief>
  void correct(Belief& belief, const Record& record, const Correction& c, Draw,
               std::uint32_t) const {
    const auto& was = std::get<Observation>(record.entries()[c.amends.value()]);
    for (auto& x : belief.x) {
      x.count += static_cast<std::int64_t>(c.now.values.at(0) - was.values.at(0));
    }
  }
};

Ensemble<Actable> three() {
  return initial_ensemble(Actable{}, 3, {0.1, 0.5, 0.9}, {.seed = 5, .member = 0});
}

// The fold: the same entries give the same twin, however many threads and wherever paused.
TEST(Twin, IsAFoldOverItsRecord) {
  const Actable model;
  std::vector<std::uint32_t> occasions;
  Twin twin(model, {.seed = 5}, three(), Nudge{&occasions}, Threads{2});
  twin.absorb(Advance{.until = 100});
  twin.absorb(Observation{.at = 100, .values = {7.0}});
  twin.absorb(Note{.kind = "approval"});
  twin.absorb(Action{.at = 100, .on = 1000});
  twin.absorb(Correction{.amends = 1, .now = {.values = {9.0}}});
  twin.absorb(Advance{.until = 250});
  EXPECT_EQ(twin.record().size(), 6U);
  EXPECT_EQ(occasions, (std::vector<std::uint32_t>{1}));
  EXPECT_EQ(twin.estimator().occasions, &occasions);

  Counter::State alone;
  model.advance(alone, twin.belief().theta_of(1), 250, {.seed = 5, .member = 1});
  EXPECT_EQ(twin.belief().x[1].count, alone.count + 1009);

  Twin replayed(model, twin.record().head(), three(), Nudge{&occasions}, Threads{3});
  const Record saved = load<Record>(save(twin.record()));
  for (const Entry& e : saved.entries()) replayed.absorb(e);
  EXPECT_EQ(diff(replayed.belief(), twin.belief()), "");
  EXPECT_EQ(replayed.record(), twin.record());
}

template <class T>
std::string refusal_twin(T& twin, Entry entry) {
  try {
    twin.absorb(std::move(entry));
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

// An entry that cannot have an effect must not be recorded as if it had one.
TEST(Twin, RefusesWhatCannotBeAndDoesNotRecordIt) {
  const Counter model;
  Twin twin(model, {.seed = 5}, initial_ensemble(model, 1, {0.5}, {.seed = 5}));
  twin.absorb(Advance{.until = 10});
  EXPECT_EQ(refusal_twin(twin, Advance{.until = 9}), "advance to 9 (the twin is at 10 already)");
  EXPECT_EQ(refusal_twin(twin, Action{.kind = 3}), "action 3 (this model takes no actions)");
  EXPECT_EQ(refusal_twin(twin, Correction{.amends = 1}),
            "correction of entry 1 (the record has 1)");
  EXPECT_EQ(twin.record().size(), 1U);
}

struct Picky {  // refuses negative values and notes without a text; counts the others
  int notes = 0;
  template <class Belief>
  void update(Belief&, const Observation&, Draw, std::uint32_t) const {}
  template <class Belief>
  void admit(const Belief&, const Observation& y) const {
    if (y.values.at(0) < 0.0) throw Error("negative");
  }
  void admit(const Note& n) const {
    if (n.text.empty()) throw Error("empty");
  }
  void note(const Note&) { ++notes; }
};

// What an estimator cannot use must not be recorded as if it had been; what a note says must reach it.
TEST(Twin, AsksItsEstimatorFirst) {
  const Counter model;
  Twin twin(model, {.seed = 5}, initial_ensemble(model, 1, {0.5}, {.seed = 5}), Picky{});
  EXPECT_EQ(refusal_twin(twin, Observation{.values = {-1.0}}), "negative");
  EXPECT_EQ(refusal_twin(twin, Correction{.now = {.values = {-1.0}}}), "negative");
  EXPECT_EQ(refusal_twin(twin, Note{.kind = "work-budget"}), "empty");
  EXPECT_EQ(twin.record().size(), 0U);
  twin.absorb(Note{.kind = "work-budget", .text = "little"});
  EXPECT_EQ(twin.estimator().notes, 1);
  EXPECT_EQ(twin.record().size(), 1U);
}

// The estimator that does nothing must let the model alone decide.
TEST(Twin, WithoutAnEstimatorTheBeliefFollowsTheModel) {
  const Counter model;
  Twin twin(model, {.seed = 5}, initial_ensemble(model, 1, {0.5}, {.seed = 5}));
  twin.absorb(Observation{.values = {1e6}});
  twin.absorb(Correction{.now = {.values = {1e6}}});
  twin.absorb(Advance{.until = 10});
  Counter::State alone;
  model.advance(alone, std::vector<double>{0.5}, 10, {.seed = 5, .member = 0});
  EXPECT_EQ(twin.belief().x[0], alone);
}

}  // namespace
}  // namespace twin::core
