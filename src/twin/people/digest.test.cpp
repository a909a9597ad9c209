// If these failed, the digests of people's words would be ones that nobody else could make.
#include "twin/people/digest.hpp"

#include <gtest/gtest.h>

namespace twin::people {
namespace {

TEST(PeopleDigest, IsThatOfThePublishedExamples) {  // FIPS 180-4, examples of NIST
  EXPECT_EQ(sha256("abc").show(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("").show(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").show(),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(PeopleDigest, HasOneSpelling) {
  const Digest d = sha256("abc");
  EXPECT_EQ(Digest::read(d.show()), d);
  EXPECT_FALSE(Digest::read(d.show().substr(1)));
  EXPECT_FALSE(Digest::read("B" + d.show().substr(1)));
  EXPECT_EQ((Bits64{0x0123456789abcdefU}).show(), "0123456789abcdef");
  EXPECT_EQ(Bits64::read("fedcba9876543210"), (Bits64{0xfedcba9876543210U}));
  EXPECT_FALSE(Bits64::read("fedcba987654321"));
  EXPECT_FALSE(Bits64::read("fedcba987654321g"));
}

}  // namespace
}  // namespace twin::people
