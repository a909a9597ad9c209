// Item 2 of what the live twin must show: a week of SMT2020 HVLM, more than 1,000 tools and about
// 166,000 lot-steps, with the faults on.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "cases/live/followed_plant.hpp"
#include "twins/fab/import/read.hpp"

namespace cases::live {
namespace {

constexpr Tick Hour = 3'600'000, Day = 24 * Hour;

// A level of faults; its name with "wire/" before it: only those that leave clocks right.
class Week : public ::testing::TestWithParam<const char*> {};

TEST_P(Week, OfHvlmIsMirroredExactly) {
  // Wrong: the twin would follow small fabs only.
  const char* shared = std::getenv("FABTWIN_SHARED");
  const std::filesystem::path folder =
      std::filesystem::path(shared != nullptr ? shared : "../shared") / "data/smt2020/HVLM";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "reference data absent: set FABTWIN_SHARED";
  const auto layout = twins::fab::compile(twins::fab::import::read(folder));
  const std::string row = GetParam();
  const bool of_the_wire = row.starts_with("wire/");
  PlantOptions options{.length = 7 * Day};
  options.site.audit_every = 2 * Hour;
  if (of_the_wire) {
    options.site.faults = faults_of_the_wire(row.substr(5));
    options.demand = Demand::Everything;
  } else {
    options.site.faults = apps::plant::faults_of_level(row);
    options.site.faults.clock_steps_per_month = 0.0;  // exactness.test.cpp: ClocksSetByAnHour
  }
  const Followed f = follow_plant(layout, options);
  std::size_t exact = 0, lots = 0, wrong = 0, tools = 0, tools_wrong = 0, queues = 0;
  std::size_t in_flight = 0, doubted = 0, doubted_wrong = 0, shown = 0;
  for (const Audit& a : f.audits) {
    exact += a.first.empty() ? 1U : 0U;
    lots += a.lots;
    wrong += a.lots_wrong;
    tools += a.tools;
    tools_wrong += a.tools_wrong;
    queues += a.queues_wrong;
    in_flight += a.in_flight;
    doubted += a.doubted;
    doubted_wrong += a.doubted_lots_wrong;
    if (!a.first.empty() && shown++ < 8) std::printf("%s\n", a.first.c_str());
  }
  const auto n = [](std::uint64_t x) { return static_cast<unsigned long long>(x); };
  std::printf(
      "%s: %llu events, %llu deliveries, %llu accepted, %llu repeated, %llu quarantined (%llu "
      "released), %llu ghosts, %llu anomalies, %llu inferred; %zu audits, %zu exact; %zu of %zu "
      "lots, %zu of %zu tools, %zu queues wrong; %zu in flight, %zu doubted (%zu lots of them "
      "wrong); %llu late, %llu "
      "refolds, %llu beyond\n",
      GetParam(), n(f.events), n(f.deliveries), n(f.accepted), n(f.duplicates), n(f.quarantined),
      n(f.released), n(f.ghosts), n(f.live.settled.anomalous), n(f.live.settled.inferred),
      f.audits.size(), exact, wrong, lots, tools_wrong, tools, queues, in_flight, doubted,
      doubted_wrong, n(f.live.ledger.late), n(f.live.ledger.refolds), n(f.live.ledger.beyond));
  EXPECT_TRUE(f.all_in);
  EXPECT_EQ(f.missing, 0U);
  EXPECT_EQ(f.messages, f.accepted + f.quarantined);
  EXPECT_LE(f.live.ledger.beyond, f.released);  // a person releases some when the week is over
  EXPECT_GE(f.audits.size(), 80U);
  EXPECT_EQ(exact, f.audits.size());
  EXPECT_EQ(wrong + tools_wrong + queues, 0U);
  if (of_the_wire) {
    EXPECT_EQ(f.quarantined + f.live.settled.anomalous + f.live.settled.inferred, 0U);
  }
  EXPECT_GT(f.live.settled.x.events, 1'000'000U);
}

INSTANTIATE_TEST_SUITE_P(Levels, Week,
                         ::testing::Values("wire/light", "wire/heavy", "none", "light", "heavy"),
                         [](const auto& level) {
                           std::string name = level.param;
                           std::replace(name.begin(), name.end(), '/', '_');
                           return name;
                         });

}  // namespace
}  // namespace cases::live
