// If these failed, a test of the program would believe that it had ended, or how.
#include "apps/fabtwin/child.hpp"

#include <gtest/gtest.h>

#include "apps/fabtwin/files.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {
namespace {

TEST(Child, TellsHowItEndedAndWhatItSaid) {
  const twin::record::ScratchFolder folder("child");
  Child good({"/bin/sh", "-c", "echo words; exit 3"}, folder / "out");
  EXPECT_EQ(good.wait(), 3);
  EXPECT_EQ(read_text(folder / "out"), "words\n");
  Child killed({"/bin/sh", "-c", "sleep 60"}, folder / "out2");
  EXPECT_TRUE(killed.running());
  EXPECT_EQ(killed.end(SIGKILL), 128 + SIGKILL);
  Child both({"/bin/sh", "-c", "echo out; echo err >&2"}, folder / "out3", folder / "err3");
  while (both.running()) {
  }
  EXPECT_EQ(both.wait(), 0);
  EXPECT_EQ(read_text(folder / "out3"), "out\n");
  EXPECT_EQ(read_text(folder / "err3"), "err\n");
}

TEST(Child, SaysWhichSignalsItDealsWith) {
  const twin::record::ScratchFolder folder("child_signals");
  Child child({"/bin/sh", "-c", "trap 'exit 7' INT; while :; do sleep 0.01; done"}, folder / "out");
  while (!child.catches(SIGINT) && child.running()) {
  }
  EXPECT_TRUE(child.catches(SIGINT));
  EXPECT_FALSE(child.catches(SIGTERM));
  EXPECT_EQ(child.end(SIGINT), 7);
}

TEST(Programs, KeepWhatEachSaid) {
  const twin::record::ScratchFolder folder("programs");
  const Programs programs(folder.path());
  const Ended version = programs.run({"--version"});
  EXPECT_EQ(version.status, 0);
  EXPECT_NE(version.out, "");
  const Ended none = programs.run({"no-such-command"});
  EXPECT_NE(none.status, 0);
  EXPECT_EQ(none.out, "");
  EXPECT_NE(none.err, "");
}

}  // namespace
}  // namespace apps::fabtwin
