// If these failed, measurements would be paid for that cannot change a decision, or left out where they would.
#include "twin/uq/value_of_information.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/statistics.hpp"
#include "twin/score/normal.hpp"

namespace twin::uq {
namespace {

constexpr std::uint64_t ValueSeed = 20270601;

double value_normal(std::uint64_t seed, std::uint32_t what, std::size_t sample) {
  return math::normal(core::Draw{seed, static_cast<std::uint32_t>(sample)}.uniform(what, 0, 0));
}

// Of N(mean, deviation^2) or nothing, when all of the deviation is learnt: the unit normal loss (Raiffa and
// Schlaifer).
double unit_normal_loss(double mean, double deviation) {
  const double z = std::abs(mean) / deviation;
  return deviation * (score::normal_density(z) - z * score::normal_below(-z));
}

using BenefitColumns = std::vector<std::vector<double>>;

// Nothing, or x + 2 y - 0.4: x of deviation 1, y of 0.8, correlation 0.6. Knowing x moves the mean by 1 + 2 x 0.8 x
// 0.6 = 1.96 of x.
constexpr double KnowingX = 1.96, MeanBenefit = -0.4;
double correlated(double zx, double zy) { return MeanBenefit + zx + 1.6 * (0.6 * zx + 0.8 * zy); }
BenefitColumns correlated_benefits(std::uint64_t seed, std::size_t samples,
                                   std::vector<double>& seen) {
  BenefitColumns b(2, std::vector<double>(samples, 0.0));
  seen.resize(samples);
  for (std::size_t s = 0; s < samples; ++s) {
    seen[s] = value_normal(seed, 0, s);
    b[1][s] = correlated(seen[s], value_normal(seed, 1, s));
  }
  return b;
}

// Wrong: the value of knowing all would not be that of the closed form, within 5 standard errors.
TEST(ValueOfInformation, OfAllIsTheUnitNormalLoss) {
  SCOPED_TRACE(ValueSeed);
  std::uint32_t what = 0;
  for (const double mean : {-1.5, 0.3, 2.0}) {
    BenefitColumns b(2, std::vector<double>(20'000, 0.0));
    for (std::size_t s = 0; s < b[1].size(); ++s)
      b[1][s] = mean + 2 * value_normal(ValueSeed, what, s);
    ++what;
    const ValueOfInformation v = value_of_perfect_information(b);
    EXPECT_NEAR(v.value, unit_normal_loss(mean, 2), 5 * v.standard_error) << mean;
    EXPECT_LT(v.standard_error, 0.02);
  }
}

// Wrong: what one parameter is worth would be off by more than it says. 1,000 studies of 400 samples in 16 pieces:
// the mean of the values within 5 of its standard errors of the closed form, while decided by the same samples it
// is too high, and by others too low, by more than that; and errors are as large as told (chi-squared, 1,000: +- 5
// x sqrt(2 / 1,000) of the variance, and some for what is added to low).
TEST(ValueOfInformation, OfOneParameterIsTheClosedForm) {
  const double truth = unit_normal_loss(MeanBenefit, KnowingX);
  math::Moments value, low, high, told;
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    std::vector<double> seen;
    const BenefitColumns b = correlated_benefits(seed, 400, seen);
    const ValueOfInformation v = value_of_knowing(b, seen);
    value.add(v.value);
    low.add(v.low);
    high.add(v.high);
    told.add(v.standard_error * v.standard_error);
  }
  const double error = value.deviation() / std::sqrt(1'000.0);
  EXPECT_NEAR(value.mean(), truth, 5 * error);
  EXPECT_LT(low.mean(), truth - 5 * error);
  EXPECT_GT(high.mean(), truth + 5 * error);
  EXPECT_NEAR(value.variance() / told.mean(), 1, 0.3);
  RecordProperty("truth", std::to_string(truth));
  RecordProperty("mean", std::to_string(value.mean()) + " +- " + std::to_string(error));
  RecordProperty("low", std::to_string(low.mean()));
  RecordProperty("high", std::to_string(high.mean()));
  RecordProperty("variance_ratio", std::to_string(value.variance() / told.mean()));
}

// Wrong: drawing anew would say something else. 400 x 8 draws, 100 studies; decided by the same draws it is too high.
TEST(ValueOfInformation, NestedIsTheClosedFormToo) {
  constexpr std::size_t Inner = 8;
  const double truth = unit_normal_loss(MeanBenefit, KnowingX);
  math::Moments value, low, high;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    BenefitColumns b(2, std::vector<double>(400 * Inner, 0.0));
    for (std::size_t s = 0; s < b[1].size(); ++s)
      b[1][s] = correlated(value_normal(seed, 2, s / Inner), value_normal(seed, 3, s));
    const ValueOfInformation v = value_of_knowing_nested(b, Inner);
    value.add(v.value);
    low.add(v.low);
    high.add(v.high);
  }
  EXPECT_NEAR(value.mean(), truth, 5 * value.deviation() / 10);
  EXPECT_LT(low.mean(), truth);
  EXPECT_GT(high.mean(), truth);
  RecordProperty("mean",
                 std::to_string(value.mean()) + " +- " + std::to_string(value.deviation() / 10));
  RecordProperty("low", std::to_string(low.mean()));
  RecordProperty("high", std::to_string(high.mean()));
}

// Wrong: it would see straight lines alone. x^2 - c^2 with noise, or nothing: 2 (c density(c) + (1 - c^2) P(X < -c)).
// And what has nothing to do with it would be worth something.
TEST(ValueOfInformation, OfWhatIsBentAndOfNothing) {
  SCOPED_TRACE(ValueSeed);
  const double c = std::sqrt(1.5);
  const double truth = 2 * (c * score::normal_density(c) + (1 - c * c) * score::normal_below(-c));
  BenefitColumns b(2, std::vector<double>(40'000, 0.0));
  std::vector<double> seen, other;
  for (std::size_t s = 0; s < b[1].size(); ++s) {
    seen.push_back(value_normal(ValueSeed, 10, s));
    other.push_back(value_normal(ValueSeed, 11, s));
    b[1][s] = seen[s] * seen[s] - c * c + 0.5 * value_normal(ValueSeed, 12, s);
  }
  const ValueOfInformation v = value_of_knowing(b, seen, 32);
  EXPECT_NEAR(v.value, truth, 5 * v.standard_error);
  const ValueOfInformation none = value_of_knowing(b, other, 32);
  EXPECT_NEAR(none.value, 0.0, 5 * none.standard_error + 1e-12);
  // A parameter that does not vary.
  EXPECT_EQ(value_of_knowing(b, std::vector<double>(40'000, 7.0)).high, 0.0);
}

// Wrong: what a sample is worth would be another by the formula, by samples of its mean, and by the unit normal loss.
// mu is N(0.2, 1), 5 observations with an error of 1.5: the mean moves by 1 / sqrt(1 + 2.25 / 5).
TEST(ValueOfInformation, OfASampleIsTheClosedForm) {
  SCOPED_TRACE(ValueSeed);
  const double moved = 1 / std::sqrt(1 + 2.25 / 5), truth = 3 * unit_normal_loss(0.2 - 0.5, moved);
  const std::vector<BenefitLine> decisions = {{0, 0}, {-1.5, 3}};
  const double exact = value_of_normal_experiment(
      decisions, {.mean = 0.2, .deviation = 1, .error = 1.5, .observations = 5});
  EXPECT_NEAR(exact, truth, 1e-14);
  BenefitColumns b(2, std::vector<double>(40'000, 0.0));
  std::vector<double> seen;
  for (std::size_t s = 0; s < b[1].size(); ++s) {
    const double mu = 0.2 + value_normal(ValueSeed, 20, s);
    b[1][s] = -1.5 + 3 * mu;
    double sum = 0.0;
    for (std::uint32_t k = 0; k < 5; ++k) sum += mu + 1.5 * value_normal(ValueSeed, 21 + k, s);
    seen.push_back(sum / 5);
  }
  const ValueOfInformation v = value_of_knowing(b, seen);
  EXPECT_NEAR(v.value, truth, 5 * v.standard_error);
  EXPECT_LT(v.standard_error, 0.02);
  // No error: all of mu.
  EXPECT_NEAR(value_of_normal_experiment(decisions, {.mean = 0.2}), 3 * unit_normal_loss(-0.3, 1),
              1e-14);
}

// Wrong: of more than two decisions the best would be missed, at corners of lines or by such as are never best. Held
// against quantiles of the normal law, 10^6 of them; the greater of two opposite ones is E |X| = sqrt(2 / pi).
TEST(ValueOfInformation, OfManyLinesIsTheirUpperHull) {
  const std::vector<BenefitLine> lines = {{0, 1},  {0.3, 0},   {-5, 0},   {-4, -0.5},
                                          {0, -1}, {0.1, 0.5}, {-0.2, 2}, {-3, 2}};
  constexpr int Quantiles = 1'000'000;
  double mean = 0.0, best = 0.0;
  for (int k = 0; k < Quantiles; ++k) {
    const double x = 0.4 + 0.7 * math::normal((k + 0.5) / Quantiles);
    double most = -1e9;
    for (const BenefitLine& l : lines) most = std::max(most, l.intercept + l.slope * x);
    mean += most / Quantiles;
  }
  for (const BenefitLine& l : lines) best = std::max(best, l.intercept + 0.4 * l.slope);
  EXPECT_NEAR(value_of_normal_experiment(lines, {.mean = 0.4, .deviation = 0.7}), mean - best,
              1e-5);
  EXPECT_NEAR(value_of_normal_experiment(std::vector<BenefitLine>{{0, 1}, {0, -1}}, {}),
              std::sqrt(2 / std::numbers::pi), 1e-15);
  EXPECT_EQ(value_of_normal_experiment(std::vector<BenefitLine>{{0, 1}, {1, 1}}, {}), 0.0);
}

// Wrong: a run that failed would make it no number, or not be told.
TEST(ValueOfInformation, CountsRunsThatFail) {
  constexpr double None = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> seen;
  BenefitColumns b = correlated_benefits(1, 2'000, seen);
  for (std::size_t s = 0; s < 2'000; s += 100) b[s % 200 == 0 ? 0 : 1][s] = None;
  seen[1] = None;
  const ValueOfInformation all = value_of_perfect_information(b), one = value_of_knowing(b, seen),
                           nested = value_of_knowing_nested(b, 10);
  EXPECT_EQ(all.failed, 20U);
  EXPECT_EQ(one.failed, 21U);
  EXPECT_EQ(nested.failed, 20U);
  for (const ValueOfInformation& v : {all, one, nested}) EXPECT_TRUE(std::isfinite(v.value));
}

TEST(ValueOfInformation, RefusesWhatCannotBe) {
  using contract::refusal;
  const BenefitColumns two(2, std::vector<double>(30, 1.0));
  const std::vector<double> seen(30, 1.0);
  EXPECT_EQ(refusal([&] { (void)value_of_perfect_information(std::span(two).first(1)); }),
            "1 decisions (at least 2: one alone needs no information)");
  EXPECT_EQ(
      refusal([&] {
        (void)value_of_perfect_information(BenefitColumns{{1, 2}, {1}});
      }),
      "1 benefits of a decision and 2 of the first (must be as many); do they belong together?");
  EXPECT_EQ(refusal([&] { (void)value_of_knowing(two, seen, 2); }),
            "30 of 30 samples have all numbers (at least 40)");
  EXPECT_EQ(refusal([&] { (void)value_of_knowing(two, seen, 0); }),
            "samples in 0 pieces (at least 1)");
  EXPECT_EQ(refusal([&] { (void)value_of_knowing_nested(two, 7); }),
            "30 benefits of 7 draws each (an even number, whole times)");
  EXPECT_EQ(
      refusal([] { (void)value_of_normal_experiment(std::vector<BenefitLine>(2), {.error = -1}); }),
      "1 observations with an error of -1 (at least 1, and 0)");
}

}  // namespace
}  // namespace twin::uq
