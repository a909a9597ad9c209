// [propagate]: what the inputs' laws make of each output.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "apps/fabtwin/uq/sampled.hpp"
#include "apps/fabtwin/uq/study.hpp"
#include "twin/uq/tail_fit.hpp"
#include "twin/uq/tail_risk.hpp"

namespace apps::fabtwin::uq {
namespace {

constexpr std::size_t ShownMost = 12;  // outputs that are shown each; all are in the JSON

struct PropagateAsked final : Asked {
  twin::uq::PointsWanted points;
  double level = 0.95;

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    const Sampled s = sampled(work, points);
    Answer answer;
    Part part{.title = "What comes out",
              .note = fmt::format("{} runs; intervals of the mean are of 95 %, by the spread of {} "
                                  "replications; VaR and CVaR are of {:g} %",
                                  s.size(), points.replications, 100 * level),
              .head = {"output", "mean", "deviation", "5 %", "median", "95 %", "VaR", "CVaR"}};
    for (std::size_t o = 0; o < s.y.size(); ++o) tell(work, s, o, part, answer);
    answer.parts.insert(answer.parts.begin(), std::move(part));
    return answer;
  }

  void tell(const Work& work, const Sampled& s, std::size_t o, Part& part, Answer& answer) const {
    const std::string& name = work.study.model.outputs[o];
    std::vector<double> sorted = s.y[o];
    std::ranges::sort(sorted);
    twin::math::Moments moments;
    for (const double y : s.y[o]) moments.add(y);
    const auto mean = s.mean_of(o);
    const auto at = [&](double p) { return twin::math::quantile_of_sorted(sorted, p); };
    const auto tail = twin::uq::tail_risk(s.y[o], level);
    const double error = twin::uq::conditional_value_at_risk_error(s.y[o], level);
    part.rows.push_back({name, in_words(mean.mean, mean.half_width), in_words(moments.deviation()),
                         in_words(at(0.05)), in_words(at(0.5)), in_words(at(0.95)),
                         in_words(tail.value_at_risk),
                         in_words(tail.conditional_value_at_risk, 1.96 * error)});
    auto& json = answer.json["outputs"][name];
    json = {{"mean", mean.mean},
            {"mean_half_width", mean.half_width},
            {"deviation", moments.deviation()},
            {"q05", at(0.05)},
            {"q50", at(0.5)},
            {"q95", at(0.95)},
            {"level", level},
            {"value_at_risk", tail.value_at_risk},
            {"conditional_value_at_risk", tail.conditional_value_at_risk},
            {"conditional_value_at_risk_error", error}};
    if (const auto fit = twin::uq::fit_tail(s.y[o], std::max<std::uint64_t>(s.size() / 10, 20)))
      json["tail_shape"] = fit->tail.excess.shape;
    if (o < ShownMost)
      answer.parts.push_back({.title = name, .plot = histogram_plot(s.y[o], name)});
  }
};

}  // namespace

std::unique_ptr<Asked> read_propagate(twin::sheet::Sheet& table, const Study& study) {
  const std::array<std::string, 3> methods = {"sample", "control-variates", "choose-fidelity"};
  const std::string method = table.choice("method", methods, "sample");
  if (method == "control-variates") return read_control_variates(table, study);
  if (method == "choose-fidelity") return read_choose_fidelity(table, study);
  auto asked = std::make_unique<PropagateAsked>();
  asked->points = read_points(table, study, 1'024);
  asked->level = table.number("level", {.least = 0.0, .most = 0.9999}, 0.95);
  return asked;
}

}  // namespace apps::fabtwin::uq
