// A fab as a fluid: lots are amounts that flow from step to step, and how long they wait at a group of tools
// follows from how many are there, as in a queue at rest (pointwise stationary fluid approximation: K. L. Rider,
// J. ACM 23, 1976; W.-P. Wang, D. Tipper and S. Banerjee, INFOCOM 1996; in planning of fabs: clearing functions,
// U. S. Karmarkar, J. Manufacturing and Operations Management 2, 1989). A thousand times as quick as a run of the
// fab.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "twins/fab/fluid/fluid_plan.hpp"

namespace twins::fab::fluid {

struct FluidOptions {
  double warmup_days = 0.0;  // before the figures are taken
  double days = 90.0;        // in all
  double step_hours =
      12.0;  // of time; 24 are as good for what goes with runs, finer for the figures themselves
};

struct FluidFigures {
  double cycle_days =
      0.0;  // mean over lots that left, of those that were released in the run; no number: none
  double wip = 0.0;  // [lots] mean
  double outs_per_day = 0.0;
  std::vector<double> wait_hours = {};  // [group] mean over the time, of a lot that comes
};

// Waits of a queue at rest are those of G/G/m (the approximation of H. Sakasegawa, Annals of the Institute of
// Statistical Mathematics 29, 1977, by which M/M/1 and M/G/1 are exact), with arrivals that know nothing of each
// other but for batches, and tools that fail (W. J. Hopp and M. L. Spearman, Factory Physics, 2008, section 8.4).
// What it does not know: dispatching, priorities, dedication, queue-time windows; setups are as many as with usual
// queues, batches are full.
class FluidModel {
 public:
  // core::Error for times that cannot be.
  FluidModel(std::shared_ptr<const Layout> layout, const FluidOptions& options);
  // From any thread. theta: as of the fab.
  [[nodiscard]] FluidFigures figures(std::span<const double> theta) const;

 private:
  struct Groups;
  struct Amount;
  [[nodiscard]] Groups groups_of(std::span<const double> theta) const;
  void find_waits(const std::vector<Amount>& lots, Groups& groups) const;

  std::shared_ptr<const Layout> layout_;
  FluidOptions options_;
  FluidPlan plan_;
  std::vector<double> curves_;  // [group][node] u^p / (1 - u)
};

}  // namespace twins::fab::fluid
