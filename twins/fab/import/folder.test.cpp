#include "twins/fab/import/folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "twin/core/error.hpp"

namespace twins::fab::import {
namespace {

namespace fs = std::filesystem;

class FolderOnDisk : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) /
            (std::string("fabtwin_folder_") +
             testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(root_);
    fs::create_directories(root_ / "inside");
  }
  void TearDown() override { fs::remove_all(root_); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(root_ / name, std::ios::binary) << text;
  }
  std::string why_not(const fs::path& path) const {
    try {
      static_cast<void>(read_folder(path));
    } catch (const twin::core::Error& e) {
      return e.what();
    }
    return "read";
  }
  fs::path root_;
};

// A reader would miss a table, or take a picture beside it for one.
TEST_F(FolderOnDisk, holds_the_tables_and_nothing_else) {
  write("tool.txt.1l", "a\r\n");
  write("part.txt", "b");
  write("plot.png", "c");
  write("inside/order.txt", "d");
  const Folder folder = read_folder(root_);
  EXPECT_EQ(folder.files.size(), 2U);
  EXPECT_EQ(folder.files.at("tool.txt.1l"), "a\r\n");
  EXPECT_EQ(folder.name, root_.filename().string());
  EXPECT_EQ(name_of(root_ / ""), folder.name);
}

// A mistyped path would be answered with something else than what is wrong with it.
TEST_F(FolderOnDisk, says_what_is_wrong_with_a_path) {
  write("part.txt", "b");
  const std::string root = root_.string();
  EXPECT_EQ(why_not(root_ / "nowhere"),
            root + "/nowhere: no such folder (a data set is a folder of text files)");
  EXPECT_EQ(
      why_not(root_ / "part.txt"),
      root +
          "/part.txt: a file, not a folder (a data set is a folder of text files) did you mean " +
          root + "?");
  EXPECT_EQ(why_not(root_ / "inside"),
            root + "/inside: no data set here (the folder holds no text files)");
}

}  // namespace
}  // namespace twins::fab::import
