// If these failed, the line that proves a day would not prove it.
#include "twin/record/daily_heads.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/record/example.hpp"
#include "twin/record/simulated_disk.hpp"

namespace twin::record {
namespace {

DailyHead head(std::int64_t day) {
  return {.day = day, .head = {.entries = 12, .chain = sha256({})}};
}

// A line that cannot be typed in again.
TEST(DailyHeads, ALineComesBack) {
  EXPECT_EQ(to_string(head(20'785)),
            "2026-11-28 12 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(daily_head_of(to_string(head(20'785))), head(20'785));
  EXPECT_EQ(contract::refusal([] { (void)daily_head_of("2026-02-30 1 00"); }),
            "'2026-02-30 1 00' is no daily head (it is: date, number of entries, 64 hexadecimal "
            "digits)");
}

TEST(DailyHeads, DaysBeginAtMidnight) {
  EXPECT_EQ(day_of(0), 0);
  EXPECT_EQ(day_of(86'399'999), 0);
  EXPECT_EQ(day_of(86'400'000), 1);
  EXPECT_EQ(day_of(-1), -1);
  EXPECT_EQ(day_of(-86'400'000), -1);
  EXPECT_EQ(day_of(-86'400'001), -2);
}

// A changed line that is believed, or an unfinished one that stops the journal.
TEST(DailyHeads, TheFileIsChecked) {
  SimulatedDisk disk(1);
  disk.make_folder("j");
  DailyHeads heads(disk, "j");
  heads.add(head(1));
  heads.add(head(2));
  const Bytes good = disk.bytes("j/daily-heads.txt");
  const DailyHeads back(disk, "j");
  EXPECT_EQ(back.heads().size(), 2U);
  disk.flip("j/daily-heads.txt", 8 * 12);
  EXPECT_EQ(contract::refusal([&] { DailyHeads again(disk, "j"); }),
            "j/daily-heads.txt:1: the daily head was changed (its check is wrong); restore the "
            "file?");
  disk.set_bytes("j/daily-heads.txt", Bytes(good.begin(), good.end() - 5));
  DailyHeads again(disk, "j");
  EXPECT_EQ(again.heads().size(), 1U);
  again.add(head(2));
  EXPECT_EQ(disk.bytes("j/daily-heads.txt"), good);
}

// A day without its head, after a stop between the block and the head too.
TEST(DailyHeads, AJournalHasOneADay) {
  SimulatedDisk disk(1);
  constexpr core::Tick Day = 86'400'000;
  auto journal = Journal::create(disk, "j", example_origin());
  std::vector<ChainHead> at_midnight;
  for (int day = 0; day < 5; ++day) {
    for (int i = 0; i < 3; ++i) {
      (void)journal->append(core::Note{.at = day * Day + i});
      if (i == 0 && day == 3) disk.fail_at(disk.operations() + 3, DiskError::Cause::Failed);
      ASSERT_EQ(journal->commit(), Committed::Durable);
    }
    at_midnight.push_back(journal->chain());
    if (day == 3) {
      journal.reset();
      journal = Journal::open(disk, "j");
    }
  }
  const DailyHeads heads(disk, "j");
  ASSERT_EQ(heads.heads().size(), 4U);
  for (std::size_t day = 0; day < 4; ++day) {
    EXPECT_EQ(heads.heads()[day].day, static_cast<std::int64_t>(day));
    EXPECT_EQ(heads.heads()[day].head, at_midnight[day]);
  }
}

}  // namespace
}  // namespace twin::record
