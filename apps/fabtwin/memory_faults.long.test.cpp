// The same for a thousand of its requests. FABTWIN_MEMORY_FAULTS: "LIVES SEED" instead.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

#include "apps/fabtwin/memory_faults.hpp"

namespace apps::fabtwin {
namespace {

TEST(MemoryFaultsProgram, AThousandRefusedRequestsCostNothing) {
  if (!MemoryFaults::present()) GTEST_SKIP() << "a sanitizer's allocator cannot be replaced";
  int lives = 1'000;
  std::uint64_t seed = 1;
  if (const char* said = std::getenv("FABTWIN_MEMORY_FAULTS"))
    std::istringstream(said) >> lives >> seed;
  MemoryFaults faults;
  EXPECT_EQ(faults.run(lives, seed), "") << "seed " << seed;
  fmt::print("{} requests a life; of {} lives {} ended in a sentence, {} went on\n",
             faults.counts().requests, lives, faults.counts().ended, faults.counts().went_on - 1);
}

}  // namespace
}  // namespace apps::fabtwin
