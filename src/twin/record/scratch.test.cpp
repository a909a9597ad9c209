// A test's folder is there while it is needed, and no longer.
#include "twin/record/scratch.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace twin::record {
namespace {

TEST(Scratch, IsGoneAfterwards) {
  // Tests would fill the disk, or find what an earlier one left.
  std::filesystem::path path;
  {
    const Scratch scratch("scratch-test");
    path = scratch.path();
    std::ofstream(scratch.file("a")) << "b";
    EXPECT_TRUE(std::filesystem::exists(path / "a"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace twin::record
