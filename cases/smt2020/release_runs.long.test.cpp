// SMT2020 over four years: the figures of the AutoSched AP run that ships with the release (statistics
// 2019 to 2021), the flow factors of the testbed's paper, and the operating curve over load.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <ostream>

#include "cases/kit/shared.hpp"
#include "cases/kit/table.hpp"
#include "cases/smt2020/testbed.hpp"

namespace cases {
namespace {

using twins::fab::Kpi;
using enum Published::Near;

constexpr const char* Release = "AutoSched AP 11.3 run of the release, one run (via code-gihan)";
constexpr const char* Paper = "Kopp et al. 2020, 8 years, as quoted";
constexpr const char* Peer = "code-gihan smt2020 (Rust), as quoted";

struct Set {
  const char *name, *rule;
  double lots, wip, setup_95, setup_115, setup_128, busy_75;  // [lots] [lots] [%] [%] [%] [%]
  double median, p05, p95;                                    // flow factor of regular lots
};

void PrintTo(const Set& set, std::ostream* out) { *out << set.name; }

const Set Sets[] = {{"HVLM", "fifo", 62'647, 2'265, 10.8, 6.2, 15.5, 69.8, 1.85, 1.73, 2.01},
                    {"LVHM", "cr", 62'369, 2'140, 11.8, 6.0, 16.6, 71.5, 1.95, 1.79, 2.13}};

class CaseSmt2020Release : public testing::TestWithParam<Set> {};

TEST_P(CaseSmt2020Release, FourYears) {
  // The fab would not hold its work in process over years, or spend its time in other tool states.
  if (reference_absent()) GTEST_SKIP() << ReferenceAbsent;
  const Set& set = GetParam();
  const auto layout = testbed(set.name);
  twins::fab::RunOptions how;
  how.days = 1460;
  how.warmup_days = 365;
  how.replications = 5;
  how.rule = set.rule;
  const auto result = run_testbed(layout, how);
  const std::string heading = fmt::format("SMT2020 {}, four years > ", set.name);
  const std::string setting =
      fmt::format("{}, 1,460 days without the first 365, 5 replications", set.rule);
  const auto compare = [&](const std::string& what, const Published& published, const auto& of) {
    const auto ours = twins::fab::estimate(figures(result, of));
    publish(heading + what, row_of(setting, Release, published, {ours.mean, ours.half_width}));
  };
  compare("lots completed", {set.lots, 0.005, Relative, 0, ""}, [](const Kpi& kpi) {
    double lots = 0.0;
    for (const auto& c : kpi.classes) lots += c.finished;
    return lots;
  });
  compare("mean WIP", {set.wip, 0.02, Relative, 0, "lots"}, [](const Kpi& kpi) { return kpi.wip; });
  const auto setup = [](const char* group) {
    return [group](const Kpi& kpi) { return 100.0 * group_named(kpi, group).setup; };
  };
  compare("setup share LithoTrack_FE_95", {set.setup_95, 1.0, Absolute, 1, "%"},
          setup("LithoTrack_FE_95"));
  compare("setup share LithoTrack_FE_115", {set.setup_115, 1.0, Absolute, 1, "%"},
          setup("LithoTrack_FE_115"));
  compare("setup share Implant_128", {set.setup_128, 1.0, Absolute, 1, "%"}, setup("Implant_128"));
  compare("utilisation Planar_BE_75 (of total time)", {set.busy_75, 1.0, Absolute, 1, "%"},
          [](const Kpi& kpi) {
            const auto& g = group_named(kpi, "Planar_BE_75");
            return 100.0 * g.utilisation * g.availability;
          });
  const auto factor = [&](const std::string& what, double published, double q) {
    publish(heading + "flow factor of regular lots, " + what,
            row_of(setting, Paper, {published, 0.02, Relative, 3, ""},
                   {flow_factor_quantile(*layout, result, q), {}}));
  };
  factor("median", set.median, 0.5);
  factor("5 % quantile", set.p05, 0.05);
  factor("95 % quantile", set.p95, 0.95);
}

INSTANTIATE_TEST_SUITE_P(Both, CaseSmt2020Release, testing::ValuesIn(Sets),
                         [](const auto& set) { return std::string(set.param.name); });

struct Point {
  double load;    // [%] of capacity, which is 10,200 (HVLM) or 10,250 (LVHM) wafer starts a week
  double median;  // flow factor of regular lots
  const char* source;
  double days = 1460;
};

// The data set releases 10,000 wafers a week.
void operating_curve(const char* set, const char* rule, double capacity,
                     const std::vector<Point>& curve) {
  for (const Point& point : curve) {
    twins::fab::LayoutOptions options;
    options.load = point.load / 100.0 * capacity / 10'000.0;
    const auto layout = testbed(set, options);
    twins::fab::RunOptions how;
    how.days = point.days;
    how.warmup_days = 365;
    how.replications = 2;
    how.rule = rule;
    const auto result = run_testbed(layout, how);
    publish(fmt::format("SMT2020 {}, operating curve > load {:05.1f} %: median flow factor of "
                        "regular lots",
                        set, point.load),
            row_of(fmt::format("{}, {} years without the first, 2 replications", rule,
                               point.days / 365.0),
                   point.source, {point.median, 0.02, Relative, 3, ""},
                   {flow_factor_quantile(*layout, result, 0.5), {}}));
  }
}

TEST(CaseSmt2020Curve, Hvlm) {
  // Cycle time would not rise with load as queueing in a real fab does.
  if (reference_absent()) GTEST_SKIP() << ReferenceAbsent;
  operating_curve("HVLM", "fifo", 10'200,
                  {{50, 1.16, Peer},
                   {70, 1.21, Peer},
                   {80, 1.30, Peer},
                   {90, 1.48, Peer},
                   {95, 1.66, Peer},
                   {97.5, 1.86, Peer},
                   {98, 1.93, Peer},
                   {99, 2.06, Peer},
                   {100, 2.25, Paper, 2920}});
}

TEST(CaseSmt2020Curve, LvhmAtCapacity) {
  // The same at the one load published for the high-mix fab.
  if (reference_absent()) GTEST_SKIP() << ReferenceAbsent;
  operating_curve("LVHM", "cr", 10'250, {{100, 2.44, Paper, 2920}});
}

}  // namespace
}  // namespace cases
