// [propagate] method = "choose-fidelity": the mean of one output to a wanted accuracy, by the model or the cheaper
// one that gives it for the least work.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "apps/fabtwin/uq/study.hpp"
#include "twin/core/error.hpp"
#include "twin/math/statistics.hpp"
#include "twin/uq/fidelity_choice.hpp"
#include "twin/uq/sample_points.hpp"

namespace apps::fabtwin::uq {
namespace {

using twin::math::Moments;
using twin::uq::DeclaredFidelity;
using twin::uq::EvaluationQueue;

// Seeds of points that know nothing of each other.
constexpr std::uint64_t PilotOf = 0x70696c6f74, MeanOf = 0x6d65616e;

double error_of(const Moments& m) {
  return m.deviation() / std::sqrt(static_cast<double>(m.count()));
}

struct ChooseFidelityAsked final : Asked {
  std::vector<std::size_t> outputs;          // [fidelity] the number of the output in it
  std::vector<DeclaredFidelity> fidelities;  // the model, then the cheaper ones
  std::vector<bool> bias_said,
      spread_said;  // [fidelity] declared, so that no pilot is needed for it
  twin::uq::AccuracyDemand demand;
  std::uint64_t pilot = 20;
  std::uint64_t seed = 1;

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    std::vector<EvaluationQueue*> queues = {&work.queue};
    queues.insert(queues.end(), work.cheaper.begin(), work.cheaper.end());
    Answer answer;
    auto known = fidelities;
    learn(work, queues, known, answer);
    const auto choice = twin::uq::choose_fidelity(known, demand);
    if (!choice.fidelity)
      throw twin::core::Error(
          fmt::format("not even one run can be done: the cheapest costs {:g}, the work is {:g}",
                      std::ranges::min(known, {}, &DeclaredFidelity::cost).cost,
                      std::min(demand.budget, demand.deadline)));
    const std::size_t taken = *choice.fidelity;
    constexpr std::uint64_t Most = 100'000'000;
    if (choice.runs > Most)
      throw twin::core::Error(
          fmt::format("{} runs of {} would be needed ({} at most: a lower "
                      "accuracy or budget?)",
                      choice.runs, known[taken].name, Most));
    work.expect(choice.runs);
    const auto y = outputs_at(work, *queues[taken], outputs[taken], choice.runs, seed ^ MeanOf);
    Moments mean;
    for (const double v : y)
      if (std::isfinite(v)) mean.add(v);
    if (mean.count() == 0)
      throw twin::core::Error(fmt::format("none of {} runs gave an answer", choice.runs));
    const double error = mean.count() > 1 ? error_of(mean) : choice.standard_error;
    const double all = std::hypot(error, choice.bias);
    Part part{.title = fmt::format("The mean of {}", work.study.model.outputs[outputs.front()]),
              .note = "errors are standard errors; the whole is the root of the sum of squares",
              .head = {"", ""}};
    part.rows = {{"mean", in_words(mean.mean())},
                 {"by", known[taken].name},
                 {"runs", std::to_string(choice.runs)},
                 {"work, in runs of the model", in_words(choice.cost)},
                 {"error by chance", in_words(error)},
                 {"error of the fidelity", in_words(choice.bias)},
                 {"error in all", in_words(all)},
                 {"wanted", demand.accuracy > 0.0 ? in_words(demand.accuracy) : "the least"}};
    Part table{
        .title = "What there was to choose from",
        .head = {"model", "cost", "error", "of which known to", "deviation of a run", "why not"}};
    for (std::size_t f = 0; f < known.size(); ++f) {
      const DeclaredFidelity& k = known[f];
      table.rows.push_back({k.name, in_words(k.cost), in_words(k.bias), in_words(k.bias_error),
                            in_words(k.deviation), choice.why_not[f]});
      answer.json["fidelities"].push_back({{"name", k.name},
                                           {"cost", k.cost},
                                           {"bias", k.bias},
                                           {"bias_error", k.bias_error},
                                           {"deviation", k.deviation},
                                           {"why_not", choice.why_not[f]}});
    }
    answer.json["chosen"] = taken;
    answer.json["runs"] = choice.runs;
    answer.json["cost"] = choice.cost;
    answer.json["mean"] = mean.mean();
    answer.json["standard_error"] = error;
    answer.json["bias"] = choice.bias;
    answer.json["error"] = all;
    answer.json["reached"] = choice.reached;
    answer.parts.insert(answer.parts.begin(), {std::move(part), std::move(table)});
    if (!choice.reached && demand.accuracy > 0.0)
      answer.warnings.push_back(
          fmt::format("an accuracy of {:g} cannot be had for this work: this is the best that can",
                      demand.accuracy));
    else if (demand.accuracy > 0.0 && all > 1.25 * demand.accuracy)
      answer.warnings.push_back(fmt::format(
          "the error came out at {:.3g}: what was known of the deviation was too little "
          "(more pilot points?)",
          all));
    return answer;
  }

