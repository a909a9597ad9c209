// If this failed, runs that tests hold against the engine's would not be the runs of a file.
#include "apps/fabtwin/assimilate/run_example.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin::assimilate::example {
namespace {

TEST(RunExample, IsOneRunOfOneMethod) {
  for (const std::string& text : {Lorenz63, Lorenz96}) {
    const RunScores s = run_once(text + "name = \"free\"\nmembers = 3\n");
    EXPECT_TRUE(s.done);
    EXPECT_GT(s.rmse_a, 0.0);
    EXPECT_EQ(thread_difference(text + "name = \"free\"\nmembers = 3\n"), "");
  }
}

}  // namespace
}  // namespace apps::fabtwin::assimilate::example
