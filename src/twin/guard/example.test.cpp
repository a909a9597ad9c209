// If these failed, tests of the guard would begin from a request that is no good one.
#include "twin/guard/example.hpp"

#include <gtest/gtest.h>

namespace twin::guard::example {
namespace {

TEST(GuardExample, ItsRequestsAreGranted) {
  EXPECT_TRUE(guard()
                  .answer(request(with_bytes(offset())), Now)
                  .text.starts_with("granted\nfabtwin-guard permit 1\n"));
  EXPECT_TRUE(guard().answer(hold_request(with_bytes(hold())), Now).text.starts_with("granted\n"));
}

TEST(GuardExample, ItsSignaturesAreOfKeyAndText) {
  EXPECT_TRUE(quick_verify(Alice, "text", quick_sign(Alice, "text")));
  EXPECT_FALSE(quick_verify(Bob, "text", quick_sign(Alice, "text")));
  EXPECT_FALSE(quick_verify(Alice, "texts", quick_sign(Alice, "text")));
}

}  // namespace
}  // namespace twin::guard::example
