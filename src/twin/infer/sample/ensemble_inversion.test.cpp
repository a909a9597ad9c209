// If these failed, an ensemble would be sure of what data do not say, or drawn to where they do not point.
#include "twin/infer/sample/ensemble_inversion.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/infer/sample/laplace.hpp"
#include "twin/infer/sample/metropolis.hpp"
#include "twin/infer/sample/posterior.hpp"
#include "twin/math/statistics.hpp"

namespace twin::infer {
namespace {

using Eigen::Matrix2d;
using Eigen::Vector2d;

// Outputs of two inputs that are sums of them, so that all is known exactly.
double share_of_input(std::size_t output, std::size_t input) {
  return std::cos(0.4 + static_cast<double>(output) +
                  1.7 * static_cast<double>((output + 1) * input));
}
InverseProblem two_inputs(std::size_t outputs) {
  InverseProblem p{.dimensions = 2};
  for (std::size_t i = 0; i < outputs; ++i) {
    p.y.push_back(std::sin(3.0 + static_cast<double>(i)) + share_of_input(i, 0));
    p.noise.push_back(0.3 + 0.2 * static_cast<double>(i % 3));
  }
  p.forward = [outputs](std::span<const double> x, std::span<double> g) {
    for (std::size_t k = 0; k < x.size() / 2; ++k)
      for (std::size_t i = 0; i < outputs; ++i)
        g[k * outputs + i] = share_of_input(i, 0) * x[2 * k] + share_of_input(i, 1) * x[2 * k + 1];
  };
  return p;
}

struct NormalLawOfTwo {
  Vector2d mean;
  Matrix2d covariance;
};
// What data tell that count so often, from a normal prior.
NormalLawOfTwo posterior_of_two(const InverseProblem& p, double time, const NormalLawOfTwo& prior) {
  Matrix2d precision = prior.covariance.inverse();
  Vector2d pull = precision * prior.mean;
  for (std::size_t i = 0; i < p.y.size(); ++i) {
    const Vector2d row = Vector2d(share_of_input(i, 0), share_of_input(i, 1)) / p.noise[i];
    precision += time * row * row.transpose();
    pull += time * row * p.y[i] / p.noise[i];
  }
  for (Eigen::Index k = 0; k < 2 && !p.centre.empty(); ++k) {
    const auto i = static_cast<std::size_t>(k);
    precision(k, k) += time / (p.deviation[i] * p.deviation[i]);
    pull(k) += time * p.centre[i] / (p.deviation[i] * p.deviation[i]);
  }
  const Matrix2d covariance = precision.inverse();
  return {covariance * pull, covariance};
}
NormalLawOfTwo law_of(const EnsembleInversion& e) {
  const auto mean = e.mean(), covariance = e.covariance();
  return {Vector2d(mean.data()), Matrix2d(covariance.data())};
}
const std::vector<Prior> TwoPriors = {Prior::normal(0.5, 1), Prior::normal(-1, 2)};
NormalLawOfTwo law_of_members(const std::vector<double>& x) {
  EnsembleInversion e;
  e.dimensions = 2;
  e.x = x;
  return law_of(e);
}

TEST(EnsembleInversion, SquareRootsGiveKalmansAnswerToAnEnsemble) {
  // Of a linear model the steps are of no matter: from the members' own mean and covariance to the posterior's, with
  // fewer outputs than members and with more, with Tikhonov's term and for data that count more than once.
  for (const std::size_t outputs : {3U, 40U}) {
    for (const double time : {1.0, 50.0}) {
      for (const bool term : {false, true}) {
        InverseProblem p = two_inputs(outputs);
        if (term) {
          p.centre = {1, -2};
          p.deviation = {0.5, 3};
        }
        const std::vector<double> members = draws_of(TwoPriors, 20, 7);
        const EnsembleInversion e = ensemble_kalman_inversion(
            p, {.members = members, .update = EnsembleUpdate::SquareRoot, .time = time});
        ASSERT_TRUE(e.arrived);
        const NormalLawOfTwo exact = posterior_of_two(p, time, law_of_members(members)),
                             told = law_of(e);
        EXPECT_LT((told.mean - exact.mean).norm(), 1e-10) << outputs << " " << time;
        EXPECT_LT((told.covariance - exact.covariance).norm(), 1e-10);
        EXPECT_GT(e.times.size(), 2U);
        EXPECT_EQ(e.evaluations, 20 * e.times.size());
      }
    }
  }
}

TEST(EnsembleInversion, PerturbedOutputsGiveItWithManyMembers) {
  // 30 ensembles of 1,000: within five standard errors of their mean, and what a finite ensemble takes from the
  // covariance, some units of 1 / 1,000.
  const InverseProblem p = two_inputs(3);
  const NormalLawOfTwo exact =
      posterior_of_two(p, 1.0, {Vector2d(0.5, -1), Vector2d(1, 4).asDiagonal().toDenseMatrix()});
  std::array<math::Moments, 5> found;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const NormalLawOfTwo told = law_of(
        ensemble_kalman_inversion(p, {.members = draws_of(TwoPriors, 1'000, seed), .seed = seed}));
    const Vector2d off = told.mean - exact.mean;
    found[0].add(off(0) / std::sqrt(exact.covariance(0, 0)));
    found[1].add(off(1) / std::sqrt(exact.covariance(1, 1)));
    found[2].add(told.covariance(0, 0) / exact.covariance(0, 0) - 1);
    found[3].add(told.covariance(1, 1) / exact.covariance(1, 1) - 1);
    found[4].add(told.covariance(0, 1) / exact.covariance(0, 1) - 1);
  }
  for (const auto& m : found)
    EXPECT_NEAR(m.mean(), 0.0, 5 * m.deviation() / std::sqrt(30.0) + 0.005);
  // Where data say next to nothing one step is enough.
  InverseProblem vague = p;
  for (double& s : vague.noise) s *= 100;
  EXPECT_EQ(ensemble_kalman_inversion(vague, {.members = draws_of(TwoPriors, 50, 1)}).times.size(),
            1U);
}

// O. G. Ernst, B. Sprungk and H.-J. Starkloff (SIAM/ASA J. Uncertainty Quantification 3, 2015): (exp(u1) p')' = -1
// with p(0) = 0 and p(1) = u2, seen at 1/4 and 3/4, of u1 ~ N(0, 1) and u2 ~ U(90, 110).
const std::vector<Prior> EllipticPriors = {Prior::normal(0, 1), Prior::uniform(90, 110)};
double elliptic_output(std::size_t i, std::span<const double> u) {
  const double x = i == 0 ? 0.25 : 0.75;
  return u[1] * x + std::exp(-u[0]) * 0.5 * (x - x * x);
}
InverseProblem elliptic() {  // of standard normals
  return {.dimensions = 2,
          .y = {27.5, 79.7},
          .noise = {0.1, 0.1},
          .forward = [](std::span<const double> z, std::span<double> g) {
            for (std::size_t k = 0; k < z.size(); k += 2) {
              const std::vector<double> u = from_normals(EllipticPriors, z.subspan(k, 2));
              for (std::size_t i = 0; i < 2; ++i) g[k + i] = elliptic_output(i, u);
            }
          }};
}
Target elliptic_likelihood() {
  return target_with_slopes(2,
                            [p = elliptic()](std::span<const double> u, std::span<double> slope) {
                              double sum = slope[0] = slope[1] = 0.0;
                              for (std::size_t i = 0; i < 2; ++i) {
                                const double off = (p.y[i] - elliptic_output(i, u)) / p.noise[i];
                                const double x = i == 0 ? 0.25 : 0.75;
                                sum -= 0.5 * off * off;
                                slope[0] -= off / p.noise[i] * std::exp(-u[0]) * 0.5 * (x - x * x);
                                slope[1] += off / p.noise[i] * x;
                              }
                              return sum;
                            });
}

TEST(EnsembleInversion, OfAnEllipticProblemIsNearItsPosterior) {
  // A long walk tells what is right: u1 = -2.645 +- 0.124, u2 = 104.51 +- 0.29. The sampler sees slopes over the
  // whole ensemble: it is off by some 0.15 deviations, and some percent too narrow. The Kalman inversion, which
  // comes through a wide prior, is off by 0.8 deviations and up to a third too wide.
  const std::vector<double> members = draws_of(std::vector<Prior>(2, Prior::normal(0, 1)), 500, 3);
  const Chains walk = metropolis(posterior(EllipticPriors, elliptic_likelihood()),
                                 {.starts = {{-2.6, 1.0}, {-2.7, 1.0}, {-2.5, 1.0}, {-2.8, 1.0}},
                                  .draws = 5'000,
                                  .thin = 4,
                                  .seed = 5});
  const EnsembleInversion kalman = ensemble_kalman_inversion(elliptic(), {.members = members});
  InverseProblem with_prior = elliptic();
  with_prior.centre = {0, 0};
  with_prior.deviation = {1, 1};
  const Chains flow = affine_invariant_langevin(
      with_prior, {.members = {members.begin(), members.begin() + 100}, .draws = 300, .seed = 2});
  const Laplace l = laplace(on_normals(EllipticPriors, elliptic_likelihood()));
  ASSERT_TRUE(l.converged && kalman.arrived);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto of_line = [i](std::span<const double> v) { return from_line(EllipticPriors, v)[i]; };
    const auto of_normal = [i](std::span<const double> z) {
      return from_normals(EllipticPriors, z)[i];
    };
    const Diagnostics right = diagnose(walk.of(of_line)), near = diagnose(flow.of(of_normal));
    math::Moments last;
    for (std::size_t k = 0; k < kalman.x.size(); k += 2)
      last.add(of_normal(std::span(kalman.x).subspan(k, 2)));
    const double error = 5 * std::hypot(right.mean_error, near.mean_error);
    EXPECT_NEAR(near.mean, right.mean, 0.25 * right.deviation + error) << i;
    EXPECT_NEAR(near.deviation / right.deviation, 1.0, 0.12) << i;
    EXPECT_NEAR(of_normal(l.mode), right.mean, 0.25 * right.deviation + error) << i;
    EXPECT_NEAR(last.mean(), right.mean, right.deviation + error) << i;
    EXPECT_NEAR(last.deviation() / right.deviation, 1.15, 0.3) << i;
    RecordProperty(
        fmt::format("u{}", i + 1),
        fmt::format("walk {} +- {} ({}), sampler {} +- {} ({}, R-hat {}), mode {}, Kalman "
                    "{} +- {}, {} steps, sampler's runs {}",
                    right.mean, right.deviation, right.mean_error, near.mean, near.deviation,
                    near.mean_error, near.split_r_hat, of_normal(l.mode), last.mean(),
                    last.deviation(), kalman.times.size(), flow.evaluations));
  }
}

// A model of three outputs that is bent, and the same of other coordinates x' = M x + b.
InverseProblem bent(const Matrix2d& map, const Vector2d& shift) {
  return {.dimensions = 2,
          .y = {0.7, 1.5, -0.4},
          .noise = {0.2, 0.3, 0.25},
          .forward = [map, shift](std::span<const double> x, std::span<double> g) {
            for (std::size_t k = 0; k < x.size() / 2; ++k) {
              const Vector2d u = map.inverse() * (Vector2d(x[2 * k], x[2 * k + 1]) - shift);
              g[3 * k] = u(0) + 0.2 * u(1) * u(1);
              g[3 * k + 1] = std::exp(0.3 * u(1));
              g[3 * k + 2] = 0.3 * u(0) - 0.2 * u(1);
            }
          }};
}

TEST(EnsembleSampler, DoesNotMindTheCoordinates) {
  // Members of other coordinates go the same ways: to what rounding makes of a map whose axes differ by 1,000.
  Matrix2d map;
  map << 300, -20, 0.7, 0.3;
  const Vector2d shift(50, -2);
  const std::vector<double> start = draws_of(std::vector<Prior>(2, Prior::normal(0, 1)), 12, 4);
  std::vector<double> mapped;
  for (std::size_t k = 0; k < start.size(); k += 2) {
    const Vector2d x = map * Vector2d(start[k], start[k + 1]) + shift;
    mapped.insert(mapped.end(), {x(0), x(1)});
  }
  const Chains plain = affine_invariant_langevin(bent(Matrix2d::Identity(), Vector2d::Zero()),
                                                 {.members = start, .draws = 50}),
               other =
                   affine_invariant_langevin(bent(map, shift), {.members = mapped, .draws = 50});
  double most = 0.0;
  for (std::size_t c = 0; c < 12; ++c)
    for (std::size_t k = 0; k < 50; ++k) {
      const Vector2d there(other.x[c][2 * k], other.x[c][2 * k + 1]),
          here(plain.x[c][2 * k], plain.x[c][2 * k + 1]);
      most = std::max(most, (map.inverse() * (there - shift) - here).norm());
    }
  EXPECT_LT(most, 1e-9);
  EXPECT_EQ(plain.evaluations, other.evaluations);
}

TEST(EnsembleSampler, KeepsALinearModelsPosteriorWithFewMembers) {
  // Mean and covariance within five of the chains' standard errors and what a step of 0.2 leaves, below a hundredth.
  InverseProblem p = two_inputs(3);
  p.centre = {0.5, -1};
  p.deviation = {1, 2};
  const NormalLawOfTwo exact =
      posterior_of_two(p, 1.0, {Vector2d::Zero(), Matrix2d::Identity() * 1e12});
  for (const std::size_t members : {6U, 40U}) {
    const Chains c = affine_invariant_langevin(p, {.members = draws_of(TwoPriors, members, 3),
                                                   .step = 0.2,
                                                   .draws = 20'000 / members,
                                                   .seed = 9});
    for (std::size_t i = 0; i < 2; ++i) {
      const auto k = static_cast<Eigen::Index>(i);
      const double deviation = std::sqrt(exact.covariance(k, k));
      const Diagnostics d = diagnose(
          c.of([&](std::span<const double> x) { return (x[i] - exact.mean(k)) / deviation; }));
      const Diagnostics square = diagnose(c.of([&](std::span<const double> x) {
        return std::pow((x[i] - exact.mean(k)) / deviation, 2);
      }));
      EXPECT_NEAR(d.mean, 0.0, 5 * d.mean_error);
      EXPECT_NEAR(square.mean, 1.0, 5 * square.mean_error + 0.01);
      EXPECT_LT(d.split_r_hat, 1.02);
    }
    const Diagnostics both = diagnose(c.of([&](std::span<const double> x) {
      return (x[0] - exact.mean(0)) * (x[1] - exact.mean(1)) / exact.covariance(0, 1);
    }));
    EXPECT_NEAR(both.mean, 1.0, 5 * both.mean_error + 0.01);
    EXPECT_EQ(c.accepted, std::vector<double>(members, 1.0));
  }
}

constexpr double NoOutput = std::numeric_limits<double>::quiet_NaN();
// The same, but runs of a first input above a limit fail.
InverseProblem failing(double limit) {
  InverseProblem p = two_inputs(3);
  p.centre = {0.5, -1};
  p.deviation = {1, 2};
  p.forward = [limit, whole = p.forward](std::span<const double> x, std::span<double> g) {
    whole(x, g);
    for (std::size_t k = 0; k < x.size() / 2; ++k)
      if (x[2 * k] > limit) g[3 * k + 1] = NoOutput;
  };
  return p;
}

TEST(EnsembleInversion, RunsThatFailAreCountedAndPoisonNothing) {
  const std::vector<double> members = draws_of(TwoPriors, 100, 7);
  for (const Replacement r : {Replacement::Resample, Replacement::Drop}) {
    const EnsembleInversion e =
        ensemble_kalman_inversion(failing(1.5), {.members = members, .lost = {.replacement = r}});
    EXPECT_TRUE(e.arrived);
    EXPECT_GT(e.failed, 5U);
    EXPECT_EQ(e.x.size(), r == Replacement::Drop ? 2 * (100 - e.failed) : 200U);
    for (const double v : e.x) EXPECT_TRUE(std::isfinite(v));
  }
  const Chains c = affine_invariant_langevin(failing(0.3), {.members = members, .draws = 50});
  EXPECT_GT(c.failed, 20U);
  for (const auto& chain : c.x)
    for (std::size_t k = 0; k < 50; ++k) EXPECT_LE(chain[2 * k], 0.3);
  const auto why = [&](const LostPolicy& lost) {
    return contract::refusal(
        [&] { (void)ensemble_kalman_inversion(failing(1.5), {.members = members, .lost = lost}); });
  };
  EXPECT_EQ(why({.replacement = Replacement::Refuse}).substr(0, 9), "members [");
  EXPECT_EQ(why({.replacement = Replacement::Climatology}),
            "ensemble inversion: no climatology to replace members from; resample?");
}

TEST(EnsembleInversion, IsTheSameForAnyNumberOfThreads) {
  const std::vector<double> members = draws_of(TwoPriors, 150, 7);
  EnsembleInversionOptions o = {.members = members};
  LangevinOptions l = {.members = members, .draws = 3};
  const auto one = ensemble_kalman_inversion(failing(1.5), o).x;
  const auto chains = affine_invariant_langevin(failing(1.5), l).x;
  o.threads = l.threads = 3;
  EXPECT_EQ(ensemble_kalman_inversion(failing(1.5), o).x, one);
  EXPECT_EQ(affine_invariant_langevin(failing(1.5), l).x, chains);
}

TEST(EnsembleInversion, SaysWhatCannotBe) {
  const auto eki = [](const InverseProblem& p, const EnsembleInversionOptions& o) {
    return contract::refusal([&] { (void)ensemble_kalman_inversion(p, o); });
  };
  const auto aldi = [](const InverseProblem& p, const LangevinOptions& o) {
    return contract::refusal([&] { (void)affine_invariant_langevin(p, o); });
  };
  const std::vector<double> five(10, 1.0);
  InverseProblem p = two_inputs(3);
  EXPECT_EQ(eki({}, {.members = five}),
            "ensemble inversion: 0 dimensions and 0 outputs (at least 1 of each)");
  EXPECT_EQ(eki(p, {.members = {1, 2, 3}}),
            "ensemble inversion: 3 numbers for members of 2 dimensions (at least 2 members)");
  EXPECT_EQ(eki(p, {.members = {1, 2, 3, NoOutput}}),
            "members[3] = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(eki(p, {.members = five, .time = 0.0}), "time = 0 (must be positive)");
  EXPECT_EQ(aldi(p, {.members = {1, 2, 3, 4, 5, 6}}),
            "ensemble sampler: 6 numbers for members of 2 dimensions (at least 4 members)");
  EXPECT_EQ(aldi(p, {.members = five, .step = 1.5}),
            "ensemble sampler: a step of 1.5 (above 0, at most 1), 200 draws");
  EXPECT_EQ(aldi(p, {.members = five}),
            "ensemble sampler: the members span fewer than 2 dimensions; are some the same?");
  InverseProblem far = p;
  for (double& sigma : far.noise) sigma = 1e-100;
  EXPECT_EQ(aldi(far, {.members = draws_of(TwoPriors, 5, 1)}),
            "ensemble sampler: a misfit beyond numbers; are the deviations of errors right?");
  EXPECT_EQ(
      aldi(p, {.members = draws_of(TwoPriors, 5, 1), .step = 1e-4}),
      "ensemble sampler: 10000 steps do not lead from one draw to the next (they are too short) "
      "longer ones, or begin nearer?");
  p.deviation = {1, 1};
  EXPECT_EQ(eki(p, {.members = five}),
            "2 dimensions and 0 centres (must be as many); do they "
            "belong together?");
  p.noise[1] = 0.0;
  EXPECT_EQ(eki(p, {.members = five}), "the deviation of an output's error = 0 (must be positive)");
}

}  // namespace
}  // namespace twin::infer
