// [emulate]: a function that stands for the model, how good it is where it was not run, and what it says of the
// inputs.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "apps/fabtwin/uq/emulator.hpp"
#include "apps/fabtwin/uq/held.hpp"
#include "apps/fabtwin/uq/sampled.hpp"
#include "apps/fabtwin/uq/study.hpp"
#include "twin/infer/emulate/gaussian_process.hpp"
#include "twin/infer/emulate/multi_fidelity_process.hpp"

namespace apps::fabtwin::uq {
namespace {

template <class Process>
class EmulatorOfProcess final : public Emulator {
 public:
  explicit EmulatorOfProcess(Process process) : process_(std::move(process)) {}
  [[nodiscard]] double mean(std::span<const double> u) const override {
    return process_.predict(u).mean.front();
  }
  [[nodiscard]] bool refuses(std::span<const double> u) const override {
    return process_.refuses(u) != twin::infer::EmulatorRefusal::None;
  }

 private:
  Process process_;
};

// Emulators know uniforms of the inputs, so that no law is too wide for them.
struct EmulateAsked : EmulatorAsked {
  twin::uq::PointsWanted points, tests;
  twin::infer::EmulatorOptions options;

 protected:
  struct Judged {
    Held held;
    Part part;
    nlohmann::ordered_json json;
  };
  // Of an emulator with its runs each left out, and held against others. nugget: chance in a run.
  [[nodiscard]] Judged judged(const std::string& name, const Sampled& runs, const Sampled& other,
                              const twin::infer::LeaveOneOut& loo,
                              const twin::infer::EmulatedPoints& foretold, double nugget) const {
    std::vector<double> variance = foretold.variance;
    for (double& v : variance) v += nugget;
    const Held held = held_against(foretold.mean, variance, other.y[output]);
    Part part{.title = "How good the emulator of " + name + " is",
              .head = {"", "its runs, each left out", "other runs"},
              .rows = {{"Q2 (share of the variance foretold)", in_words(loo.predictivity),
                        in_words(held.q2)},
                       {"root mean square error", "", in_words(held.rmse)},
                       {"90 % intervals hold",
                        fmt::format("{:.0f} %", 100 * loo.coverage.share().value_or(0.0)),
                        fmt::format("{:.0f} %", 100 * held.coverage)},
                       {"errors over what is told", in_words(loo.ratio()), in_words(held.ratio)}},
              .plot = against_plot(foretold.mean, other.y[output], name + " foretold",
                                   name + " of runs")};
    return {held,
            std::move(part),
            {{"output", name},
             {"runs", runs.size()},
             {"tests", other.size()},
             {"leave_one_out", {{"q2", loo.predictivity}, {"ratio", loo.ratio()}}},
             {"test",
              {{"q2", held.q2},
               {"rmse", held.rmse},
               {"coverage", held.coverage},
               {"ratio", held.ratio}}}}};
  }
};

struct ProcessAsked final : EmulateAsked {
  [[nodiscard]] twin::infer::GaussianProcess process_of(const Work& work,
                                                        const Sampled& runs) const {
    twin::infer::EmulatorOptions o = options;
    o.learning.threads = work.threads;
    const auto at = rows_of(runs.u);
    return {{.x = at, .y = runs.y[output]}, o};
  }
  [[nodiscard]] std::unique_ptr<Emulator> emulator(const Work& work) const override {
    return std::make_unique<EmulatorOfProcess<twin::infer::GaussianProcess>>(
        process_of(work, sampled(work, points)));
  }

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    const std::string& name = work.study.model.outputs[output];
    const Sampled runs = sampled(work, points);
    const Sampled other = sampled(work, tests);
    work.expect(points.points * points.replications + tests.points * tests.replications);
    const auto process = process_of(work, runs);
    const auto loo = process.leave_one_out();
    const auto foretold = process.predict(rows_of(other.u), work.threads);
    Judged j = judged(name, runs, other, loo, foretold, process.hyper().nugget);
    j.part.note = fmt::format("A Gaussian process from {} runs, held against {} others",
                              runs.size(), other.size());
    Answer answer;
    answer.json = std::move(j.json);
    answer.json["variance"] = process.hyper().variance;
    answer.json["nugget"] = process.hyper().nugget;
    answer.parts.push_back(std::move(j.part));
    answer.parts.push_back(shares_of_mean(
        work, [&](std::span<const double> x) { return process.means(x); }, process.hyper().lengths,
        answer));
    warn_of_little(j.held, "the emulator", answer);
    return answer;
  }
};

// Runs of cheaper models beside those of the model, which are a part of theirs.
struct CoKrigingAsked final : EmulateAsked {
  std::vector<std::size_t> levels;        // cheaper models, the cheapest first
  std::vector<std::uint64_t> cheap_runs;  // [level] in each replication

