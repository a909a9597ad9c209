// The tests of the house look at the whole repository and at nothing else.
#include "tests/tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace tests {
namespace {

TEST(Tree, HoldsWhatPeopleWrite) {
  // The checks would pass because they looked at nothing.
  const Files files = read_tree(".");
  const auto has = [&](std::string_view path) {
    return std::ranges::find(files, path, &File::path) != files.end();
  };
  EXPECT_TRUE(has("CMakeLists.txt"));
  EXPECT_TRUE(has("README.md"));
  EXPECT_TRUE(has("run"));
  EXPECT_TRUE(has(".ci/run"));
  EXPECT_TRUE(has("src/twin/core/draw.hpp"));
  EXPECT_TRUE(has("tests/tree.test.cpp"));
  EXPECT_TRUE(std::ranges::is_sorted(files, {}, &File::path));
}

TEST(Tree, LeavesBuildsAndDataOut) {
  // Generated files and foreign data would be held to the house's rules.
  for (const File& file : read_tree(".")) {
    EXPECT_FALSE(starts_with_folder(file.path, "build")) << file.path;
    EXPECT_FALSE(starts_with_folder(file.path, "data")) << file.path;
    EXPECT_FALSE(starts_with_folder(file.path, ".git")) << file.path;
  }
}

TEST(Tree, LinesAreCountedFromOne) {
  // A finding would point at the line beside the fault.
  const File file = file_of("a.hpp", "one\ntwo\n\nfour");
  ASSERT_EQ(file.lines.size(), 4U);
  EXPECT_EQ(file.lines[1], "two");
  EXPECT_EQ(to_string({{"a.hpp", 2, "wrong"}}), "\n  a.hpp:2: wrong");
}

TEST(Tree, FoldersAreWholeNames) {
  // "srcs/a.hpp" would be taken for a file of src.
  EXPECT_TRUE(starts_with_folder("src/a.hpp", "src"));
  EXPECT_FALSE(starts_with_folder("srcs/a.hpp", "src"));
  EXPECT_FALSE(starts_with_folder("src", "src"));
}

}  // namespace
}  // namespace tests
