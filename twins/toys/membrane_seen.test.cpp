// If this failed, a figure of the benchmark was written down wrongly.
#include "twins/toys/membrane_seen.hpp"

#include <gtest/gtest.h>

#include <cstddef>

namespace twins::toys {
namespace {

TEST(MembraneSeen, IsTheSameInBothDirections) {
  // Its true stiffness is symmetric, so the figures come in equal pairs; they differ by the solver's rounding.
  for (std::size_t i = 0; i < 13; ++i)
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_NEAR(MembraneMeasured[i * 13 + j], MembraneMeasured[j * 13 + i], 1e-13)
          << i << " " << j;
}

}  // namespace
}  // namespace twins::toys
