// The laws that every estimator must keep, as tests that a new one runs with one line:
// TWIN_CHECK_ESTIMATOR(Suite, [] { return ensemble_case(...); }) The belief may be of any type; for
// core::Ensemble the case is made here. Each check answers what is wrong ("" if nothing).
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "twin/contract/check_model.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/contract/toy_walk.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/ensemble.hpp"
#include "twin/core/parallel.hpp"
#include "twin/core/twin.hpp"

namespace twin::contract {

// How near the estimator comes to the exact posterior of the linear model with normal noise.
enum class Accuracy : std::uint8_t {
  Exact,        // forecast and update, to 1e-10: Kalman filters
  ExactUpdate,  // the update, given the moments of its members, to 1e-10: transform filters
  MonteCarlo    // to the error of so many members: particles, perturbed observations
};

// What the estimator says it does with something it cannot use.
struct Outcome {
  enum class Kind : std::uint8_t {
    LeavesBelief,  // it is as it was, to the bit
    GivesNumbers,  // a mean and a variance that are finite
    Refuses        // core::Error with this message
  };
  Kind kind = Kind::LeavesBelief;
  std::string message = {};
};
inline Outcome refuses(std::string message) { return {Outcome::Kind::Refuses, std::move(message)}; }

// An estimator of ToyWalk's only variable. Every function is there but those that say they may be
// empty.
template <class Belief>
struct EstimatorCase {
  using Update =
      std::function<void(Belief&, const core::Observation&, core::Draw, std::uint32_t occasion)>;

  ToyWalk walk = {};
  Accuracy accuracy = Accuracy::MonteCarlo;
  std::size_t members = 0;                       // of prior(); 0: it has none
  std::function<Belief(core::Draw)> prior = {};  // ToyWalk::start, at time 0
  std::function<void(Belief&, core::Tick until, core::Draw)> forecast = {};
  std::function<Update(unsigned threads)> estimator = {};  // a new one each time
  std::function<Normal(const Belief&)> moments = {};       // unbiased variance
  std::function<double(const Belief&, core::Draw, std::uint32_t k)> sample = {};  // one value of x
  // The members in reverse order; empty: there are none.
  std::function<void(Belief&)> reverse = {};
  // A belief of one member; empty: it has no members.
  std::function<Belief(core::Draw)> single = {};
  // core::Twin from prior(draw), fed these; empty: no belief of core::Twin.
  std::function<Belief(core::Draw, const std::vector<core::Entry>&)> absorb = {};

