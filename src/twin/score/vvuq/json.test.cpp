// If this failed, a program that reads the report would read something else, or nothing.
#include "twin/score/vvuq/json.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>

namespace twin::score::vvuq {
namespace {

enum class Colour { Red };
std::string_view to_string(Colour) { return "red"; }

struct Inner {
  std::string name = "a \"quote\", a \\ and a\nline";
  std::optional<double> known = 0.1, unknown;
  template <class A>
  static void fields(A& a, auto& self) {
    a("name", self.name);
    a("known", self.known);
    a("unknown", self.unknown);
  }
};

struct Outer {
  bool yes = true;
  Colour colour = Colour::Red;
  double none = NAN, endless = -INFINITY, third = 1.0 / 3.0;
  std::uint64_t big = 18446744073709551615U;
  std::vector<double> numbers = {1.0, 2.5}, nothing;
  std::vector<Inner> inner = std::vector<Inner>(1), empty;
  template <class A>
  static void fields(A& a, auto& self) {
    a("yes", self.yes);
    a("colour", self.colour);
    a("none", self.none);
    a("endless", self.endless);
    a("third", self.third);
    a("big", self.big);
    a("numbers", self.numbers);
    a("nothing", self.nothing);
    a("inner", self.inner);
    a("empty", self.empty);
  }
};

TEST(Json, SaysAllThatIsInTheListOfFields) {
  JsonWriter writer;
  writer.value(Outer{});
  EXPECT_EQ(writer.text(), R"({
 "yes": true,
 "colour": "red",
 "none": null,
 "endless": null,
 "third": 0.3333333333333333,
 "big": 18446744073709551615,
 "numbers": [1, 2.5],
 "nothing": [],
 "inner": [
  {
   "name": "a \"quote\", a \\ and a\u000aline",
   "known": 0.1,
   "unknown": null
  }
 ],
 "empty": []
})");
}

}  // namespace
}  // namespace twin::score::vvuq
