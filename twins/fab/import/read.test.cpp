#include "twins/fab/import/read.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "twin/core/error.hpp"
#include "twins/fab/import/small_fab.hpp"
#include "twins/fab/import/smt2020.hpp"

namespace twins::fab::import {
namespace {

namespace fs = std::filesystem;

class ReadFromDisk : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) /
            (std::string("fabtwin_read_") +
             testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(root_);
    fs::create_directories(root_ / "small");
    for (const auto& [name, bytes] : small_fab().files) {
      std::ofstream(root_ / "small" / name, std::ios::binary) << bytes;
    }
    std::ofstream(root_ / "mimac.txt") << "# a model\n1\n1\n1\n5\n1\nnumInGroup\n1\n";
  }
  void TearDown() override { fs::remove_all(root_); }
  static std::string why_not(const fs::path& path) {
    try {
      static_cast<void>(read(path));
    } catch (const twin::core::Error& e) {
      return e.what();
    }
    return "read";
  }
  fs::path root_;
};

// The command line could not be given any of the forms.
TEST_F(ReadFromDisk, chooses_the_form) {
  EXPECT_EQ(form_of(root_ / "small"), Form::Smt2020);
  EXPECT_EQ(form_of(root_ / "mimac.txt"), Form::Mimac);
  EXPECT_EQ(read(root_ / "small"), read_smt2020(small_fab()));
  EXPECT_EQ(read(root_ / "small" / "").name, "small");
  EXPECT_EQ(read(root_ / "mimac.txt").name, "mimac");
  ReadOptions options;
  options.mimac.releases = {{10}};
  EXPECT_EQ(read(root_ / "mimac.txt", options).streams.size(), 1U);
}

// A path that holds no fab would be answered with a riddle.
TEST_F(ReadFromDisk, says_what_is_wrong_with_a_path) {
  const std::string root = root_.string();
  EXPECT_EQ(why_not(root_ / "smal"),
            root + "/smal: no such file or folder (a fab is a folder of tables or a MIMAC file)");
  EXPECT_EQ(
      why_not(root_ / "small" / "part.txt"),
      root +
          "/small/part.txt: neither a data set's folder nor a MIMAC file (a MIMAC file starts "
          "with the number of its machine groups) did you mean the folder " +
          root + "/small?");
  fs::create_directories(root_ / "empty");
  EXPECT_EQ(why_not(root_ / "empty"),
            root + "/empty: no data set here (the folder holds no text files)");
  EXPECT_EQ(why_not(root_),
            fs::path(root).filename().string() + ": no file tool.txt (the data set needs it)");
}

}  // namespace
}  // namespace twins::fab::import
