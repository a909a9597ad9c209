// The local analysis: the kernel by itself, end to end with the search on the networks that PDAF is measured on, and
// the global one. Goals on one AVX-512 core: N = 24, p = 29 in 1.5 us a domain; the ring of 10,000 points in 15 ms, at
// least 50 times faster than PDAF; the 2048 x 512 grid in 0.99 s, a hundredth of PDAF's 99 s; the global one of 1e6 x
// 40 with 1e4 observations in 100 ms. PDAF and DAPPER are built elsewhere and timed beside this (decision 0009).
#include "twin/infer/letkf/letkf.hpp"

#include <benchmark/benchmark.h>

#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/letkf/apply.hpp"
#include "twin/infer/letkf/cell_list.hpp"
#include "twin/infer/letkf/system.hpp"

namespace {

using namespace twin::infer;
using letkf::CellList;
using letkf::DomainRows;
using letkf::Grid;
using letkf::Path;

Eigen::MatrixXd normal(Eigen::Index rows, Eigen::Index columns, std::uint32_t what) {
  Eigen::MatrixXd x(rows, columns);
  standard_normal({.seed = 1, .member = 0}, what, 0, x);
  return x;
}

// 512 domains that see p observations each, all lists made beforehand. range(0): N, range(1): p, range(2): path.
void kernel(benchmark::State& state) {
  const Eigen::Index members = state.range(0), seen = state.range(1), domains = 512;
  const auto path = static_cast<Path>(state.range(2));
  if (!letkf::is_available(path)) return state.SkipWithError("not on this CPU");
  letkf::Sights sights;
  for (Eigen::Index g = 0; g < domains; ++g) {
    for (Eigen::Index k = 0; k < seen; ++k) {
      sights.observations.push_back(static_cast<std::uint32_t>(g + k));
      sights.weights.push_back(1.0 - 0.9 * static_cast<double>(k) / static_cast<double>(seen));
    }
    sights.close();
  }
  const Eigen::Index all = domains + seen;
  const letkf::Listed near(sights, static_cast<std::size_t>(all));
  const Eigen::MatrixXd x0 = normal(domains, members, 1), hx = normal(all, members, 2);
  const Eigen::VectorXd y = normal(all, 1, 3);
  const Noise noise = Noise::equal(all, 1.0);
  Letkf filter({.path = path});
  Eigen::MatrixXd x = x0;
  for (auto _ : state) {
    x = x0;
    benchmark::DoNotOptimize(filter.analyse(
        near, DomainRows::consecutive(static_cast<std::size_t>(domains)), hx, y, noise, x));
  }
  state.SetLabel(std::string(filter.path()));
  state.counters["domain"] =
      benchmark::Counter(static_cast<double>(domains) * static_cast<double>(state.iterations()),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void sizes(benchmark::internal::Benchmark* b) {
  for (const Path path : letkf::Paths) {
    for (const auto& [members, seen] :
         {std::pair{8, 31}, {10, 29}, {24, 29}, {40, 29}, {40, 100}, {64, 100}, {100, 100}}) {
      b->Args({members, seen, static_cast<int>(path)});
    }
  }
}
BENCHMARK(kernel)->Apply(sizes)->Unit(benchmark::kMicrosecond);

// PDAF's Lorenz-96 setting: every point observed, cut at 14.56 by the polynomial of fifth order, 29 observations a
// domain. Search, weights and innovation included. range(0): points, range(1): N, range(2): threads.
void ring(benchmark::State& state) {
  const Eigen::Index points = state.range(0), members = state.range(1);
  const auto count = static_cast<std::size_t>(points);
  const Eigen::MatrixXd x0 = normal(points, members, 1);
  const Eigen::VectorXd y = normal(points, 1, 3);
  const Eigen::MatrixXd places =
      Eigen::RowVectorXd::LinSpaced(points, 0.0, static_cast<double>(points - 1));
  const Noise noise = Noise::equal(points, 1.0);
  Letkf filter({.inflation = {.factor = 1.02}, .threads = static_cast<unsigned>(state.range(2))});
  Eigen::MatrixXd x = x0;
  for (auto _ : state) {
    state.PauseTiming();
    x = x0;
    state.ResumeTiming();
    const CellList near({.directions = 1, .period = {static_cast<double>(points), 0, 0}}, places,
                        Grid{.shape = {count, 1, 1}}, {.length = 7.28, .least_weight = 0.0});
    benchmark::DoNotOptimize(filter.analyse(near, DomainRows::consecutive(count), x0, y, noise, x));
  }
  state.SetLabel(std::string(filter.path()));
}
BENCHMARK(ring)
    ->Args({40, 24, 1})
    ->Args({10'000, 24, 1})
    ->Args({10'000, 24, 2})
    ->Args({10'000, 40, 1})
    ->Args({1'000'000, 24, 1})
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// The size and network of PDAF's offline test: 11,424 observations on every 10th and 9th point of 2048 x 512, N = 8,
// radius 30. range(0): threads.
void grid(benchmark::State& state) {
  constexpr Eigen::Index Nx = 2048, Ny = 512, Members = 8;
  std::vector<double> at;
  for (int i = 9; i < Nx; i += 10) {
    for (int j = 8; j < Ny; j += 9)
      at.insert(at.end(), {static_cast<double>(i), static_cast<double>(j)});
  }
  const Eigen::MatrixXd places =
      Eigen::Map<Eigen::MatrixXd>(at.data(), 2, static_cast<Eigen::Index>(at.size() / 2));
  const Eigen::Index count = places.cols();
  const Eigen::MatrixXd x0 = normal(Nx * Ny, Members, 1);
  Eigen::MatrixXd hx(count, Members);
  for (Eigen::Index k = 0; k < count; ++k) {
    hx.row(k) = x0.row(static_cast<Eigen::Index>(places(0, k)) +
                       Nx * static_cast<Eigen::Index>(places(1, k)));
  }
  const Eigen::VectorXd y = normal(count, 1, 3);
  const Noise noise = Noise::equal(count, 0.25);
  Letkf filter({.threads = static_cast<unsigned>(state.range(0))});
  Eigen::MatrixXd x = x0;
  for (auto _ : state) {
    state.PauseTiming();
    x = x0;
    state.ResumeTiming();
    const CellList near({.directions = 2, .period = {}}, places, Grid{.shape = {Nx, Ny, 1}},
                        {.length = 15.0, .least_weight = 0.0});
    benchmark::DoNotOptimize(filter.analyse(
        near, DomainRows::consecutive(static_cast<std::size_t>(Nx * Ny)), hx, y, noise, x));
  }
  state.counters["observations"] = static_cast<double>(count);
  state.SetLabel(std::string(filter.path()));
}
BENCHMARK(grid)->Arg(1)->Arg(2)->MeasureProcessCPUTime()->UseRealTime()->Unit(
    benchmark::kMillisecond);

// The ETKF of a large state. range(0): variables, range(1): observations, range(2): threads.
void global_etkf(benchmark::State& state) {
  const Eigen::Index variables = state.range(0), observations = state.range(1), members = 40;
  const auto threads = static_cast<unsigned>(state.range(2));
  const Eigen::MatrixXd x0 = normal(variables, members, 1);
  const Eigen::MatrixXd hx = x0.topRows(observations);
  const Eigen::VectorXd y = normal(observations, 1, 3);
  const Noise noise = Noise::equal(observations, 1.0);
  Eigen::MatrixXd x = x0;
  for (auto _ : state) {
    state.PauseTiming();
    x = x0;
    state.ResumeTiming();
    letkf::AlignedDoubles room;
    const letkf::System system(hx, y, noise, threads, room);
    const Transform t = system.transform(letkf::kernel_of(Path::Best), {});
    letkf::apply_fast(t, {.inflation = {.factor = 1.02}, .threads = threads}, x);
  }
}
BENCHMARK(global_etkf)
    ->Args({1000, 500, 1})
    ->Args({1'000'000, 10'000, 1})
    ->Args({1'000'000, 10'000, 2})
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
