// If these failed, the score table would be of another experiment than the file describes.
#include "apps/fabtwin/assimilate/run.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "apps/fabtwin/assimilate/score_table.hpp"
#include "apps/fabtwin/files.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/ensemble/taper.hpp"
#include "twin/infer/experiment.hpp"
#include "twins/toys/lorenz96.hpp"

namespace apps::fabtwin::assimilate {
namespace {

const std::string Lorenz96 = R"(
cycles = 40
burn_in = 10
first_seed = 3000
seeds = 2
[model]
name = "lorenz96"
[[method]]
name = "etkf"
members = 12
inflation = 1.05
rotate = true
[[method]]
name = "etkf"
members = 7
inflation = 1.04
radius = 4
batch = 2
)";

Experiment experiment(const std::string& text) { return read_experiment(text, "x.toml", {}); }

TEST(Run, IsTheExperimentOfTheCases) {
  // The command would score another way than the tables that the filters are proven by: its runs are
  // those of twin::infer::run_experiment, to the bit, without and with localisation.
  const Experiment e = experiment(Lorenz96);
  const Results results = run(e, {});
  const twin::infer::Noise noise = twin::infer::Noise::equal(40, 1.0);
  for (std::size_t m = 0; m < 2; ++m) {
    const auto members = e.methods[m].members;
    twin::infer::Scheme scheme;
    scheme.inflation.factor = m == 0 ? 1.05 : 1.04;
    if (m == 0) scheme.rotation = twin::infer::Rotation::Random;
    const auto domains = twin::infer::ring_domains(
        40, 2, Eigen::VectorXd::LinSpaced(40, 0.0, 39.0),
        {.half_support = twin::infer::half_support_of_radius(4.0), .least_weight = 1e-3});
    const twin::infer::Scores expected = twin::infer::run_experiment(
        twins::toys::Lorenz96<>(),
        {.members = members,
         .ticks_per_cycle = 1,
         .cycles = 40,
         .burn_in = 10,
         .diverged_above = 1e9,
         .theta = {8.0}},
        noise, 3001, [](const Eigen::MatrixXd& x) { return x; },
        [&](const Eigen::MatrixXd& hx, const Eigen::VectorXd& y, std::uint32_t occasion,
            Eigen::MatrixXd& x) {
          const twin::core::Draw draw{.seed = 3001, .member = 0};
          if (m == 0) {
            twin::infer::analyse(scheme, hx, y, noise, draw, occasion, x);
          } else {
            twin::infer::analyse(scheme, domains, hx, y, noise, draw, occasion, x);
          }
        });
    EXPECT_EQ(results[m][1].rmse_a, expected.rmse_a);
    EXPECT_EQ(results[m][1].rmse_f, expected.rmse_f);
    EXPECT_EQ(results[m][1].spread, expected.spread);
  }
}

std::string without_time(const Experiment& e, const Results& results) {
  auto summaries = summarise(e, results);
  for (Summary& s : summaries) s.cycle_ms = 0.0;
  return score_csv(summaries);
}

TEST(Run, IsTheSameForAnyNumberOfThreads) {
  // A figure would depend on the machine.
  for (const char* text : {Lorenz96.c_str(),
                           "cycles = 6\n[model]\nname = \"mm1\"\n[observations]\ninterval = 20\n"
                           "[[method]]\nname = \"ensrf\"\nmembers = 9\n"}) {
    const Experiment e = experiment(text);
    const std::string one = without_time(e, run(e, {.threads = 1}));
    for (const unsigned threads : {2U, 3U, 7U}) {
      EXPECT_EQ(without_time(e, run(e, {.threads = threads})), one) << threads;
    }
  }
}

TEST(Run, LearnsFromWhatItSees) {
  // Observations would not reach the members: a filter is much better than none, also where what is
  // corrected are parameters of a queue.
  for (const char* text :
       {"cycles = 60\n[model]\nname = \"lorenz96\"\nsize = 20\n[[method]]\nname = \"free\"\n"
        "members = 20\n[[method]]\nname = \"denkf\"\nmembers = 20\ninflation = 1.02\n",
        "cycles = 30\n[model]\nname = \"mm1\"\n[truth]\ntheta = {service = 0.7}\n[observations]\n"
        "interval = 100\nvariance = 0.01\n[[method]]\nname = \"free\"\nmembers = 30\n[[method]]\n"
        "name = \"etkf\"\nmembers = 30\n",
        "cycles = 8\n[model]\nname = \"fab\"\ndata = \"data/minifab\"\n"
        "learn = [\"process.Implant_Mc_Md\"]\n[truth]\ntheta = {\"process.Implant_Mc_Md\" = 0.8}\n"
        "[observations]\ninterval = 24\nvariance = 1e-4\n[[method]]\nname = \"free\"\n"
        "members = 10\n[[method]]\nname = \"etkf\"\nmembers = 10\n"}) {
    const Experiment e = experiment(text);
    const auto summaries = summarise(e, run(e, {}));
    EXPECT_LT(summaries[1].rmse_a.mean(), 0.5 * summaries[0].rmse_a.mean()) << text;
    EXPECT_FALSE(summaries[0].innovation.has_value());
    EXPECT_TRUE(summaries[1].innovation.has_value());
  }
}

TEST(Run, CountsWhatIsLost) {
  // A lost run would pass into the means.
  const Experiment e = experiment("diverged_above = 1e-6\n" + Lorenz96);
  const auto summaries = summarise(e, run(e, {}));
  EXPECT_EQ(summaries[0].diverged, 2U);
  EXPECT_EQ(summaries[0].rmse_a.count(), 0U);
  EXPECT_NE(score_table(e, summaries).find("2/2"), std::string::npos);
}

TEST(Run, StopsWhenAsked) {
  // Ctrl-C would be passed over, or half a run would count.
  const Experiment e = experiment(Lorenz96);
  std::atomic<bool> stop = true;
  const auto summaries = summarise(e, run(e, {.threads = 1, .stop = &stop}));
  EXPECT_EQ(summaries[0].runs, 0U);
}

std::string refused(const std::string& text) {
  return twin::contract::refusal([&] { experiment(text); });
}

TEST(Experiment, SaysWhatIsWrongAndWhere) {
  // A user would get an abort, or another experiment.
  const std::string method = "[[method]]\nname = \"etkf\"\nmembers = 5\n";
  const std::string model = "[model]\nname = \"lorenz96\"\n";
  EXPECT_EQ(refused("cycles = 9\n" + model), "x.toml:1: no [[method]] (one or more are needed)");
  EXPECT_EQ(refused("cycles = 9\n" + method), "x.toml:1: no [model] (it is needed)");
  EXPECT_EQ(refused(model + method), "x.toml:1: the file has no 'cycles' (it is needed)");
  EXPECT_EQ(refused("cycles = 9\nburn_in = 9\n" + model + method),
            "x.toml:2: burn_in = 9 of 9 cycles (nothing is left to score)");
  EXPECT_EQ(
      refused("cycles = 9\n" + method + "[model]\nname = \"lorenz69\"\n"),
      "x.toml:6: name = \"lorenz69\" (one of lorenz63, lorenz96, advection, ks, qg, mm1, fab) "
      "did you mean lorenz63?");
  EXPECT_EQ(refused("cycles = 9\n" + model + "size = 41\n" + method),
            "x.toml:4: size = 41 (one of 8, 20, 40, 80, 160, 320, 640, 1000)");
  EXPECT_EQ(refused("cycles = 9\n" + model + "theta = {G = 8.0}\n" + method),
            "x.toml:4: unknown key 'G' ([model].theta has no such key)");
  EXPECT_EQ(
      refused("cycles = 9\n" + model + method + "inflaton = 1.1\n"),
      "x.toml:7: unknown key 'inflaton' ([[method]] has no such key) did you mean inflation?");
  EXPECT_EQ(refused("cycles = 9\n" + model + method + "certainty = 2\n"),
            "x.toml:7: unknown key 'certainty' ([[method]] has no such key)");
  EXPECT_EQ(refused("cycles = 9\n" + model + "[observations]\nevery = 41\n" + method),
            "x.toml:5: every = 41 (must be from 1 to 40)");
  EXPECT_EQ(refused("cycles = 9\n" + model + "[observations]\ninterval = 1.5\n" + method),
            "x.toml:5: interval = 1.5 (must be a whole number of the model's steps)");
  EXPECT_EQ(refused("cycles = 9\n[model]\nname = \"lorenz63\"\n" + method + "radius = 2\n"),
            "x.toml:7: radius (the variables of this model have no distance) leave it out?");
  EXPECT_EQ(
      refused("cycles = 9\n" + model + "[observations]\ncorrelation = 0.2\n" + method +
              "radius = 2\n"),
      "x.toml:9: radius with correlated errors (each observation needs a weight of its own) leave "
      "correlation out?");
  const std::string fab = "cycles = 9\n[model]\nname = \"fab\"\n";
  EXPECT_EQ(
      refused(fab + "data = \"data/minifab\"\nlearn = [\"process.Litho\"]\n" + method),
      "x.toml:5: learn: unknown parameter 'process.Litho' (the model has 25 others) did you mean "
      "'process.Litho_Me'?");
  EXPECT_EQ(
      refused(fab + "data = \"data/none\"\n" + method),
      "x.toml:4: data: data/none: no such file or folder (a fab is a folder of tables or a MIMAC "
      "file)");
}

TEST(Experiment, ExamplesRun) {
  // The bundled experiments would be refused: each runs, for a few cycles. (The gyre runs on
  // a coarser grid.)
  int found = 0;
  for (const auto& entry : std::filesystem::directory_iterator("data/experiments")) {
    if (entry.path().extension() != ".toml") continue;
    ++found;
    std::string text = read_text(entry.path());
    const bool large = text.find("cells = 128") != std::string::npos;
    if (large) {
      text.replace(text.find("cells = 128"), 11, "cells = 32\nspin_up = 0");
      text.insert(text.find("[observations]"), "theta = {rkh2 = 1e-9}\n");
    }
    Experiment e = read_experiment(text, entry.path().string(),
                                   {.seeds = 1, .cycles = 3, .burn_in = 0, .first_seed = {}});
    e.diverged_above = std::numeric_limits<double>::infinity();  // too short to find the truth
    const auto summaries = summarise(e, run(e, {.threads = 2}));
    for (const Summary& s : summaries) {
      EXPECT_EQ(s.runs, 1U) << entry.path() << ", " << s.label;
      EXPECT_EQ(s.diverged, 0U) << entry.path() << ", " << s.label;
    }
  }
  EXPECT_EQ(found, 9);
}

}  // namespace
}  // namespace apps::fabtwin::assimilate
