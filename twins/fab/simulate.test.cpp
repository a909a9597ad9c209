// If these failed, a run's figures would depend on threads, on stops or on what came before.
#include "twins/fab/simulate.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <mutex>

#include "twin/core/error.hpp"
#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

using testing::HasSubstr;

std::shared_ptr<const Layout> layout_simulate() {
  return compile(semantics::busy_fab().description);
}

RunOptions options_simulate() {
  RunOptions o;
  o.days = 6.0;
  o.warmup_days = 1.5;
  o.replications = 5;
  o.first_replication = 3;
  o.seed = 11;
  return o;
}

void expect_same(const RunResult& a, const RunResult& b) {
  ASSERT_EQ(a.replications.size(), b.replications.size());
  for (std::size_t i = 0; i < a.replications.size(); ++i) {
    const ReplicationResult &x = a.replications[i], &y = b.replications[i];
    EXPECT_EQ(x.member, y.member);
    EXPECT_EQ(x.fingerprint, y.fingerprint);
    EXPECT_TRUE(x.kpi == y.kpi);
    EXPECT_EQ(x.days, y.days);
    EXPECT_EQ(x.cycle_histogram, y.cycle_histogram);
  }
}

// Wrong: a laptop and a server would print different figures.
TEST(Simulate, ThreadsDoNotShow) {
  const auto m = layout_simulate();
  RunOptions o = options_simulate();
  const RunResult one = run(m, m->nominal_theta(), o);
  ASSERT_EQ(one.replications.size(), 5U);
  EXPECT_EQ(one.replications[4].member, 7U);
  EXPECT_NE(one.replications[0].fingerprint, one.replications[1].fingerprint);
  for (const std::uint32_t threads : {2U, 3U, 7U}) {
    o.threads = threads;
    expect_same(run(m, m->nominal_theta(), o), one);
  }
}

// Wrong: a replication would depend on those before it.
TEST(Simulate, AReplicationIsItsNumber) {
  const auto m = layout_simulate();
  RunOptions o = options_simulate();
  const RunResult all = run(m, m->nominal_theta(), o);
  o.first_replication = 5;
  o.replications = 1;
  const RunResult alone = run(m, m->nominal_theta(), o);
  EXPECT_EQ(alone.replications[0].fingerprint, all.replications[2].fingerprint);
  EXPECT_TRUE(alone.replications[0].kpi == all.replications[2].kpi);
}

// Wrong: figures would count the time before the warm-up's end. What happened from 1.5 to 6 days is
// what happened from 0 to 6 less what happened from 0 to 1.5.
TEST(Simulate, WarmUpIsLeftOut) {
  const auto m = layout_simulate();
  RunOptions o = options_simulate();
  o.replications = 1;
  const Kpi late = run(m, m->nominal_theta(), o).replications[0].kpi;
  o.warmup_days = 0.0;
  const Kpi all = run(m, m->nominal_theta(), o).replications[0].kpi;
  o.days = 1.5;
  const Kpi early = run(m, m->nominal_theta(), o).replications[0].kpi;
  EXPECT_DOUBLE_EQ(late.from_day, 1.5);
  EXPECT_DOUBLE_EQ(late.to_day, 6.0);
  EXPECT_EQ(late.events, all.events - early.events);
  EXPECT_EQ(late.all.finished, all.all.finished - early.all.finished);
  EXPECT_NEAR(late.wip * 4.5, all.wip * 6.0 - early.wip * 1.5, 1e-6);
  EXPECT_GT(early.events, 0.0);
}

// Stops after the n-th bit of progress; goes on from what was kept.
RunResult stopped_and_resumed(const std::shared_ptr<const Layout>& m, const RunOptions& o, int n) {
  std::map<std::uint32_t, Replication> kept;
  std::atomic<bool> stop{false};
  std::atomic<int> seen{0};
  std::mutex lock;
  RunHooks hooks;
  hooks.stop = &stop;
  hooks.progress = [&](double) {
    if (++seen == n) stop = true;
  };
  hooks.keep = [&](const Replication& r) {
    const std::lock_guard guard(lock);
    kept.emplace(r.member, r);
  };
  const RunResult part = run(m, m->nominal_theta(), o, hooks);
  EXPECT_TRUE(part.stopped);
  EXPECT_FALSE(kept.empty());
  RunHooks again;
  again.resume = [&](std::uint32_t member) -> std::optional<Replication> {
    const auto found = kept.find(member);
    return found == kept.end() ? std::nullopt : std::optional(found->second);
  };
  return run(m, m->nominal_theta(), o, again);
}

