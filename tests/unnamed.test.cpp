#include "tests/unnamed.hpp"

#include <gtest/gtest.h>

namespace tests {
namespace {

File file(std::string path, std::vector<std::string> lines) {
  File f;
  f.path = std::move(path);
  f.lines = std::move(lines);
  return f;
}

const std::vector<std::string> Source = {
    "namespace twin::fab {",
    "namespace {",
    "",
    "constexpr double Hour = 3600;",
    "struct Lot {",
    "  int steps = 0;",
    "};",
    "using namespace twin::core;",
    "using core::Tick;",
    "using Lots = std::vector<Lot>;",
    "enum class Rule { Fifo, Edd };",
    "// int commented(int);",
    "std::vector<int> order_of(const Lots& lots) {",
    "  const auto inside = [&] { return lots.size(); };",
    "  return {};",
    "}",
    "template <class T> T largest(T a, T b) { return a < b ? b : a; }",
    "TEST(Lot, IsOne) {",
    "}",
    "",
    "}  // namespace",
    "",
    "int public_one(int x) {",
    "  return x;",
    "}",
    "Lot Fab::next() {",
    "}",
    "}  // namespace twin::fab",
};

// A name that is overlooked may be taken for another file's overload, and a call goes astray without a word.
TEST(UnnamedNames, AreThoseAtTheMarginOfUnnamedNamespaces) {
  EXPECT_EQ(unnamed_names_of(Source),
            (std::vector<std::string>{"Hour", "Lot", "Lots", "Rule", "order_of", "largest"}));
}

// Tests are compiled apart from what they test, and one module apart from another: the same name is none's business.
TEST(UnnamedNames, MayBeSharedBetweenTargetsButNotWithinOne) {
  const std::vector<std::string> lines = {"namespace {", "int count_of(int x) {", "}", "}"};
  const auto findings = shared_unnamed_names(
      {file("src/twin/link/gem/host.cpp", lines), file("src/twin/link/gem/host.test.cpp", lines),
       file("src/twin/record/journal.cpp", lines), file("twins/fab/live/fold.cpp", lines)});
  EXPECT_TRUE(findings.empty());
  const auto found = shared_unnamed_names(
      {file("src/twin/link/gem/host.cpp", lines), file("src/twin/link/mqtt.cpp", lines)});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].path, "src/twin/link/mqtt.cpp");
  EXPECT_NE(
      found[0].problem.find("count_of is in the unnamed namespace of src/twin/link/gem/host.cpp"),
      std::string::npos);
}

}  // namespace
}  // namespace tests
