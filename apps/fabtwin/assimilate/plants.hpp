// The event-driven models of an experiment, as ParameterSubject wants them: what their counters read,
// and what instruments make of two readings.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "apps/fabtwin/assimilate/models.hpp"
#include "apps/fabtwin/assimilate/parameter_subject.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/kpi.hpp"
#include "twins/toys/mm1_queue.hpp"

namespace apps::fabtwin::assimilate {

class QueuePlant {
 public:
  using State = twins::toys::Mm1Queue::State;
  static constexpr Eigen::Index Quantities = 3;
  struct Reading {
    twin::core::Tick at = 0, length_time = 0;
    std::uint32_t arrived = 0, departed = 0;
  };

  [[nodiscard]] State initial(std::span<const double> theta, twin::core::Draw draw) const {
    return queue_.initial(theta, draw);
  }
  void advance(State& x, std::span<const double> theta, twin::core::Tick until,
               twin::core::Draw draw) const {
    queue_.advance(x, theta, until, draw);
  }
  [[nodiscard]] static Reading read(const State& x) {
    return {
        .at = x.now, .length_time = x.length_time, .arrived = x.arrived, .departed = x.departed};
  }
  // {arrivals a time unit, departures a time unit, mean length}.
  [[nodiscard]] static Eigen::VectorXd seen(const Reading& before, const Reading& after);

 private:
  twins::toys::Mm1Queue queue_;
};

class FabPlant {
 public:
  using State = twins::fab::State;
  using Reading = twins::fab::Reading;

  explicit FabPlant(std::shared_ptr<const twins::fab::AnyFab> fab) : fab_(std::move(fab)) {}

  [[nodiscard]] State initial(std::span<const double> theta, twin::core::Draw draw) const {
    return fab_->initial(theta, draw);
  }
  void advance(State& x, std::span<const double> theta, twin::core::Tick until,
               twin::core::Draw draw) const {
    fab_->advance(x, theta, until, draw);
  }
  [[nodiscard]] Reading read(const State& x) const {
    return twins::fab::read_counters(fab_->layout(), x);
  }
  // [2 group] share of its tools' time spent processing, [2 group + 1] jobs a tool and hour.
  [[nodiscard]] Eigen::VectorXd seen(const Reading& before, const Reading& after) const;

 private:
  std::shared_ptr<const twins::fab::AnyFab> fab_;
};

Built build_fab(const Request& request);

}  // namespace apps::fabtwin::assimilate
