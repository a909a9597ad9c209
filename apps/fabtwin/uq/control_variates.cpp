// [propagate] method = "control-variates": the mean of one output with the help of cheaper models.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "apps/fabtwin/uq/study.hpp"
#include "twin/uq/approximate_control_variates.hpp"

namespace apps::fabtwin::uq {
namespace {

using twin::uq::AcvFamily;

struct ControlVariatesAsked final : Asked {
  std::size_t output = 0;
  AcvFamily family = AcvFamily::Mf;
  twin::uq::MultiFidelityStudy how;

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    const Study& study = work.study;
    std::vector<twin::uq::AnyFunction> models = {work.of_uniforms(output)};
    std::vector<std::string> names = {study.model.outputs[output]};
    for (std::size_t k = 0; k < study.cheaper.size(); ++k) {
      const Model& cheap = study.cheaper[k].model;
      for (std::size_t o = 0; o < cheap.outputs.size(); ++o) {
        models.push_back(twin::uq::function_of(
            *work.cheaper[k], o,
            [&inputs = study.inputs](std::span<const double> u) { return inputs.of_uniforms(u); }));
        names.push_back(fmt::format("{} of {}", cheap.outputs[o], cheap.title));
      }
    }
    twin::uq::MultiFidelityStudy s = how;
    s.threads = work.threads;
    const auto found = twin::uq::acv_mean(s, models, family);
    const auto& plan = found.plan.samples;
    // What as much work with the first model alone would come to, by the variance that the pilot saw.
    const double alone = found.covariance[0] / how.budget;
    const double error = found.mean.half_width / 1.96;
    Answer answer;
    Part part{.title = fmt::format("The mean of {}", names.front()),
              .note = fmt::format(
                  "Approximate control variates; the models were tried at {} points for their "
                  "correlations, which are not in the mean",
                  how.pilot),
              .head = {"", ""}};
    const double promised = plan.variance_ratio, told = error * error / alone;
    part.rows = {{"mean, 95 %", in_words(found.mean.mean, found.mean.half_width)},
                 {"work, in runs of the model", in_words(plan.cost)},
                 {"variance over that of the model alone, promised", in_words(promised)},
                 {"the same, as the interval tells", in_words(told)},
                 {"cheaper by a factor of (promised)", in_words(1.0 / promised)}};
    Part used{.title = "Which models were run",
              .note = "correlations with the first, as the pilot saw them",
              .head = {"model", "cost", "correlation", "runs", "weight"}};
    const std::size_t n = models.size();
    for (std::size_t m = 0; m < n; ++m) {
      const auto at = std::ranges::find(plan.models, m);
      const auto k = static_cast<std::size_t>(at - plan.models.begin());
      const bool is_used = at != plan.models.end();
      const double correlation =
          found.covariance[m] / std::sqrt(found.covariance[0] * found.covariance[m * n + m]);
      const std::uint64_t runs = is_used ? plan.evaluations[k] : 0;
      const double weight = is_used ? plan.weights[k] : 0.0;
      used.rows.push_back({names[m], in_words(how.costs[m]), in_words(correlation),
                           std::to_string(runs), in_words(weight)});
      answer.json["models"].push_back({{"name", names[m]},
                                       {"cost", how.costs[m]},
                                       {"correlation", correlation},
                                       {"runs", runs},
                                       {"weight", weight}});
    }
    answer.json["mean"] = found.mean.mean;
    answer.json["half_width"] = found.mean.half_width;
    answer.json["cost"] = plan.cost;
    answer.json["variance_ratio"] = promised;
    answer.json["variance_ratio_told"] = told;
    answer.json["failed"] = found.failed;
    answer.parts = {std::move(part), std::move(used)};
    if (told > 1.5 * promised)
      answer.warnings.push_back(
          fmt::format("what {} points promised did not come: the correlations are not well known "
                      "(more pilot points)",
                      how.pilot));
    if (plan.models.size() == 1)
      answer.warnings.emplace_back("no cheaper model helps: all work went to the model itself");
    return answer;
  }
};

}  // namespace

std::unique_ptr<Asked> read_control_variates(twin::sheet::Sheet& table, const Study& study) {
  if (study.cheaper.empty())
    table.refuse("method", "[propagate]: control-variates without a [[cheaper]] model");
  const std::array<std::string, 3> families = {"acv-mf", "acv-is", "mfmc"};
  auto asked = std::make_unique<ControlVariatesAsked>();
  asked->output = study.output_of(table, "output");
  const std::string family = table.choice("family", families, "acv-mf");
  asked->family = family == "acv-mf"   ? AcvFamily::Mf
                  : family == "acv-is" ? AcvFamily::Is
                                       : AcvFamily::Mfmc;
  asked->how = {
      .inputs = study.inputs.size(),
      .costs = {1.0},
      .budget = table.number("budget", {.least = 2.0, .most = 1e12}, 100.0),
      .pilot = static_cast<std::uint64_t>(table.integer("pilot", {.least = 10.0, .most = 1e8}, 50)),
      .seed = study.seed};
  // All outputs of a cheaper model are there to help; they come from the same runs and share their cost.
  for (const Cheaper& c : study.cheaper)
    asked->how.costs.insert(asked->how.costs.end(), c.model.outputs.size(),
                            c.cost / static_cast<double>(c.model.outputs.size()));
  return asked;
}

}  // namespace apps::fabtwin::uq
