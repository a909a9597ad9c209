#include "twins/fab/report/sample.hpp"

#include <gtest/gtest.h>

namespace twins::fab::report {
namespace {

// The shares of tool time would not add up, and no test of the bars could find that.
TEST(ReportSample, SharesOfToolTimeAddUpToOne) {
  const Layout m = sample_layout();
  for (const GroupKpi& g : sample_replication(m, 0, 10.0).kpi.groups)
    EXPECT_NEAR(g.process + g.setup + g.load + g.unload + g.idle + g.pm + g.down, 1.0, 1e-12);
  EXPECT_EQ(m.tools(), 6U);
}

}  // namespace
}  // namespace twins::fab::report
