// A model that starts where it lives: its initial states are drawn from a free run, so that an
// ensemble begins as a sample of the climate. The way in which large chaotic models are started.
#pragma once
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "twin/core/expect.hpp"
#include "twin/core/model.hpp"
#include "twins/toys/row.hpp"

namespace twins::toys {

struct FreeRun {
  std::vector<double> theta;
  twin::core::Draw draw = {};    // of the run
  twin::core::Tick spin_up = 0;  // [tick] thrown away
  twin::core::Tick spacing = 1;  // [tick] between samples
  std::size_t samples = 0;       // kept
};

template <twin::core::Model M>
class Sampled {
 public:
  using State = typename M::State;

  // Runs M for spin_up + (samples - 1) * spacing ticks.
  Sampled(M model, const FreeRun& run) : model_(std::move(model)) {
    TWIN_EXPECT(run.samples > 0 && run.spacing > 0, run.samples, run.spacing);
    State x = model_.initial(run.theta, run.draw);
    const twin::core::Tick begin = x.now;
    std::vector<State> samples;
    samples.reserve(run.samples);
    model_.advance(x, run.theta, begin + run.spin_up, run.draw);
    while (true) {
      samples.push_back(x);
      samples.back().now = begin;
      if (samples.size() == run.samples) break;
      model_.advance(x, run.theta, x.now + run.spacing, run.draw);
    }
    samples_ = std::make_shared<const std::vector<State>>(std::move(samples));
  }

  // One of the samples: members whose numbers differ by less than there are samples start apart.
  [[nodiscard]] State initial(std::span<const double> /*theta*/, twin::core::Draw draw) const {
    const std::size_t count = samples_->size();
    std::vector<std::uint32_t> order(count);  // the seed's own (R. Durstenfeld, CACM 7, 1964)
    std::iota(order.begin(), order.end(), 0U);
    const twin::core::Draw shared{.seed = draw.seed, .member = 0};
    for (std::size_t i = count; i > 1; --i) {
      const double u = shared.uniform(SampleDraw, static_cast<std::uint32_t>(i), 0);
      std::swap(order[i - 1], order[static_cast<std::size_t>(u * static_cast<double>(i))]);
    }
    return (*samples_)[order[draw.member % count]];
  }

  void advance(State& state, std::span<const double> theta, twin::core::Tick until,
               twin::core::Draw draw) const {
    model_.advance(state, theta, until, draw);
  }

  static std::span<double> vector(State& state) { return M::vector(state); }
  [[nodiscard]] std::span<const State> samples() const { return *samples_; }

 private:
  M model_;
  std::shared_ptr<const std::vector<State>> samples_;
};

}  // namespace twins::toys
