// If these failed, a baseline of a file would not be the one that the published cases measure.
#include "apps/fabtwin/assimilate/one_estimate.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "apps/fabtwin/assimilate/run_example.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/infer/kalman/ekf.hpp"
#include "twin/infer/variational/minimise.hpp"
#include "twin/infer/variational/model_operator.hpp"

namespace apps::fabtwin::assimilate {
namespace {

namespace kalman = twin::infer::kalman;
namespace variational = twin::infer::variational;
using example::Seed;
using twin::infer::Noise;

// A model in the setting of its text, as cases/filters/smoothers.cpp has it.
template <class M>
struct Setting {
  M model;
  twin::infer::Experiment e;
  Noise noise;
  std::string text;

  [[nodiscard]] variational::Climatology climate() const {
    return variational::climatology_of(model, e.theta, {.seed = Seed, .member = 0xFFFE0000},
                                       {.spin_up = 1000, .every = 1, .samples = 20000});
  }
  // correct(y, x) of the cases' filters of one estimate.
  template <class Correct>
  void expect_same(const std::string& method, const Correct& correct) const {
    const auto expected = twin::infer::run_experiment(
        model, e, noise, Seed, example::Everything,
        [&](const Eigen::MatrixXd&, const Eigen::VectorXd& y, std::uint32_t, Eigen::MatrixXd& x) {
          x.col(0) = correct(y, Eigen::VectorXd(x.col(0)));
        });
    const RunScores s = example::run_once(text + method);
    EXPECT_EQ(s.rmse_a, expected.rmse_a) << method;
    EXPECT_EQ(s.rmse_f, expected.rmse_f) << method;
    EXPECT_EQ(s.ranks.total(), 0U);  // one estimate has no ranks
  }
  [[nodiscard]] Eigen::VectorXd correct(const Eigen::MatrixXd& b, const Eigen::VectorXd& first,
                                        const Eigen::VectorXd& y) const {
    return variational::minimise({.background = variational::Background::sampled(b),
                                  .observed = variational::identity(),
                                  .first = first,
                                  .y = y,
                                  .noise = noise},
                                 {.gradient = 1e-8, .residual = 1e-8})
        .x;
  }
};

template <class F>
void on_both(const F& f) {
  f(Setting<twins::toys::Lorenz96<>>{
      {}, example::lorenz96(1), Noise::equal(40, 1.0), example::Lorenz96});
  f(Setting<twins::toys::Lorenz63>{
      {}, example::lorenz63(1), Noise::equal(3, 2.0), example::Lorenz63});
}

TEST(OneEstimate, IsTheClimateOfTheCases) {
  on_both([](const auto& s) {
    const auto climate = s.climate();
    s.expect_same("name = \"climatology\"\n",
                  [&](const auto&, const auto&) { return climate.mean; });
    s.expect_same("name = \"oi\"\n", [&](const Eigen::VectorXd& y, const auto&) {
      return s.correct(climate.covariance, climate.mean, y);
    });
    s.expect_same("name = \"3dvar\"\nshare = 0.1\n",
                  [&](const Eigen::VectorXd& y, const Eigen::VectorXd& x) {
                    return s.correct(0.1 * climate.covariance, x, y);
                  });
  });
}

template <class M>
class Extended {
 public:
  Extended(const Setting<M>& s, double inflation)
      : s_(s), inflation_(inflation), r_(s.noise.covariance()) {
    auto state = s.model.initial(s.e.theta, {.seed = Seed, .member = 0});
    const auto view = M::vector(state);
    const auto n = static_cast<Eigen::Index>(view.size());
    belief_ = {.mean = Eigen::Map<const Eigen::VectorXd>(view.data(), n),
               .covariance = Eigen::MatrixXd::Identity(n, n)};
    stretch_ = {.model = &s_.model, .start = state, .theta = s_.e.theta};
  }
  Eigen::VectorXd operator()(const Eigen::VectorXd& y) {
    const auto n = belief_.size();
    const kalman::ProcessNoise<Eigen::Dynamic> q(Eigen::MatrixXd::Zero(n, n));
    for (twin::core::Tick k = 0; k < s_.e.ticks_per_cycle; ++k) {
      stretch_.until = stretch_.start.now + 1;
      kalman::predict_extended(
          belief_, [&](const Eigen::VectorXd& x) { return stretch_.run(x); },
          [&](const Eigen::VectorXd& x) {
            Eigen::MatrixXd jacobian = Eigen::MatrixXd::Identity(n, n);
            s_.model.tangent(stretch_.with(x), s_.e.theta, stretch_.until,
                             {jacobian.data(), static_cast<std::size_t>(jacobian.size())});
            return jacobian;
          },
          q);
      belief_.covariance *= inflation_;
      stretch_.start.now = stretch_.until;
    }
    const Eigen::MatrixXd h = Eigen::MatrixXd::Identity(n, n);
    kalman::update(belief_, y, h, r_);
    return belief_.mean;
  }

