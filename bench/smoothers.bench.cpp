// One cycle of a smoother over its window: analysis and forecasts. Goals: the iterative smoother as DAPPER
// is timed with it (Lorenz-96, observed every 12 steps, N = 25, 10 iterations: 20.8 ms) <= 1 ms; a 4D-Var cycle
// (window of 4 x 4 steps, to a gradient of 1e-4) <= 2 ms.
#include <benchmark/benchmark.h>

#include <vector>

#include "twin/infer/smooth/iterated.hpp"
#include "twin/infer/variational/minimise.hpp"
#include "twin/infer/variational/model_operator.hpp"
#include "twins/toys/lorenz96.hpp"

namespace {

using namespace twin::infer;
using Model = twins::toys::Lorenz96<>;

constexpr Eigen::Index Size = 40;
const std::vector<double> Theta = {8.0};

// A truth, and its observations at a place along the run.
struct Truth {
  Model model;
  Model::State state = model.initial(Theta, {.seed = 1, .member = TruthMember});
  Noise noise = Noise::equal(Size, 1.0);

  Eigen::VectorXd observed(twin::core::Tick until, std::uint32_t cycle) {
    model.advance(state, Theta, until, {});
    Eigen::MatrixXd y(Size, 1);
    noise.draw({.seed = 1, .member = TruthMember}, ObservationDraw, cycle, y);
    return y.col(0) + Eigen::Map<const Eigen::VectorXd>(state.x.data(), Size);
  }
};

void iterative_smoother_cycle(benchmark::State& bench) {
  constexpr twin::core::Tick Ticks = 12;
  Truth truth;
  smooth::Members<Model> members(truth.model, Theta, {.seed = 1, .member = 0}, 25);
  std::uint32_t cycle = 0;
  std::vector<twin::core::Tick> moments = {0};
  const auto everything = [](std::size_t, const Eigen::MatrixXd& x) { return x; };
  const auto step = [&] {
    moments[0] = Ticks * (cycle + 1);
    const Eigen::VectorXd y = truth.observed(moments[0], cycle);
    const smooth::Forward forward = [&](const Eigen::MatrixXd& start) {
      return members.run(start, moments, everything, moments[0]);
    };
    Eigen::MatrixXd x = members.x();
    const auto done = smooth::iterate(
        {.tolerance = 0.0, .inflation = {.factor = 1.2}, .rotation = Rotation::Random}, forward, y,
        truth.noise, {.seed = 1, .member = 0}, cycle, x);
    members.correct(x);
    members.advance(moments[0]);
    ++cycle;
    return done.runs;
  };
  while (cycle < 50) step();  // on the attractor, and near the truth
  for (auto _ : bench) benchmark::DoNotOptimize(step());
}
BENCHMARK(iterative_smoother_cycle)->Unit(benchmark::kMicrosecond);

void four_d_var_cycle(benchmark::State& bench) {
  constexpr twin::core::Tick Ticks = 4, Lag = 4;
  Truth truth;
  const auto background = variational::Background::diagonal(Eigen::VectorXd::Constant(Size, 0.02));
  Model::State start = truth.model.initial(Theta, {.seed = 1, .member = 0});
  std::uint32_t cycle = 0;
  const auto step = [&] {
    const twin::core::Tick end = Ticks * (cycle + 1);
    const variational::Stretch<Model> stretch{
        .model = &truth.model, .start = start, .theta = Theta, .until = end};
    const variational::Cost cost{.background = background,
                                 .observed = variational::model_operator<Model>(stretch),
                                 .first = Eigen::Map<const Eigen::VectorXd>(start.x.data(), Size),
                                 .y = truth.observed(end, cycle),
                                 .noise = truth.noise};
    const auto found = variational::minimise(cost, {.gradient = 1e-4, .residual = 1e-3});
    Eigen::Map<Eigen::VectorXd>(start.x.data(), Size) = found.x;
    if (end >= Ticks * Lag) truth.model.advance(start, Theta, start.now + Ticks, {});
    ++cycle;
    return found.loops.size();
  };
  while (cycle < 50) step();
  for (auto _ : bench) benchmark::DoNotOptimize(step());
}
BENCHMARK(four_d_var_cycle)->Unit(benchmark::kMicrosecond);

}  // namespace
