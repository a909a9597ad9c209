// The fab as a Model of the engine: Fab<Rule> is constant, its State is all that changes, theta scales the data set.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "twins/fab/engine/engine.hpp"
#include "twins/fab/initial.hpp"
#include "twins/fab/rules/beside.hpp"

namespace twins::fab {

template <class Rule>
class Fab {
 public:
  using State = twins::fab::State;

  explicit Fab(std::shared_ptr<const Layout> layout, Rule rule = {}, Beside beside = {})
      : layout_(std::move(layout)), rule_(rule), beside_(std::move(beside)) {}

  [[nodiscard]] const Layout& layout() const { return *layout_; }
  [[nodiscard]] const Rule& rule() const { return rule_; }
  [[nodiscard]] const Beside& beside() const { return beside_; }

  // The fab at time zero: initial WIP in its queues, first failures and maintenance scheduled.
  [[nodiscard]] State initial(std::span<const double> theta, Draw draw) const {
    State x = initial_state(*layout_, theta, draw);
    return x;
  }

  // Expects x.now <= until, ensures x.now == until. Where the caller paused does not matter.
  void advance(State& x, std::span<const double> theta, Tick until, Draw draw) const {
    NoSink none;
    advance(x, theta, until, draw, none);
  }

  // The same, telling a sink what happens. A sink never changes the run.
  template <class Sink>
  void advance(State& x, std::span<const double> theta, Tick until, Draw draw, Sink& sink) const {
    TWIN_EXPECT(x.now <= until, x.now, until);
    const std::size_t parameters = layout_->theta_map.size();
    const bool paced = theta.size() == parameters + layout_->tools();
    TWIN_EXPECT(paced || theta.size() == parameters, theta.size(), parameters);
    const double* pace = paced ? theta.data() + parameters : nullptr;
    std::optional<Gate> gate;
    if (beside_.release) gate.emplace(*beside_.release, *layout_, x);
    Engine<Rule, Sink>{*layout_,
                       rule_,
                       x,
                       theta.data(),
                       draw,
                       sink,
                       pace,
                       beside_.how,
                       gate ? &*gate : nullptr,
                       beside_.qualified.get(),
                       beside_.planned.get()}
        .run_until(until);
    TWIN_ENSURE(x.now == until, x.now, until);
  }

 private:
  std::shared_ptr<const Layout> layout_;
  Rule rule_;
  Beside beside_;
};

}  // namespace twins::fab
