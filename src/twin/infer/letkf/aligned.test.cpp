// If this failed, the kernels would stop at a load from an address that is not aligned.
#include "twin/infer/letkf/aligned.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace twin::infer::letkf {
namespace {

TEST(AlignedDoubles, BeginOnACacheLineAndGrow) {
  AlignedDoubles room;
  EXPECT_EQ(room.data(), nullptr);
  for (const std::size_t count : {1U, 3U, 1000U}) {
    double* at = room.room(count);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(at) % AlignedDoubles::Alignment, 0U);
    for (std::size_t i = 0; i < count; ++i) at[i] = 1.0;
  }
  double* const before = room.room(1000);
  EXPECT_EQ(room.room(10), before) << "room enough was given up";
  EXPECT_EQ(room.size(), 1000U);
}

}  // namespace
}  // namespace twin::infer::letkf
