// People as simulated operators, and a toy world that advises them whose truth is known: whatever is said to be
// learned is held against what is so. For tests.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/core/expect.hpp"
#include "twin/people/example.hpp"
#include "twin/people/people.hpp"

namespace twin::people::toy {

// What an action brings is normal; the twin sees it with noise and proposes it where it expects a gain. What it
// expects is the mean of what it brings, given what it saw: choosing by it makes no promise too high.
inline constexpr double TruthMean = 0.5, TruthDeviation = 1.0;  // [h]
inline constexpr double SightDeviation = 1.0;                   // [h] of what the twin sees
inline constexpr double ReplayDeviation = 0.3;                  // [h] of what a replay finds
inline constexpr double Z = 1.6448536269514722;  // normal quantile of 0.95: intervals of 90 %

// Of the truth, given what the twin saw (conjugate normal); and of what a replay finds, given the same.
inline const double PosteriorDeviation =
    TruthDeviation * SightDeviation / std::hypot(TruthDeviation, SightDeviation);
inline const double PromiseDeviation = std::hypot(PosteriorDeviation, ReplayDeviation);

struct World {
  std::uint64_t seed = 1;
  double boast = 1.0;  // a promise is so many times what is expected
  std::uint32_t cases = 400;
};

struct Truth {            // of one recommendation
  double expected = 0.0;  // [h] by a twin that knows how well it sees
  double brings = 0.0;    // [h]
  double replayed = 0.0;  // [h] with the replay's error
};

struct Choice {
  bool approves = false;
  Reason reason = Reason::NotNow;  // of a no
  core::Tick after_ms = 60'000;
};
struct Operator {
  const char* name;
  Choice (*choose)(const Recommendation& seen, const Truth& truth, double luck);  // luck: N(0, 1)
};

enum class What : std::uint32_t { Truth, Sight, Replay, Kind, Luck };  // draws

inline double normal(const World& world, What what, std::uint32_t k, std::uint32_t again = 0) {
  const core::Draw draw{.seed = world.seed};  // Box and Muller (1958)
  const core::Block b = draw.block(static_cast<std::uint32_t>(what), k, again);
  return std::sqrt(-2.0 * std::log(core::uniform_of(b[0], b[1]))) *
         std::cos(2.0 * std::numbers::pi * core::uniform_of(b[2], b[3]));
}

inline constexpr const char* Disliked = "hold-back";  // of the two classes of action
inline constexpr double BiasLimit = 0.8;              // [h]
inline constexpr double SlowMean = 20.0 * 60'000.0;   // [ms]
inline constexpr core::Tick Lifetime = 30 * 60'000;   // [ms] of a recommendation

inline constexpr std::array<Operator, 5> Operators = {{
    {"accepts all",
     [](const Recommendation&, const Truth&, double) { return Choice{.approves = true}; }},
    {"rejects all",
     [](const Recommendation&, const Truth&, double) { return Choice{.approves = false}; }},
    // Exponential times: a uniform from the luck, by the distribution function.
    {"slow",
     [](const Recommendation&, const Truth&, double luck) {
       const double u = 0.5 * std::erfc(-luck / std::numbers::sqrt2);
       return Choice{.approves = true,
                     .after_ms = static_cast<core::Tick>(-SlowMean * std::log1p(-u))};
     }},
    {"biased",
     [](const Recommendation& seen, const Truth&, double) {
       const bool liked = seen.act.kind != Disliked && seen.benefit.gain.mean > BiasLimit;
       return Choice{.approves = liked, .reason = Reason::KnownConstraint};
     }},
    {"noisy but honest",  // sees the truth itself, badly
     [](const Recommendation&, const Truth& truth, double luck) {
       return Choice{.approves = truth.brings + 0.5 * luck > 0.0, .reason = Reason::WrongModel};
     }},
}};

// The first truth, from occasion 0 on, of which the twin expects a gain.
inline Truth truth_of(const World& world, std::uint32_t k) {
  constexpr double Weight = TruthDeviation * TruthDeviation /
                            (TruthDeviation * TruthDeviation + SightDeviation * SightDeviation);
  for (std::uint32_t again = 0;; ++again) {
    const double brings = TruthMean + TruthDeviation * normal(world, What::Truth, k, again);
    const double seen = brings + SightDeviation * normal(world, What::Sight, k, again);
    const double expected = TruthMean + Weight * (seen - TruthMean);
    if (expected <= 0.0) continue;
    return {.expected = expected,
            .brings = brings,
            .replayed = brings + ReplayDeviation * normal(world, What::Replay, k)};
  }
}

inline Recommendation advice(const World& world, std::uint32_t k, const Truth& truth) {
  const core::Tick now = example::Now + k * core::Tick{3'600'000};
  Recommendation r = example::advice("T-" + std::to_string(k));
  r.made = now;
  r.expires = now + Lifetime;
  r.assumed.state_at = now;
  r.assumed.gaps.clear();
  r.act.kind = normal(world, What::Kind, k) > 0.0 ? "prefer" : Disliked;
  const double mean = world.boast * truth.expected, half = Z * PromiseDeviation;
  r.benefit.gain = {.low = mean - half, .mean = mean, .high = mean + half};
  return r;
}

struct Instance {  // one case of the world, as it was
  std::string kind = {};
  Truth truth = {};
  double promised = 0.0;  // [h]
  Choice choice = {};
  bool in_time = true;  // it was decided before it expired
};
struct Shift {
  People people = {};
  std::vector<Instance> cases = {};
};

inline Shift worked(const World& world, const Operator& op) {
  const Rules rules{{{.name = "prefer"}, {.name = Disliked}}};
  Shift shift;
  People& people = shift.people;
  for (std::uint32_t k = 0; k < world.cases; ++k) {
    const Truth truth = truth_of(world, k);
    const Recommendation r = advice(world, k, truth);
    const Choice choice = op.choose(r, truth, normal(world, What::Luck, k));
    const core::Tick decided = r.made + choice.after_ms;
    const bool in_time = decided < r.expires;
    core::Tick now = r.made;
    const auto take = [&](Asked a) {
      a.id = r.id;
      const Case* one = people.find(r.id);
      if (one != nullptr && a.capacity < Capacity::Twin) a.seen = one->digest;
      const Moment moment{.now = now, .state = r.assumed.state, .target = r.assumed.target};
      const std::string why = refusal(rules, one, a, moment);
      TWIN_ENSURE(why.empty(), why);
      people.apply(people.note(one, a, moment));
    };
    take({.actor = "twin", .content = r});
    now = std::min(decided, r.expires);
    if (!in_time) {
      take({.step = Step::Expire, .actor = "twin", .reason = Reason::TimePassed});
    } else if (choice.approves) {
      take({.step = Step::Approve, .actor = "alice", .capacity = Capacity::Approver});
      for (const Step step : {Step::Send, Step::Acknowledge, Step::Verify})
        take({.step = step, .actor = "link", .capacity = Capacity::Link});
    } else {
      take({.step = Step::Reject,
            .actor = "alice",
            .capacity = Capacity::Approver,
            .reason = choice.reason});
    }
    const double half = Z * ReplayDeviation;
    people.apply(people.note(outcome_of(
        *people.find(r.id),
        {.became = in_time && choice.approves ? Became::CarriedOut : Became::NotCarriedOut,
         .from = now,
         .until = now + Lifetime,
         .realised = {.low = truth.replayed - half,
                      .mean = truth.replayed,
                      .high = truth.replayed + half},
         .method = "toy"},
        now + Lifetime)));
    shift.cases.push_back({r.act.kind, truth, r.benefit.gain.mean, choice, in_time});
  }
  return shift;
}

}  // namespace twin::people::toy
