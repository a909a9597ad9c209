// If these failed, a line of the log could not be read by a program, or would be two.
#include "apps/fabtwin/serve/log_lines.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin::serve {
namespace {

TEST(LogLines, AreJsonOnALineEach) {
  EXPECT_EQ(log_line(1'769'817'600'000, "info", "opened", {{"record", "a\"b\nc"}}),
            "{\"time\":\"2026-01-31T00:00:00.000Z\",\"level\":\"info\",\"event\":\"opened\","
            "\"record\":\"a\\\"b\\nc\"}");
}

TEST(LogLines, ReplaceWhatIsNoText) {
  EXPECT_EQ(log_line(0, "warning", "x", {{"why", "\xff"}}),
            "{\"time\":\"1970-01-01T00:00:00.000Z\",\"level\":\"warning\",\"event\":\"x\","
            "\"why\":\"\xEF\xBF\xBD\"}");
}

}  // namespace
}  // namespace apps::fabtwin::serve
