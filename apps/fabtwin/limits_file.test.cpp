// If this failed, a twin would be accepted by other limits than those that were written down.
#include "apps/fabtwin/limits_file.hpp"

#include <gtest/gtest.h>

#include "apps/fabtwin/files.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {
namespace {

class LimitsFile : public ::testing::Test {
 protected:
  std::string file(const std::string& text) const {
    const std::string path = folder / "limits.toml";
    write_file(path, std::string_view(text));
    return path;
  }
  [[nodiscard]] std::string refused(const std::string& text) const {
    const std::string path = file(text);
    std::string message = twin::contract::refusal([&] { (void)read_limits(path); });
    return message.starts_with(path) ? message.substr(path.size()) : message;
  }
  twin::record::ScratchFolder folder{"limits"};
};

TEST_F(LimitsFile, TablesBeginWithTheLimitsOfAll) {
  const auto limits =
      read_limits(file("bias_max = 0.05\nskill_min = 0.1\n\n[WIP]\nbias_max = 0.5\n"));
  EXPECT_EQ(limits.all.bias_max, 0.05);
  EXPECT_EQ(limits.for_quantity("Throughput").bias_max, 0.05);
  EXPECT_EQ(limits.for_quantity("WIP of Litho").bias_max, 0.5);
  EXPECT_EQ(limits.for_quantity("WIP").skill_min, 0.1);
}

TEST_F(LimitsFile, SaysWhatIsWrong) {
  EXPECT_EQ(refused("bias_mx = 0.1\n"),
            ":1: unknown key 'bias_mx' (the file has no such key) did you mean bias_max?");
  EXPECT_EQ(refused("\ncoverage_min = 1.5\n"), ":2: coverage_min = 1.5 (must be from 0 to 1)");
  EXPECT_EQ(refused("bias_max = \"low\"\n"), ":1: bias_max = \"low\" (must be a number)");
  EXPECT_EQ(refused("bias_max = [1, 2]\n"), ":1: bias_max = [...] (must be a number)");
  EXPECT_EQ(refused("[WIP]\nbias_mx = 1\n"),
            ":2: unknown key 'bias_mx' ([WIP] has no such key) did you mean bias_max?");
  EXPECT_NE(twin::contract::refusal([&] { (void)read_limits(folder / "none.toml"); }), "accepted");
}

}  // namespace
}  // namespace apps::fabtwin
