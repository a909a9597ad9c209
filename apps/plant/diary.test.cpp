// If these failed, a plant that was killed would forget a command that it had obeyed, and go another
// way the second time.
#include "apps/plant/diary.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "apps/fabtwin/files.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::plant {
namespace {

TEST(Diary, IsReadBackAndGoesOn) {
  const twin::record::ScratchFolder scratch("plant_diary");
  const auto file = scratch / "diary.jsonl";
  {
    Diary diary(file);
    diary.note({.at = 5, .command = Command{.kind = Command::Kind::Hold, .lot = 7}});
    diary.note({.at = 5});
  }
  std::ofstream(file, std::ios::app) << "{\"at\":9,\"do\":\"ho";  // its writer was killed
  {
    Diary diary(file);
    ASSERT_EQ(diary.notes().size(), 2U);
    EXPECT_EQ(diary.notes()[0].command->lot, 7U);
    EXPECT_FALSE(diary.notes()[1].command);
    diary.note({.at = 9,
                .command = Command{.kind = Command::Kind::RecipeOffset, .tool = 3, .value = -2.5}});
  }
  EXPECT_EQ(fabtwin::read_text(file),
            "{\"at\":5,\"do\":\"hold\",\"lot\":7}\n{\"at\":5,\"do\":\"restart\"}\n"
            "{\"at\":9,\"do\":\"recipe_offset\",\"tool\":3,\"value\":-2.5}\n");
  {
    Diary again(file);
    EXPECT_EQ(again.notes()[2].command->value, -2.5);
    again.note({.at = 9, .command = Command{.kind = Command::Kind::Rule, .rule = "atcs:k1=2"}});
  }
  const Diary again(file);
  EXPECT_EQ(again.notes()[3].command->rule, "atcs:k1=2");
}

TEST(Diary, EveryCommandHasAWord) {
  for (int k = 0; k <= static_cast<int>(Command::Kind::Rule); ++k) {
    const auto kind = static_cast<Command::Kind>(k);
    EXPECT_EQ(parse_command(to_string(kind)), kind);
  }
  EXPECT_FALSE(parse_command("stop"));
}

TEST(Diary, IsRefusedWhereItIsNone) {
  const twin::record::ScratchFolder scratch("plant_bad_diary");
  const std::string file = scratch / "diary.jsonl";
  const auto refusal = [&](const std::string& text) {
    std::ofstream(file) << text;
    return twin::contract::refusal([&] { const Diary diary(file); });
  };
  EXPECT_EQ(refusal("{\"at\":5,\"do\":\"hold\"}\nnonsense\n"),
            file + ":2: no note of a plant's diary");
  EXPECT_EQ(refusal("{\"at\":5,\"do\":\"dance\"}\n"), file + ":1: no note of a plant's diary");
  for (const char* wrong : {R"({"at":1e300,"do":"restart"})", R"({"at":5,"do":"hold","lot":-1})",
                            R"({"at":5,"do":"hold","lot":4294967296})",
                            R"({"at":5,"do":"hold","lot":[[1]]})", R"({"at":5,"do":{}})", "[]"}) {
    EXPECT_EQ(refusal(std::string(wrong) + "\n"), file + ":1: no note of a plant's diary") << wrong;
  }
  EXPECT_EQ(refusal("{\"at\":5,\"do\":\"restart\"}\n{\"at\":4,\"do\":\"restart\"}\n"),
            file + ":2: earlier than the note before it");
}

}  // namespace
}  // namespace apps::plant
