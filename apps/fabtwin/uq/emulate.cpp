// [emulate]: a function that stands for the model, how good it is where it was not run, and what it says of the
// inputs.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "apps/fabtwin/uq/sampled.hpp"
#include "apps/fabtwin/uq/study.hpp"
#include "twin/infer/emulate/gaussian_process.hpp"
#include "twin/uq/sobol_indices.hpp"

namespace apps::fabtwin::uq {
namespace {

// [point][input] of columns.
std::vector<double> points_of(const std::vector<std::vector<double>>& columns) {
  const std::size_t n = columns.front().size();
  std::vector<double> rows;
  rows.reserve(n * columns.size());
  for (std::size_t k = 0; k < n; ++k)
    for (const auto& column : columns) rows.push_back(column[k]);
  return rows;
}

struct EmulateAsked final : Asked {
  std::size_t output = 0;
  twin::uq::PointsWanted points, tests;
  twin::infer::EmulatorOptions options;

  // Emulators know uniforms of the inputs, so that no law is too wide for them.
  [[nodiscard]] Answer carry_out(const Work& work) const override {
    const std::string& name = work.study.model.outputs[output];
    const Sampled runs = sampled(work, points);
    const Sampled other = sampled(work, tests);
    work.expect(points.points * points.replications + tests.points * tests.replications);
    twin::infer::EmulatorOptions o = options;
    o.learning.threads = work.threads;
    const auto at = points_of(runs.u);
    const twin::infer::GaussianProcess process({.x = at, .y = runs.y[output]}, o);
    const auto loo = process.leave_one_out();
    const auto foretold = process.predict(points_of(other.u), work.threads);
    Answer answer;
    Part part{.title = "How good the emulator of " + name + " is",
              .note = fmt::format("A Gaussian process from {} runs, held against {} others",
                                  runs.size(), other.size()),
              .head = {"", "its runs, each left out", "other runs"}};
    const auto held = against(foretold, process.hyper().nugget, other.y[output]);
    part.rows = {
        {"Q2 (share of the variance foretold)", in_words(loo.predictivity), in_words(held.q2)},
        {"root mean square error", "", in_words(held.rmse)},
        {"90 % intervals hold", fmt::format("{:.0f} %", 100 * loo.coverage.share().value_or(0.0)),
         fmt::format("{:.0f} %", 100 * held.coverage)},
        {"errors over what is told", in_words(loo.ratio()), in_words(held.ratio)}};
    part.plot = against_plot(foretold.mean, other.y[output], name + " foretold", name + " of runs");
    answer.json = {{"output", name},
                   {"runs", runs.size()},
                   {"tests", other.size()},
                   {"leave_one_out", {{"q2", loo.predictivity}, {"ratio", loo.ratio()}}},
                   {"test",
                    {{"q2", held.q2},
                     {"rmse", held.rmse},
                     {"coverage", held.coverage},
                     {"ratio", held.ratio}}},
                   {"variance", process.hyper().variance},
                   {"nugget", process.hyper().nugget}};
    answer.parts.push_back(std::move(part));
    answer.parts.push_back(sensitivity(work, process, answer));
    if (held.q2 < 0.7)
      answer.warnings.push_back(fmt::format(
          "the emulator foretells {:.0f} % of the variance: too little to be used in the model's "
          "place (more points, or the rest is chance)",
          100 * std::max(0.0, held.q2)));
    return answer;
  }

  struct Held {
    double q2 = 0.0, rmse = 0.0, coverage = 0.0, ratio = 0.0;
  };
  static Held against(const twin::infer::EmulatedPoints& foretold, double nugget,
                      const std::vector<double>& came) {
    twin::math::Moments moments;
    for (const double y : came) moments.add(y);
    double missed = 0.0, standardised = 0.0, inside = 0.0;
    for (std::size_t k = 0; k < came.size(); ++k) {
      const double r = came[k] - foretold.mean[k], v = foretold.variance[k] + nugget;
      missed += r * r;
      standardised += r * r / v;
      inside += std::abs(r) <= 1.6448536269514722 * std::sqrt(v) ? 1.0 : 0.0;
    }
    const auto n = static_cast<double>(came.size());
    return {.q2 = 1.0 - missed / (moments.variance() * (n - 1.0)),
            .rmse = std::sqrt(missed / n),
            .coverage = inside / n,
            .ratio = std::sqrt(standardised / n)};
  }

