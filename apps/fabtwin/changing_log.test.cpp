// If this failed, tests of what changes within a log would be about a log in which nothing does.
#include "apps/fabtwin/changing_log.hpp"

#include <gtest/gtest.h>

#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {
namespace {

// Wrong: the log would be cut, or not that of twenty days.
TEST(ChangingLog, IsWholeAndTwentyDaysLong) {
  const twin::record::ScratchFolder folder("changing_log");
  const std::string path = folder / "log.ftel";
  write_changing_log(path);
  std::ifstream in(path, std::ios::binary);
  twin::event::LogReader reader(in, path);
  twin::event::Event event;
  std::uint64_t events = 0;
  while (reader.next(event)) ++events;
  EXPECT_GT(events, 10'000U);
  EXPECT_GT(event.at, static_cast<twins::fab::Tick>(19.9 * twins::fab::DayMs));
}

}  // namespace
}  // namespace apps::fabtwin
