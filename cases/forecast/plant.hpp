// The plant of the forecasts' experiments: a fab with hidden numbers whose tools may become slower one by one, which
// the model does not know of. It tells its events and nothing else.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "cases/calibration/hidden.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/log_sink.hpp"

namespace cases {

struct Slower {  // from `from` on, process times of this tool are so many times as long
  std::uint32_t tool = twins::fab::None;
  double factor = 1.0;
  twins::fab::Tick from = 0;
};

class Plant {
 public:
  // The fab must outlive it.
  Plant(const twins::fab::AnyFab& fab, const Hidden& hidden, std::uint32_t seed);

  // From `from` on; jobs of process times below five minutes escape.
  void make_slower(const Slower& slower) { slower_.push_back(slower); }
  // The whole group's process times, from the next hour on.
  void make_group_slower(std::uint32_t group, double factor);

  void advance(twins::fab::Tick until, const twins::fab::LogSink::Receive& receive);
  [[nodiscard]] const twins::fab::State& state() const { return x_; }

 private:
  bool stretch(const Slower& slower);

  const twins::fab::AnyFab& fab_;
  Hidden hidden_;
  twin::core::Draw draw_;
  twins::fab::State x_;
  twins::fab::LogCursor cursor_;
  std::vector<Slower> slower_;
  std::vector<std::pair<std::uint32_t, double>> groups_;
  std::vector<twins::fab::Tick> stretched_;  // [tool][entry] start of the last job that was
};

}  // namespace cases
