// If this failed, fabtwin and fabtwin-uq would read the same line in two ways.
#include "apps/fabtwin/uq_flags.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin {
namespace {

TEST(UqFlags, AreThoseOfTheLine) {
  CommandLine line("fabtwin", "1.0");
  UqFlags seen;
  add_uq(line.program(), [&](const UqFlags& flags) {
    seen = flags;
    return Exit::Ok;
  });
  const Parsed parsed =
      line.parse({"uq", "x.toml", "--threads", "3", "--json", "--serve", "0", "--folder", "f"});
  ASSERT_EQ(parsed.exit, Exit::Ok) << parsed.text;
  EXPECT_EQ(parsed.action(), Exit::Ok);
  EXPECT_EQ(seen.file, "x.toml");
  EXPECT_EQ(seen.threads, 3U);
  EXPECT_EQ(seen.serve, 0U);
  EXPECT_EQ(seen.folder, "f");
  EXPECT_TRUE(seen.json);
  EXPECT_TRUE(seen.report.empty());
  EXPECT_EQ(line.parse({"uq", "x.toml", "--threads", "0"}).text,
            "--threads: 0 (must be 1 to 1024) (see fabtwin uq --help)");
}

}  // namespace
}  // namespace apps::fabtwin
