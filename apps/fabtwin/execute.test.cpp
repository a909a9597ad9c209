#include "apps/fabtwin/execute.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin {
namespace {

Prepared a_run(double days, std::uint32_t replications) {
  RunFlags flags;
  flags.path = "data/minifab";
  flags.run.days = days;
  flags.run.replications = replications;
  return prepare(read_fab(flags.path), flags);
}

std::vector<std::uint64_t> fingerprints(const Executed& run) {
  std::vector<std::uint64_t> all;
  for (const auto& r : run.result.replications) all.push_back(r.fingerprint);
  return all;
}

// A run that was saved would have another future than one that was not.
TEST(Execute, GoesOnAsIfItHadNotStopped) {
  const Executed whole = execute(a_run(40.0, 2), {});
  Executed half = execute(a_run(15.0, 1), {.keep = Keep::Replications, .resume = {}});
  ASSERT_EQ(half.kept.size(), 1U);
  const double before = half.effort.events;
  const Executed rest = execute(a_run(40.0, 2), {.resume = std::move(half.kept)});
  EXPECT_EQ(fingerprints(rest), fingerprints(whole));
  EXPECT_EQ(rest.result.replications[0].days, whole.result.replications[0].days);
  EXPECT_EQ(rest.result.replications[0].kpi, whole.result.replications[0].kpi);
  EXPECT_DOUBLE_EQ(before + rest.effort.events, whole.effort.events);
}

// An unfinished replication would be compared with finished ones.
TEST(Execute, LeavesOutWhatIsNotComplete) {
  const std::atomic<bool> stop = true;
  Executed none = execute(a_run(10.0, 3), {.stop = &stop, .resume = {}});
  EXPECT_TRUE(complete_ones(std::move(none.result)).replications.empty());
  Executed all = execute(a_run(10.0, 3), {});
  EXPECT_EQ(complete_ones(std::move(all.result)).replications.size(), 3U);
}

// A rule would be shown with another one's lots, or a run that was cut short as if it were whole.
TEST(Execute, EachRunComesWithItsNumberUntilStopped) {
  const std::vector<Prepared> runs = {a_run(5.0, 1), a_run(5.0, 2), a_run(5.0, 3)};
  const std::vector<std::string> labels = {"a", "b", "c"};
  std::atomic<bool> stop{false};
  std::vector<std::size_t> replications;  // [run]
  const auto take = [&](std::size_t i, const twins::fab::RunResult& complete) {
    EXPECT_EQ(i, replications.size());
    replications.push_back(complete.replications.size());
    stop = i == 1;
  };
  const Effort effort = execute_each(runs, labels, stop, take);
  EXPECT_EQ(replications, (std::vector<std::size_t>{1, 2}));
  const double one = execute(runs[0], {}).effort.events;
  EXPECT_EQ(effort.events, one + execute(runs[1], {}).effort.events);
  replications.clear();
  EXPECT_EQ(execute_each(runs, labels, stop, take).events, 0.0);
  EXPECT_TRUE(replications.empty());
}

}  // namespace
}  // namespace apps::fabtwin
