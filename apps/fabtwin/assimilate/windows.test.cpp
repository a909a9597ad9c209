// If these failed, a smoother of a file would not be the one that the published cases prove.
#include "apps/fabtwin/assimilate/windows.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "apps/fabtwin/assimilate/run_example.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/infer/smooth/iterated.hpp"
#include "twin/infer/smooth/windowed_experiment.hpp"
#include "twin/infer/variational/minimise.hpp"
#include "twin/infer/variational/model_operator.hpp"

namespace apps::fabtwin::assimilate {
namespace {

namespace smooth = twin::infer::smooth;
namespace variational = twin::infer::variational;
using example::Seed;
using twin::core::Tick;
using twin::infer::Noise;

// As cases/filters/smoothers.cpp runs it.
template <class M>
smooth::WindowScores iterated(const M& model, const twin::infer::Experiment& e, const Noise& noise,
                              const smooth::Iteration& iteration, std::uint32_t lag) {
  return smooth::run_windowed_experiment(
      model, e, lag, noise, Seed, example::Everything,
      [&](const smooth::Window<M>& window, Eigen::MatrixXd& x) {
        const std::vector<Tick> moments = {window.end};
        const smooth::Forward forward = [&](const Eigen::MatrixXd& start) {
          return window.start.run(
              start, moments, [](std::size_t, const Eigen::MatrixXd& at) { return at; },
              window.end);
        };
        return smooth::iterate(iteration, forward, window.y, noise, {.seed = Seed, .member = 0},
                               window.cycle, x)
            .end;
      });
}

TEST(Windows, IteratedSmootherIsThatOfTheCases) {
  const auto compare = [](const RunScores& s, const smooth::WindowScores& expected) {
    EXPECT_EQ(s.rmse_a, expected.rmse_a);
    EXPECT_EQ(s.spread, expected.spread);
    EXPECT_GT(s.innovation.answer()->ratio, 0.0);
  };
  compare(example::run_once(example::Lorenz63 +
                            "name = \"ienks\"\nmembers = 10\ninflation = 1.02\nrotate = true\n"
                            "tolerance = 0\n"),
          iterated(twins::toys::Lorenz63(), example::lorenz63(10), Noise::equal(3, 2.0),
                   {.tolerance = 0.0,
                    .inflation = {.factor = 1.02},
                    .rotation = twin::infer::Rotation::Random},
                   1));
  compare(
      example::run_once(example::Lorenz96 +
                        "name = \"ienks\"\nmembers = 20\nlag = 4\ncertainty = 2\n"
                        "iterations = 3\nlinearisation = \"bundle\"\n"),
      iterated(twins::toys::Lorenz96<>(), example::lorenz96(20), Noise::equal(40, 1.0),
               {.linearisation = smooth::Linearisation::Bundle, .most = 3, .certainty = 2.0}, 4));
}

TEST(Windows, FourDVarIsThatOfTheCases) {
  using M = twins::toys::Lorenz96<>;
  const M model;
  const auto e = example::lorenz96(1);
  const Noise noise = Noise::equal(40, 1.0);
  const auto background = variational::Background::full(0.1 * Eigen::MatrixXd::Identity(40, 40));
  for (const std::uint32_t lag : {1U, 3U}) {
    const auto expected = smooth::run_windowed_experiment(
        model, e, lag, noise, Seed, example::Everything,
        [&](const smooth::Window<M>& window, Eigen::MatrixXd& x) -> Eigen::MatrixXd {
          const variational::Stretch<M> stretch{.model = &model,
                                                .start = window.start.state(0),
                                                .theta = e.theta,
                                                .until = window.end};
          const variational::Cost cost{.background = background,
                                       .observed = variational::model_operator<M>(stretch),
                                       .first = x.col(0),
                                       .y = window.y,
                                       .noise = noise};
          const auto found = variational::minimise(cost, {.gradient = 1e-4, .residual = 1e-3});
          x.col(0) = found.x;
          return stretch.run(found.x);
        });
    const RunScores s = example::run_once(
        example::Lorenz96 +
        "name = \"4dvar\"\nbackground_variance = 0.1\nlag = " + std::to_string(lag) + "\n");
    EXPECT_EQ(s.rmse_a, expected.rmse_a) << lag;
    EXPECT_LT(s.rmse_a, s.rmse_f) << lag;
  }
}

TEST(Windows, SeeThroughOtherInstruments) {
  // Squares of half of the variables would not correct the rest: better than the climate's 3.6.
  const std::string head = example::Head +
                           "[model]\nname = \"lorenz96\"\n[observations]\nevery = 2\n"
                           "function = \"square\"\n[[method]]\n";
  for (const std::string method : {"name = \"ienks\"\nmembers = 25\ninflation = 1.1\nlag = 2\n",
                                   "name = \"4dvar\"\nbackground_variance = 0.1\nlag = 2\n"}) {
    EXPECT_LT(example::run_once(head + method).rmse_a, 3.0) << method;
  }
}

TEST(Windows, AreTheSameForAnyNumberOfThreads) {
  EXPECT_EQ(example::thread_difference(example::Lorenz96 +
                                       "name = \"ienks\"\nmembers = 12\nrotate = true\nlag = 2\n"),
            "");
  EXPECT_EQ(example::thread_difference(example::Lorenz63 +
                                       "name = \"4dvar\"\nbackground_variance = 0.5\nlag = 2\n"),
            "");
}

TEST(Windows, LoseARunThatIsNoNumber) {
  // It would count among those that were not lost.
  const RunScores s =
      example::run_once(example::Lorenz63 + "name = \"ienks\"\nmembers = 3\ninflation = 100\n");
  EXPECT_TRUE(!std::isfinite(s.rmse_a) || s.rmse_a > 3.0) << s.rmse_a;
}

TEST(Windows, RefuseWhatCannotBe) {
  const auto refused = [](const std::string& text) {
    return twin::contract::refusal([&] { read_experiment(text, "x.toml", {}); });
  };
  const std::string ienks = example::Lorenz96 + "name = \"ienks\"\nmembers = 7\n";
  EXPECT_EQ(refused(ienks + "lag = 0\n"), "x.toml:9: lag = 0 (must be from 1 to 1000)");
  EXPECT_EQ(refused(ienks + "iterations = 0\n"),
            "x.toml:9: iterations = 0 (must be from 1 to 10000)");
  EXPECT_EQ(refused(ienks + "linearisation = \"bundel\"\n"),
            "x.toml:9: linearisation = \"bundel\" (one of transform, bundle) did you mean bundle?");
  EXPECT_EQ(refused(example::Lorenz96 + "name = \"4dvar\"\n"),
            "x.toml:6: [[method]] has no 'background_variance' (it is needed)");
  EXPECT_EQ(refused("cycles = 9\n[model]\nname = \"ks\"\n[[method]]\nname = \"4dvar\"\n"
                    "background_variance = 1\n"),
            "x.toml:5: name = \"4dvar\" (it needs a model that knows its tangent) use one of "
            "lorenz63, lorenz96?");
  EXPECT_EQ(
      refused("cycles = 9\n[model]\nname = \"mm1\"\n[[method]]\nname = \"ienks\"\nmembers = 5\n"),
      "x.toml:5: name = \"ienks\" (it needs a model whose state is a row of numbers) use one of "
      "lorenz63, lorenz96, advection, ks, qg?");
}

}  // namespace
}  // namespace apps::fabtwin::assimilate
