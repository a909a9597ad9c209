// If these failed, the states of a tool in which two jobs overlap would add up to the wrong time.
#include "twins/fab/tool_time.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "twin/core/draw.hpp"

namespace twins::fab {
namespace {

// Which state a job claims at one tick; ToolTimes for none. The slow, obvious reading of 2.18.
std::size_t state_at(const Job& job, Tick t) {
  if (job.first_lot == None || t < job.setup_start || t >= job.end) return ToolTimes;
  if (t < job.setup_end) return static_cast<std::size_t>(ToolTime::Setup);
  if (t < job.load_end) return static_cast<std::size_t>(ToolTime::Load);
  if (t < job.process_start) return ToolTimes;
  if (t < job.process_end) return static_cast<std::size_t>(ToolTime::Process);
  return static_cast<std::size_t>(ToolTime::Unload);
}

// Wrong: the closed form would not be the tick-by-tick one. Random pairs of jobs, some phases empty;
// accounted in one go and in pieces.
TEST(ToolTime, EqualsTickByTick) {
  const twin::core::Draw draw{.seed = 5, .member = 0};
  for (std::uint32_t i = 0; i < 500; ++i) {
    SCOPED_TRACE("seed 5, case " + std::to_string(i));
    Tool tool;
    Tick last = 0;
    for (std::uint32_t entry = 0; entry < (i % 3 == 0 ? 1U : 2U); ++entry) {
      Job& job = tool.jobs[entry];
      const auto a = draw.block(1, i, 2 * entry), b = draw.block(1, i, 2 * entry + 1);
      const auto some = [](std::uint32_t word) { return static_cast<Tick>(word % 7); };
      job.first_lot = 0;
      job.start = some(a[0]);
      job.setup_start = job.start + some(a[1]) / 3;
      job.setup_end = job.setup_start + some(a[2]);
      job.load_end = job.setup_end + some(a[3]);
      job.process_start = job.load_end + some(b[0]);
      job.process_end = job.process_start + some(b[1]);
      job.end = job.process_end + some(b[2]);
      last = std::max(last, job.end);
      ++tool.jobs_inside;
    }
    std::array<Tick, ToolTimes> expected{}, whole{}, pieces{};
    for (Tick t = 0; t < last; ++t) {
      const std::size_t s = std::min(state_at(tool.jobs[0], t), state_at(tool.jobs[1], t));
      if (s != ToolTimes) ++expected[s];
    }
    Tool again = tool;
    account_tool_time(tool, whole, last);
    EXPECT_EQ(whole, expected);
    EXPECT_EQ(tool.accounted, last);
    for (Tick t = 3; t < last; t += 3) account_tool_time(again, pieces, t);
    account_tool_time(again, pieces, last);
    EXPECT_EQ(pieces, expected);
  }
}

// Wrong: an empty tool would be busy.
TEST(ToolTime, AnEmptyToolIsIdle) {
  Tool tool;
  std::array<Tick, ToolTimes> times{};
  account_tool_time(tool, times, 1000);
  EXPECT_EQ(times, (std::array<Tick, ToolTimes>{}));
  EXPECT_EQ(tool.accounted, 1000);
}

}  // namespace
}  // namespace twins::fab
