// Calibrated by construction: on a linear twin with noise of its own every filter's members are as far apart as
// its mean
// is wrong, and the truth takes every rank among them alike. If this failed, no interval of any twin could be trusted.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/kalman/kf.hpp"
#include "twin/math/distributions.hpp"
#include "twin/score/innovation.hpp"
#include "twin/score/pit.hpp"
#include "twin/score/spread_skill.hpp"

namespace cases {
namespace {

using namespace twin::infer;
namespace core = twin::core;
namespace score = twin::score;

// x(t + 1) = 0.8 x(t), one cell on round a ring of ten, + N(0, 0.3); every other cell is seen with N(0, 0.5). Cells are
// scored in turn, a time in four: what is left of a departure then is 0.8^4 of it less what was seen, and another cell.
constexpr Eigen::Index Cells = 10, Seen = 5, Members = 80;
constexpr double Memory = 0.8, Push = 0.3, Error = 0.5;
constexpr std::uint32_t Cycles = 4'000, BurnIn = 50, Every = 4;
constexpr std::uint64_t Seed = 20261128;
enum What : std::uint32_t { TruthDraw = 1, MemberDraw, ErrorDraw, TieDraw };

Eigen::MatrixXd carried() {
  Eigen::MatrixXd f = Eigen::MatrixXd::Zero(Cells, Cells);
  for (Eigen::Index i = 0; i < Cells; ++i) f((i + 1) % Cells, i) = Memory;
  return f;
}

Eigen::MatrixXd shown() {
  Eigen::MatrixXd h = Eigen::MatrixXd::Zero(Seen, Cells);
  for (Eigen::Index k = 0; k < Seen; ++k) h(k, 2 * k) = 1.0;
  return h;
}

struct Judged {
  score::SpreadSkill spread;
  score::PitHistogram pits = score::PitHistogram(10);
  score::InnovationCheck innovations;
};

// `cycle(y, t)` moves the belief by a step and analyses; `judge(cell, truth, t)` scores it.
void run(const std::function<void(const Eigen::VectorXd&, std::uint32_t)>& cycle,
         const std::function<void(Eigen::Index, double, std::uint32_t)>& judge) {
  const core::Draw draw{.seed = Seed, .member = 0xFFFF0000U};
  const Eigen::MatrixXd f = carried(), h = shown();
  Eigen::MatrixXd truth(Cells, 1), push(Cells, 1), error(Seen, 1);
  standard_normal(draw, TruthDraw, Cycles, truth);  // nearly its climate; the burn-in does the rest
  for (std::uint32_t t = 0; t < Cycles; ++t) {
    standard_normal(draw, TruthDraw, t, push);
    standard_normal(draw, ErrorDraw, t, error);
    truth = f * truth + std::sqrt(Push) * push;
    cycle(h * truth + std::sqrt(Error) * error, t);
    if (t >= BurnIn && t % Every == 0)
      judge((t / Every * 3) % Cells, truth((t / Every * 3) % Cells, 0), t);
  }
}

Judged judged(const Scheme& scheme) {
  Judged out;
  const core::Draw draw{.seed = Seed, .member = 0};
  const Eigen::MatrixXd f = carried(), h = shown();
  const Noise noise = Noise::equal(Seen, Error);
  Eigen::MatrixXd x(Cells, Members), push(Cells, Members);
  standard_normal(draw, MemberDraw, Cycles, x);
  run(
      [&](const Eigen::VectorXd& y, std::uint32_t t) {
        standard_normal(draw, MemberDraw, t, push);
        x = (f * x + std::sqrt(Push) * push).eval();
        const Innovation i = analyse(scheme, h * x, y, noise, draw, t, x);
        if (t >= BurnIn) out.innovations.add(i.chi_square, Seen);
      },
      [&](Eigen::Index cell, double truth, std::uint32_t t) {
        const Eigen::VectorXd row = x.row(cell);
        const std::span<const double> members(row.data(), static_cast<std::size_t>(Members));
        out.spread.add(members, truth);
        out.pits.add(score::ensemble_pit(members, truth, draw.uniform(TieDraw, 0, t)));
      });
  return out;
}

class Calibrated : public ::testing::TestWithParam<Filter> {};

// The goal is a ratio in 0.9 to 1.15 (its standard error, about 0.015, beside it) and no shape of the histogram
// beyond one chance in a million.
TEST_P(Calibrated, SpreadIsSkillAndRanksAreFlat) {
  for (const Rotation rotation : {Rotation::None, Rotation::Random}) {
    Scheme scheme;
    scheme.filter = GetParam();
    scheme.rotation = rotation;
    const Judged j = judged(scheme);
    const auto answer = j.spread.answer();
    EXPECT_GT(answer->ratio, 0.9) << "seed " << Seed;
    EXPECT_LT(answer->ratio, 1.15) << "seed " << Seed;
    const auto flat = j.pits.flatness();
    EXPECT_GT(flat->all.p_value, 1e-6) << "seed " << Seed;
    EXPECT_GT(flat->slope.p_value, 1e-6) << "seed " << Seed;
    EXPECT_GT(flat->bowl.p_value, 1e-6) << "seed " << Seed;
  }
}

INSTANTIATE_TEST_SUITE_P(AllFilters, Calibrated,
                         ::testing::Values(Filter::PerturbedEnkf, Filter::Etkf, Filter::Denkf,
                                           Filter::Estkf, Filter::SerialEnsrf, Filter::FiniteSize),
                         [](const auto& filter) {
                           std::string name(FilterNames[static_cast<std::size_t>(filter.param)]);
                           std::erase(name, '-');
                           return name;
                         });

// The Kalman filter is exact: its errors are as its covariance says, its innovations chi-square.
TEST(CalibratedKalman, ErrorsAreAsItsCovarianceSays) {
  kalman::Gaussian<Cells> belief;
  belief.mean.setZero();
  belief.covariance.setIdentity();
  const kalman::Matrix<Cells, Cells> f = carried();
  const kalman::Matrix<Seen, Cells> h = shown();
  const kalman::ProcessNoise<Cells> q(Push * kalman::Matrix<Cells, Cells>::Identity());
  const kalman::ObservationNoise<Seen> r(Error * kalman::Matrix<Seen, Seen>::Identity());
  Judged out;
  double squares = 0.0, variances = 0.0, n = 0.0;
  run(
      [&](const Eigen::VectorXd& y, std::uint32_t t) {
        kalman::predict<Cells>(belief, f, q);
        const auto i = kalman::update<Cells, Seen>(belief, kalman::Vector<Seen>(y), h, r);
        if (t >= BurnIn) out.innovations.add(i.nis, Seen);
      },
      [&](Eigen::Index cell, double truth, std::uint32_t) {
        const double variance = belief.covariance(cell, cell), error = belief.mean[cell] - truth;
        out.pits.add(score::normal_pit(belief.mean[cell], std::sqrt(variance), truth));
        squares += error * error;
        variances += variance;
        n += 1.0;
      });
  EXPECT_NEAR(variances / squares, 1.0, 5.0 * std::sqrt(2.0 / n)) << "seed " << Seed;
  EXPECT_GT(out.pits.flatness()->all.p_value, 1e-6) << "seed " << Seed;
  EXPECT_GT(out.pits.flatness()->bowl.p_value, 1e-6) << "seed " << Seed;
  EXPECT_GT(out.innovations.answer()->test.p_value, 1e-6) << "seed " << Seed;
}

}  // namespace
}  // namespace cases
