// If these failed, the journal would be right on a disk that does not exist.
#include "twin/record/file_disk.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "twin/contract/refusal.hpp"
#include "twin/record/coding.hpp"
#include "twin/record/example.hpp"
#include "twin/record/reader.hpp"

namespace twin::record {
namespace {

class FileDiskTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* const info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        testing::TempDir() + "fabtwin_file_disk_" + info->name() + "_" + std::to_string(::getpid());
    std::filesystem::remove_all(folder_);
    disk_.make_folder(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  FileDisk disk_;
  std::string folder_;
};

// Bytes that come back elsewhere, or a gap that is not zeros.
TEST_F(FileDiskTest, WritesAndReadsWhereItIsTold) {
  const std::string path = folder_ + "/x";
  const auto file = disk_.open(path, Access::Create);
  file->write(5, Bytes{1, 2, 3});
  file->sync();
  EXPECT_EQ(file->size(), 8U);
  Bytes to(10);
  EXPECT_EQ(file->read(3, to), 5U);
  EXPECT_EQ(Bytes(to.begin(), to.begin() + 5), (Bytes{0, 0, 1, 2, 3}));
  EXPECT_EQ(file->read(100, to), 0U);
  file->truncate(6);
  EXPECT_EQ(read_all(disk_, path, 100), (Bytes{0, 0, 0, 0, 0, 1}));
  EXPECT_EQ(disk_.open(path, Access::Change)->size(), 6U);
  EXPECT_EQ(disk_.open(path, Access::Create)->size(), 0U);
}

// Folders in a list of files, an order that is the disk's, a rename that does not replace.
TEST_F(FileDiskTest, KeepsNames) {
  disk_.make_folder(folder_ + "/a/b");
  disk_.make_folder(folder_ + "/a/b");
  for (const char* name : {"/z", "/m"}) (void)disk_.open(folder_ + name, Access::Create);
  disk_.sync_folder(folder_);
  EXPECT_EQ(disk_.list(folder_), (std::vector<std::string>{"m", "z"}));
  EXPECT_TRUE(disk_.exists(folder_ + "/a"));
  disk_.rename(folder_ + "/z", folder_ + "/m");
  EXPECT_EQ(disk_.list(folder_), (std::vector<std::string>{"m"}));
  disk_.remove(folder_ + "/m");
  EXPECT_FALSE(disk_.exists(folder_ + "/m"));
}

// A failure that is told in other words than the user needs.
TEST_F(FileDiskTest, SaysWhatFailed) {
  const std::string path = folder_ + "/none";
  EXPECT_EQ(contract::refusal([&] { (void)disk_.open(path, Access::Read); }),
            path + ": cannot be opened (No such file or directory)");
  EXPECT_EQ(contract::refusal([&] { disk_.remove(path); }),
            path + ": cannot be removed (No such file or directory)");
  EXPECT_EQ(contract::refusal([&] { disk_.rename(path, path); }),
            path + ": cannot be renamed to " + path + " (No such file or directory)");
  EXPECT_EQ(contract::refusal([&] { (void)disk_.list(path); }),
            path + ": cannot be listed (No such file or directory)");
  const auto held = disk_.lock(folder_ + "/lock");
  try {
    (void)disk_.lock(folder_ + "/lock");
    ADD_FAILURE();
  } catch (const DiskError& e) {
    EXPECT_EQ(e.cause(), DiskError::Cause::Locked);
  }
}

// A write that the system cuts short and that is taken for whole: a limit on the size of files
// makes the kernel do so.
TEST_F(FileDiskTest, AShortWriteIsNoSuccess) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto old = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 1000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto file = disk_.open(folder_ + "/x", Access::Create);
  EXPECT_EQ(contract::refusal([&] { file->write(0, Bytes(5000, 1)); }),
            folder_ + "/x: cannot be written (File too large)");
  EXPECT_EQ(file->size(), 1000U);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, old);
}

// A disk that is really full (there is one: /dev/full).
TEST_F(FileDiskTest, AFullDiskIsToldAsFull) {
  if (!disk_.exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
  try {
    disk_.open("/dev/full", Access::Change)->write(0, Bytes(10, 1));
    ADD_FAILURE();
  } catch (const DiskError& e) {
    EXPECT_EQ(e.cause(), DiskError::Cause::Full);
    EXPECT_STREQ(e.what(), "/dev/full: cannot be written (No space left on device)");
  }
}

// A journal that is right in memory only.
TEST_F(FileDiskTest, CarriesAJournal) {
  const auto all = write_example(disk_, folder_ + "/j");
  const core::Record record = read_record(disk_, folder_ + "/j");
  EXPECT_TRUE(std::equal(all.begin(), all.end(), record.entries().begin(), record.entries().end()));
  EXPECT_EQ(Journal::open(disk_, folder_ + "/j")->size(), all.size());
}

}  // namespace
}  // namespace twin::record
