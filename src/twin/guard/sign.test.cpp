// If these failed, somebody without the key could sign.
#include "twin/guard/sign.hpp"

#include <gtest/gtest.h>

#include "twin/guard/client.hpp"

namespace twin::guard {
namespace {

// RFC 8032, section 7.1, tests 1 and 2.
TEST(GuardSign, IsEd25519AsItsRfcHasIt) {
  struct Vector {
    const char *seed, *key, *text, *signature;
  };
  const std::array vectors = {
      Vector{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
             "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
             "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3"
             "9701cf9b46b"
             "d25bf5f0595bbe24655141438e7a100b"},
      Vector{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
             "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
             "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3"
             "613d0f11d8c"
             "387b2eaeb4302aeeb00d291612bb0c00"}};
  for (const Vector& v : vectors) {
    Seed seed{};
    Signature expected{};
    Bytes bytes;
    ASSERT_TRUE(read(v.seed, seed) && read(v.signature, expected) && read(v.text, bytes));
    const std::string text(bytes.begin(), bytes.end());
    EXPECT_EQ(show(public_key(seed)), v.key);
    EXPECT_EQ(sign(seed, text), expected);
    EXPECT_TRUE(verify(public_key(seed), text, expected));
  }
}

TEST(GuardSign, EveryAlteredBitIsFound) {
  Seed seed{};
  seed[3] = 1;
  const PublicKey key = public_key(seed);
  const std::string text = "a command";
  const Signature good = sign(seed, text);
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    Signature bad = good;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(verify(key, text, bad)) << bit;
  }
  for (std::size_t k = 0; k < text.size(); ++k) {
    std::string other = text;
    other[k] ^= 1;
    EXPECT_FALSE(verify(key, other, good));
  }
  seed[3] = 2;
  EXPECT_FALSE(verify(public_key(seed), text, good));
}

TEST(GuardSign, ACheckSumDependsOnEveryByte) {
  const std::string text = "done 17 00";
  const std::uint64_t sum = check_sum(text);
  EXPECT_EQ(check_sum(text), sum);
  for (std::size_t k = 0; k < text.size(); ++k) {
    std::string other = text;
    other[k] ^= 1;
    EXPECT_NE(check_sum(other), sum) << k;
    EXPECT_NE(check_sum(text.substr(0, k)), sum) << k;
  }
}

}  // namespace
}  // namespace twin::guard
