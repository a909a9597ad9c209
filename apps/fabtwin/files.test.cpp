#include "apps/fabtwin/files.hpp"

#include <gtest/gtest.h>

#include "twin/core/error.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {
namespace {

namespace fs = std::filesystem;

class Files : public ::testing::Test {
 protected:
  twin::record::ScratchFolder folder{"files"};
};

std::string words(const auto& f) {
  try {
    f();
  } catch (const twin::core::Error& e) {
    return e.what();
  }
  return {};
}

// A saved run would come back other than it was.
TEST_F(Files, AreReadBackAsWritten) {
  const std::string text("a\0b\n", 4);
  write_file(folder / "x", text);
  EXPECT_EQ(read_text(folder / "x"), text);
  write_file(folder / "x", std::string_view("new"));
  EXPECT_EQ(read_text(folder / "x"), "new");
}

// A crash while writing would leave a mess, or the user's old result would be gone.
TEST_F(Files, LeaveNothingBesideThem) {
  write_file(folder / "x", std::string_view("old"));
  expect_writable(folder / "y");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
  EXPECT_EQ(words([&] { write_file(folder / "none" / "x", std::string_view("new")); }),
            (folder / "none" / "x").string() + ": cannot be written (No such file or directory)");
  EXPECT_EQ(read_text(folder / "x"), "old");
}

// Two days of simulation would end in "no such folder".
TEST_F(Files, AreRefusedBeforeTheRun) {
  EXPECT_NE(words([&] { expect_writable(folder.path()); }), "");
  EXPECT_NE(words([&] { expect_writable(folder / "none" / "x"); }), "");
  EXPECT_EQ(words([&] { expect_writable(folder / "x"); }), "");
}

// A full disk would be silent, and the device would be replaced by a file.
TEST_F(Files, SayWhenTheDiskIsFull) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  EXPECT_EQ(words([] { write_file("/dev/full", std::string_view("x")); }),
            "/dev/full: cannot be written (No space left on device)");
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

// Half an event log would pass for a whole one.
TEST_F(Files, AppearWhenTheyAreWhole) {
  {
    NewFile file(folder / "log");
    file.stream() << "half";
  }
  EXPECT_FALSE(fs::exists(folder / "log"));
  NewFile file(folder / "log");
  file.stream() << "whole";
  file.finish();
  EXPECT_EQ(read_text(folder / "log"), "whole");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1);
  EXPECT_NE(words([&] { NewFile none(folder / "none" / "log"); }), "");
}

// A file in the place of a folder would be an exception without a name.
TEST_F(Files, MakeFolders) {
  make_folder(folder / "a" / "b");
  EXPECT_TRUE(fs::is_directory(folder / "a" / "b"));
  write_file(folder / "file", std::string_view("x"));
  EXPECT_NE(words([&] { make_folder(folder / "file"); }), "");
}

}  // namespace
}  // namespace apps::fabtwin
