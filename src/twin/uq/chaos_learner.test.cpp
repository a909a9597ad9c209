// If these failed, an emulator would forget runs, or keep terms that new runs speak against.
#include "twin/uq/chaos_learner.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/math/batch.hpp"
#include "twin/uq/growing_qr.hpp"

namespace twin::uq {
namespace {

using OneRun = std::function<double(std::span<const double>)>;

double chaos_wave(std::span<const double> u) { return std::sin(4 * u[0]) + u[1] * u[1]; }

// Points first .. first + count - 1 of one row of chance.
struct RowOfRuns {
  std::vector<std::vector<double>> u;
  std::vector<const double*> columns;
  std::vector<double> y;
  Points points;
  RowOfRuns(std::uint32_t first, std::size_t count, const OneRun& f)
      : u(2, std::vector<double>(count)), y(count) {
    for (std::uint32_t i = 0; i < 2; ++i) {
      math::uniforms({6, first}, 0, i, 0, u[i]);
      columns.push_back(u[i].data());
    }
    points = {columns, count};
    pointwise(f)(points, y);
  }
};

const ChaosOptions FewTerms{.degree = 4, .norms = {1.0}};

TEST(ChaosLearner, UpdateIsARefitOfAllRuns) {
  const RowOfRuns first(0, 60, chaos_wave);
  ChaosLearner learner(FewTerms, first.points, first.y);
  const MultiIndices terms = learner.chaos().fit().terms;
  const ChaosError error = learner.chaos().fit().error;
  for (std::uint32_t from = 60; from < 80; from += 5) {
    const RowOfRuns next(from, 5, chaos_wave);
    const ChaosNews news = learner.add(next.points, next.y);
    EXPECT_EQ(news.added, 5U);
    EXPECT_FALSE(news.anew);
    EXPECT_GT(news.error, 0.0);
  }
  const RowOfRuns all(0, 80, chaos_wave);
  EXPECT_EQ(learner.runs().y, all.y);
  const ChaosFit& fit = learner.chaos().fit();
  EXPECT_EQ(fit.terms, terms);
  EXPECT_EQ(fit.error, error);
  EXPECT_EQ(fit.runs, 80U);
  // The normal equations of all runs, which the coefficients have to solve: A'A c = A'y, with R'R for A'A.
  const PolynomialTerms columns(fit.families, terms);
  std::vector<double> a(terms.size() * 80), right(terms.size());
  columns.fill(all.points, 0, terms.size(), a);
  for (std::size_t k = 0; k < terms.size(); ++k) {
    double left = 0.0;
    for (std::size_t i = 0; i < 80; ++i) {
      double told = 0.0;
      for (std::size_t j = 0; j < terms.size(); ++j) told += a[j * 80 + i] * fit.coefficients[j];
      left += a[k * 80 + i] * told;
      right[k] += a[k * 80 + i] * all.y[i];
    }
    EXPECT_NEAR(left, right[k], 1e-11);
  }
  solve_upper_transposed(fit.factor, right);
  solve_upper(fit.factor, right);
  for (std::size_t k = 0; k < terms.size(); ++k) EXPECT_NEAR(fit.coefficients[k], right[k], 1e-12);
}

TEST(ChaosLearner, ChoosesAnewWhenThereAreManyMoreRuns) {
  const RowOfRuns first(0, 40, chaos_wave), next(40, 20, chaos_wave), all(0, 60, chaos_wave);
  ChaosLearner learner(FewTerms, first.points, first.y);
  EXPECT_TRUE(learner.add(next.points, next.y).anew);
  ChaosOptions o = FewTerms;
  o.families.resize(2);
  EXPECT_EQ(learner.chaos(), fit_chaos(o, all.points, all.y));
}

TEST(ChaosLearner, ChoosesAnewWhenRunsSpeakAgainstIt) {
  // First the model does not depend on input 1; then it does.
  const RowOfRuns first(0, 60, [](auto u) { return std::sin(4 * u[0]); }), same(60, 12, chaos_wave);
  ChaosLearner learner(FewTerms, first.points, first.y);
  EXPECT_LT(learner.chaos().fit().error.high, 1e-2);
  const ChaosNews news = learner.add(same.points, same.y);
  EXPECT_GT(news.error, learner.chaos().fit().error.value / 10);
  EXPECT_TRUE(news.anew);
  // What was missed before is not held against the new terms.
  const RowOfRuns later(72, 12, chaos_wave);
  EXPECT_FALSE(learner.add(later.points, later.y).anew);
  // Fewer than are asked for as judges do not make it so.
  ChaosLearner patient(FewTerms, first.points, first.y, {.judges = 13});
  EXPECT_FALSE(patient.add(same.points, same.y).anew);
  const RowOfRuns one(72, 1, chaos_wave);
  EXPECT_TRUE(patient.add(one.points, one.y).anew);
}

TEST(ChaosLearner, CountsRunsThatFail) {
  const RowOfRuns first(0, 40, chaos_wave);
  RowOfRuns next(40, 4, chaos_wave);
  next.y[1] = NAN;
  ChaosLearner learner(FewTerms, first.points, first.y);
  const ChaosNews news = learner.add(next.points, next.y);
  EXPECT_EQ(news.added, 3U);
  EXPECT_EQ(news.failed, 1U);
  EXPECT_TRUE(std::isfinite(news.error));
  EXPECT_EQ(learner.chaos().fit().failed, 1U);
  EXPECT_EQ(learner.chaos().fit().runs, 43U);
  RowOfRuns none(44, 1, [](auto) { return NAN; });
  EXPECT_EQ(learner.add(none.points, none.y).error, 0.0);
  EXPECT_EQ(learner.chaos().fit().failed, 2U);
}

TEST(ChaosLearner, GoesOnWhereItWasStored) {
  const RowOfRuns first(0, 40, chaos_wave), next(40, 12, chaos_wave), more(52, 30, chaos_wave);
  ChaosLearner learner(FewTerms, first.points, first.y);
  (void)learner.add(next.points, next.y);
  auto back = core::load<ChaosLearner>(core::save(learner));
  EXPECT_EQ(back, learner);
  (void)learner.add(more.points, more.y);
  (void)back.add(more.points, more.y);
  EXPECT_EQ(back, learner);
}

TEST(ChaosLearner, SaysWhatCannotBe) {
  const RowOfRuns first(0, 40, chaos_wave);
  EXPECT_EQ(
      contract::refusal([&] { ChaosLearner(FewTerms, first.points, first.y, {.growth = 1.0}); }),
      "terms chosen anew for 1 times as many runs (above 1)");
  ChaosLearner learner(FewTerms, first.points, first.y);
  const ChaosLearner before = learner;
  std::vector<double> outside = {2.0};
  const std::vector<const double*> columns = {outside.data(), outside.data()};
  const std::vector<double> y = {1.0};
  EXPECT_EQ(contract::refusal([&] {
              (void)learner.add({columns, 1}, y);
            }),
            "run 0 has input 0 at 2 (0 to 1)");
  EXPECT_EQ(learner, before);
}

}  // namespace
}  // namespace twin::uq
