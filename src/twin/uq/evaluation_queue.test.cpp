// If these failed, one bad run would spoil a study, a study would wait for ever, or one that was killed would run
// all of it anew.
#include "twin/uq/evaluation_queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "twin/contract/refusal.hpp"

namespace twin::uq {
namespace {

constexpr double NoValue = std::numeric_limits<double>::quiet_NaN();

// The sum of x and its negative; 13 is unlucky in a way that `x[1]` says.
std::vector<double> sums(std::span<const double> x) {
  const double sum = std::accumulate(x.begin(), x.end(), 0.0);
  if (x[0] == 13.0 && x[1] == 1.0) return {NoValue, 0.0};
  if (x[0] == 13.0 && x[1] == 2.0) return {sum};
  if (x[0] == 13.0 && x[1] == 3.0) throw std::runtime_error("unlucky");
  return {sum, -sum};
}

TEST(EvaluationQueue, AnswersEachAndTellsApartWhatFailed) {
  EvaluationQueue queue(runner_of(sums), {.outputs = 2, .at_once = 3, .retries = 2});
  for (double k = 0; k < 200; ++k) queue.submit({k, 0.5});
  for (double k = 0; k < 200; ++k)
    EXPECT_EQ(queue.wait({k, 0.5}), (RunOutcome{.y = {k + 0.5, -k - 0.5}}));
  EXPECT_EQ(queue.wait({13, 1}),
            (RunOutcome{.end = RunEnd::NoNumber, .problem = "output 1 is nan"}));
  EXPECT_EQ(queue.wait({13, 2}),
            (RunOutcome{.end = RunEnd::WrongLength, .problem = "1 outputs, not 2"}));
  EXPECT_EQ(queue.wait({13, 3}),
            (RunOutcome{.end = RunEnd::Died, .problem = "unlucky", .tries = 3}));
  const QueueStatus status = queue.status();
  EXPECT_EQ(status.done, 200U);
  EXPECT_EQ(status.failures(), 3U);
  EXPECT_EQ(status.failed.at(RunEnd::Died), 1U);
  EXPECT_EQ(status.again, 2U);  // of what died alone: a number that is none comes again
  EXPECT_EQ(status.first_problem, "output 1 is nan");
  EXPECT_EQ(status.waiting + status.running, 0U);
}

TEST(EvaluationQueue, RunsTheSameOnceWhoeverAsks) {
  std::atomic<int> runs = 0;
  EvaluationQueue queue(runner_of([&](std::span<const double> x) {
                          ++runs;
                          return std::vector<double>(x.begin(), x.end());
                        }),
                        {.at_once = 2});
  std::vector<std::thread> askers;
  for (int k = 0; k < 4; ++k)
    askers.emplace_back([&] {
      for (double x = 0; x < 50; ++x) queue.wait({x});
    });
  for (std::thread& t : askers) t.join();
  EXPECT_EQ(runs, 50);
  ASSERT_NE(queue.ended({7.0}), nullptr);
  EXPECT_EQ(queue.ended({7.0})->y, std::vector<double>{7.0});
}

TEST(EvaluationQueue, TriesAgainWhatMayGoBetter) {
  std::atomic<int> tries = 0;
  EvaluationQueue queue(runner_of([&](std::span<const double>) -> std::vector<double> {
                          if (++tries < 3) throw std::runtime_error("not yet");
                          return {7.0};
                        }),
                        {.retries = 2});
  EXPECT_EQ(queue.wait({0.0}), (RunOutcome{.y = {7.0}, .tries = 3}));
  EXPECT_EQ(queue.status().failures(), 0U);
}

TEST(EvaluationQueue, StopsWhereTooManyFail) {
  const auto half = [](std::span<const double> x) {
    return std::vector<double>{std::fmod(x[0], 2.0) == 0.0 ? 1.0 : NoValue};
  };
  const auto ask = [&](double share, double runs) {
    EvaluationQueue queue(runner_of(half), {.failed_share = share});
    return contract::refusal([&] {
      for (double x = 0; x < runs; ++x) queue.wait({x});
    });
  };
  EXPECT_EQ(ask(0.1, 39), "accepted");  // 19 failures say too little
  EXPECT_EQ(ask(0.1, 100), "20 of 40 runs failed (the first: output 1 is nan), 0.1 of them may");
  EXPECT_EQ(ask(0.5, 1'000), "accepted");
  EXPECT_EQ(ask(0.0, 2), "1 of 2 runs failed (the first: output 1 is nan), 0 of them may");
}

TEST(EvaluationQueue, JudgesADeadline) {
  EvaluationQueue queue(runner_of([](std::span<const double> x) -> std::vector<double> {
                          if (x[0] > 0) std::this_thread::sleep_for(std::chrono::milliseconds(50));
                          return {1.0};
                        }),
                        {.deadline = 0.02, .retries = 0});
  EXPECT_EQ(queue.wait({1.0}).end, RunEnd::Hung);
  EXPECT_EQ(queue.wait({1.0}).problem, "took more than 0.02 s");
}

// Nobody there is no fact about the model.
TEST(EvaluationQueue, DoesNotTakeAnAbsentModelForAFailedRun) {
  struct Nobody final : Runner {
    RunOutcome run(std::span<const double>, double) override {
      return {.end = RunEnd::Away, .problem = "nobody answers at 127.0.0.1:4242"};
    }
  };
  struct Told final : RunMemory {
    void keep(std::span<const double>, const RunOutcome&) override { ++told; }
    int told = 0;
  } memory;
  EvaluationQueue queue([] { return std::make_unique<Nobody>(); }, {}, {}, &memory);
  EXPECT_EQ(contract::refusal([&] { queue.wait({1.0}); }), "nobody answers at 127.0.0.1:4242");
  EXPECT_EQ(queue.status().failures(), 0U);
  EXPECT_EQ(memory.told, 0);
}

TEST(EvaluationQueue, GoesOnFromWhatItRemembers) {
  struct Kept final : RunMemory {
    void keep(std::span<const double> x, const RunOutcome& outcome) override {
      const std::scoped_lock lock(mutex);
      if (runs.size() == 30) throw core::Error("runs: no space");
      runs.emplace(std::vector<double>(x.begin(), x.end()), outcome);
    }
    std::mutex mutex;
    std::map<std::vector<double>, RunOutcome> runs;
  } kept;
  std::atomic<int> runs = 0;
  const auto model = [&](std::span<const double> x) {
    ++runs;
    return std::vector<double>{x[0] == 5.0 ? NoValue : 2 * x[0]};
  };
  {
    EvaluationQueue first(runner_of(model), {.at_once = 2}, {}, &kept);
    for (double x = 0; x < 20; ++x) first.submit({x});
    for (double x = 0; x < 20; ++x) first.wait({x});
  }
  EXPECT_EQ(runs, 20);
  EvaluationQueue second(runner_of(model), {.at_once = 2}, kept.runs, &kept);
  for (double x = 0; x < 30; ++x) {
    const RunOutcome& outcome = second.wait({x});
    EXPECT_EQ(outcome.end, x == 5.0 ? RunEnd::NoNumber : RunEnd::Done);
    EXPECT_EQ(outcome.y, x == 5.0 ? std::vector<double>{} : std::vector<double>{2 * x});
  }
  EXPECT_EQ(runs, 30);
  EXPECT_EQ(second.status().remembered, 20U);
  EXPECT_EQ(second.status().failures(), 1U);
  // What cannot be remembered is not given either: a killed study would give something else.
  EXPECT_EQ(contract::refusal([&] { second.wait({31.0}); }), "runs: no space");
}

TEST(EvaluationQueue, LetsGoOfWhoWaitsWhenItIsStopped) {
  std::atomic<bool> go = false;
  EvaluationQueue queue(runner_of([&](std::span<const double>) {
                          while (!go) std::this_thread::yield();
                          return std::vector<double>{1.0};
                        }),
                        {});
  std::thread asker([&] { EXPECT_THROW(queue.wait({1.0}), QueueStopped); });
  while (queue.status().running == 0) std::this_thread::yield();
  EXPECT_EQ(queue.ended({1.0}), nullptr);
  EXPECT_EQ(queue.ended({2.0}), nullptr);
  queue.stop();
  asker.join();
  go = true;
}

TEST(EvaluationQueue, IsAFunctionOfManyPoints) {
  EvaluationQueue queue(runner_of(sums), {.outputs = 2, .at_once = 2});
  const auto f = function_of(queue, 1, [](std::span<const double> u) {
    return std::vector<double>{13 * u[0], 2 * u[1]};
  });
  const std::vector<double> a = {0.25, 1.0, 0.5}, b = {0.5, 0.5, 0.25};
  const std::vector<const double*> columns = {a.data(), b.data()};
  std::vector<double> y(3);
  f({columns, 3}, y);
  EXPECT_EQ(y[0], -4.25);
  EXPECT_TRUE(std::isnan(y[1]));
  EXPECT_EQ(y[2], -7.0);
}

TEST(EvaluationQueue, RefusesOptionsThatAreNone) {
  const auto refused = [](QueueOptions o) {
    return contract::refusal([&] { EvaluationQueue queue(runner_of(sums), o); });
  };
  EXPECT_EQ(refused({.outputs = 0}), "evaluation queue: the model has no outputs");
  EXPECT_EQ(refused({.at_once = 0}), "evaluation queue: no runs at once");
  EXPECT_EQ(refused({.deadline = -1}), "evaluation queue: a deadline of -1 s (must be 0 or above)");
  EXPECT_EQ(refused({.failed_share = 2}),
            "evaluation queue: 2 of the runs may fail (must be 0 to 1)");
}

}  // namespace
}  // namespace twin::uq
