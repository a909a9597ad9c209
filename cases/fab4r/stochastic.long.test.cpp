// FAB4r with exponential releases, due dates and weights drawn per job: six years, the first
// dropped, with the engine's own rules and dispatching. The published runs are jasima's; spreads
// over its replications were measured by running it again (20 replications, its own seeds).
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cases/kit/shared.hpp"
#include "cases/kit/table.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/import/mimac.hpp"
#include "twins/fab/simulate.hpp"

namespace cases {
namespace {

// One figure: its published mean, over how many replications, and the spread of one replication.
struct Figure {
  double published, sd;
};

struct Setting {
  std::string name, rule, source;
  double batch_fill;
  double replications;           // of the published mean
  Figure flow, tardy, weighted;  // [min] [share of jobs] [min] mean over jobs of weight * tardiness
};

constexpr const char* Original = "jasima-simcore bd3ec52, TestWinterSim2010Continuity";
constexpr const char* Again = "jasima-simcore bd3ec52 run again (not published)";

// clang-format off
const Setting Settings[] = {
    {"ATCS(0.01, 0.5), batches 3/4 full", "atcs:k1=0.01,k2=0.5", "jasima-simcore bd3ec52, TestMIMAC", 0.75, 1,
     {12499.1164, 235.0}, {0.8148, 0.0143}, {7031.1629, 434.0}},
    {"ATCS(0.01, 0.5), batches 3/4 full, 20 runs", "atcs:k1=0.01,k2=0.5", Again, 0.75, 20,
     {12609.4805, 235.0}, {0.8203, 0.0143}, {7289.9759, 434.0}},
    {"ATCS(4.5, 0.01), batches 5/8 full", "atcs:k1=4.5,k2=0.01", Original, 0.625, 20,
     {10983.6102, 228.0}, {0.4180, 0.0234}, {2356.2522, 310.0}},
    {"setup avoidance and FIFO, batches 5/8 full", "fifo", Again, 0.625, 20,
     {10534.9298, 308.0}, {0.5733, 0.0295}, {7522.7437, 1009.0}},
    {"setup avoidance and SPT, batches 5/8 full", "spt", Again, 0.625, 20,
     {10925.2356, 310.0}, {0.7078, 0.0196}, {10442.8796, 1218.0}},
    {"setup avoidance and ODD, batches 5/8 full", "odd", Again, 0.625, 20,
     {10932.3575, 223.0}, {0.6454, 0.0441}, {4622.6082, 931.0}},
    {"setup avoidance and CR, batches 5/8 full", "cr", Again, 0.625, 20,
     {11236.5471, 231.0}, {0.7106, 0.0430}, {5503.8724, 1016.0}}};
// clang-format on

constexpr std::uint32_t Replications = 20;
constexpr double Day = 1440.0;  // [min]

TEST(CaseFab4rStochastic, ComesWithinTheSpreadOfThePublishedRuns) {
  // Rules, batches and setups would interact differently from the published model's over years.
  if (reference_absent()) GTEST_SKIP() << ReferenceAbsent;
  for (const Setting& s : Settings) {
    twins::fab::import::MimacOptions options;
    const auto first = twins::fab::import::MimacRelease::First::AfterInterval;
    for (const double per_day : {4.5, 10.5})
      options.releases.push_back(
          {Day / per_day, twins::fab::Duration::Law::Exponential, first, 3.5});
    options.batch_fill_min = s.batch_fill;
    twins::fab::Description fab =
        twins::fab::import::read_mimac(reference_folder() / "mimac" / "fab4r.txt", options);
    for (twins::fab::Stream& stream : fab.streams) {
      stream.due_spread = 1.5 / 3.5;  // due-date factor U(2, 5)
      stream.weight_levels = 10;      // weights 1, 2, ..., 10
    }
    const auto layout = twins::fab::compile(std::move(fab), twins::fab::with_rule({}, s.rule));
    twins::fab::RunOptions how;
    how.days = 6 * 365;
    how.warmup_days = 365;
    how.replications = Replications;
    how.rule = s.rule;
    const auto result = twins::fab::run(layout, layout->nominal_theta(), how);
    std::vector<double> flow, tardy, weighted;
    for (const auto& replication : result.replications) {
      flow.push_back(replication.kpi.all.cycle_days * Day);
      tardy.push_back(1.0 - replication.kpi.all.on_time);
      weighted.push_back(replication.kpi.all.weighted_tardy_days * Day);
    }
    const auto compare = [&](const std::string& what, const Figure& published,
                             const std::vector<double>& values, int digits) {
      const auto ours = twins::fab::estimate(values);
      // Three standard errors of our mean or 2 %, whichever is larger. The means of 20 published
      // runs have an error of their own, which is part of the difference.
      const double published_error = s.replications > 1.0 ? 1.0 / s.replications : 0.0;
      const double error = published.sd * std::sqrt(published_error + 1.0 / Replications);
      const double tolerance = std::max(3.0 * error, 0.02 * published.published);
      Row row =
          row_of(fmt::format("releases Exp(320), Exp(137.1) min, 6 years without the first, "
                             "{} replications",
                             Replications),
                 s.source, {published.published, tolerance, Published::Near::Absolute, digits, ""},
                 {ours.mean, ours.half_width});
      publish(fmt::format("MIMAC FAB4r, stochastic > {}: {}", s.name, what), row);
    };
    compare("mean flow time [min]", s.flow, flow, 1);
    compare("tardy share", s.tardy, tardy, 4);
    compare("mean weighted tardiness [min]", s.weighted, weighted, 1);
  }
}

}  // namespace
}  // namespace cases
