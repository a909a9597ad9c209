// If this failed, the fab's report would leave out what speaks against it.
#include "twins/fab/validate/report_of.hpp"

#include <gtest/gtest.h>

#include "twins/fab/lively_fab.hpp"

namespace twins::fab::validate {
namespace {

TEST(ReportOf, ChecksOfTheProgramPassAndCanFail) {
  Rolled rolled;
  for (const auto& check : code_checks(rolled)) EXPECT_TRUE(check.passed) << check.name;
  rolled.broken_rules = 1;
  EXPECT_FALSE(code_checks(rolled).back().passed);
}

TEST(ReportOf, CountsWhatWasLeftOut) {
  // Wrong: a log of another fab would be taken for this one's.
  Rolled rolled;
  EXPECT_EQ(refused_share(rolled), 0.0);
  rolled.applied[static_cast<std::size_t>(Applied::Moved)] = 90;
  rolled.applied[static_cast<std::size_t>(Applied::NotAMove)] = 1000;
  rolled.applied[static_cast<std::size_t>(Applied::UnknownLot)] = 10;
  EXPECT_DOUBLE_EQ(refused_share(rolled), 0.1);
  const auto report = report_of(*lively_fab(), rolled, {}, {});
  bool told = false;
  for (const auto& c : report.data_quality)
    told = told || (c.what == "left out: unknown lot" && c.count == 10);
  EXPECT_TRUE(told);
  EXPECT_FALSE(report.limits.empty());
  EXPECT_FALSE(report.not_assessed.empty());
}

TEST(ReportOf, LimitsAreThoseOfTheLongestName) {
  Limits limits;
  limits.all.bias_max = 1.0;
  limits.of["WIP"].bias_max = 2.0;
  limits.of["WIP of Litho"].bias_max = 3.0;
  EXPECT_EQ(limits.for_quantity("Throughput").bias_max, 1.0);
  EXPECT_EQ(limits.for_quantity("WIP").bias_max, 2.0);
  EXPECT_EQ(limits.for_quantity("WIP of Litho_Met").bias_max, 3.0);
}

}  // namespace
}  // namespace twins::fab::validate