  // Of the emulator's mean, which costs nothing to run.
  Part sensitivity(const Work& work, const twin::infer::GaussianProcess& process,
                   Answer& answer) const {
    const std::size_t inputs = work.study.inputs.size();
    const auto f = [&](const twin::uq::Points& u, std::span<double> y) {
      std::vector<double> x;
      for (std::size_t k = 0; k < u.count; ++k)
        for (std::size_t i = 0; i < inputs; ++i) x.push_back(u.at(i, k));
      std::ranges::copy(process.means(x), y.begin());
    };
    const auto s = twin::uq::sobol_indices(
        {.inputs = inputs, .points = 256, .replications = 8, .seed = work.study.seed}, f,
        work.threads);
    Part part{.title = "What the emulator varies by",
              .note =
                  "First and total shares of its variance; what the runs vary by besides, it "
                  "does not know",
              .head = {"input", "first", "total", "length"}};
    std::vector<Bar> bars;
    std::vector<std::size_t> order(inputs);
    for (std::size_t i = 0; i < inputs; ++i) order[i] = i;
    std::ranges::stable_sort(
        order, [&](std::size_t a, std::size_t b) { return s.total[a].mean > s.total[b].mean; });
    for (const std::size_t i : order) {
      const std::string& name = work.study.inputs.all[i].name;
      part.rows.push_back({name, in_words(s.first[i].mean, s.first[i].half_width),
                           in_words(s.total[i].mean, s.total[i].half_width),
                           in_words(process.hyper().lengths[i])});
      if (bars.size() < 40)
        bars.push_back(
            {name, s.first[i].mean, s.first[i].half_width, s.total[i].mean, s.total[i].half_width});
      answer.json["inputs"].push_back({{"name", name},
                                       {"first", s.first[i].mean},
                                       {"total", s.total[i].mean},
                                       {"length", process.hyper().lengths[i]}});
    }
    part.plot = bars_plot(bars, "first (blue) and total (orange) share of the variance", true);
    return part;
  }
};

}  // namespace

std::unique_ptr<Asked> read_emulate(twin::sheet::Sheet& table, const Study& study) {
  const std::array<std::string, 2> methods = {"process", "chaos"};
  if (table.choice("method", methods, "process") == methods[1]) return read_chaos(table, study);
  auto asked = std::make_unique<EmulateAsked>();
  asked->output = study.output_of(table, "output");
  asked->points = read_points(table, study, 100);
  const auto tests =
      static_cast<std::uint64_t>(table.integer("tests", {.least = 10.0, .most = 1e6}, 50));
  asked->tests = {.inputs = study.inputs.size(),
                  .points = tests,
                  .replications = 1,
                  .by = twin::uq::PointsBy::Chance,
                  .seed = study.seed + 1};
  const std::array<std::string, 2> kernels = {"matern-5/2", "squared-exponential"};
  const std::array<std::string, 2> trends = {"constant", "linear"};
  asked->options.inputs = study.inputs.size();
  asked->options.kernel = table.choice("kernel", kernels, "matern-5/2") == kernels[0]
                              ? twin::infer::CovarianceKernel::Matern52
                              : twin::infer::CovarianceKernel::SquaredExponential;
  asked->options.trend = table.choice("trend", trends, "constant") == trends[0]
                             ? twin::infer::Trend::Constant
                             : twin::infer::Trend::Linear;
  asked->options.learning.nugget = table.yes("chance", true);
  asked->options.learning.seed = study.seed;
  return asked;
}

}  // namespace apps::fabtwin::uq
