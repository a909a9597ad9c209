// If these failed, a client would show people another command than the guard reads.
#include "twin/guard/client.hpp"

#include <gtest/gtest.h>

#include "twin/guard/example.hpp"

namespace twin::guard {
namespace {

TEST(GuardClient, WritesWhatTheGuardReads) {
  const Command c = example::with_bytes(example::offset());
  const std::string text = show(c);
  EXPECT_TRUE(text.starts_with("fabtwin-guard command 1\nclass offset\ntool LITHO_01\nrecipe -\n"));
  EXPECT_EQ(read_command(text), c);
}

TEST(GuardClient, AKeysPublicHalfVerifiesWhatItSigned) {
  Seed seed{};
  seed[3] = 1;
  EXPECT_TRUE(verify(public_key(seed), "text", sign(seed, "text")));
  seed[3] = 2;
  EXPECT_FALSE(verify(public_key(seed), "text", sign(example::Alice, "text")));
}

}  // namespace
}  // namespace twin::guard
