#include "apps/fabtwin/summary.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/execute.hpp"
#include "apps/fabtwin/json.hpp"

namespace apps::fabtwin {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string summary_of(double days, std::uint32_t replications, Json* json = nullptr) {
  RunFlags flags;
  flags.path = "data/minifab";
  flags.run.days = days;
  flags.run.replications = replications;
  const Prepared p = prepare(read_fab(flags.path), flags);
  const Executed run = execute(p, {});
  if (json != nullptr) *json = json_result({*p.layout, p.theta, run.result, run.effort});
  return summary(*p.layout, run.result, run.effort);
}

// A reader would take the interval within one run for one over replications, or guess one.
TEST(Summary, SaysWhereItsIntervalsComeFrom) {
  EXPECT_THAT(summary_of(100.0, 1), HasSubstr("20 batch means within the one replication"));
  EXPECT_THAT(summary_of(20.0, 1), HasSubstr("too short for batch means"));
  EXPECT_THAT(summary_of(20.0, 1), Not(HasSubstr("±")));
  EXPECT_THAT(summary_of(20.0, 3), HasSubstr("over 3 replications (Student t)"));
}

// The table and the JSON would tell two results.
TEST(Summary, SaysWhatTheJsonSays) {
  Json json;
  const std::string text = summary_of(60.0, 1, &json);
  EXPECT_THAT(text, HasSubstr("minifab: "));
  EXPECT_THAT(text, HasSubstr("60 days (no warm-up), 1 replication, seed 1, rule published"));
  const double wip = json["mean"]["fab"]["wip"]["mean"];
  EXPECT_THAT(text, HasSubstr(fmt::format("WIP {:.1f} lots", wip)));
  const double cycle = json["mean"]["classes"][0]["cycle_days"]["mean"];
  EXPECT_THAT(text, HasSubstr(fmt::format("{:.2f}", cycle)));
  for (const auto& group : json["mean"]["groups"])
    EXPECT_THAT(text, HasSubstr(group["name"].get<std::string>()));
}

// Part of a run would be shown as the whole.
TEST(Summary, SaysWhatIsMissing) {
  twins::fab::RunResult result;
  result.options.days = 100.0;
  result.options.replications = 3;
  result.replications.resize(2);
  for (auto& r : result.replications) r.kpi.groups.resize(1);
  result.replications[0].kpi.to_day = 100.0;
  result.replications[1].kpi.to_day = 40.0;
  EXPECT_THAT(stop_line(result), HasSubstr("1 of 3 replications complete, one at day 40"));
  result.options.replications = 2;
  result.replications[1].kpi.to_day = 100.0;
  EXPECT_EQ(stop_line(result), "");
}

}  // namespace
}  // namespace apps::fabtwin
