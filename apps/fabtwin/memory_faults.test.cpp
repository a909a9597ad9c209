// If this failed, a moment without memory would cost an acknowledged message, or leave a record that is not whole.
#include "apps/fabtwin/memory_faults.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin {
namespace {

TEST(MemoryFaultsProgram, ARefusedRequestCostsNothingThatWasAcknowledged) {
  if (!MemoryFaults::present()) GTEST_SKIP() << "a sanitizer's allocator cannot be replaced";
  constexpr std::uint64_t Seed = 20'261'130;
  MemoryFaults faults;
  EXPECT_EQ(faults.run(24, Seed), "") << "seed " << Seed;
  EXPECT_GT(faults.counts().ended, 12);
  RecordProperty("requests", std::to_string(faults.counts().requests));
  RecordProperty("ended", faults.counts().ended);
}

}  // namespace
}  // namespace apps::fabtwin
