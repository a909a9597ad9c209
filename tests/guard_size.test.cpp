// How much code the guard's process is. If it were more than can be read whole, nobody would know what it
// permits. Counted are the lines that are neither blank nor comments alone, of each file of ours that
// fabtwin-guard-kernel is made of: what its main includes, what that includes, and the .cpp beside each.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <regex>
#include <set>

#include "tests/code.hpp"
#include "tests/tree.hpp"

namespace tests {
namespace {

constexpr std::size_t LinesMax = 1'000;
constexpr const char* Main = "apps/guard/kernel_main.cpp";

std::size_t code_lines(const File& file) {
  const auto lines = code_of(file.lines).uncommented;
  return static_cast<std::size_t>(std::ranges::count_if(lines, [](const std::string& line) {
    return line.find_first_not_of(" \t\r") != std::string::npos;
  }));
}

// Path of each file that `from` is made of, with its lines of code.
std::map<std::string, std::size_t> made_of(const Files& files, const std::string& from) {
  static const std::regex include(R"(^#include "([^"]+)\")");
  std::map<std::string, std::size_t> sizes;
  std::set<std::string> todo = {from};
  while (!todo.empty()) {
    const std::string path = *todo.begin();
    todo.erase(todo.begin());
    const auto file = std::ranges::find(files, path, &File::path);
    if (file == files.end() || sizes.contains(path)) continue;
    sizes[path] = code_lines(*file);
    for (const std::string& line : file->lines) {
      std::smatch found;
      if (!std::regex_search(line, found, include)) continue;
      for (const std::string& folder : {std::string(), std::string("src/")}) {
        const std::string header = folder + found[1].str();
        todo.insert(header);
        todo.insert(header.substr(0, header.rfind('.')) + ".cpp");
      }
    }
  }
  return sizes;
}

TEST(GuardSize, TheProcessCanBeReadWhole) {
  const auto sizes = made_of(read_tree("."), Main);
  std::size_t all = 0;
  std::string list;
  for (const auto& [path, lines] : sizes) {
    all += lines;
    list += std::to_string(lines) + " " + path + "\n";
  }
  std::printf("%s%zu lines\n", list.c_str(), all);
  EXPECT_LE(all, LinesMax) << list;
  for (const char* path : {"src/twin/guard/checks.cpp", "src/twin/guard/sign.cpp",
                           "apps/guard/sandbox.cpp", "src/twin/core/error.cpp"})
    EXPECT_TRUE(sizes.contains(path)) << path;
  EXPECT_FALSE(sizes.contains("src/twin/guard/gate.cpp"));  // of the links
}

TEST(GuardSize, CountsWhatIsIncludedAndWhatStandsBesideIt) {
  const Files files = {
      file_of("apps/a.hpp", "#pragma once\n\n// why\nint a();  // what\n/* more\nthan one */\n"),
      file_of("apps/a.cpp",
              "#include \"apps/a.hpp\"\n#include \"twin/b.hpp\"\nint a() { return b; }\n"),
      file_of("apps/main.cpp",
              "#include <vector>\n#include \"apps/a.hpp\"\nint main() { return a(); }\n"),
      file_of("apps/other.cpp", "int c();\n"),
      file_of("src/twin/b.hpp", "constexpr int b = '\\n';\n"),
  };
  const std::map<std::string, std::size_t> expected = {
      {"apps/a.cpp", 3}, {"apps/a.hpp", 2}, {"apps/main.cpp", 3}, {"src/twin/b.hpp", 1}};
  EXPECT_EQ(made_of(files, "apps/main.cpp"), expected);
}

}  // namespace
}  // namespace tests
