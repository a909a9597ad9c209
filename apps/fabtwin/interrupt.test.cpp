#include "apps/fabtwin/interrupt.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace apps::fabtwin {
namespace {

// Ctrl-C would throw away hours of simulation.
TEST(Interrupt, IsAWishTheFirstTime) {
  const Interrupt interrupt;
  EXPECT_FALSE(interrupt.asked());
  std::raise(SIGINT);
  EXPECT_TRUE(interrupt.asked());
}

// A program that does not stop could not be stopped.
TEST(Interrupt, EndsTheProgramTheSecondTime) {
  EXPECT_EXIT(
      {
        const Interrupt interrupt;
        std::raise(SIGTERM);
        std::raise(SIGTERM);
      },
      ::testing::KilledBySignal(SIGTERM), "");
}

}  // namespace
}  // namespace apps::fabtwin
