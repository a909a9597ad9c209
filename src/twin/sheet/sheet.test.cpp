// If these failed, a mistyped key would be passed over, and an experiment or a site would be another
// than the one that was written down.
#include "twin/sheet/sheet.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "twin/contract/refusal.hpp"

namespace twin::sheet {
namespace {

using twin::contract::refusal;

Sheet sheet(std::string_view text) { return {read_toml(text, "x.toml"), "x.toml", ""}; }

std::string refused(std::string_view text, const std::function<void(Sheet&)>& ask) {
  return refusal([&] {
    Sheet s = sheet(text);
    ask(s);
    s.finish();
  });
}

TEST(Sheet, GivesWhatStandsThere) {
  // A setting would be read as another, or a default would hide it.
  Sheet s =
      sheet("a = 3\nb = 0.5\nc = \"word\"\nd = true\ne = [\"x\", \"y\"]\n[t]\nk = 1\n[[m]]\n");
  EXPECT_EQ(s.integer("a", {}), 3);
  EXPECT_EQ(s.number("b", {}), 0.5);
  EXPECT_EQ(s.number("a", {}), 3.0);  // a whole number is a number
  EXPECT_EQ(s.text("c"), "word");
  EXPECT_TRUE(s.yes("d", false));
  EXPECT_EQ(s.texts("e"), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(s.table("t").integer("k", {}), 1);
  EXPECT_EQ(s.tables("m").size(), 1U);
  EXPECT_EQ(s.number("none", {}, 7.0), 7.0);
  EXPECT_NO_THROW(s.finish());
}

TEST(Sheet, TakesNumbersAndTextsAsLabels) {
  // A tool whose identifiers are texts could not be described, or 7 and "7" would be one.
  Sheet s = sheet("a = 7\nb = \"7\"\nc = [1, \"x\"]\n");
  EXPECT_EQ(s.label("a"), Sheet::Label(std::int64_t{7}));
  EXPECT_EQ(s.label("b"), Sheet::Label(std::string("7")));
  EXPECT_EQ(s.labels("c"), (std::vector<Sheet::Label>{std::int64_t{1}, std::string("x")}));
  EXPECT_TRUE(s.labels("none").empty());
  EXPECT_EQ(refused("a = 1.5\n", [](Sheet& t) { t.label("a"); }),
            "x.toml:1: a = 1.5 (must be a whole number or a text in quotes)");
  EXPECT_EQ(refused("a = [1.5]\n", [](Sheet& t) { t.labels("a"); }),
            "x.toml:1: a = [...] (must be a list of whole numbers or texts)");
}

TEST(Sheet, TakesListsOfNumbers) {
  Sheet s = sheet("a = [1, 2.5, -3e2]\n");
  EXPECT_EQ(s.numbers("a"), (std::vector<double>{1.0, 2.5, -300.0}));
  EXPECT_TRUE(s.numbers("none").empty());
  const auto numbers = [](Sheet& t) { t.numbers("a"); };
  EXPECT_EQ(refused("a = [1, \"x\"]\n", numbers),
            "x.toml:1: a = [...] (must be a list of numbers)");
  EXPECT_EQ(refused("a = 1\n", numbers), "x.toml:1: a = 1 (must be a list of numbers)");
  EXPECT_EQ(refused("a = [inf]\n", numbers),
            "x.toml:1: a = [...] (must be a list of finite numbers)");
}

TEST(Sheet, NamesEveryMistakeWithItsLine) {
  // A user would search for what is wrong, or be left with a wrong experiment.
  const auto members = [](Sheet& s) { s.integer("members", {.least = 2, .most = 1000}); };
  EXPECT_EQ(refused("\nmembers = 1\n", members), "x.toml:2: members = 1 (must be from 2 to 1000)");
  EXPECT_EQ(refused("members = 2.5\n", members),
            "x.toml:1: members = 2.5 (must be a whole number)");
  EXPECT_EQ(refused("members = \"ten\"\n", members),
            "x.toml:1: members = \"ten\" (must be a whole number)");
  EXPECT_EQ(refused("members = 9\nmembrs = 3\n", members),
            "x.toml:2: unknown key 'membrs' (the file has no such key) did you mean members?");
  EXPECT_EQ(refused("\n", members), "x.toml:1: the file has no 'members' (it is needed)");
  EXPECT_EQ(refused("v = 0\n", [](Sheet& s) { s.number("v", Range::positive()); }),
            "x.toml:1: v = 0 (must be positive and finite)");
  EXPECT_EQ(refused("v = nan\n", [](Sheet& s) { s.number("v", {}); }),
            "x.toml:1: v = nan (must be finite)");
  EXPECT_EQ(refused("v = []\n", [](Sheet& s) { s.number("v", {}); }),
            "x.toml:1: v = [...] (must be a number)");
  const std::vector<std::string> known = {"etkf", "enkf"};
  EXPECT_EQ(refused("m = \"etfk\"\n", [&](Sheet& s) { s.choice("m", known); }),
            "x.toml:1: m = \"etfk\" (one of etkf, enkf)");
  EXPECT_EQ(refused("m = \"etk\"\n", [&](Sheet& s) { s.choice("m", known); }),
            "x.toml:1: m = \"etk\" (one of etkf, enkf) did you mean etkf?");
  EXPECT_EQ(refused("[a]\nb = 1\n", [](Sheet& s) { s.table("a").finish(); }),
            "x.toml:2: unknown key 'b' ([a] has no such key)");
  EXPECT_EQ(refused("m = 1\n", [](Sheet& s) { s.tables("m"); }),
            "x.toml:1: m = 1 (must be one or more tables [[m]])");
  EXPECT_EQ(refused("d = 1979-05-27\n", [](Sheet&) {}),
            "x.toml:1: a date or time (nothing here takes one)");
  EXPECT_EQ(refused("d = \n", [](Sheet&) {}).substr(0, 31), "x.toml:1, column 5: no TOML (Er");
}

TEST(Sheet, RefusesAKeyThatIsTooDeepToFollow) {
  // The program would end without a word: the parser calls itself once for each part.
  const auto dotted = [](int parts) {
    std::string key = "a";
    for (int k = 1; k < parts; ++k) key += " .a";
    return key;
  };
  const auto refused_at = [](const std::string& text) {
    return refusal([&] { (void)read_toml(text, "x.toml"); });
  };
  const std::string why = "no TOML (a key of more than 17 parts)";
  EXPECT_EQ(refused_at(dotted(17) + " = 1\n[" + dotted(16) + ".b]\n"), "accepted");
  EXPECT_EQ(refused_at("b = 1\n" + dotted(18) + " = 1\n"), "x.toml:2: " + why);
  EXPECT_EQ(refused_at("[" + dotted(100'000) + "]\n"), "x.toml:1: " + why);
  EXPECT_EQ(refused_at("b = {" + dotted(18) + " = 1}\n"), "x.toml:1: " + why);
  EXPECT_EQ(refused_at("b = \"\"\"\n\\\"\"\"\" # \"\n" + dotted(18) + " = 1\n"),
            "x.toml:3: " + why);
  // Dots in texts, comments and numbers are no parts of keys.
  EXPECT_EQ(refused_at("# ..................... \na = '.....................'\n"
                       "b = \"\"\"\n.....................\\\"...\"\"\"\n"
                       "c = [1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5,"
                       " 1.5, 1.5, 1.5, 1.5, 1.5, 1.5]\n"),
            "accepted");
}

}  // namespace
}  // namespace twin::sheet
