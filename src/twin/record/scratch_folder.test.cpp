// If this failed, tests would read each other's files, or fill the disk of whoever runs them.
#include "twin/record/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace twin::record {
namespace {

// Wrong: two tests would share a folder, or what one wrote would stay behind.
TEST(ScratchFolder, IsItsOwnAndGoes) {
  std::filesystem::path path;
  {
    const ScratchFolder one("scratch_one"), other("scratch_other");
    path = one.path();
    EXPECT_NE(path, other.path());
    EXPECT_EQ(one / "x", path / "x");
    EXPECT_EQ(one.file("x"), (path / "x").string());
    std::filesystem::create_directories(one / "deep/er");
    std::ofstream(one / "deep/x") << "x";
    EXPECT_TRUE(std::filesystem::exists(path / "deep/x"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace twin::record
