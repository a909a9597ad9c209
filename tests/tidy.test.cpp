// The repository is tidy, and each check of it can fail.
#include "tests/tidy.hpp"

#include <gtest/gtest.h>

#include <map>
#include <ostream>
#include <string>

namespace tests {

// How GoogleTest shows a parameter.
void PrintTo(const Check& check, std::ostream* out) { *out << check.name; }

namespace {

// A line of n columns.
std::string line_of(std::size_t n) { return std::string(n - 1, 'x') + ";\n"; }

// For every check: files it must find fault with, at the line given, and files it must leave alone.
struct Plant {
  Files bad;
  std::size_t line = 0;
  Files good;
};

Plant plant(const std::string& path, const std::string& bad, std::size_t line,
            const std::string& good) {
  return {.bad = {file_of(path, bad)}, .line = line, .good = {file_of(path, good)}};
}

std::map<std::string, Plant, std::less<>> plants() {
  const std::string header = "// Why.\n#pragma once\n";
  const std::string note = std::string("// TO") + "DO";
  const std::string machine = std::string("/") + "tmp" + "/x";
  std::map<std::string, Plant, std::less<>> all;
  all["LineLength"] =
      plant("src/twin/core/a.cpp", "\n" + line_of(101), 2,
            line_of(100) + "int a;  // " + line_of(109) + "// clang-format off\n" + line_of(120) +
                "// clang-format on\n" + "\"\xc2\xb5\"" + line_of(97));
  all["HeaderHasTest"] = {
      .bad = {file_of("twins/fab/a.hpp", header)},
      .line = 0,
      .good = {file_of("twins/fab/a.hpp", header), file_of("twins/fab/a.test.cpp", "")}};
  all["EmptyNouns"] =
      plant("apps/a.cpp", "int a;\nclass LotManager;\n", 2,
            "// the Manager of the fab\nauto d = v.data();\nauto s = \"SetupData\";\n"
            "double utilisation;\nstruct Database;\nact.sa_handler = stop;\nTEST(Import, "
            "BrokenData) {}\n");
  all["WordsOutOfPlace"] = plant("docs/a.md", std::string("\nAn ag") + "ent wrote it.\n", 2,
                                 "An agenda. A magenta lot. HSMS session.\n");
  all["NotesHaveIssue"] = plant("apps/a.cpp", "int a;\n\n" + note + ": later\n", 3,
                                note +
                                    "(#12): later\nint TO"
                                    "DOS;\n");
  all["MachinePaths"] = plant("docs/a.md", "see `" + machine + "`\n", 1,
                              "see src/twin/work/x and ../tmp/x and $HOME/tmp/x and build/tmp/\n");
  all["PragmaOnce"] = plant("apps/a.hpp", "// Why.\n#include <vector>\n#pragma once\n", 0, header);
  all["HeaderSaysWhy"] = plant("apps/a.hpp", "#pragma once\n", 1, header);
  std::string lines;
  for (std::size_t i = 0; i < FileLines; ++i) lines += "\n";
  all["FileLength"] = plant("apps/a.cpp", lines + "\n", 0, lines);
  all["Blanks"] = plant("apps/a.cpp", "int a; \n", 1, "int a;\n\nchar tab = '\\t';\n");
  const std::string unnamed = "namespace {\nint count_of(int x) {\n}\n}\n";
  all["UnnamedNames"] = {
      .bad = {file_of("apps/plant/a.cpp", unnamed), file_of("apps/plant/b.cpp", unnamed)},
      .line = 0,
      .good = {file_of("apps/plant/a.cpp", unnamed), file_of("apps/plant/a.test.cpp", unnamed)}};
  return all;
}

class Tidy : public testing::TestWithParam<Check> {};

TEST_P(Tidy, RepositoryPasses) {
  // The house would lose its look one line at a time.
  const Files files = read_tree(".");
  ASSERT_GT(files.size(), 20U) << "not run in the repository root?";
  const Findings findings = GetParam().find(files);
  EXPECT_TRUE(findings.empty()) << findings.size() << " findings" << to_string(findings);
}

TEST_P(Tidy, FindsThePlant) {
  // The check would never find anything, and its green light would mean nothing.
  const std::map<std::string, Plant, std::less<>> all = plants();
  const auto at = all.find(GetParam().name);
  ASSERT_NE(at, all.end()) << "a check without a planted fault";
  const Findings findings = GetParam().find(at->second.bad);
  ASSERT_EQ(findings.size(), 1U) << to_string(findings);
  EXPECT_EQ(findings.front().path, at->second.bad.back().path);
  EXPECT_EQ(findings.front().line, at->second.line);
}

TEST_P(Tidy, LeavesTheGoodAlone) {
  // People would learn to write around a check that cries wolf.
  const std::map<std::string, Plant, std::less<>> all = plants();
  const auto at = all.find(GetParam().name);
  ASSERT_NE(at, all.end());
  const Findings findings = GetParam().find(at->second.good);
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

INSTANTIATE_TEST_SUITE_P(House, Tidy, testing::ValuesIn(checks().begin(), checks().end()),
                         [](const testing::TestParamInfo<Check>& param) {
                           return std::string(param.param.name);
                         });

TEST(TidyMore, EveryKindOfFaultIsFound) {
  // A check that looks for several things could have lost one of them.
  const auto count = [](std::string_view name, const std::string& path, const std::string& text) {
    for (const Check& check : checks()) {
      if (check.name == name) return check.find({file_of(path, text)}).size();
    }
    return std::size_t{0};
  };
  EXPECT_EQ(count("Blanks", "apps/a.cpp", "int a;"), 1U);      // no line feed at the end
  EXPECT_EQ(count("Blanks", "apps/a.cpp", "\tint a;\n"), 1U);  // tab
  EXPECT_EQ(count("Blanks", "apps/a.cpp", "int a;\r\n"), 1U);  // carriage return
  EXPECT_EQ(count("LineLength", "apps/a.cpp", "//" + line_of(119)), 1U);
  EXPECT_EQ(count("LineLength", "tools/a.cmake", line_of(121)), 1U);
  EXPECT_EQ(count("EmptyNouns", "apps/fab_helper.cpp", ""), 1U);
  EXPECT_EQ(count("EmptyNouns", "apps/a.cpp", "int lot_util = TestData;\n"), 2U);
  const std::string term = std::string("age") + "nt";  // of W3C PROV, where its JSON is written
  EXPECT_EQ(count("WordsOutOfPlace", "src/twin/record/prov_json.cpp",
                  "f(\"" + term + "\", \"prov:" + term + "\");\n"),
            0U);
  EXPECT_EQ(count("WordsOutOfPlace", "src/twin/record/prov_json.cpp", "// an " + term + "\n"), 1U);
  EXPECT_EQ(count("WordsOutOfPlace", "src/twin/record/a.cpp", "f(\"" + term + "\");\n"), 1U);
  for (const std::string place : {"work", "tmp", "home", "root"})
    EXPECT_EQ(count("MachinePaths", "apps/a.cpp", "f(\"/" + place + "/x\");\n"), 1U) << place;
}

}  // namespace
}  // namespace tests
