// If these failed, a link would send what the guard did not sign, to another tool, too late, or twice.
#include "twin/guard/gate.hpp"

#include <gtest/gtest.h>

#include "twin/guard/example.hpp"

namespace twin::guard {
namespace {

using namespace example;  // NOLINT(google-build-using-namespace)

PermitText permit() { return {"LITHO_01", {1, 2, 3}, Now, Now + 3'000, {2, 41, 1, 0}}; }

TEST(Gate, MakesAPermitOfWhatTheGuardSigned) {
  Gate gate(public_key(GuardSeed), Now);
  const std::string text = show(permit(), GuardSeed);
  const auto p = gate.take(text, Now + 10, 500);
  ASSERT_TRUE(p);
  EXPECT_TRUE(p->allows("LITHO_01", permit().bytes));
  EXPECT_FALSE(p->allows("LITHO_02", permit().bytes));
  EXPECT_TRUE(p->allows("LITHO_01", permit().bytes, 500 + 2'989));
  EXPECT_FALSE(p->allows("LITHO_01", permit().bytes, 500 + 2'990));
  EXPECT_FALSE(p->allows("LITHO_02", permit().bytes, 500));
  EXPECT_FALSE(gate.take(text, Now + 10, 500));  // once
  PermitText other = permit();
  other.nonce[0] = 9;
  EXPECT_TRUE(gate.take(show(other, GuardSeed), Now + 10, 500));
  other.nonce[0] = 10;
  EXPECT_FALSE(gate.take(show(other, Alice), Now + 10, 500));  // another guard
}

TEST(Gate, RefusesEveryAlteredByte) {
  Gate gate(GuardSeed, Now, quick_verify);
  const std::string text = show(permit(), GuardSeed, quick_sign);
  for (std::size_t k = 0; k < text.size(); ++k) {
    std::string altered = text;
    altered[k] ^= 1;
    EXPECT_FALSE(gate.take(altered, Now, 0)) << k;
    EXPECT_FALSE(gate.take(text.substr(0, k), Now, 0)) << k;
  }
  EXPECT_FALSE(gate.take(text + "\n", Now, 0));
  EXPECT_FALSE(gate.take("granted\n" + text, Now, 0));
  EXPECT_TRUE(gate.take(text, Now, 0));
}

TEST(Gate, KnowsWhenAPermitIsInForce) {
  const auto taken = [](core::Tick since, core::Tick now) {
    return Gate(GuardSeed, since, quick_verify)
        .take(show(permit(), GuardSeed, quick_sign), now, 0)
        .has_value();
  };
  EXPECT_TRUE(taken(Now, Now));
  EXPECT_FALSE(
      taken(Now + 1, Now + 1));  // issued before the gate was opened: it may have been used
  EXPECT_TRUE(taken(Now, Now + 2'999));
  EXPECT_FALSE(taken(Now, Now + 3'000));
}

TEST(Gate, RemembersOnesUntilTheyExpire) {
  Gate gate(GuardSeed, Now, quick_verify);
  PermitText late = permit();
  late.expires = Now + 9'000;
  const std::string text = show(late, GuardSeed, quick_sign);
  EXPECT_TRUE(gate.take(text, Now, 0));
  PermitText other = permit();
  other.nonce[1] = 77;
  EXPECT_TRUE(gate.take(show(other, GuardSeed, quick_sign), Now + 1, 0));
  EXPECT_FALSE(gate.take(text, Now + 8'999, 0));
  EXPECT_FALSE(gate.take(text, Now + 9'000, 0));
}

}  // namespace
}  // namespace twin::guard
