#include "apps/fabtwin/progress.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin {
namespace {

// A user would wait without knowing for what.
TEST(Progress, SaysHowFarAndHowLong) {
  EXPECT_EQ(progress_line("simulate", 0.5, 10.0),
            "simulate [###############...............]  50 %  10 s left");
  EXPECT_EQ(progress_line("simulate", 0.0, 0.0), "simulate [..............................]   0 %");
  EXPECT_EQ(progress_line("simulate", 7.0, 3.0),
            "simulate [##############################] 100 %  0 s left");
}

// A log file would fill with carriage returns.
TEST(Progress, IsSilentInAFile) {
  std::FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  {
    Progress progress(file, "simulate");
    EXPECT_FALSE(progress.visible());
    progress.show(0.5);
  }
  EXPECT_EQ(std::ftell(file), 0);
  std::fclose(file);
}

}  // namespace
}  // namespace apps::fabtwin
