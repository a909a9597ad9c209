// If this failed, a library without memory would be taken for a mistake of ours, or go on without what it needs.
#include "twin/core/no_memory.hpp"

#include <gtest/gtest.h>

namespace twin::core {
namespace {

int asked_before_bad_alloc = 0;

TEST(NoMemory, AsksWhoeverHasSaidWhatToDo) {
  const auto before = std::set_new_handler(nullptr);
  EXPECT_THROW(no_memory(), std::bad_alloc);
  std::set_new_handler([] { ++asked_before_bad_alloc; });
  EXPECT_THROW(no_memory(), std::bad_alloc);
  EXPECT_EQ(asked_before_bad_alloc, 1);
  std::set_new_handler(before);
}

}  // namespace
}  // namespace twin::core