  Outcome on_nan = {};  // a value that is NaN
  Outcome on_infinite = refuses("observation 0 is inf (must be finite)");
  Outcome on_too_many = refuses("2 values were observed (the sensor has 1)");
  Outcome on_absurd = {};                                 // 1e200: no member can have made it
  Outcome on_single = {Outcome::Kind::GivesNumbers, {}};  // a belief of one member
};

namespace detail {

inline constexpr core::Draw CaseDraw{.seed = 20240229, .member = 0};
inline constexpr core::Draw EstimatorDraw{.seed = CaseDraw.seed, .member = 0xFFFFFFFFU};
inline constexpr core::Draw TruthDraw{.seed = 71, .member = 0xFFFF0000U};

inline core::Observation seen(core::Tick at, std::vector<double> values) {
  return {.at = at, .arrived = at, .values = std::move(values)};
}

// What a hidden truth shows at ticks 1, 2, ...; [tick - 1]
inline std::vector<double> observations(const ToyWalk& walk, std::size_t count, core::Draw draw) {
  auto truth = walk.initial({}, draw);
  std::vector<double> y;
  for (std::size_t k = 1; k <= count; ++k) {
    walk.advance(truth, {}, static_cast<core::Tick>(k), draw);
    y.push_back(walk.observe(truth, draw));
  }
  return y;
}

// One cycle of the filter: to time k, and y seen there.
template <class Belief>
void cycle(const EstimatorCase<Belief>& c, const typename EstimatorCase<Belief>::Update& update,
           Belief& belief, std::size_t k, double y, core::Draw draw) {
  const auto at = static_cast<core::Tick>(k);
  c.forecast(belief, at, draw);
  update(belief, seen(at, {y}), {.seed = draw.seed, .member = 0xFFFFFFFFU},
         static_cast<std::uint32_t>(k));
}

template <class Belief>
Belief run(const EstimatorCase<Belief>& c, const std::vector<double>& y, core::Draw draw,
           unsigned threads = 1) {
  Belief belief = c.prior(draw);
  const auto update = c.estimator(threads);
  for (std::size_t k = 1; k <= y.size(); ++k) cycle(c, update, belief, k, y[k - 1], draw);
  return belief;
}

inline std::string off(const std::string& what, double got, double expected, double tolerance) {
  if (std::abs(got - expected) <= tolerance) return "";
  return what + " is " + std::to_string(got) + ", not " + std::to_string(expected) + " to " +
         std::to_string(tolerance);
}

template <class Belief>
std::string outcome(const EstimatorCase<Belief>& c, const Belief& before,
                    const core::Observation& y, const Outcome& expected, const std::string& when) {
  Belief after = before;
  const auto update = c.estimator(1);
  const std::string said = refusal([&] { update(after, y, EstimatorDraw, 1); });
  if (expected.kind == Outcome::Kind::Refuses) {
    if (said != expected.message) return when + ": '" + said + "', not '" + expected.message + "'";
    return difference(after, before, when + ", refused");
  }
  if (said != "accepted") return when + ": '" + said + "', but it should go on";
  if (expected.kind == Outcome::Kind::LeavesBelief) return difference(after, before, when);
  const Normal m = c.moments(after);
  return std::isfinite(m.mean) && m.variance >= 0.0 && std::isfinite(m.variance)
             ? ""
             : when + ": the mean is " + std::to_string(m.mean) + " and the variance " +
                   std::to_string(m.variance);
}

}  // namespace detail

// The same belief, observation, draw and occasion give the same, also by an estimator that has seen
// other things; another occasion or another observation need not.
template <class Belief>
std::string check_same_update(const EstimatorCase<Belief>& c) {
  const Belief before = c.prior(detail::CaseDraw);
  const auto y = detail::seen(0, {0.5});
  Belief first = before;
  c.estimator(1)(first, y, detail::EstimatorDraw, 3);
  if (first == before) return "an observation changes nothing: this case checks nothing";
  const auto used = c.estimator(1);
  for (std::uint32_t other = 7; other < 12; ++other) {
    Belief elsewhere = c.prior({.seed = other, .member = 0});
    used(elsewhere, detail::seen(0, {3.0}), detail::EstimatorDraw, other);
  }
  Belief second = before;
  used(second, y, detail::EstimatorDraw, 3);
  return difference(second, first, "updated by an estimator that has seen other things");
}

// The number of threads must not show.
template <class Belief>
std::string check_estimator_threads(const EstimatorCase<Belief>& c) {
  const auto y = detail::observations(c.walk, 5, detail::TruthDraw);
  const Belief reference = detail::run(c, y, detail::CaseDraw);
  for (const unsigned threads : {2U, 3U, 7U}) {
    auto wrong = difference(detail::run(c, y, detail::CaseDraw, threads), reference,
                            std::to_string(threads) + " threads");
    if (!wrong.empty()) return wrong;
  }
  return "";
}

// What is believed does not depend on the order of the members: to 1e-10 where the update is exact,
// otherwise to the error of its draws. That is the posterior's standard deviation over the root of a
// quarter of the members, for the effective sample size of the one observation here is more than
// half of them and the draws of two runs differ; 6 of them for 1 in 10^8.
template <class Belief>
std::string check_order(const EstimatorCase<Belief>& c) {
  if (!c.reverse) return "";
  Belief belief = c.prior(detail::CaseDraw);
  Belief reversed = belief;
  c.reverse(reversed);
  if (reversed == belief) return "members in reverse order are as they were";
  for (Belief* b : {&belief, &reversed}) {
    c.estimator(1)(*b, detail::seen(0, {0.5}), detail::EstimatorDraw, 1);
  }
  const Normal a = c.moments(belief), b = c.moments(reversed);
  const double rough = 6.0 / std::sqrt(static_cast<double>(c.members) / 4.0);
  const double part = c.accuracy == Accuracy::MonteCarlo ? rough : 1e-10;
  auto wrong =
      detail::off("the mean of reversed members", b.mean, a.mean, part * std::sqrt(a.variance));
  // A variance's relative standard error is sqrt(2) times that of the mean.
  return wrong.empty() ? detail::off("the variance of reversed members", b.variance, a.variance,
                                     1.5 * part * a.variance)
                       : wrong;
}

// The exact posterior: after every cycle, or of one update from the moments of its members, or on
// average over independent runs.
template <class Belief>
std::string check_against_kalman(const EstimatorCase<Belief>& c) {
  constexpr std::size_t Cycles = 5;
  const auto y = detail::observations(c.walk, Cycles, detail::TruthDraw);
  if (c.accuracy != Accuracy::MonteCarlo) {
    Belief belief = c.prior(detail::CaseDraw);
    const auto update = c.estimator(1);
    Normal exact = c.walk.start;
    for (std::size_t k = 1; k <= Cycles; ++k) {
      if (c.accuracy == Accuracy::ExactUpdate) {
        Belief forecast = belief;
        c.forecast(forecast, static_cast<core::Tick>(k), detail::CaseDraw);
        exact = c.walk.updated(c.moments(forecast), y[k - 1]);
      } else {
        exact = c.walk.updated(c.walk.forecast(exact), y[k - 1]);
      }
      detail::cycle(c, update, belief, k, y[k - 1], detail::CaseDraw);
      const Normal got = c.moments(belief);
      const std::string when = " of cycle " + std::to_string(k);
      auto wrong = detail::off("the mean" + when, got.mean, exact.mean,
                               1e-10 * (1.0 + std::abs(exact.mean)));
      if (wrong.empty()) {
        wrong = detail::off("the variance" + when, got.variance, exact.variance,
                            1e-10 * exact.variance);
      }
      if (!wrong.empty()) return wrong;
    }
    return "";
  }
  Normal exact = c.walk.start;
  for (const double seen : y) exact = c.walk.updated(c.walk.forecast(exact), seen);
  constexpr int Runs = 64;
  Normal sum{0.0, 0.0}, square{0.0, 0.0};
  for (int i = 0; i < Runs; ++i) {
    const auto seed = detail::CaseDraw.seed + static_cast<std::uint64_t>(i);
    const Normal got = c.moments(detail::run(c, y, {.seed = seed, .member = 0}));
    sum.mean += got.mean / Runs;
    square.mean += got.mean * got.mean / Runs;
    sum.variance += got.variance / Runs;
    square.variance += got.variance * got.variance / Runs;
  }
  // 6.5 standard errors as the runs show them (Student, 63 degrees: 1 in 10^7), and the bias of
  // estimates that are ratios of sums over the members, of order 1/N: 10 in units of the prior.
  const double bias = 10.0 / static_cast<double>(c.members);
  const auto error = [](double of_sum, double of_square) {
    return 6.5 * std::sqrt(std::max(0.0, of_square - of_sum * of_sum) / (Runs - 1));
  };
  auto wrong = detail::off("the mean over runs", sum.mean, exact.mean,
                           error(sum.mean, square.mean) + bias * std::sqrt(c.walk.start.variance));
  return wrong.empty()
             ? detail::off("the variance over runs", sum.variance, exact.variance,
                           error(sum.variance, square.variance) + bias * c.walk.start.variance)
             : wrong;
}

// Nothing seen, nothing learnt; and what cannot be used has the stated effect.
template <class Belief>
std::string check_outcomes(const EstimatorCase<Belief>& c) {
  constexpr double Nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double Infinity = std::numeric_limits<double>::infinity();
  const Belief belief = c.prior(detail::CaseDraw);
  const auto see = [&](const Belief& b, std::vector<double> y, const Outcome& expected,
                       const std::string& when) {
    return detail::outcome(c, b, detail::seen(0, std::move(y)), expected, when);
  };
  std::string wrong = see(belief, {}, {}, "no value");
  if (wrong.empty()) wrong = see(belief, {Nan}, c.on_nan, "NaN");
  if (wrong.empty()) wrong = see(belief, {Infinity}, c.on_infinite, "infinity");
  if (wrong.empty()) wrong = see(belief, {1.0, 1.0}, c.on_too_many, "two values");
  if (wrong.empty()) wrong = see(belief, {1e200}, c.on_absurd, "1e200");
  if (wrong.empty() && c.single) {
    wrong = see(c.single(detail::CaseDraw), {0.5}, c.on_single, "one member");
  }
  return wrong;
}

// Simulation-based calibration (Cook, Gelman, Rubin 2006; Talts et al. 2018): the truth is drawn from
// the prior, so its rank among samples of the posterior is uniform.
template <class Belief>
std::string check_ranks(const EstimatorCase<Belief>& c) {
  constexpr std::uint32_t Truths = 1000, Samples = 19, Cycles = 2;
  std::array<double, Samples + 1> counts = {};
  for (std::uint32_t i = 0; i < Truths; ++i) {
    const core::Draw hidden{.seed = 1000 + i, .member = detail::TruthDraw.member};
    auto truth = c.walk.initial({}, hidden);
    c.walk.advance(truth, {}, Cycles, hidden);
    const Belief belief = detail::run(c, detail::observations(c.walk, Cycles, hidden),
                                      {.seed = hidden.seed, .member = 0});
    std::size_t rank = 0;
    for (std::uint32_t k = 0; k < Samples; ++k) {
      rank += c.sample(belief, hidden, k) < truth.x[0] ? 1U : 0U;
    }
    ++counts[rank];
  }
  constexpr double Expected = static_cast<double>(Truths) / (Samples + 1);
  double chi_square = 0.0;
  for (const double n : counts) chi_square += (n - Expected) * (n - Expected) / Expected;
  constexpr double Limit = 64.5;  // exceeded once in 10^6 with 19 degrees of freedom
  return chi_square <= Limit ? "" : "chi-square of the ranks is " + std::to_string(chi_square);
}

// core::Twin does what is done by hand.
template <class Belief>
std::string check_fold(const EstimatorCase<Belief>& c) {
  if (!c.absorb) return "";
  const auto y = detail::observations(c.walk, 5, detail::TruthDraw);
  std::vector<core::Entry> entries;
  Belief by_hand = c.prior(detail::CaseDraw);
  const auto update = c.estimator(1);
  for (std::size_t k = 1; k <= y.size(); ++k) {
    const auto at = static_cast<core::Tick>(k);
    entries.emplace_back(core::Advance{.until = at});
    c.forecast(by_hand, at, detail::CaseDraw);
    entries.emplace_back(core::Note{.at = at, .kind = "shift"});
    update(by_hand, detail::seen(at, {y[k - 1]}), detail::EstimatorDraw,
           static_cast<std::uint32_t>(entries.size()));
    entries.emplace_back(detail::seen(at, {y[k - 1]}));
  }
  return difference(c.absorb(detail::CaseDraw, entries), by_hand, "absorbed");
}

// A belief that was saved goes on, with a new estimator, as if it had never been away.
template <class Belief>
std::string check_saved(const EstimatorCase<Belief>& c) {
  const auto y = detail::observations(c.walk, 6, detail::TruthDraw);
  const Belief reference = detail::run(c, y, detail::CaseDraw);
  Belief belief = c.prior(detail::CaseDraw);
  for (std::size_t k = 1; k <= y.size(); ++k) {
    detail::cycle(c, c.estimator(1), belief, k, y[k - 1], detail::CaseDraw);
    const Belief back = core::load<Belief>(core::save(belief));
    auto wrong = difference(back, belief, "saved and loaded after " + std::to_string(k));
    if (!wrong.empty()) return wrong;
    belief = back;
  }
  return difference(belief, reference, "resumed");
}

// The case of an estimator on core::Ensemble. make(threads) answers a new estimator.
template <class Make>
EstimatorCase<core::Ensemble<ToyWalk>> ensemble_case(std::size_t members, Make make) {
  using Belief = core::Ensemble<ToyWalk>;
  EstimatorCase<Belief> c;
  const ToyWalk walk = c.walk;
  const auto shares = [](const Belief& b) {
    const double largest = *std::ranges::max_element(b.log_weight);
    std::vector<double> w;
    for (const double l : b.log_weight) w.push_back(std::exp(l - largest));
    const double sum = std::accumulate(w.begin(), w.end(), 0.0);
    for (double& v : w) v /= sum;
    return w;
  };
  const auto beginning = [walk](std::size_t count, core::Draw draw) {
    return core::initial_ensemble(walk, count, {}, draw);
  };
  c.members = members;
  c.prior = [=](core::Draw draw) { return beginning(members, draw); };
  c.single = [=](core::Draw draw) { return beginning(1, draw); };
  c.forecast = [walk](Belief& b, core::Tick until, core::Draw draw) {
    for (std::size_t i = 0; i < b.size(); ++i) {
      walk.advance(b.x[i], b.theta_of(i), until, b.draw_of(i, draw.seed));
    }
  };
  c.estimator = [make](unsigned threads) {
    return [e = make(threads)](Belief& b, const core::Observation& y, core::Draw draw,
                               std::uint32_t occasion) mutable { e.update(b, y, draw, occasion); };
  };
  c.moments = [shares](const Belief& b) {
    const auto w = shares(b);
    Normal m{0.0, 0.0};
    double squares = 0.0;
    for (std::size_t i = 0; i < b.size(); ++i) {
      m.mean += w[i] * b.x[i].x[0];
      squares += w[i] * w[i];
    }
    for (std::size_t i = 0; i < b.size(); ++i) {
      m.variance += w[i] * (b.x[i].x[0] - m.mean) * (b.x[i].x[0] - m.mean);
    }
    if (squares < 1.0) m.variance /= 1.0 - squares;
    return m;
  };
  c.sample = [shares](const Belief& b, core::Draw draw, std::uint32_t k) {
    const auto w = shares(b);
    double left = draw.uniform(0xC0FFEE, 0, k);
    std::size_t i = 0;
    while (i + 1 < w.size() && (left -= w[i]) > 0.0) ++i;
    return b.x[i].x[0];
  };
  c.reverse = [](Belief& b) {
    std::ranges::reverse(b.x);
    std::ranges::reverse(b.theta);
    std::ranges::reverse(b.log_weight);
  };
  c.absorb = [=](core::Draw draw, const std::vector<core::Entry>& entries) {
    core::Twin twin(walk, core::Head{.seed = draw.seed}, beginning(members, draw), make(1),
                    core::Threads{2});
    for (const core::Entry& e : entries) twin.absorb(e);
    return twin.belief();
  };
  return c;
}

}  // namespace twin::contract