 private:
  const Setting<M>& s_;
  double inflation_;
  kalman::ObservationNoise<Eigen::Dynamic> r_;
  kalman::Gaussian<Eigen::Dynamic> belief_;
  variational::Stretch<M> stretch_;
};

TEST(OneEstimate, IsTheExtendedFilterOfTheCases) {
  on_both([]<class M>(const Setting<M>& s) {
    const double inflation = std::pow(s.noise.size() == 40 ? 10.0 : 180.0, M::Step);
    Extended<M> filter(s, inflation);
    s.expect_same(fmt::format("name = \"ekf\"\ninflation = {}\n", inflation),
                  [&](const Eigen::VectorXd& y, const auto&) { return filter(y); });
  });
}

TEST(OneEstimate, SaysWhatItExpected) {
  // The filter's innovations would not be judged: with a fair inflation their squares are as promised,
  // within a factor that a broken covariance would miss by far.
  const RunScores s = example::run_once(example::Lorenz96 + "name = \"ekf\"\ninflation = 1.122\n");
  const auto answer = s.innovation.answer();
  ASSERT_TRUE(answer);
  EXPECT_GT(answer->ratio, 0.5);
  EXPECT_LT(answer->ratio, 1.5);
}

TEST(OneEstimate, LosesARunRatherThanTheExperiment) {
  // A covariance that is none any more would end all other runs too.
  const RunScores s = example::run_once(example::Lorenz63 + "name = \"ekf\"\ninflation = 1e6\n");
  EXPECT_TRUE(s.diverged);
}

TEST(OneEstimate, SeesThroughOtherInstruments) {
  // Half of the variables, and squares of them, would not correct the rest: better than the climate.
  for (const std::string method :
       {"name = \"3dvar\"\nshare = 0.02\n", "name = \"ekf\"\ninflation = 1.1\n"}) {
    const std::string head =
        example::Head + "[model]\nname = \"lorenz96\"\n[observations]\nevery = 2\n";
    EXPECT_LT(example::run_once(head + "[[method]]\n" + method).rmse_a, 2.5) << method;
    EXPECT_LT(example::run_once(head + "function = \"square\"\n[[method]]\n" + method).rmse_a, 3.6)
        << method;
  }
}

TEST(OneEstimate, LeavesWhatNeverChangesAlone) {
  // A climate without variance in some direction (a wave of constant shape, a conserved mean) would be
  // refused as a covariance: it only corrects nothing there.
  for (const std::string model : {"advection\"\nsize = 100\n", "ks\"\nsize = 64\n"}) {
    const RunScores s = example::run_once("cycles = 5\n[model]\nname = \"" + model +
                                          "[[method]]\nname = \"oi\"\nsamples = 2000\n");
    EXPECT_TRUE(s.done && std::isfinite(s.rmse_a)) << model;
  }
}

TEST(OneEstimate, IsTheSameForAnyNumberOfThreads) {
  EXPECT_EQ(example::thread_difference(example::Lorenz96 + "name = \"3dvar\"\nshare = 0.02\n"), "");
  EXPECT_EQ(example::thread_difference(example::Lorenz96 + "name = \"ekf\"\n"), "");
}

TEST(OneEstimate, RefusesWhatCannotBe) {
  const auto refused = [](const std::string& text) {
    return twin::contract::refusal([&] { read_experiment(text, "x.toml", {}); });
  };
  EXPECT_EQ(refused(example::Lorenz96 + "name = \"3dvar\"\n"),
            "x.toml:6: [[method]] has no 'share' (it is needed)");
  EXPECT_EQ(refused(example::Lorenz96 + "name = \"oi\"\nmembers = 5\n"),
            "x.toml:8: unknown key 'members' ([[method]] has no such key)");
  EXPECT_EQ(refused(example::Lorenz96 + "name = \"oi\"\nsamples = 1\n"),
            "x.toml:8: samples = 1 (must be from 2 to 100000000)");
  EXPECT_EQ(
      refused("cycles = 9\n[model]\nname = \"advection\"\n[[method]]\nname = \"ekf\"\n"),
      "x.toml:5: name = \"ekf\" (it needs a model that knows its tangent) use one of lorenz63, "
      "lorenz96?");
  EXPECT_EQ(
      refused("cycles = 9\n[model]\nname = \"mm1\"\n[[method]]\nname = \"3dvar\"\nshare = 1\n"),
      "x.toml:5: name = \"3dvar\" (it needs a model whose state is a row of numbers) use one of "
      "lorenz63, lorenz96, advection, ks, qg?");
}

}  // namespace
}  // namespace apps::fabtwin::assimilate
