// The page that says which test shows which promise, against the tests and the fuzz targets that there
// are: otherwise it would go on promising what nobody looks at any more.
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>
#include <string>

#include "tests/tree.hpp"

namespace tests {
namespace {

constexpr const char* Page = "docs/reliability.md";

// What the page names and the tree has not: tests by [Suite.Name](../file), targets by their words.
Findings missing_tests(const Files& files) {
  static const std::regex link(R"(\[(\w+)\.(\w+)\]\(\.\./([^)]+)\))");
  Findings findings;
  std::set<std::string> targets;
  std::string page;
  for (const File& file : files) {
    if (file.path.starts_with("fuzz/fuzz_") && is_cpp(file))
      targets.insert(std::filesystem::path(file.path).stem().string());
  }
  for (const File& file : files) {
    if (file.path != Page) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string& line = file.lines[i];
      page += line + "\n";
      for (std::sregex_iterator at(line.begin(), line.end(), link), end; at != end; ++at) {
        const std::regex test("TEST(_F|_P)?\\(" + (*at)[1].str() + ", " + (*at)[2].str() + "\\)");
        bool found = false;
        for (const File& tested : files) {
          if (tested.path != (*at)[3]) continue;
          for (const std::string& code : tested.lines)
            found = found || std::regex_search(code, test);
        }
        if (!found) findings.push_back({Page, i + 1, "no such test: " + at->str()});
      }
    }
  }
  for (const std::string& target : targets) {
    if (page.find("`" + target + "`") == std::string::npos)
      findings.push_back({Page, 0, "the target " + target + " is not listed"});
  }
  return findings;
}

TEST(Reliability, NamesTestsThatThereAre) {
  const Files files = read_tree(".");
  EXPECT_EQ(missing_tests(files), Findings{}) << to_string(missing_tests(files));
}

TEST(Reliability, FindsATestThatIsNone) {
  const Files files = {
      file_of("a.test.cpp", "TEST_F(Suite, Is) {\n"),
      file_of(Page,
              "[Suite.Is](../a.test.cpp)\n[Suite.IsNot](../a.test.cpp)\n"
              "[Suite.Is](../b.test.cpp) `fuzz_a`\n"),
      file_of("fuzz/fuzz_a.cpp", ""),
      file_of("fuzz/fuzz_b.cpp", ""),
  };
  const Findings expected = {{Page, 2, "no such test: [Suite.IsNot](../a.test.cpp)"},
                             {Page, 3, "no such test: [Suite.Is](../b.test.cpp)"},
                             {Page, 0, "the target fuzz_b is not listed"}};
  EXPECT_EQ(missing_tests(files), expected);
}

}  // namespace
}  // namespace tests