// Wrong: Ctrl-C and --resume would give another run. Before, at and after the warm-up's end; with one
// and with two threads.
TEST(Simulate, ResumingEqualsTheUninterruptedRun) {
  const auto m = layout_simulate();
  RunOptions o = options_simulate();
  o.replications = 2;
  const RunResult whole = run(m, m->nominal_theta(), o);
  for (const int n : {1, 2, 3, 5, 9}) {
    o.threads = n == 5 ? 2 : 1;
    SCOPED_TRACE(n);
    expect_same(stopped_and_resumed(m, o, n), whole);
  }
}

// Wrong: a stopped run would show what it did not reach, or hide what it did.
TEST(Simulate, AStoppedRunReportsWhatItReached) {
  const auto m = layout_simulate();
  RunOptions o = options_simulate();
  o.warmup_days = 0.0;
  std::atomic<bool> stop{false};
  int seen = 0;
  double last = 0.0;
  RunHooks hooks;
  hooks.stop = &stop;
  hooks.progress = [&](double share) {
    EXPECT_GE(share, last);
    last = share;
    if (++seen == 9) stop = true;  // six days of the first replication, three of the second
  };
  const RunResult part = run(m, m->nominal_theta(), o, hooks);
  EXPECT_TRUE(part.stopped);
  ASSERT_EQ(part.replications.size(), 2U);
  EXPECT_DOUBLE_EQ(part.replications[0].kpi.to_day, 6.0);
  EXPECT_DOUBLE_EQ(part.replications[1].kpi.to_day, 3.0);
  EXPECT_EQ(part.replications[1].days.size(), 3U);
}

// Wrong: days would not add up to the window.
TEST(Simulate, DaysAddUp) {
  const auto m = layout_simulate();
  RunOptions o = options_simulate();
  o.replications = 1;
  o.warmup_days = 0.0;
  const ReplicationResult r = run(m, m->nominal_theta(), o).replications[0];
  ASSERT_EQ(r.days.size(), 6U);
  double finished = 0.0, moves = 0.0;
  for (const Day& d : r.days) finished += d.finished, moves += d.moves;
  EXPECT_DOUBLE_EQ(finished, r.kpi.outs_per_day * 6.0);
  EXPECT_NEAR(moves, r.kpi.moves_per_day * 6.0, 1e-9);
}

// Wrong: nonsense would be run, or refused without a reason.
TEST(Simulate, RefusesImpossibleOptions) {
  const auto refusal = [](auto change) {
    RunOptions o;
    change(o);
    try {
      check_options(o);
    } catch (const twin::core::Error& e) {
      return std::string(e.what());
    }
    return std::string("accepted");
  };
  EXPECT_THAT(refusal([](RunOptions& o) { o.days = 0.0; }), HasSubstr("days = 0"));
  EXPECT_THAT(refusal([](RunOptions& o) { o.days = std::nan(""); }), HasSubstr("days = "));
  EXPECT_THAT(refusal([](RunOptions& o) { o.warmup_days = 800.0; }), HasSubstr("warm-up = 800"));
  EXPECT_THAT(refusal([](RunOptions& o) { o.replications = 0; }), HasSubstr("replications = 0"));
  EXPECT_THAT(refusal([](RunOptions& o) { o.threads = 0; }), HasSubstr("threads = 0"));
  EXPECT_EQ(refusal([](RunOptions&) {}), "accepted");
}

// Wrong: intervals would be too narrow. {1, 2, 3}: mean 2, sd 1, t(0.975, 2) = 4.302653 (tables).
TEST(Estimate, StudentsInterval) {
  const Estimate e = estimate({1.0, 2.0, 3.0});
  EXPECT_DOUBLE_EQ(e.mean, 2.0);
  EXPECT_DOUBLE_EQ(e.sd, 1.0);
  EXPECT_NEAR(e.half_width, 4.302653 / std::sqrt(3.0), 1e-6);
  EXPECT_EQ(estimate({5.0}).half_width, 0.0);
  EXPECT_EQ(estimate({}).n, 0U);
}

// Wrong: batch means would mix days or keep the warm-up. 45 days, 5 of warm-up with cycle times of 100
// days; then 20 batches of two days with cycle times 1, 2, ..., 20: mean 10.5, sd sqrt(35).
TEST(Estimate, BatchMeans) {
  ReplicationResult r;
  for (int d = 1; d <= 45; ++d) {
    Day day;
    day.day = d;
    day.cycle_lots = 10.0;
    const int batch = (d - 6) / 2 + 1;
    day.cycle_days = 10.0 * (d <= 5 ? 100.0 : batch);
    r.days.push_back(day);
  }
  const Estimate e = batch_means_cycle(r, 5.0);
  EXPECT_EQ(e.n, 20U);
  EXPECT_DOUBLE_EQ(e.mean, 10.5);
  EXPECT_NEAR(e.sd, std::sqrt(35.0), 1e-12);
}

}  // namespace
}  // namespace twins::fab
