// Reference 2.1: a uniform's second number is its half-width, an exponential's number its mean, and
// a job draws its process time once, not once a wafer.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {

constexpr std::size_t DrawCount = 20'000;
constexpr double Z = 5.0;  // two-sided false alarm 6e-7

std::vector<double> gaps(const std::vector<double>& times) {
  std::vector<double> between(times.size());
  for (std::size_t i = 0; i < times.size(); ++i)
    between[i] = times[i] - (i == 0 ? 0.0 : times[i - 1]);
  return between;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

// The times of DrawCount jobs that follow each other on one tool [min].
std::vector<double> job_times(const Step& step, std::size_t n) {
  TinyFab fab;
  fab.add_group("A");
  const auto p = fab.add_route({step});
  for (std::size_t i = 0; i < n; ++i) fab.add_lot(p);
  return gaps(Shift(fab).to(1e7).times_of("end"));
}

// Wrong: process times would vary by half of what the data say, or by twice.
TEST(Distributions, UniformIsMeanPlusMinusHalfWidth) {
  SCOPED_TRACE("seed 1");
  Step step = step_at(0, 10);
  step.process = uniform(10, 5);
  const auto times = job_times(step, DrawCount);
  ASSERT_EQ(times.size(), DrawCount);
  EXPECT_GE(*std::min_element(times.begin(), times.end()), 5.0 - 1e-4);
  EXPECT_LE(*std::max_element(times.begin(), times.end()), 15.0 + 1e-4);
  // U[5, 15]: standard deviation 5/sqrt(3).
  EXPECT_NEAR(mean_of(times), 10.0, Z * 5.0 / std::sqrt(3.0) / std::sqrt(double{DrawCount}));
  std::vector<double> squares;
  squares.reserve(times.size());
  for (const double t : times) squares.push_back((t - 10.0) * (t - 10.0));
  // E[d^2] = a^2/3, Var[d^2] = a^4 (1/5 - 1/9) = 4 a^4/45, a = 5.
  EXPECT_NEAR(mean_of(squares), 25.0 / 3.0,
              Z * std::sqrt(4.0 * 625.0 / 45.0) / std::sqrt(double{DrawCount}));
}

// Wrong: tools would fail too often or too seldom, or at regular times.
TEST(Distributions, ExponentialHasItsMean) {
  SCOPED_TRACE("seed 1");
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.add_route({step_at(a, 1)});
  fab.group(a).breakdowns = {{"BD", exponential(10), exponential(10), minutes(1)}};
  auto times = gaps(Shift(fab).to(11.0 * DrawCount).times_of("down"));
  for (std::size_t i = 1; i < times.size(); ++i) times[i] -= 1.0;  // the repair
  const double n = static_cast<double>(times.size());
  ASSERT_GT(n, 0.9 * DrawCount);
  EXPECT_NEAR(mean_of(times), 10.0, Z * 10.0 / std::sqrt(n));  // standard deviation = mean
  const auto longer = static_cast<double>(
      std::count_if(times.begin(), times.end(), [](double t) { return t > 20.0; }));
  const double p = std::exp(-2.0);
  EXPECT_NEAR(longer / n, p, Z * std::sqrt(p * (1.0 - p) / n));
}

// Wrong: 25 draws would average out, and the queues behind slow jobs would be missing. The mean of
// 25 draws of U[5, 15] leaves 10 +- 4 once in 10^11 times; one draw does so in one job of five, so
// 200 jobs all fail to with probability 0.8^200 = 4e-20.
TEST(Distributions, OneDrawIsTakenAJobNotAWafer) {
  Step step = step_at(0, 10, Step::Per::Piece);
  step.process = uniform(10, 5);
  const auto times = job_times(step, 200);
  EXPECT_TRUE(std::any_of(times.begin(), times.end(),
                          [](double t) { return std::abs(t / 25.0 - 10.0) > 4.0; }));
}

// Wrong: transport of 7.5, 2.5 would not take 5 to 10 min.
TEST(Distributions, TransportIsDrawnTheSameWay) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.description.transports = {{"Fab", "Fab", uniform(7.5, 2.5)}};
  const auto p = fab.add_route({step_at(a, 0), step_at(a, 0)});
  fab.add_stream(p, 1, 2000);
  const Shift shift = Shift(fab).to(3000);
  std::vector<double> delays;
  for (const std::string& line : shift.lines_of("move"))
    delays.push_back(std::stod(line.substr(line.rfind(' '))));
  ASSERT_EQ(delays.size(), 2000U);
  EXPECT_GE(*std::min_element(delays.begin(), delays.end()), 5.0);
  EXPECT_LE(*std::max_element(delays.begin(), delays.end()), 10.0);
  EXPECT_NEAR(mean_of(delays), 7.5, Z * 2.5 / std::sqrt(3.0) / std::sqrt(2000.0));
}

}  // namespace
}  // namespace twins::fab::semantics
