// If this failed, the tests of schedules would judge by problems that make no sense.
#include "twin/decide/machine_example.hpp"

#include <gtest/gtest.h>

namespace twin::decide {
namespace {

TEST(MachineExample, IsSound) {
  EXPECT_EQ(flaw_of(single_machine({{3, 1, 5}})), "");
  for (std::uint32_t k = 0; k < 50; ++k) EXPECT_EQ(flaw_of(drawn_problem(6, {7, k})), "") << k;
}

}  // namespace
}  // namespace twin::decide
