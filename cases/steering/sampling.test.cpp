// Which lots to measure: by counters of wafers at risk and by an ensemble, against every tenth lot. If it
// failed, steering would not save the metrology that it is for, or a tool would run on unwatched.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cases/kit/table.hpp"
#include "cases/steering/virtual_fab.hpp"
#include "twin/math/statistics.hpp"

namespace cases::steering {
namespace {

constexpr std::uint64_t Seed = 20261211;
constexpr std::uint32_t Worlds = 4;
const std::string Heading = "Choosing lots to measure > ";
const std::string Setting =
    "virtual fab: 3 operations of 4 tools with 40, 30, 20 and 10 % of the lots, results 2 to 10 "
    "lots later, "
    "at most 20 lots wait; 5,000 lots, 4 worlds";

double rate(const Seen& s) { return static_cast<double>(s.measured) / static_cast<double>(s.lots); }

// Measurements a lot at which a policy has this delay: linear between the two settings around it, which are
// in the order of rising delays.
double rate_at(double delay, Sampling sampling, const std::vector<double>& settings,
               twin::core::Draw draw) {
  std::vector<Seen> seen;
  for (const double s : settings) seen.push_back(run(sampling, s, Inhibit::No, {}, draw));
  EXPECT_LE(seen.front().delay, delay);
  EXPECT_GE(seen.back().delay, delay);
  std::size_t k = 1;
  while (k + 1 < seen.size() && seen[k].delay < delay) ++k;
  const double share = (delay - seen[k - 1].delay) / (seen[k].delay - seen[k - 1].delay);
  return rate(seen[k - 1]) + share * (rate(seen[k]) - rate(seen[k - 1]));
}

void saves(const std::string& by, Sampling sampling, const std::vector<double>& settings) {
  SCOPED_TRACE(Seed);
  std::vector<double> saved;
  double delays = 0.0;
  for (std::uint32_t w = 0; w < Worlds; ++w) {
    const Seen tenth = run(Sampling::EveryKth, 10, Inhibit::No, {}, {Seed, w});
    saved.push_back(100.0 *
                    (1.0 - rate_at(tenth.delay, sampling, settings, {Seed, w}) / rate(tenth)));
    delays += tenth.delay / Worlds;
  }
  const auto interval = twin::math::interval_of(saved);
  publish(Heading + "measurements for the delay of every 10th lot, by " + by,
          {.setting = Setting,
           .published = "at least 30 % fewer",
           .source = "our goal",
           .ours = fmt::format("{:.0f}", interval.mean) + " ± " +
                   fmt::format("{:.1f}", interval.half_width) + " % fewer, at " +
                   fmt::format("{:.0f}", delays) + " wafers a bad tool",
           .reached = interval.mean >= 30.0});
  EXPECT_GE(interval.low(), 20.0);  // the goal itself is the table's matter, reached or not
}

TEST(CaseSteering, WafersAtRiskSaveMeasurements) {
  saves("counters of wafers at risk", Sampling::Risk, {0.55, 0.65, 0.75, 0.85});
}
TEST(CaseSteering, InformationSavesMeasurements) {
  saves("information of an ensemble of 200", Sampling::Information, {0.65, 0.72, 0.79, 0.86});
}
TEST(CaseSteering, VarianceSavesMeasurements) {
  saves("variance removed from an ensemble of 200 (A-optimal)", Sampling::Variance,
        {0.65, 0.78, 0.9, 1.05});
}

// Limits that stop tools: with metrology enough nothing comes near them; with too little they still hold,
// lots go elsewhere or wait, and the choice says which risks it could not lower.
TEST(CaseSteering, NoInhibitLimitIsExceeded) {
  SCOPED_TRACE(Seed);
  for (const std::uint32_t every : {10U, 60U}) {
    Seen all;
    for (std::uint32_t w = 0; w < Worlds; ++w) {
      Line line;
      line.every = every;
      const Seen s = run(Sampling::Risk, 0.65, Inhibit::Yes, line, {Seed, w});
      all.lots += s.lots;
      all.beyond += s.beyond;
      all.moved += s.moved;
      all.held += s.held;
      all.warned += s.warned;
      all.highest = std::max(all.highest, s.highest);
    }
    EXPECT_EQ(all.beyond, 0U);
    if (every == 10) {
      EXPECT_EQ(all.moved + all.held, 0U);
    } else {
      EXPECT_GT(all.moved, 0U);
      EXPECT_GT(all.warned, 0U);
    }
    publish(
        Heading + "lots beyond an inhibit limit of 60 lots, metrology for one lot in " +
            std::to_string(every),
        {.setting = Setting,
         .published = every == 10 ? "none, and no lot waits" : "none; stated where it does not do",
         .source = "our goal",
         .ours = std::to_string(all.beyond) + " of " + std::to_string(all.lots) + ", highest " +
                 fmt::format("{:.0f}", 100.0 * all.highest) + " % of the limit; " +
                 std::to_string(all.moved) + " times another tool, " + std::to_string(all.held) +
                 " starts held, " + std::to_string(all.warned) + " times stated",
         .reached = all.beyond == 0 && (every > 10 || all.moved + all.held == 0)});
  }
}

}  // namespace
}  // namespace cases::steering
