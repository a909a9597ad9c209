// If these failed, a fingerprint kept beside a case would mean something else on the next machine,
// and a damaged checkpoint would pass for a sound one.
#include "twin/core/hash.hpp"

#include <gtest/gtest.h>

#include <string>

namespace twin::core {
namespace {

std::uint64_t of(const std::string& text, std::uint64_t seed = 0) {
  return hash64(text.data(), text.size(), seed);
}

// A different number here: not XXH64, and no other program could check our sums. Source of the
// values: the reference implementation's own test vectors as quoted by its language bindings.
TEST(Hash64, GivesThePublishedValues) {
  EXPECT_EQ(of(""), 0xEF46DB3751D8E999U);
  EXPECT_EQ(of("a"), 0xD24EC4F1A98C6E5BU);
  EXPECT_EQ(of("abc"), 0x44BC2CF5AD770999U);
  EXPECT_EQ(of("Nobody inspects the spammish repetition"), 0xFBCEA83C8A378BF1U);
}

// A hash that depends on how the bytes were cut would change with the order of buffers.
TEST(Hash64, DoesNotDependOnHowTheBytesAreCut) {
  std::string text;
  for (int i = 0; i < 200; ++i) text.push_back(static_cast<char>(i * 37));
  for (std::size_t length = 0; length <= text.size(); length += 7) {
    const std::uint64_t whole = hash64(text.data(), length);
    for (std::size_t cut = 0; cut <= length; ++cut) {
      Hash64 h;
      h.absorb(text.data(), cut);
      h.absorb(text.data() + cut, length - cut);
      ASSERT_EQ(h.digest(), whole) << length << " bytes cut at " << cut;
    }
  }
}

// A flipped bit that leaves the hash as it was would go unseen.
TEST(Hash64, ChangesWithEveryBit) {
  std::string text(100, 'x');
  const std::uint64_t before = of(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      text[i] = static_cast<char>(text[i] ^ (1 << bit));
      EXPECT_NE(of(text), before);
      text[i] = static_cast<char>(text[i] ^ (1 << bit));
    }
  }
  EXPECT_NE(of(text, 1), before);
}

}  // namespace
}  // namespace twin::core
