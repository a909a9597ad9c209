// The include arrows of ARCHITECTURE.md hold, and the test of them can fail.
#include "tests/arrows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace tests {
namespace {

Arrows example() {
  return {{"core", {}},
          {"math", {"core"}},
          {"score", {"core", "math"}},
          {"uq", {"score"}},
          {"contract", {"core"}}};
}

// The findings for one file with one include, on its third line.
Findings findings_of(const std::string& path, const std::string& include) {
  return find_broken_arrows({file_of(path, "// Why.\n\n#include " + include + "\n")}, example());
}

TEST(Arrows, RepositoryObeysThem) {
  // A module would know more than it should, and could no longer be understood or used without the rest.
  const Files files = read_tree(".");
  const auto at = std::ranges::find(files, "ARCHITECTURE.md", &File::path);
  ASSERT_NE(at, files.end()) << "not run in the repository root?";
  const Findings findings = find_broken_arrows(files, read_arrows(*at));
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(Arrows, DocumentIsReadAsItIsMeant) {
  // The check would hold the code to arrows that nobody drew.
  const Files files = read_tree(".");
  const auto at = std::ranges::find(files, "ARCHITECTURE.md", &File::path);
  ASSERT_NE(at, files.end());
  const Arrows arrows = read_arrows(*at);
  EXPECT_EQ(reachable(arrows, "core"), (std::set<std::string>{"core"}));
  EXPECT_EQ(reachable(arrows, "math"), (std::set<std::string>{"core", "math"}));
  EXPECT_EQ(reachable(arrows, "des"), (std::set<std::string>{"core", "des"}));
  EXPECT_EQ(reachable(arrows, "event"), (std::set<std::string>{"core", "event"}));
  EXPECT_EQ(reachable(arrows, "infer"),
            (std::set<std::string>{"core", "infer", "math", "score", "uq"}));
}

TEST(Arrows, ReaderFollowsTheFencedBlocksOnly) {
  // Words of the prose would become modules.
  const File page = file_of(
      "ARCHITECTURE.md",
      "prose -> nothing\n```\nlost -> core\n```\n<!-- arrows -->\n\n```\n"
      "core      ->             (the standard library)\nmath/     -> core        (numbers)\n```\n"
      "more -> prose\n```\nlost -> core\n```\n");
  EXPECT_EQ(read_arrows(page), (Arrows{{"core", {}}, {"math", {"core"}}}));
  EXPECT_THROW(read_arrows(file_of("A", "<!-- arrows -->\n```\nmath -> cor\n```\n")),
               std::runtime_error);
}

TEST(Arrows, EngineMayIncludeWhatItReaches) {
  // Right code would be refused.
  EXPECT_TRUE(findings_of("src/twin/uq/a.hpp", "\"twin/uq/b.hpp\"").empty());
  EXPECT_TRUE(findings_of("src/twin/uq/a.hpp", "\"twin/math/b.hpp\"").empty());
  EXPECT_TRUE(findings_of("src/twin/uq/a.hpp", "<fmt/core.h>").empty());
  EXPECT_TRUE(findings_of("src/twin/math/a.test.cpp", "\"twin/contract/b.hpp\"").empty());
  EXPECT_TRUE(findings_of("src/twin/core/a.hpp", "<vector>").empty());
  EXPECT_TRUE(findings_of("src/twin/core/a.test.cpp", "<gtest/gtest.h>").empty());
  EXPECT_TRUE(findings_of("twins/fab/a.hpp", "\"twin/uq/b.hpp\"").empty());
  EXPECT_TRUE(findings_of("twins/fab/a.hpp", "\"twins/fab/b.hpp\"").empty());
  EXPECT_TRUE(findings_of("apps/fabtwin/a.cpp", "\"twins/fab/b.hpp\"").empty());
  EXPECT_TRUE(findings_of("apps/fabtwin/a.cpp", "\"apps/fabtwin/b.hpp\"").empty());
  EXPECT_TRUE(findings_of("tests/a.cpp", "\"apps/fabtwin/b.hpp\"").empty());
}

TEST(Arrows, EveryForbiddenArrowIsFound) {
  // A wrong include would slip through.
  const std::pair<const char*, const char*> wrong[] = {
      {"src/twin/core/a.hpp", "\"twin/math/b.hpp\""},       // against the arrow
      {"src/twin/core/a.test.cpp", "\"twin/math/b.hpp\""},  // a test is no excuse
      {"src/twin/math/a.hpp", "\"twin/score/b.hpp\""},
      {"src/twin/math/a.hpp", "\"twin/contract/b.hpp\""},  // contract is for tests
      {"src/twin/new/a.hpp", "\"twin/core/b.hpp\""},       // a module without an arrow
      {"src/twin/core/a.hpp", "<fmt/core.h>"},             // the standard library only
      {"src/twin/core/a.hpp", "<unistd.h>"},
      {"src/twin/core/a.hpp", "\"twins/fab/b.hpp\""},  // upwards
      {"src/twin/uq/a.hpp", "\"apps/fabtwin/b.hpp\""},
      {"twins/fab/a.hpp", "\"twins/supply/b.hpp\""},  // sideways
      {"twins/fab/a.hpp", "\"apps/fabtwin/b.hpp\""},
      {"twins/fab/a.hpp", "\"tests/b.hpp\""},
      {"apps/fabtwin/a.cpp", "\"tests/b.hpp\""},
      {"src/twin/core/a.hpp", "\"b.hpp\""},  // not a full path
      {"twins/fab/a.hpp", "\"../../src/twin/core/b.hpp\""},
  };
  for (const auto& [path, include] : wrong) {
    const Findings findings = findings_of(path, include);
    ASSERT_EQ(findings.size(), 1U) << path << " includes " << include;
    EXPECT_EQ(findings.front().path, path);
    EXPECT_EQ(findings.front().line, 3U);
  }
}

TEST(Arrows, LinksObeyThemToo) {
  // A library would be linked against what its headers may not name.
  const File cmake = file_of(
      "CMakeLists.txt",
      "fabtwin_module(core)\nfabtwin_module(math LINKS core)\nfabtwin_module(core LINKS math)\n"
      "fabtwin_module(other)\n");
  const Findings findings = find_broken_arrows({cmake}, example());
  ASSERT_EQ(findings.size(), 2U) << to_string(findings);
  EXPECT_EQ(findings[0].line, 3U);
  EXPECT_EQ(findings[1].line, 4U);
}

}  // namespace
}  // namespace tests
