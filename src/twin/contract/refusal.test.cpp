// If these failed, a test of a refusal could pass where nothing was refused.
#include "twin/contract/refusal.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace twin::contract {
namespace {

// Silence must not look like a message, nor another exception like a user's mistake.
TEST(Refusal, IsTheMessageOfAnErrorOnly) {
  EXPECT_EQ(refusal([] {}), "accepted");
  EXPECT_EQ(refusal([] { throw core::Error("rate = -1"); }), "rate = -1");
  EXPECT_THROW(refusal([] { throw std::runtime_error("disk full"); }), std::runtime_error);
}

}  // namespace
}  // namespace twin::contract
