// If these failed, jobs would go backwards or lose their lots.
#include "twins/fab/engine/engine.hpp"

#include <gtest/gtest.h>

#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

// Wrong: a job's phases would be out of order, its lots elsewhere, or a batch over its maximum.
TEST(Process, JobsAreWhole) {
  for (const auto how : {LayoutOptions::Breakdowns::AfterJob, LayoutOptions::Breakdowns::Suspend}) {
    semantics::TinyFab fab = semantics::busy_fab();
    fab.options.breakdown = how;
    semantics::Shift shift(fab);
    for (int i = 1; i <= 300; ++i) {
      const State& x = shift.to(10.0 * i).x();
      std::size_t processing = 0, inside = 0;
      for (std::uint32_t t = 0; t < x.tools.size(); ++t) {
        std::uint32_t jobs = 0;
        for (const Job& job : x.tools[t].jobs) {
          if (job.first_lot == None) continue;
          ++jobs;
          ASSERT_LE(job.start, job.setup_start);
          ASSERT_LE(job.setup_start, job.setup_end);
          ASSERT_LE(job.setup_end, job.load_end);
          ASSERT_LE(job.load_end, job.process_start);
          ASSERT_LE(job.process_start, job.process_end);
          ASSERT_LE(job.process_end, job.end);
          std::uint32_t wafers = 0, lots = 0;
          for (std::uint32_t l = job.first_lot; l != None; l = x.lots[l].next) {
            ASSERT_EQ(x.lots[l].place, LotPlace::Processing);
            ASSERT_EQ(x.lots[l].tool, t);
            ASSERT_EQ(x.lots[l].step, job.step);
            wafers += x.lots[l].wafers;
            ++lots;
          }
          ASSERT_EQ(job.wafers, wafers);
          ASSERT_EQ(job.lots, lots);
          const std::uint32_t most = shift.layout().steps[job.step].batch_max;
          if (most != 0) {
            ASSERT_LE(wafers, most);
          }
          inside += lots;
        }
        ASSERT_EQ(x.tools[t].jobs_inside, jobs);
      }
      for (const Lot& lot : x.lots) processing += lot.place == LotPlace::Processing;
      ASSERT_EQ(inside, processing);
    }
  }
}

}  // namespace
}  // namespace twins::fab