  struct OfLevels {
    std::vector<std::vector<double>> at = {}, y = {};  // [level], the model's last
    Sampled runs = {};                                 // of the model
    [[nodiscard]] std::vector<twin::infer::SimulatedRuns> all() const {
      std::vector<twin::infer::SimulatedRuns> levels;
      for (std::size_t k = 0; k < at.size(); ++k) levels.push_back({.x = at[k], .y = y[k]});
      return levels;
    }
  };
  [[nodiscard]] OfLevels runs_of(const Work& work) const {
    OfLevels of;
    for (std::size_t k = 0; k < levels.size(); ++k) {
      twin::uq::PointsWanted wanted = points;
      wanted.points = cheap_runs[k];
      Sampled cheap = sampled_of_cheaper(work, levels[k], wanted);
      of.at.push_back(rows_of(cheap.u));
      of.y.push_back(std::move(cheap.y.front()));
    }
    of.runs = sampled(work, points);
    of.at.push_back(rows_of(of.runs.u));
    of.y.push_back(of.runs.y[output]);
    return of;
  }
  [[nodiscard]] twin::infer::MultiFidelityOptions options_of(const Work& work) const {
    twin::infer::MultiFidelityOptions o{.level = options};
    o.level.learning.threads = work.threads;
    return o;
  }
  [[nodiscard]] std::unique_ptr<Emulator> emulator(const Work& work) const override {
    const OfLevels of = runs_of(work);
    return std::make_unique<EmulatorOfProcess<twin::infer::MultiFidelityProcess>>(
        twin::infer::MultiFidelityProcess(of.all(), options_of(work)));
  }

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    const std::string& name = work.study.model.outputs[output];
    const OfLevels of = runs_of(work);
    const Sampled &runs = of.runs, other = sampled(work, tests);
    const auto o = options_of(work);
    const twin::infer::MultiFidelityProcess process(of.all(), o);
    const auto elsewhere = rows_of(other.u);
    const std::size_t top = levels.size();
    Judged j = judged(name, runs, other, process.leave_one_out(top),
                      process.predict(elsewhere, work.threads), process.hyper(top).nugget);
    // What the cheaper models are good for.
    const twin::infer::GaussianProcess alone(of.all().back(), o.level);
    const Held without = held_against(alone.means(elsewhere, work.threads), {}, other.y[output]);
    j.part.note = fmt::format(
        "Recursive co-kriging: {} runs of the model and those of {} cheaper, held against {} "
        "others. Without the cheaper ones Q2 is {}",
        runs.size(), top, other.size(), in_words(without.q2));
    Answer answer;
    answer.json = std::move(j.json);
    answer.json["without_cheaper"] = {{"q2", without.q2}, {"rmse", without.rmse}};
    Part used{.title = "Which models it is made of", .head = {"model", "cost", "runs", "factor"}};
    const std::vector<double> middle(work.study.inputs.size(), 0.5);
    for (std::size_t k = 0; k <= top; ++k) {
      const bool is_model = k == top;
      const std::string title =
          is_model ? work.study.model.title : work.study.cheaper[levels[k]].model.title;
      const double cost = is_model ? 1.0 : work.study.cheaper[levels[k]].cost;
      const double factor = k == 0 ? 1.0 : process.factor(k, middle).rho;
      used.rows.push_back(
          {title, in_words(cost), std::to_string(of.y[k].size()), k == 0 ? "" : in_words(factor)});
      answer.json["levels"].push_back(
          {{"model", title}, {"cost", cost}, {"runs", of.y[k].size()}, {"factor", factor}});
    }
    used.note = "factor: what the level below is multiplied by, in the middle of the inputs";
    answer.parts = {
        std::move(j.part), std::move(used),
        shares_of_mean(
            work, [&](std::span<const double> x) { return process.predict(x).mean; }, {}, answer)};
    warn_of_little(j.held, "the emulator", answer);
    return answer;
  }
};

// cheap_points: runs of each cheaper model, in the file's order, or of all of them.
void read_levels(twin::sheet::Sheet& table, const Study& study, CoKrigingAsked& asked) {
  const std::size_t n = study.cheaper.size();
  std::vector<double> runs = table.numbers("cheap_points");
  if (runs.empty())
    runs.assign(1, 4.0 * static_cast<double>(asked.points.points * asked.points.replications));
  if (runs.size() == 1) runs.assign(n, runs.front());
  if (runs.size() != n)
    table.refuse("cheap_points", fmt::format("[emulate]: {} numbers in cheap_points ({} cheaper "
                                             "models)",
                                             runs.size(), n));
  for (std::size_t k = 0; k < n; ++k) asked.levels.push_back(k);
  std::ranges::stable_sort(asked.levels, {}, [&](std::size_t k) { return study.cheaper[k].cost; });
  const double parts = asked.points.replications;
  for (const std::size_t k : asked.levels) {
    if (!(runs[k] >= 4.0 && runs[k] <= 1e6))
      table.refuse("cheap_points",
                   fmt::format("[emulate]: cheap_points has {:g} (4 to 1e6)", runs[k]));
    asked.cheap_runs.push_back(static_cast<std::uint64_t>(std::ceil(runs[k] / parts)));
  }
}

}  // namespace

std::unique_ptr<Asked> read_emulate(twin::sheet::Sheet& table, const Study& study) {
  const std::array<std::string, 3> methods = {"process", "co-kriging", "chaos"};
  const std::string method = table.choice("method", methods, "process");
  if (method == "chaos") return read_chaos(table, study);
  if (method == "co-kriging" && study.cheaper.empty())
    table.refuse("method", "[emulate]: co-kriging without a [[cheaper]] model");
  std::unique_ptr<EmulateAsked> asked;
  if (method == "process") asked = std::make_unique<ProcessAsked>();
  const auto points = read_points(table, study, 100);
  if (method == "co-kriging") {
    auto of_levels = std::make_unique<CoKrigingAsked>();
    of_levels->points = points;
    read_levels(table, study, *of_levels);
    asked = std::move(of_levels);
  }
  asked->output = study.output_of(table, "output");
  asked->points = points;
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
