// If these failed, the window would not be what its sources say, or people would not see through it what they should:
// it is driven in Debian's Chromium by Playwright (Apache-2.0) over a real twin of a real plant, and audited by axe
// (MPL-2.0).
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "tests/interop/node.hpp"

namespace tests::interop {
namespace {

namespace fs = std::filesystem;

[[maybe_unused]] std::map<std::string, std::string> files_of(const fs::path& folder) {
  std::map<std::string, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    all[fs::relative(entry.path(), folder).string()] = {std::istreambuf_iterator<char>(in), {}};
  }
  return all;
}

#ifndef FABTWIN_WHOLE_STORY
TEST(Window, IsWhatItsSourcesGive) {
  if (const std::string reason = install_packages_of("web", "web"); !reason.empty())
    GTEST_SKIP() << reason;
  const std::string make = "cd build/interop/web && rm -rf dist && npm run build >build.log 2>&1";
  ASSERT_EQ(std::system(make.c_str()), 0) << "see build/interop/web/build.log";  // NOLINT
  const auto made = files_of("build/interop/web/dist"), kept = files_of("web/dist");
  ASSERT_EQ(made.size(), kept.size()) << "web/dist is older than web/src: npm run build in web/";
  for (const auto& [name, text] : made) {
    ASSERT_TRUE(kept.contains(name)) << name << ": npm run build in web/, and commit web/dist";
    EXPECT_EQ(text == kept.at(name), true) << name;
  }
  const std::string units = "cd build/interop/web && npm test >test.log 2>&1";
  EXPECT_EQ(std::system(units.c_str()), 0) << "see build/interop/web/test.log";  // NOLINT
}
#endif

void see(const std::string& folder, std::vector<std::string> more, std::chrono::seconds patience) {
  if (!fs::exists("/usr/bin/chromium")) GTEST_SKIP() << "no /usr/bin/chromium (package chromium)";
  if (const std::string reason = install_packages("window"); !reason.empty())
    GTEST_SKIP() << reason;
  std::vector<std::string> arguments = {FABTWIN_PROGRAM, fs::current_path().string(),
                                        fs::absolute("build/interop/" + folder).string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  Node node("window", "check.mjs", arguments);
  std::string last, wrong;
  const auto end = std::chrono::steady_clock::now() + patience;
  while (last.find(" checks, ") == std::string::npos && std::chrono::steady_clock::now() < end) {
    for (const std::string& line : node.heard(std::chrono::milliseconds(500))) {
      if (line.starts_with("wrong")) wrong += line + "\n";
      last = line;
    }
  }
  EXPECT_EQ(wrong, "");
  EXPECT_NE(last.find(" checks, 0 wrong"), std::string::npos) << last;
}

#ifndef FABTWIN_WHOLE_STORY
TEST(Window, ShowsEveryViewToEachRole) { see("seen", {}, std::chrono::seconds(900)); }
#else
// The plant degrades, the twin notices and proposes, two persons approve, a third carries it out, the benefit is
// measured, and one can go back to before.
TEST(Window, TellsTheWholeStory) { see("story", {"--story"}, std::chrono::seconds(3'400)); }
#endif

}  // namespace
}  // namespace tests::interop
