#include "apps/fabtwin/figures.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include <set>

namespace apps::fabtwin {
namespace {

using twins::fab::ClassKpi;
using twins::fab::Kpi;

twins::fab::RunResult two_replications() {
  twins::fab::RunResult result;
  result.replications.resize(2);
  result.replications[0].kpi.regular.finished = 10;
  result.replications[0].kpi.regular.cycle_days = 40.0;
  result.replications[0].kpi.wip = 100.0;
  result.replications[1].kpi.wip = 102.0;
  return result;
}

// A replication without a finished lot would pull the cycle time towards zero.
TEST(Figures, LeaveOutWhatIsUnknown) {
  const auto result = two_replications();
  const auto regular = [](const Kpi& kpi) -> const ClassKpi& { return kpi.regular; };
  for (const auto& f : class_figures()) {
    const auto e = over_replications(result, regular, f);
    if (f.name == "cycle_days") {
      EXPECT_EQ(e.n, 1U);
      EXPECT_DOUBLE_EQ(e.mean, 40.0);
    }
    if (f.name == "finished") {
      EXPECT_EQ(e.n, 2U);
      EXPECT_DOUBLE_EQ(e.mean, 5.0);
    }
  }
}

// Lots whose age nobody knows would have a cycle time of 0 days.
TEST(Figures, DoNotKnowTheAgeOfInitialWip) {
  auto result = two_replications();
  result.replications[0].kpi.regular.initial = true;
  const auto regular = [](const Kpi& kpi) -> const ClassKpi& { return kpi.regular; };
  for (const auto& f : class_figures()) {
    if (f.basis == Basis::Time) continue;
    const auto n = over_replications(result, regular, f).n;
    EXPECT_EQ(n, f.basis == Basis::Ages ? 0U : 1U) << f.name;
  }
}

// The interval would be too narrow: Student's t with 1 degree of freedom is 12.706 at 97.5 %.
TEST(Figures, HaveStudentsInterval) {
  const auto e = over_replications(two_replications(), [](const Kpi& kpi) { return kpi.wip; });
  EXPECT_DOUBLE_EQ(e.mean, 101.0);
  EXPECT_NEAR(e.half_width, 12.7062 * std::sqrt(2.0) / std::sqrt(2.0), 1e-3);
}

// Two columns of a file would have one name.
TEST(Figures, HaveNamesOfTheirOwn) {
  const auto distinct = [](const auto& figures) {
    std::set<std::string_view> names;
    for (const auto& f : figures) {
      EXPECT_FALSE(f.unit.empty()) << f.name;
      EXPECT_FALSE(f.text.empty()) << f.name;
      names.insert(f.name);
    }
    return names.size() == figures.size();
  };
  EXPECT_TRUE(distinct(class_figures()));
  EXPECT_TRUE(distinct(group_figures()));
  EXPECT_TRUE(distinct(window_figures()));
  EXPECT_TRUE(distinct(fab_figures()));
}

}  // namespace
}  // namespace apps::fabtwin