 private:
  // Not a number where a run failed [point].
  static std::vector<double> outputs_at(const Work& work, EvaluationQueue& queue,
                                        std::size_t output, std::uint64_t count,
                                        std::uint64_t points_seed) {
    const auto u = twin::uq::sample_points({.inputs = work.study.inputs.size(),
                                            .points = count,
                                            .replications = 1,
                                            .by = twin::uq::PointsBy::Chance,
                                            .seed = points_seed});
    std::vector<std::vector<double>> x(count);
    std::vector<double> point(u.size());
    for (std::size_t k = 0; k < count; ++k) {
      for (std::size_t i = 0; i < u.size(); ++i) point[i] = u[i][k];
      x[k] = work.study.inputs.of_uniforms(point);
      queue.submit(x[k]);
    }
    std::vector<double> y;
    for (const auto& at : x) {
      const auto& outcome = queue.wait(at);
      y.push_back(outcome.end == twin::uq::RunEnd::Done ? outcome.y[output]
                                                        : std::numeric_limits<double>::quiet_NaN());
    }
    return y;
  }

  // What the table did not say, from runs of each at the same points.
  void learn(const Work& work, const std::vector<EvaluationQueue*>& queues,
             std::vector<DeclaredFidelity>& known, Answer& answer) const {
    const bool all_said = std::ranges::all_of(bias_said, std::identity{}) &&
                          std::ranges::all_of(spread_said, std::identity{});
    if (all_said) return;
    double cost = 0.0;
    std::vector<double> right;
    for (std::size_t f = 0; f < known.size(); ++f) {
      const bool biases = std::ranges::any_of(bias_said, [](bool said) { return !said; });
      if (bias_said[f] && spread_said[f] && !(f == 0 && biases)) continue;
      const auto y = outputs_at(work, *queues[f], outputs[f], pilot, seed ^ PilotOf);
      cost += known[f].cost * static_cast<double>(pilot);
      if (f == 0) right = y;
      Moments own, from;
      for (std::size_t k = 0; k < y.size(); ++k) {
        if (!std::isfinite(y[k])) continue;
        own.add(y[k]);
        if (!right.empty() && std::isfinite(right[k])) from.add(y[k] - right[k]);
      }
      if (own.count() < 2 || (!bias_said[f] && from.count() < 2))
        throw twin::core::Error(
            fmt::format("{}: {} of {} pilot runs gave an answer (two at least are needed)",
                        known[f].name, own.count(), pilot));
      if (!spread_said[f]) known[f].deviation = own.deviation();
      if (bias_said[f]) continue;
      known[f].bias = std::abs(from.mean());
      known[f].bias_error = error_of(from);
    }
    answer.json["pilot"] = {{"points", pilot}, {"cost", cost}};
    answer.parts.push_back(
        {.title = "The pilot",
         .note = fmt::format("{} points, the same for all that had not said their errors; work {}, "
                             "which is not in the mean's",
                             pilot, in_words(cost))});
  }
};

}  // namespace

std::unique_ptr<Asked> read_choose_fidelity(twin::sheet::Sheet& table, const Study& study) {
  if (study.cheaper.empty())
    table.refuse("method", "[propagate]: choose-fidelity without a [[cheaper]] model");
  using twin::sheet::Range;
  auto asked = std::make_unique<ChooseFidelityAsked>();
  asked->outputs = {study.output_of(table, "output")};
  const std::string name = study.model.outputs[asked->outputs.front()];
  asked->fidelities.push_back(
      {.name = study.model.title, .deviation = table.number("deviation", {.least = 0.0}, 0.0)});
  asked->bias_said = {true};
  asked->spread_said = {table.has("deviation")};
  for (const Cheaper& c : study.cheaper) {
    const auto at = std::ranges::find(c.model.outputs, name);
    if (at == c.model.outputs.end())
      table.refuse("output", fmt::format("[propagate]: {} has no output '{}' (it has: {})",
                                         c.model.title, name, fmt::join(c.model.outputs, ", ")));
    asked->outputs.push_back(static_cast<std::size_t>(at - c.model.outputs.begin()));
    asked->fidelities.push_back({.name = c.model.title,
                                 .cost = c.cost,
                                 .bias = c.bias.value_or(0.0),
                                 .bias_error = c.bias_error,
                                 .deviation = c.deviation.value_or(0.0)});
    asked->bias_said.push_back(c.bias.has_value());
    asked->spread_said.push_back(c.deviation.has_value());
  }
  asked->demand = {.accuracy = table.number("accuracy", {.least = 0.0}, 0.0),
                   .budget = table.number("budget", {.least = 0.0, .most = 1e9}, 100.0),
                   .deadline = table.number("deadline", {.least = 0.0},
                                            std::numeric_limits<double>::infinity())};
  asked->pilot =
      static_cast<std::uint64_t>(table.integer("pilot", {.least = 2.0, .most = 1e8}, 20));
  asked->seed = study.seed;
  return asked;
}

}  // namespace apps::fabtwin::uq
