// If these failed, a test of the program would believe that it had ended, or how.
#include "apps/fabtwin/child.hpp"

#include <gtest/gtest.h>

#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/scratch_folder.hpp"

namespace apps::fabtwin {
namespace {

TEST(Child, TellsHowItEndedAndWhatItSaid) {
  const ScratchFolder folder("child");
  Child good({"/bin/sh", "-c", "echo words; exit 3"}, folder / "out");
  EXPECT_EQ(good.wait(), 3);
  EXPECT_EQ(read_text(folder / "out"), "words\n");
  Child killed({"/bin/sh", "-c", "sleep 60"}, folder / "out2");
  EXPECT_TRUE(killed.running());
  EXPECT_EQ(killed.end(SIGKILL), 128 + SIGKILL);
}

}  // namespace
}  // namespace apps::fabtwin
