// If this failed, `fabtwin assimilate` would not find its program where it was built or installed, or run a stranger's.
#include "apps/fabtwin/companion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "apps/fabtwin/exit.hpp"
#include "apps/fabtwin/files.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {
namespace {

namespace fs = std::filesystem;

void make_program(const fs::path& path) {
  fs::create_directories(path.parent_path());
  write_file(path, std::string_view("#!/bin/sh\n"));
  fs::permissions(path, fs::perms::owner_all);
}

TEST(Companion, IsBesideTheProgramOrInLibexec) {
  const twin::record::ScratchFolder folder("companion");
  const fs::path own = folder / "bin" / "fabtwin";
  make_program(own);
  EXPECT_EQ(find_companion(own, "fabtwin-x"), fs::path());
  const fs::path installed = folder / "libexec" / "fabtwin" / "fabtwin-x";
  make_program(installed);
  EXPECT_EQ(find_companion(own, "fabtwin-x"), installed);
  fs::create_directories(folder / "bin" / "fabtwin-x");  // a folder is no program
  EXPECT_EQ(find_companion(own, "fabtwin-x"), installed);
  fs::remove(folder / "bin" / "fabtwin-x");
  make_program(folder / "bin" / "fabtwin-x");
  EXPECT_EQ(find_companion(own, "fabtwin-x"), folder / "bin" / "fabtwin-x");
  fs::permissions(folder / "bin" / "fabtwin-x", fs::perms::owner_read);
  if (::geteuid() == 0) return;  // who may run anything
  EXPECT_EQ(find_companion(own, "fabtwin-x"), installed);
}

TEST(Companion, ThatIsMissingIsSaid) {
  try {
    become("brew", {"x"});
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit(), Exit::Failed);
    EXPECT_THAT(failure.what(), ::testing::StartsWith("fabtwin-brew (not beside /"));
    EXPECT_THAT(failure.what(), ::testing::EndsWith("build it by ./run brew?"));
  }
}

}  // namespace
}  // namespace apps::fabtwin
