// If these failed, a restart would forget a nonce, a stop or a spent budget.
#include "twin/guard/ledger.hpp"

#include <gtest/gtest.h>

#include "twin/core/error.hpp"
#include "twin/guard/example.hpp"

namespace twin::guard {
namespace {

using namespace example;  // NOLINT(google-build-using-namespace)

Entry entry(const char* what, const Command& c, core::Tick at = Now) {
  const std::string text = show(c);
  return {what, at, Bytes(text.begin(), text.end())};
}
Entry about(const char* what, const Command& c) {
  return {what, Now + 1, Bytes(c.nonce.begin(), c.nonce.end())};
}

TEST(GuardLedger, ComesBackFromItsFile) {
  Command first = offset(), second = hold();
  second.nonce[0] = 7;
  std::uint64_t chain = 0;
  std::string file;
  for (const Entry& e : {entry("granted", first), about("verified", first), entry("done", second),
                         Entry{"stopped", Now + 9, {}}}) {
    file += show(e, chain);
  }
  std::uint64_t again = 1;
  std::size_t whole = 1;
  const Ledger l = read_ledger(file + "torn", again, whole);
  EXPECT_EQ(again, chain);
  EXPECT_EQ(whole, file.size());
  ASSERT_EQ(l.given().size(), 2U);
  EXPECT_EQ(l.given()[0].command, first);
  EXPECT_FALSE(l.given()[0].open);
  EXPECT_TRUE(l.stopped());
  EXPECT_EQ(l.latest(), Now + 9);
  EXPECT_EQ(read_ledger("", again, whole).given().size(), 0U);
  EXPECT_EQ(again, 0U);
  EXPECT_EQ(whole, 0U);
}

TEST(GuardLedger, EveryAlteredByteIsFound) {
  std::uint64_t chain = 0;
  const std::string one = show(entry("done", hold()), chain),
                    two = show(Entry{"stopped", Now, {}}, chain), file = one + two;
  std::size_t whole = 0;
  for (std::size_t k = 0; k < file.size() - 1; ++k) {  // but the last line feed: then it is torn
    std::string altered = file;
    altered[k] ^= 1;
    EXPECT_THROW(static_cast<void>(read_ledger(altered, chain, whole)), core::Error) << k;
  }
  EXPECT_THROW(static_cast<void>(read_ledger(two + one, chain, whole)), core::Error);
  EXPECT_THROW(static_cast<void>(read_ledger(two, chain, whole)), core::Error);
  EXPECT_THROW(static_cast<void>(read_ledger(one + one, chain, whole)), core::Error);
  EXPECT_THROW(static_cast<void>(read_ledger("\n" + file, chain, whole)), core::Error);
  EXPECT_EQ(read_ledger(one, chain, whole).given().size(), 1U);
}

TEST(GuardLedger, AFailureStopsItsToolUntilItIsResumed) {
  Ledger l;
  Command other = offset();
  other.tool = "LITHO_03";
  other.nonce[0] = 1;
  l.apply(entry("granted", offset()));
  l.apply(entry("granted", other));
  EXPECT_TRUE(l.given()[0].open);
  l.apply(about("failed", offset()));
  EXPECT_FALSE(l.given()[0].open);
  EXPECT_TRUE(l.given()[1].open);
  EXPECT_TRUE(l.stopped("LITHO_01"));
  EXPECT_FALSE(l.stopped("LITHO_03"));
  EXPECT_FALSE(l.stopped());
  l.apply(entry("resumed", resume("*")));
  EXPECT_TRUE(l.stopped("LITHO_01"));
  EXPECT_TRUE(l.given()[1].open);
  l.apply(entry("resumed", resume("LITHO_01")));
  EXPECT_FALSE(l.stopped("LITHO_01"));
  l.apply(entry("resumed", resume("LITHO_03")));  // one that was never read back
  EXPECT_FALSE(l.given()[1].open);
}

TEST(GuardLedger, OnlyAllIsResumedFromAStop) {
  Ledger l;
  l.apply({"stopped", Now, {}});
  l.apply(entry("resumed", resume("LITHO_01")));
  EXPECT_TRUE(l.stopped());
  l.apply(entry("resumed", resume("*")));
  EXPECT_FALSE(l.stopped());
}

TEST(GuardLedger, RefusesWhatMakesNoSense) {
  Ledger l;
  EXPECT_THROW(l.apply(about("verified", offset())), core::Error);
  EXPECT_THROW(l.apply({"granted", Now, {1, 2}}), core::Error);
  l.apply(entry("done", offset()));
  EXPECT_THROW(l.apply(about("failed", offset())), core::Error);
  l.apply(entry("granted", offset()));
  l.apply(about("verified", offset()));
  EXPECT_FALSE(l.stopped("LITHO_01"));
  EXPECT_THROW(l.apply(about("verified", offset())), core::Error);
}

TEST(GuardLedger, ForgetsWhatCanBeAskedForNoMore) {
  Command open = offset();
  open.nonce[0] = 9;
  for (const auto& [before, left] : std::vector<std::pair<core::Tick, std::size_t>>{
           {Now + 1, 3}, {Now + 60'000, 3}, {Now + 60'001, 1}}) {
    Ledger l;
    l.apply(entry("done", offset()));
    l.apply(entry("done", hold(), Now + 60'000));
    l.apply(entry("granted", open));
    l.forget(before);
    EXPECT_EQ(l.given().size(), left) << before - Now;
  }
  Ledger l;
  Command early = offset();
  early.expires = Now - 5;
  l.apply(entry("done", early, Now));
  l.forget(Now);
  EXPECT_EQ(l.given().size(), 1U);
  l.forget(Now + 1);
  EXPECT_EQ(l.given().size(), 0U);
}

TEST(GuardLedger, TimeNeverGoesBack) {
  Ledger l;
  l.saw(5);
  l.saw(3);
  EXPECT_EQ(l.latest(), 5);
  l.apply({"stopped", 4, {}});
  EXPECT_EQ(l.latest(), 5);
  l.apply({"stopped", 6, {}});
  EXPECT_EQ(l.latest(), 6);
}

}  // namespace
}  // namespace twin::guard
