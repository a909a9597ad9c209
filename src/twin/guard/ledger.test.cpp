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

bool stopped(const Ledger& l, std::string_view tool) {
  return std::ranges::any_of(l.given(),
                             [&](const Given& g) { return g.failed && g.command.tool == tool; });
}

TEST(GuardLedger, ComesBackFromItsFile) {
  Command first = offset(), second = hold();
  second.nonce[0] = 7;
  Ledger written;
  std::string file;
  for (const Entry& e : {entry("granted", first), about("verified", first), entry("done", second),
                         Entry{"stopped", Now + 9, {}}}) {
    file += written.add(e);
  }
  Ledger l = read_ledger(file);
  ASSERT_EQ(l.given().size(), 2U);
  EXPECT_EQ(l.given()[0].command, first);
  EXPECT_FALSE(l.given()[0].open);
  EXPECT_TRUE(l.stopped());
  EXPECT_EQ(l.latest(), Now + 9);
  const Entry next{"stopped", Now + 10, {}};
  const std::string line = l.add(next);
  EXPECT_EQ(line, written.add(next));  // it goes on where the file ends
  EXPECT_EQ(read_ledger(file + line).latest(), Now + 10);
  EXPECT_EQ(read_ledger("").given().size(), 0U);
}

TEST(GuardLedger, EveryAlteredByteIsFound) {
  Ledger written;
  const std::string one = written.add(entry("done", hold())),
                    two = written.add({"stopped", Now, {}}), file = one + two;
  for (std::size_t k = 0; k < file.size(); ++k) {
    std::string altered = file;
    altered[k] ^= 1;
    EXPECT_THROW(static_cast<void>(read_ledger(altered)), core::Error) << k;
    if (k == 0 || k == one.size()) continue;
    EXPECT_THROW(static_cast<void>(read_ledger(file.substr(0, k))), core::Error) << k;
  }
  for (const std::string& bad : {two + one, two, one + one, "\n" + file, file + "torn"})
    EXPECT_THROW(static_cast<void>(read_ledger(bad)), core::Error);
  EXPECT_EQ(read_ledger(one).given().size(), 1U);
}

TEST(GuardLedger, SaysWhichLineIsWrong) {
  Ledger written;
  const std::string good = written.add({"stopped", Now, {}});
  try {
    static_cast<void>(read_ledger(good + "done 17 00 5\n"));
    FAIL();
  } catch (const core::Error& e) {
    EXPECT_TRUE(std::string(e.what()).starts_with("ledger")) << e.what();
  }
  try {
    static_cast<void>(read_ledger(good + "done\n"));
    FAIL();
  } catch (const core::Error& e) {
    EXPECT_TRUE(std::string(e.what()).starts_with("ledger:2: is not as")) << e.what();
  }
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
  EXPECT_TRUE(stopped(l, "LITHO_01"));
  EXPECT_FALSE(stopped(l, "LITHO_03"));
  EXPECT_FALSE(l.stopped());
  l.apply(entry("resumed", resume("*")));
  EXPECT_TRUE(stopped(l, "LITHO_01"));
  EXPECT_TRUE(l.given()[1].open);
  l.apply(entry("resumed", resume("LITHO_01")));
  EXPECT_FALSE(stopped(l, "LITHO_01"));
  l.apply(entry("resumed", resume("LITHO_03")));  // one that was never read back
  EXPECT_FALSE(l.given()[1].open);
}

TEST(GuardLedger, WhatIsReadBackIsFoundBehindClosedOnesAndOtherOpenOnes) {
  Ledger l;
  Command first = offset(), second = offset(), third = offset();
  first.nonce[0] = 1, second.nonce[0] = 2, third.nonce[0] = 3;
  for (const Command& c : {first, second, third}) l.apply(entry("granted", c));
  l.apply(about("verified", second));  // the first one is open, and another's
  EXPECT_TRUE(l.given()[0].open);
  EXPECT_FALSE(l.given()[1].open);
  l.apply(about("failed", third));  // and one that is closed lies before it
  EXPECT_TRUE(l.given()[2].failed);
  EXPECT_THROW(l.apply(about("verified", second)), core::Error);
  EXPECT_TRUE(l.given()[0].open);
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
  EXPECT_FALSE(stopped(l, "LITHO_01"));
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

TEST(GuardLedger, NeverForgetsWhatStoppedATool) {
  Ledger l;
  l.apply(entry("granted", offset()));
  l.apply(about("failed", offset()));
  l.forget(Now + 10'000'000);
  EXPECT_TRUE(stopped(l, "LITHO_01"));
  l.apply(entry("resumed", resume("LITHO_01"), Now));
  l.forget(Now + 10'000'000);
  EXPECT_TRUE(l.given().empty());
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
