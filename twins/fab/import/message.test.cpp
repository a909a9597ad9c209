#include "twins/fab/import/message.hpp"

#include <gtest/gtest.h>

#include <array>

namespace twins::fab::import {
namespace {

// A message would not follow the house's grammar.
TEST(Message, puts_problem_why_and_suggestion_together) {
  EXPECT_EQ(sentence("no tools", "STNQTY is 0", "did you mean 10?"),
            "no tools (STNQTY is 0) did you mean 10?");
  EXPECT_EQ(sentence("no tools", "STNQTY is 0"), "no tools (STNQTY is 0)");
  EXPECT_EQ(sentence("no tools", ""), "no tools");
}

// A slip of the keyboard would be answered with no suggestion, or a wrong one.
TEST(Message, suggests_the_nearest_known_word) {
  const std::array<std::string, 4> known = {"sec", "min", "hr", "day"};
  EXPECT_EQ(did_you_mean("minn", known), "did you mean min?");
  EXPECT_EQ(did_you_mean("MIN", known), "did you mean min?");
  EXPECT_EQ(did_you_mean("fortnight", known), "");
  EXPECT_EQ(did_you_mean("", known), "");
  const std::array<std::string, 2> tools = {"Litho_FE_111", "Litho_FE_121"};
  EXPECT_EQ(did_you_mean("Litho_FE_12", tools), "did you mean Litho_FE_121?");
}

// A cell of a megabyte would flood the terminal, or a cut would leave half a character.
TEST(Message, shortens_long_text_between_characters) {
  EXPECT_EQ(quote("a b"), "'a b'");
  EXPECT_EQ(quote(std::string(60, 'x')), "'" + std::string(60, 'x') + "'");
  EXPECT_EQ(quote(std::string(61, 'x')), "'" + std::string(60, 'x') + "...'");
  EXPECT_EQ(quote(std::string(59, 'x') + "\xC3\xA4y"), "'" + std::string(59, 'x') + "...'");
}

}  // namespace
}  // namespace twins::fab::import
