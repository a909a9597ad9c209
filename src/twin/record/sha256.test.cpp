// If these failed, no other program could check the chain.
#include "twin/record/sha256.hpp"

#include <gtest/gtest.h>

namespace twin::record {
namespace {

std::span<const std::uint8_t> bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Another hash than the published one: the examples of FIPS 180-4.
TEST(Sha256, IsTheOneOfFips180) {
  EXPECT_EQ(hex(sha256(bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  Sha256 hash;
  hash.absorb(bytes("a"));
  hash.absorb(bytes("bc"));
  EXPECT_EQ(hash.digest(), sha256(bytes("abc")));
  EXPECT_EQ(hash.digest(), sha256({}));  // begins anew
}

// A head on paper that cannot be typed in again.
TEST(Sha256, ComesBackFromDigits) {
  const Digest d = sha256(bytes("abc"));
  EXPECT_EQ(digest_of_hex(hex(d)), d);
  EXPECT_FALSE(digest_of_hex(hex(d).substr(1)));
  EXPECT_FALSE(digest_of_hex(std::string(64, 'g')));
  EXPECT_FALSE(digest_of_hex(std::string(64, 'A')));
}

}  // namespace
}  // namespace twin::record
