// Reliability test 23 in full: 10^9 random commands, by four seeds side by side. If it failed, an
// unsafe command would get a permit.
#include <gtest/gtest.h>

#include <array>
#include <thread>

#include "twin/guard/random_commands.hpp"

namespace {

using twin::guard::scenario::Tries;
using twin::guard::scenario::try_randomly;

TEST(GuardLong, ABillionRandomCommandsLetNothingUnsafePass) {
  std::array<Tries, 4> tries;
  static_cast<void>(try_randomly(0, 1));  // what is shared is made before the threads begin
  std::array<std::thread, 4> threads;
  for (std::size_t k = 0; k < threads.size(); ++k)
    threads[k] = std::thread([&tries, k] { tries[k] = try_randomly(1'000 + k, 250'000'000); });
  for (std::thread& t : threads) t.join();
  for (const Tries& t : tries) {
    EXPECT_EQ(t.tried, 250'000'000U);
    EXPECT_EQ(t.unsafe, 0U) << t.first;
    EXPECT_EQ(t.refused_wrongly, 0U) << t.first;
  }
}

}  // namespace
