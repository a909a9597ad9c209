// If these failed, a site's monitoring would read other numbers than the twin has, or none.
#include "apps/fabtwin/serve/exposition.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace apps::fabtwin::serve {
namespace {

TEST(Exposition, WritesFamiliesAsTheFormatSays) {
  Exposition e;
  e.family("fabtwin_entries_total", Metric::Counter, "Entries of the record");
  e.sample(12.0);
  e.family("fabtwin_wip_lots", Metric::Gauge, "Lots in the fab, by product");
  e.sample(3.0, {{"product", "A"}, {"state", "queue"}});
  e.sample(0.5, {{"product", "B"}});
  EXPECT_EQ(e.text(),
            "# HELP fabtwin_entries_total Entries of the record\n"
            "# TYPE fabtwin_entries_total counter\n"
            "fabtwin_entries_total 12\n"
            "# HELP fabtwin_wip_lots Lots in the fab, by product\n"
            "# TYPE fabtwin_wip_lots gauge\n"
            "fabtwin_wip_lots{product=\"A\",state=\"queue\"} 3\n"
            "fabtwin_wip_lots{product=\"B\"} 0.5\n");
}

TEST(Exposition, EscapesWhatWouldEndALabelOrALine) {
  Exposition e;
  e.family("x", Metric::Gauge, "back\\slash and\nline");
  e.sample(1.0, {{"tool", "a\"b\\c\nd"}});
  EXPECT_EQ(e.text(),
            "# HELP x back\\\\slash and\\nline\n# TYPE x gauge\n"
            "x{tool=\"a\\\"b\\\\c\\nd\"} 1\n");
}

TEST(Exposition, HasWordsForWhatIsNoNumber) {
  Exposition e;
  e.family("x", Metric::Gauge, "h");
  e.sample(std::numeric_limits<double>::quiet_NaN());
  e.sample(-std::numeric_limits<double>::infinity());
  e.sample(1e300);
  EXPECT_EQ(e.text(), "# HELP x h\n# TYPE x gauge\nx NaN\nx -Inf\nx 1e+300\n");
}

TEST(ExpositionDeathTest, RefusesANameThatTheFormatDoesNotKnow) {
  Exposition e;
  EXPECT_DEATH(e.family("fab-twin", Metric::Gauge, "h"), "fab-twin");
  EXPECT_DEATH(e.sample(1.0), "name_");
}

}  // namespace
}  // namespace apps::fabtwin::serve
