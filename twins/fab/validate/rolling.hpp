// Forecasts from rolling origins: the log moves a mirror; at each origin a copy is given futures and runs ahead; then
// the log says what came. Nothing that lies behind an origin enters its forecast, nor its references.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "twin/score/vvuq/judge.hpp"
#include "twins/fab/mirror.hpp"
#include "twins/fab/validate/snapshot.hpp"

namespace twins::fab::validate {

struct RollingOptions {
  double from_days =
      -1.0;  // first origin, after the log's beginning; negative: the longest horizon
  double every_days = 1.0;  // from origin to origin
  std::vector<double> horizons_days = {1.0, 3.0, 7.0};
  std::uint32_t members = 20;
  std::uint64_t seed = 1;
  std::uint32_t threads = 1;
  std::uint32_t groups = 5;  // tool groups with the highest utilisation in the log
  std::uint32_t lots = 10;   // of those that could finish within the longest horizon, evenly
};

// Throws twin::core::Error on an impossible option.
void check_options(const RollingOptions& options);

// What the forecasts assume of theta.
struct Assumed {
  std::vector<std::vector<double>> theta;  // one for all members, or one a member
  std::vector<double> nominal;  // forecasts with it are a reference, where theta is another
};

struct Rolled {
  std::vector<twin::score::vvuq::QuantityInput> quantities;  // [figure][horizon], completion last
  std::vector<Snapshot> origins;                             // at each origin whose future was seen
  Snapshot now;                                              // at the end of the log
  std::array<std::uint64_t, static_cast<std::size_t>(Applied::OutOfOrder) + 1> applied{};
  std::uint64_t events = 0;
  std::uint64_t broken_rules = 0;  // invariants that a forecast's first State did not keep
};

class Rolling {
 public:
  // begin, until: of the log [tick]. The fab must outlive it. Throws twin::core::Error where no origin has its shortest
  // horizon inside the log.
  Rolling(const AnyFab& fab, const RollingOptions& options, Tick begin, Tick until);

  void saw(const twin::event::Event&
               event);  // in the order of time; the last one at `until` at the latest
  // Runs the forecasts: origins x members (x 2 with a nominal reference) copies of the fab, on options.threads threads;
  // results do not depend on their number.
  Rolled finish(const Assumed& assumed);
  [[nodiscard]] const Rolled& so_far() const { return counts_; }  // what became of the events
  [[nodiscard]] std::size_t origins() const { return origin_times_.size(); }

 private:
  struct Origin {
    Tick at = 0;
    State x;
    std::vector<std::uint32_t> lots;  // serial numbers of those whose completion is forecast
    std::vector<double> raw_days;     // [lot] process time that is left
  };
  struct Ran {                      // one member of one origin
    std::vector<Snapshot> at;       // [horizon]
    std::vector<double> gone_days;  // [lot] after the origin, in steps of StepDays
    std::uint64_t broken_rules = 0;
  };

  void stop_at(Tick time);
  void mark_origin(Tick time);
  [[nodiscard]] Ran run(const Origin& origin, std::span<const double> theta,
                        twin::core::Draw draw) const;
  [[nodiscard]] const Snapshot* seen(Tick at) const;  // null where the log was not read there
  void judge_figures(Rolled& out, const std::vector<Ran>& ours,
                     const std::vector<Ran>& nominal) const;
  void judge_completion(Rolled& out, const std::vector<Ran>& ours,
                        const std::vector<Ran>& nominal) const;

  const AnyFab& fab_;
  RollingOptions options_;
  Tick begin_, until_;
  Mirror mirror_;
  State x_;
  std::vector<Tick> horizons_;             // ascending
  std::vector<Tick> times_;                // to read the counters at, ascending
  std::vector<Tick> origin_times_, grid_;  // grid: ends of the windows that climatology is made of
  std::size_t next_time_ = 0;
  std::vector<Snapshot> snapshots_;  // [time]
  std::vector<Origin> origins_;
  std::vector<Tick> gone_;  // [lot number] when it left; Never
  Rolled counts_;
};

}  // namespace twins::fab::validate
