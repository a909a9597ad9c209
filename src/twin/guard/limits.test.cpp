// If these failed, the guard would go by limits that nobody answers for, or by half of them.
#include "twin/guard/limits.hpp"

#include <gtest/gtest.h>

#include "twin/core/error.hpp"
#include "twin/guard/example.hpp"

namespace twin::guard {
namespace {

using namespace example;  // NOLINT(google-build-using-namespace)

// What is wrong with the limits; empty: nothing.
std::string wrong(const std::string& signed_text) {
  try {
    static_cast<void>(read_limits(signed_text, Authority, quick_verify));
  } catch (const core::Error& e) {
    return e.what();
  }
  return "";
}
std::string with(const std::string& what, const std::string& by) {
  std::string lines = limits_lines();
  const std::size_t at = lines.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return wrong(signed_limits(lines.replace(at, what.size(), by)));
}

TEST(GuardLimits, AreReadWhole) {
  const Limits l = limits();
  EXPECT_EQ(l.from, Now - 1'000'000);
  EXPECT_EQ(l.until, Now + 1'000'000'000);
  EXPECT_EQ((std::array{l.belief, l.approval, l.witness, l.life, l.permit, l.skew}),
            (std::array<core::Tick, 6>{60'000, 900'000, 5'000, 600'000, 3'000, 1'000}));
  EXPECT_EQ((std::array{l.fab, l.tool, l.window}), (std::array<core::Tick, 3>{6, 4, 3'600'000}));
  EXPECT_EQ(l.persons.size(), 4U);
  EXPECT_EQ(l.observers.size(), 1U);
  ASSERT_EQ(l.classes.size(), 5U);
  EXPECT_EQ(l.allowed.size(), 7U);
  const ActionClass* offset = named(l.classes, "offset");
  ASSERT_NE(offset, nullptr);
  EXPECT_EQ(offset->states, (Names{"IDLE", "STANDBY"}));
  EXPECT_EQ(offset->tolerated, Names{"door_open"});
  EXPECT_EQ(l.allowed[0].deadband, Decimal{100'000});
  EXPECT_EQ(named(l.classes, "offsets"), nullptr);
}

TEST(GuardLimits, EveryAlteredByteIsFound) {
  const std::string text = signed_limits(limits_lines());
  ASSERT_EQ(wrong(text), "");
  for (std::size_t k = 0; k < text.size(); ++k) {
    std::string altered = text;
    altered[k] ^= 1;
    EXPECT_NE(wrong(altered), "") << k;
    EXPECT_NE(wrong(text.substr(0, k)), "") << k;
  }
  EXPECT_NE(wrong(text + "\n"), "");
  EXPECT_NE(wrong(text + "allow hold X - - - - - - - -\n"), "");
  EXPECT_NE(wrong("\n" + text), "");
  EXPECT_NE(wrong(limits_lines()), "");
  EXPECT_NE(wrong(""), "");
  EXPECT_NE(wrong("signature " + show(quick_sign(Authority, limits_text(""))) + "\n"), "");
  EXPECT_NE(wrong("\nsignature " + show(quick_sign(Authority, limits_text("\n"))) + "\n"), "");
  EXPECT_THROW(static_cast<void>(read_limits(text, Alice, quick_verify)), core::Error);
  EXPECT_THROW(static_cast<void>(read_limits(text, Authority)), core::Error);  // no Ed25519
}

TEST(GuardLimits, AnEmptyFileAllowsNothing) {
  const Limits none =
      read_limits(signed_limits("fabtwin-guard limits 1\n"), Authority, quick_verify);
  EXPECT_TRUE(none.allowed.empty());
  EXPECT_EQ(none.until, 0);
}

TEST(GuardLimits, SayWhichLineIsWrongAndWhy) {
  EXPECT_NE(with("fabtwin-guard limits 1", "fabtwin-guard limits 2").find("limits:1"),
            std::string::npos);
  EXPECT_NE(with("\nvalid ", "\nValid ").find("limits:3"), std::string::npos);
  EXPECT_NE(with("budget 6 4", "budget 6").find("limits:6: cannot be read"), std::string::npos);
  EXPECT_NE(with("times 60000", "times 6e4"), "");
  EXPECT_NE(with("times 60000 900000 5000 600000 3000 1000", "times 60000 900000 5000 600000 3000"),
            "");
  EXPECT_NE(with("budget", "fabtwin-guard limits 1\nbudget"), "");
  EXPECT_NE(with("budget", "\nbudget"), "");
  EXPECT_NE(with("budget", "budget\nbudget"), "");
  EXPECT_EQ(with("# fab tool window", "#"), "");  // an empty remark
  for (const char* bad :
       {"person dora", "observer mes", "class hold action", "allow hold LITHO_01"})
    EXPECT_NE(with(bad, std::string(bad) + " x").find("cannot be read"), std::string::npos) << bad;
  EXPECT_NE(with("hold action operator 1 IDLE", "hold action operator one IDLE"), "");
  EXPECT_NE(with("-5 5 2 0.1 3", "-5 5 2 0.1 nan"), "");
  EXPECT_NE(with("A:HOLD,L1", "A:HOLD,L9"), "");
}

TEST(GuardLimits, OneKeyIsOnePerson) {
  EXPECT_NE(with("person dora", "person bob").find("another's"), std::string::npos);
  EXPECT_NE(with(show(Dora), show(Bob)).find("another's"), std::string::npos);
  EXPECT_NE(with("observer mes " + show(Mes), "observer mes " + show(Bob)).find("another's"),
            std::string::npos);
  EXPECT_NE(with("observer mes", "observer carl").find("another's"), std::string::npos);
  const std::string mes = "observer mes " + show(Mes);
  EXPECT_NE(with(mes, mes + "\n" + mes).find("another's"), std::string::npos);  // two observers
}

}  // namespace
}  // namespace twin::guard
