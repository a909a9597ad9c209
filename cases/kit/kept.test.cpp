#include "cases/kit/kept.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace cases {
namespace {

class CaseKept : public testing::Test {
 protected:
  CaseKept()
      : file_(std::filesystem::temp_directory_path() /
              ("fabtwin_kept_" + std::to_string(getpid()))) {
    std::filesystem::remove(file_);
  }
  ~CaseKept() override { std::filesystem::remove(file_); }

  // What it gives, and whether it had to work for it.
  static std::pair<std::string, bool> get(Kept& kept, const std::string& name) {
    bool worked = false;
    std::string value = kept.get(name, [&] {
      worked = true;
      return "of " + name;
    });
    return {value, worked};
  }

  std::filesystem::path file_;
};

TEST_F(CaseKept, GoesOnAfterAKillWithoutTheLineThatWasCutOff) {
  {
    Kept kept(file_);
    EXPECT_EQ(get(kept, "a"), std::pair(std::string("of a"), true));
    EXPECT_EQ(get(kept, "b"), std::pair(std::string("of b"), true));
    EXPECT_EQ(get(kept, "a"), std::pair(std::string("of a"), false));
  }
  std::filesystem::resize_file(file_, std::filesystem::file_size(file_) - 3);
  {
    Kept again(file_);
    EXPECT_EQ(get(again, "a"), std::pair(std::string("of a"), false));
    EXPECT_EQ(get(again, "b"), std::pair(std::string("of b"), true));
  }
  Kept last(file_);
  EXPECT_EQ(get(last, "b"), std::pair(std::string("of b"), false));
}

TEST_F(CaseKept, BelievesNoOtherProgram) {
  {
    Kept kept(file_);
    get(kept, "a");
  }
  Kept other(file_, "/proc/self/cmdline");
  EXPECT_TRUE(get(other, "a").second);
  Kept same(file_);
  EXPECT_FALSE(get(same, "a").second);
}

TEST_F(CaseKept, KeepsNothingWithoutAFile) {
  Kept none("");
  EXPECT_TRUE(get(none, "a").second);
  EXPECT_TRUE(get(none, "a").second);
  EXPECT_FALSE(std::filesystem::exists(file_));
}

}  // namespace
}  // namespace cases