// The last argument is a callable that makes the EstimatorCase.
#define TWIN_CHECK_ESTIMATOR(Suite, ...)                                       \
  TEST(Suite, TheSameUpdateGivesTheSame) {                                     \
    EXPECT_EQ(::twin::contract::check_same_update((__VA_ARGS__)()), "");       \
  }                                                                            \
  TEST(Suite, ThreadsDoNotShow) {                                              \
    EXPECT_EQ(::twin::contract::check_estimator_threads((__VA_ARGS__)()), ""); \
  }                                                                            \
  TEST(Suite, TheOrderOfMembersDoesNotShow) {                                  \
    EXPECT_EQ(::twin::contract::check_order((__VA_ARGS__)()), "");             \
  }                                                                            \
  TEST(Suite, AgreesWithKalman) {                                              \
    EXPECT_EQ(::twin::contract::check_against_kalman((__VA_ARGS__)()), "");    \
  }                                                                            \
  TEST(Suite, WhatCannotBeUsedHasTheStatedOutcome) {                           \
    EXPECT_EQ(::twin::contract::check_outcomes((__VA_ARGS__)()), "");          \
  }                                                                            \
  TEST(Suite, RanksOfTheTruthAreUniform) {                                     \
    EXPECT_EQ(::twin::contract::check_ranks((__VA_ARGS__)()), "");             \
  }                                                                            \
  TEST(Suite, ATwinDoesWhatIsDoneByHand) {                                     \
    EXPECT_EQ(::twin::contract::check_fold((__VA_ARGS__)()), "");              \
  }                                                                            \
  TEST(Suite, GoesOnFromWhereItWasSaved) {                                     \
    EXPECT_EQ(::twin::contract::check_saved((__VA_ARGS__)()), "");             \
  }                                                                            \
  static_assert(true, "a semicolon follows")
