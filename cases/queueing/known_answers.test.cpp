// Queueing systems whose answers are known. Each expects the mean over independent replications
// within a Student interval that a right engine misses once in a million; the power of each test
// (the smallest bias it would see) is that interval, printed with the result and never above 4 %.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>

#include "cases/kit/table.hpp"
#include "cases/queueing/stations.hpp"

namespace cases {
namespace {

// Erlang C: the probability that a lot waits; a = offered load in servers (Erlang 1917).
double erlang_c(std::uint32_t servers, double a) {
  double blocked = 1.0;  // Erlang B by its recursion
  for (std::uint32_t k = 1; k <= servers; ++k) blocked = a * blocked / (k + a * blocked);
  return blocked / (1.0 - a / servers * (1.0 - blocked));
}

double wait_mmc(double rate, double service, std::uint32_t servers) {  // [1/min] [min]
  return erlang_c(servers, rate * service) * service / (servers - rate * service);
}

struct Expectation {
  std::string name, setting, source, unit;
  double theory = 0.0;
};

void expect(const Expectation& e, const Interval& seen) {
  EXPECT_NEAR(seen.mean, e.theory, seen.half_width) << e.name;
  EXPECT_LT(seen.half_width, 0.04 * e.theory) << e.name << ": too weak a test";
  Row row = row_of(e.setting, e.source, {e.theory, 0.0, Published::Near::Relative, 4, e.unit},
                   {seen.mean, {}});
  row.published += fmt::format(" ± {:.4f} (1e-6)", seen.half_width);
  row.ours += fmt::format(" (standard error {:.4f})", seen.standard_error);
  row.reached = std::abs(seen.mean - e.theory) <= seen.half_width;
  publish("Queueing > " + e.name, row);
}

constexpr double Interarrival = 10.0;  // [min] everywhere

// Relaxation of M/M/1 at 0.8: service/(1 - sqrt(0.8))^2 = 720 min (Cohen 1982); a warm-up of
// 20,000 min leaves e^-27 of the empty start.
constexpr Observation Long{20'000.0, 1'000'000.0, 40};

TEST(CaseQueueing, MM1) {
  // The simplest queue would wait wrongly: releases, service draws or the clock are off.
  const auto runs = observe(stations(exponential(Interarrival), {{exponential(8.0)}}), Long);
  const Interval wait = millionth(runs, [](const Observed& o) { return o.wait[0]; });
  expect({"M/M/1 wait", "load 0.8, service 8 min", "W = ρS/(1-ρ) (Erlang 1909)", "min", 32.0},
         wait);
  expect({"M/M/1 cycle time", "load 0.8, service 8 min", "S/(1-ρ)", "min", 40.0},
         millionth(runs, [](const Observed& o) { return o.cycle; }));
  expect({"M/M/1 utilisation", "load 0.8", "ρ", "", 0.8},
         millionth(runs, [](const Observed& o) { return o.busy[0]; }));
  // The spread itself is known: variance of the mean wait of n lots is
  // S^2 ρ(2 + 5ρ - 4ρ^2 + ρ^3)/(1-ρ)^4/n (Daley 1968). The estimate of 40 replications has
  // chi-square 39: within a factor 2 except once in 10^6.
  const double n = 40 * Long.minutes / Interarrival, r = 0.8;
  const double known =
      8.0 * std::sqrt(r * (2 + 5 * r - 4 * r * r + r * r * r) / std::pow(1 - r, 4) / n);
  EXPECT_GT(wait.standard_error, known / 2.0);
  EXPECT_LT(wait.standard_error, known * 2.0);
}

TEST(CaseQueueing, APlantedBiasIsSeen) {
  // The intervals would be too wide to see anything: a tool 1.25 % slower than it should be raises
  // the wait by 8 % and must be found out.
  const auto runs = observe(stations(exponential(Interarrival), {{exponential(8.1)}}), Long);
  const Interval wait = millionth(runs, [](const Observed& o) { return o.wait[0]; });
  EXPECT_GT(wait.mean - 32.0, wait.half_width);
}

TEST(CaseQueueing, MG1UniformService) {
  // Only the mean of a process time would count, not its law.
  const auto runs = observe(stations(exponential(Interarrival), {{uniform(8.0, 8.0)}}), Long);
  const double second = 8.0 * 8.0 + 8.0 * 8.0 / 3.0;  // [min^2] E[S^2] of U[0, 16]
  expect({"M/G/1 wait", "load 0.8, service U[0, 16] min",
          "W = λE[S²]/(2(1-ρ)) (Pollaczek 1930, Khinchine 1932)", "min",
          second / Interarrival / (2.0 * 0.2)},
         millionth(runs, [](const Observed& o) { return o.wait[0]; }));
}

TEST(CaseQueueing, MMc) {
  // Several tools would not share one queue: an idle tool beside a waiting lot.
  const auto runs = observe(stations(exponential(Interarrival), {{exponential(24.0), 3}}), Long);
  expect({"M/M/3 wait", "load 0.8, 3 tools, service 24 min", "Erlang C (Erlang 1917)", "min",
          wait_mmc(1.0 / Interarrival, 24.0, 3)},
         millionth(runs, [](const Observed& o) { return o.wait[0]; }));
}

TEST(CaseQueueing, BreakdownsAndRepair) {
  // Down time would be lost or counted twice, or a suspended job would lose or gain work.
  Station station{exponential(5.0)};
  station.up_ms = 300.0 * Minute;
  station.down_ms = 60.0 * Minute;
  Observation how = Long;
  how.minutes = 2'000'000.0;
  how.replications = 60;
  const auto runs = observe(stations(exponential(Interarrival), {station}), how);
  expect({"repair: down share", "up Exp(300), down Exp(60) min, also when idle", "MTTR/(MTTF+MTTR)",
          "", 60.0 / 360.0},
         millionth(runs, [](const Observed& o) { return o.down[0]; }));
  expect({"repair: utilisation", "M/M/1, service 5 min, jobs suspended and resumed", "λS", "", 0.5},
         millionth(runs, [](const Observed& o) { return o.busy[0]; }));
  // Number in system L = λ((ξ+η)² + μξ)/((ξ+η)(μη - λ(ξ+η))), ξ, η failure and repair rates
  // (White, Christie, Operations Research 6, 1958; Avi-Itzhak, Naor, Operations Research 11, 1963);
  // cycle time L/λ by Little.
  const double lambda = 1 / Interarrival, mu = 1 / 5.0, xi = 1 / 300.0, eta = 1 / 60.0;
  const double both = xi + eta;
  expect({"repair: cycle time", "M/M/1, service 5 min, jobs suspended and resumed",
          "White & Christie 1958", "min",
          (both * both + mu * xi) / (both * (mu * eta - lambda * both))},
         millionth(runs, [](const Observed& o) { return o.cycle; }));
}

TEST(CaseQueueing, JacksonLine) {
  // Stations in a row would disturb each other, or lots that go back would be lost: in a Jackson
  // network (Jackson, Operations Research 5, 1957) each station is an M/M/c of its own rate.
  const double back = 0.2, rate = 1.0 / Interarrival / (1.0 - back);  // [1/min] with the returns
  std::vector<Station> line = {{exponential(5.0)}, {exponential(12.0), 2}, {exponential(6.0)}};
  line[2].back = back;
  const auto runs = observe(stations(exponential(Interarrival), line), Long);
  const std::string setting = "5 min, 2 x 12 min, 6 min, 20 % go back to the first";
  double cycle = 0.0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const double service = line[i].service.mean_ms / Minute;
    const double wait = wait_mmc(rate, service, line[i].servers);
    cycle += (wait + service) / (1.0 - back);
    expect({fmt::format("Jackson: wait at station {}", i + 1), setting, "Jackson 1957, Erlang C",
            "min", wait},
           millionth(runs, [i](const Observed& o) { return o.wait[i]; }));
  }
  expect({"Jackson: cycle time", setting, "Jackson 1957", "min", cycle},
         millionth(runs, [](const Observed& o) { return o.cycle; }));
}

TEST(CaseQueueing, DD1IsExact) {
  // Without randomness every lot takes exactly its process time: any other figure is a clock error.
  twins::fab::Description fab = stations(constant(10.0), {{constant(7.0)}});
  const auto one = observe(fab, {0.0, 100'000.0, 1});
  EXPECT_EQ(one[0].wait[0], 0.0);
  EXPECT_EQ(one[0].cycle, 7.0);
  EXPECT_EQ(one[0].lots, 10'000.0);
  // Three at a time every 30 min: they wait 0, 7 and 14 min.
  fab = stations(constant(30.0), {{constant(7.0)}});
  fab.streams[0].lots_per_release = 3;
  const auto three = observe(fab, {0.0, 29'999.0, 1});
  EXPECT_EQ(three[0].wait[0], 7.0);
  EXPECT_EQ(three[0].cycle, 14.0);
  publish("Queueing > D/D/1 in threes: cycle time",
          {"3 lots every 30 min, service 7 min", "14 min, exactly", "arithmetic",
           fmt::format("{:g} min", three[0].cycle), three[0].cycle == 14.0});
}

TEST(CaseQueueing, LittlesLawIsAnIdentity) {
  // Lots would vanish or appear: on every path, in whole ticks, the integral of the lots in the
  // system is the sum of the times they spent in it (Little, Operations Research 9, 1961).
  std::vector<Station> line = {{exponential(5.0)}, {exponential(12.0), 2}, {exponential(6.0)}};
  line[2].back = 0.2;
  line[1].up_ms = 300.0 * Minute;
  line[1].down_ms = 30.0 * Minute;
  const twins::fab::Tick end = 100'000LL * 60'000;
  const Path path = follow(stations(exponential(Interarrival), line), end);
  EXPECT_GT(path.events, 40'000U);
  EXPECT_EQ(path.lot_ticks, path.time_in_system);
  publish("Queueing > Little's law",
          {"Jackson line with breakdowns, 100,000 min, whole milliseconds", "∫N dt = Σ W, exactly",
           "Little 1961", path.lot_ticks == path.time_in_system ? "equal" : "not equal",
           path.lot_ticks == path.time_in_system});
}

}  // namespace
}  // namespace cases
