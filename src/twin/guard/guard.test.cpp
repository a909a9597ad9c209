// If these failed, something unsafe would get a permit, a permit would be given twice, or a restart
// would make the guard forget what it must not.
#include "twin/guard/guard.hpp"

#include <gtest/gtest.h>

#include "twin/core/error.hpp"
#include "twin/guard/example.hpp"
#include "twin/guard/random_commands.hpp"

namespace twin::guard {
namespace {

using namespace example;  // NOLINT(google-build-using-namespace)

Command numbered(Command c, std::uint8_t nonce, std::int64_t value = 1'000'000,
                 std::int64_t from = 0) {
  c.nonce[1] = nonce;
  if (c.value) {
    c.value = Decimal{value};
    c.from = Decimal{from};
  }
  return with_bytes(c);
}
std::string first_line(const Answer& a) { return a.text.substr(0, a.text.find('\n')); }
std::optional<Permit> taken(const Answer& a, core::Tick now) {
  Gate gate(GuardSeed, now - 100, quick_verify);
  return gate.take(std::string_view(a.text).substr(a.text.find('\n') + 1), now, 0);
}

TEST(Guard, PermitsExactlyTheBytesOfWhatWasApproved) {
  Guard g = guard();
  const Command c = with_bytes(offset());
  const Answer a = g.answer(request(c), Now);
  EXPECT_EQ(first_line(a), "granted");
  EXPECT_FALSE(a.entry.empty());
  const auto permit = taken(a, Now);
  ASSERT_TRUE(permit);
  EXPECT_TRUE(permit->allows("LITHO_01", c.bytes, 2'999));
  EXPECT_FALSE(permit->allows("LITHO_01", c.bytes, 3'000));
  Command soon = numbered(hold(), 3);
  soon.tool = "LITHO_01";
  soon.expires = Now + 50;
  Guard h = guard();
  const auto brief = taken(h.answer(hold_request(soon), Now), Now);
  ASSERT_TRUE(brief);
  EXPECT_TRUE(brief->allows("LITHO_01", soon.bytes, 49));
  EXPECT_FALSE(brief->allows("LITHO_01", soon.bytes, 50));  // not beyond the command's own time
}

TEST(Guard, RefusesReplaysAlsoAfterARestart) {
  Guard g = guard();
  const std::string text = hold_request(numbered(hold(), 1));
  const Answer a = g.answer(text, Now);
  ASSERT_EQ(first_line(a), "granted");
  EXPECT_NE(first_line(g.answer(text, Now + 1)), "granted");
  Ledger ledger = read_ledger(a.entry);
  Guard again(limits(), GuardSeed, std::move(ledger), quick_verify, quick_sign);
  EXPECT_NE(first_line(again.answer(text, Now + 1)), "granted");
  EXPECT_EQ(again.answer(text, Now + 1).entry, "");
  // Nor when it is only the nonce that is used again, on another tool's free line.
  Command other = numbered(offset(), 1);
  other.nonce = numbered(hold(), 1).nonce;
  other.tool = "LITHO_03";
  EXPECT_EQ(first_line(again.answer(request(with_bytes(other)), Now)), "refused replayed");
}

TEST(Guard, RefusesEveryEditOfAnApprovedRequest) {
  const std::string text = request(with_bytes(offset()));
  std::uint64_t tried = 0;
  for (std::size_t k = 0; k < text.size(); ++k) {
    for (const int bit : {1, 2, 4, 8, 16, 32, 64, 128}) {
      std::string edited = text;
      edited[k] = static_cast<char>(edited[k] ^ bit);
      Guard g = guard();
      const Answer a = g.answer(edited, Now);
      EXPECT_TRUE(a.text.starts_with("refused ")) << k << ": " << a.text;
      EXPECT_EQ(a.entry, "");
      if (++tried % 64 != 0) continue;
      EXPECT_EQ(first_line(guard().answer(edited.substr(0, k), Now)), "refused unreadable");
    }
  }
}

TEST(Guard, AMillionRandomEditsPassNothingButTheOriginal) {
  const std::vector<std::string> originals = {request(with_bytes(offset())),
                                              hold_request(with_bytes(hold()))};
  static constexpr std::string_view Letters = "0123456789abcdefNaIinf+-.,eE %\n\tLITHO_";
  const char* fewer = std::getenv("TWIN_GUARD_RANDOM");
  const int edits = fewer != nullptr ? 20'000 : 1'000'000;
  scenario::Dice dice(129);
  Guard g = guard();
  for (int k = 0; k < edits; ++k) {
    std::string text = originals[dice.below(2)];
    for (std::size_t n = 1 + dice.below(3); n > 0; --n) {
      const std::size_t at = dice.below(text.size());
      const char letter = Letters[dice.below(Letters.size())];
      switch (dice.below(4)) {
        case 0: text[at] = letter; break;
        case 1: text.insert(at, 1, letter); break;
        case 2: text.erase(at, 1 + dice.below(3)); break;
        default: text.insert(at, text.substr(dice.below(text.size()), dice.below(40))); break;
      }
    }
    if (std::ranges::find(originals, text) != originals.end()) continue;
    const Answer a = g.answer(text, Now);
    ASSERT_TRUE(a.text.starts_with("refused ")) << text;
  }
}

TEST(Guard, WaitsForTheReadBackOfASetPoint) {
  Guard g = guard();
  const Command one = numbered(offset(), 1), two = numbered(offset(), 2, 2'000'000, 1'000'000);
  ASSERT_EQ(first_line(g.answer(request(one), Now)), "granted");
  const auto ask = [&](core::Tick at) { return first_line(g.answer(request(two, at), at)); };
  EXPECT_EQ(ask(Now + 1), "refused seen before the last message");
  Command later = two;
  later.expires = Now + 200'000;
  EXPECT_EQ(first_line(g.answer(request(later, Now + 10'000), Now + 10'000)),
            "refused awaits read-back");
  EXPECT_EQ(first_line(g.answer(readback(one, Decimal{1'000'000}, Now + 900), Now + 10'000)),
            "refused seen before the last message");
  const Answer back = g.answer(readback(one, Decimal{1'000'000}, Now + 9'900), Now + 10'000);
  EXPECT_EQ(back.text, "verified\n");
  EXPECT_FALSE(back.entry.empty());
  EXPECT_EQ(g.answer(readback(one, Decimal{1'000'000}, Now + 9'900), Now + 10'000).text,
            "refused nothing to read back\n");
  EXPECT_EQ(first_line(g.answer(request(later, Now + 12'000), Now + 12'000)), "granted");
  EXPECT_EQ(first_line(g.answer("fabtwin-guard readback 1\nnonce 12\n", Now)),
            "refused unreadable");
  EXPECT_EQ(first_line(g.answer("fabtwin-guard readback 1\n" + witness(one, {}), Now)),
            "refused unreadable");
  EXPECT_EQ(first_line(g.answer("fabtwin-guard readback 1\nnonce " + show(one.nonce) + "\n", Now)),
            "refused unreadable");
}

TEST(Guard, PutsAValueBackAndStopsTheToolWhereTheReadBackDiffers) {
  Guard g = guard();
  const Command c = numbered(offset(), 1, 4'000'000, 3'000'000);
  ASSERT_EQ(first_line(g.answer(request(c), Now)), "granted");
  const Answer a = g.answer(readback(c, Decimal{4'000'001}, Now + 9'900), Now + 10'000);
  ASSERT_EQ(first_line(a), "compensate");
  EXPECT_FALSE(a.entry.empty());
  const auto undo = taken(a, Now + 10'000);
  ASSERT_TRUE(undo);
  const Command back = numbered(offset(), 1, 3'000'000, 4'000'000);
  EXPECT_TRUE(undo->allows("LITHO_01", back.bytes, 2'999));
  EXPECT_FALSE(undo->allows("LITHO_01", back.bytes, 3'000));
  Gate gate(GuardSeed, Now, quick_verify);  // it has a nonce of its own
  EXPECT_EQ(a.text.find(show(c.nonce)), std::string::npos);
  Command next = numbered(offset(), 2, 2'000'000, 3'000'000);
  next.expires = Now + 100'000;
  EXPECT_EQ(first_line(g.answer(request(next, Now + 20'000), Now + 20'000)),
            "refused tool stopped");
  Command r = resume("LITHO_01");
  r.nonce[2] = 1;
  EXPECT_EQ(g.answer(resume_request(r), Now + 20'000).text, "resumed\n");
  EXPECT_EQ(first_line(g.answer(request(next, Now + 30'000), Now + 30'000)), "granted");
}

TEST(Guard, PutsNothingBackThatIsOutsideOfTheLimits) {
  Guard g = guard();
  const Command c = numbered(offset(), 1, 5'000'000, 5'500'000);  // it was too high before
  ASSERT_EQ(first_line(g.answer(request(c), Now)), "granted");
  EXPECT_EQ(g.answer(readback(c, Decimal{1}, Now + 2'000), Now + 2'000).text, "failed\n");
  ASSERT_EQ(g.ledger().given().size(), 1U);
  EXPECT_TRUE(g.ledger().given()[0].failed);
  Guard stopped = guard();
  const Command d = numbered(offset(), 1);
  ASSERT_EQ(first_line(stopped.answer(request(d), Now)), "granted");
  EXPECT_EQ(stopped.answer("fabtwin-guard stop 1\n", Now + 1).text, "stopped\n");
  EXPECT_EQ(stopped.answer(readback(d, {}, Now + 2'000), Now + 2'000).text, "failed\n");
  Guard action = guard();
  const Command h = numbered(hold(), 1);
  ASSERT_EQ(first_line(action.answer(hold_request(h), Now)), "granted");
  EXPECT_EQ(action.answer(readback(h, {}, Now + 2'000, "pm"), Now + 2'000).text, "failed\n");
}

TEST(Guard, OfAReadBackThatItCannotJudgeItFails) {
  const Command c = numbered(offset(), 1);
  Guard before = guard();
  const Answer a = before.answer(request(c), Now);
  std::string lines = limits_lines();  // the class is gone when it starts again
  for (std::size_t at = 0; (at = lines.find("offset", at)) != std::string::npos;)
    lines.replace(at, 6, "other");
  Ledger ledger = read_ledger(a.entry);
  Guard g(read_limits(signed_limits(lines), Authority, quick_verify), GuardSeed, std::move(ledger),
          quick_verify, quick_sign);
  EXPECT_EQ(g.answer(readback(numbered(offset(), 2), c.value, Now + 2'000), Now + 2'000).text,
            "refused nothing to read back\n");
  EXPECT_EQ(g.answer(readback(c, c.value, Now + 2'000), Now + 2'000).text, "failed\n");
}

TEST(Guard, PutsNothingBackWhereItsClassSendsNothingAnyMore) {
  const Command c = numbered(offset(), 1);
  Guard before = guard();
  const Answer a = before.answer(request(c), Now);
  std::string lines = limits_lines();
  const std::string form = "S2F41,L2,A:RECIPE_OFFSET,L2,L2,A:TOOL,A=tool,L2,A=parameter,F8=value";
  lines.replace(lines.find(form), form.size(), "-");
  Guard g(read_limits(signed_limits(lines), Authority, quick_verify), GuardSeed,
          read_ledger(a.entry), quick_verify, quick_sign);
  EXPECT_EQ(g.answer(readback(c, Decimal{5}, Now + 2'000), Now + 2'000).text, "failed\n");
}

TEST(Guard, PutsNothingBackThatItsMessageCannotSay) {
  std::string lines = limits_lines();
  const std::string was = "prefer action operator 0 IDLE,PROCESSING pm - ";
  lines.replace(lines.find(was), was.size(), "prefer action operator 0 IDLE pm held ");
  Guard g(read_limits(signed_limits(lines), Authority, quick_verify), GuardSeed, {}, quick_verify,
          quick_sign);
  Command p = hold();
  p.action = "prefer";
  p.value = Decimal{3'000'000};
  p.from = Decimal{500'000};  // the form sends whole numbers
  p = with_bytes(p);
  const std::string text = "fabtwin-guard request 1\n" + show(p) + witness(p, p.from);
  ASSERT_EQ(first_line(g.answer(text, Now)), "granted");
  EXPECT_EQ(g.answer(readback(p, p.from, Now + 2'000), Now + 2'000).text, "failed\n");
}

TEST(Guard, AnActionIsShownByItsConditions) {
  Guard g = guard();
  const Command h = numbered(hold(), 1);
  ASSERT_EQ(first_line(g.answer(hold_request(h), Now)), "granted");
  EXPECT_EQ(g.answer(readback(h, {}, Now + 2'000, "pm,held"), Now + 2'000).text, "verified\n");
  // One of which nothing is shown leaves its tool free.
  Command p = hold();
  p.action = "prefer";
  p.value = Decimal{3'000'000};
  p.from = Decimal{0};
  p.nonce[3] = 1;
  p = with_bytes(p);
  const std::string text =
      "fabtwin-guard request 1\n" + show(p) + witness(p, Decimal{0}, "-", Now + 4'000);
  EXPECT_EQ(first_line(g.answer(text, Now + 4'000)), "granted");
  EXPECT_EQ(g.answer(readback(p, {}, Now + 6'000), Now + 6'000).text,
            "refused nothing to read back\n");
}

TEST(Guard, TheKillSwitchStaysPressed) {
  Guard g = guard();
  EXPECT_EQ(g.answer("fabtwin-guard status 1\n", Now).text, "running\n");
  const Answer stop = g.answer("fabtwin-guard stop 1\n", Now);
  EXPECT_EQ(stop.text, "stopped\n");
  EXPECT_FALSE(stop.entry.empty());
  EXPECT_EQ(g.answer("fabtwin-guard status 1\n", Now).text, "stopped\n");
  EXPECT_EQ(first_line(g.answer(request(with_bytes(offset())), Now)), "refused stopped");
  Ledger ledger = read_ledger(stop.entry);
  Guard again(limits(), GuardSeed, std::move(ledger), quick_verify, quick_sign);
  EXPECT_EQ(again.answer("fabtwin-guard status 1\n", Now).text, "stopped\n");
  const Command r = resume("*");
  EXPECT_EQ(
      first_line(again.answer(
          "fabtwin-guard request 1\n" + show(r) + approval(r, "alice", "admin", {Alice}), Now)),
      "refused too few persons");
  EXPECT_EQ(again.answer(resume_request(r), Now).text, "resumed\n");
  EXPECT_EQ(again.answer("fabtwin-guard status 1\n", Now).text, "running\n");
  EXPECT_EQ(again.answer("fabtwin-guard stop 1\n", Now).text, "stopped\n");
  EXPECT_EQ(first_line(again.answer(resume_request(r), Now)), "refused replayed");
  for (const char* bad :
       {"", "fabtwin-guard stop 1", "fabtwin-guard stop 2\n", "stop", "fabtwin-guard status 1"})
    EXPECT_EQ(guard().answer(bad, Now).text, "refused unreadable\n") << bad;
}

TEST(Guard, AClockThatWasAheadMakesNothingForgotten) {
  Guard g = guard();
  const std::string text = hold_request(numbered(hold(), 1));
  ASSERT_EQ(first_line(g.answer(text, Now)), "granted");
  static_cast<void>(
      g.answer("fabtwin-guard status 1\n", Now + 10'000'000));  // all is forgotten there
  EXPECT_EQ(first_line(g.answer(text, Now)), "refused clock went back");
}

TEST(Guard, NothingIsForgottenThatStillCounts) {
  Guard g = guard();
  std::uint8_t number = 0;
  const auto asked = [&](core::Tick now) {
    Command p = hold();
    p.action = "prefer";
    p.value = Decimal{3'000'000};
    p.from = Decimal{0};
    p.believed = now - 100;
    p.expires = now + 100;  // long over when the window is
    p.nonce[1] = ++number;
    p = with_bytes(p);
    const Answer a =
        g.answer("fabtwin-guard request 1\n" + show(p) + witness(p, p.from, "-", now), now);
    return first_line(a);
  };
  for (const core::Tick at : {0, 2'000, 4'000, 6'000}) EXPECT_EQ(asked(Now + at), "granted");
  EXPECT_EQ(asked(Now + 8'000), "refused tool's budget spent");
  constexpr core::Tick Window = 3'600'000;
  for (const core::Tick before : {1'500, 999, 1})
    EXPECT_EQ(asked(Now + Window - before), "refused tool's budget spent") << before;
  EXPECT_EQ(asked(Now + Window), "granted");
}

TEST(Guard, ACompromisedTwinCannotGoBeyondTheBudget) {
  // 10^6 arbitrary decisions, with approvals that never refuse: no value leaves its limits, and no window
  // has more commands or travel than the file says.
  Guard g = guard();
  scenario::Dice dice(27);
  struct Sent {
    core::Tick at;
    std::int64_t value, move;
  };
  std::vector<Sent> sent;
  std::int64_t in_place = 0;
  const char* fewer = std::getenv("TWIN_GUARD_RANDOM");
  const int decisions = fewer != nullptr ? 20'000 : 1'000'000;
  core::Tick now = Now;
  for (int k = 0; k < decisions; ++k) {
    now += static_cast<core::Tick>(dice.below(2'000));
    Command c = offset();
    c.believed = now - 1'000;
    c.expires = now + 60'000;
    for (std::size_t n = 0; n < 4; ++n) c.nonce[n] = static_cast<std::uint8_t>(k >> (8 * n));
    c.value = Decimal{static_cast<std::int64_t>(dice.below(14'000'000)) - 7'000'000};
    if (dice.below(2) == 0)
      c.value = Decimal{in_place + static_cast<std::int64_t>(dice.below(4'000'000)) - 2'000'000};
    c.from = Decimal{in_place};
    static const Limits all = limits();
    c.bytes = *bytes_of(*named(all.classes, "offset")->form, c);
    const std::string text = "fabtwin-guard request 1\n" + show(c) +
                             approval(c, "alice", "approver", {Alice}, now - 500) +
                             approval(c, "bob", "approver", {Bob}, now - 500) +
                             witness(c, c.from, "-", now);
    const Answer a = g.answer(text, now);
    if (!a.text.starts_with("granted")) continue;
    sent.push_back({now, c.value->micro, std::abs(c.value->micro - in_place)});
    in_place = c.value->micro;
    now += 2'000;
    ASSERT_EQ(g.answer(readback(c, c.value, now), now).text, "verified\n");
  }
  ASSERT_GT(sent.size(), 3U);
  for (std::size_t k = 0; k < sent.size(); ++k) {
    EXPECT_LE(std::abs(sent[k].value), 5'000'000);
    EXPECT_LE(sent[k].move, 2'000'000);
    std::int64_t travel = 0, count = 0;
    for (std::size_t j = k; j < sent.size() && sent[j].at < sent[k].at + 3'600'000; ++j) {
      travel += sent[j].move;
      ++count;
    }
    EXPECT_LE(travel, 3'000'000);
    EXPECT_LE(count, 4);
  }
}

TEST(Guard, WorksWithRealSignatures) {
  const std::string lines = limits_lines(public_key);
  const Limits real =
      read_limits(lines + "signature " + show(sign(Authority, limits_text(lines))) + "\n",
                  public_key(Authority));
  Guard g(real, GuardSeed, {});
  const Command c = with_bytes(offset());
  const auto ask = [&](const Seed& second) {
    return g.answer("fabtwin-guard request 1\n" + show(c) +
                        approval(c, "alice", "approver", {Alice, sign}) +
                        approval(c, "bob", "approver", {second, sign}) +
                        witness(c, c.from, "-", Now - 500, "IDLE", {Mes, sign}),
                    Now);
  };
  EXPECT_EQ(first_line(ask(Alice)), "refused bad approval");
  const Answer a = ask(Bob);
  ASSERT_EQ(first_line(a), "granted");
  Gate gate(public_key(GuardSeed), Now);
  EXPECT_TRUE(gate.take(a.text.substr(8), Now, 0));
}

}  // namespace
}  // namespace twin::guard
