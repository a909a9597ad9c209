// [design]: what to measure next, so that least is left unknown of one output.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "apps/fabtwin/uq/inputs.hpp"
#include "apps/fabtwin/uq/sampled.hpp"
#include "apps/fabtwin/uq/study.hpp"
#include "twin/uq/greedy.hpp"
#include "twin/uq/linear_design.hpp"

namespace apps::fabtwin::uq {
namespace {

struct Candidate {
  std::string name;
  bool is_input = true;
  std::size_t place = 0;  // among inputs, or outputs
  double error = 0.0;     // deviation of the measurement's own error
};

struct DesignAsked final : Asked {
  std::vector<Candidate> candidates;
  std::size_t output = 0, count = 5;
  twin::uq::PointsWanted points;

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    const Sampled s = sampled(work, points);
    const std::string& name = work.study.model.outputs[output];
    std::vector<std::vector<double>> rows;
    std::vector<double> noise;
    for (const Candidate& c : candidates) {
      rows.push_back(c.is_input ? s.x[c.place] : s.y[c.place]);
      noise.push_back(c.error * c.error);
    }
    auto design = twin::uq::LinearDesign::of_members(std::move(rows), noise, {s.y[output]});
    const double before = design.variance(0);
    const auto picked =
        twin::uq::greedy(twin::uq::LeastVariance{design}, count, twin::uq::Gains::Any);
    // Of members that know nothing of each other, each candidate would seem to take about so much.
    const double by_chance = 1.0 / static_cast<double>(s.size() - 1);
    Answer answer;
    Part part{.title = fmt::format("What to measure, to know {} better", name),
              .note = fmt::format("Each given those before it, by {} runs as a linear law; its "
                                  "deviation is {} now. By chance alone a candidate would seem to "
                                  "take {} of the variance",
                                  s.size(), in_words(std::sqrt(before)), in_words(by_chance)),
              .head = {"measure", "takes of the variance", "deviation left"}};
    answer.json = {{"output", name},
                   {"runs", s.size()},
                   {"deviation", std::sqrt(before)},
                   {"share_by_chance", by_chance},
                   {"order", nlohmann::ordered_json::array()}};
    std::vector<Bar> bars;
    for (const std::size_t k : picked.order) {
      const double was = design.variance(0);
      design.take(k);
      const double share = (was - design.variance(0)) / before;
      part.rows.push_back(
          {candidates[k].name, in_words(share), in_words(std::sqrt(design.variance(0)))});
      bars.push_back({candidates[k].name, share, 0, 0, 0});
      answer.json["order"].push_back({{"name", candidates[k].name},
                                      {"share", share},
                                      {"deviation_left", std::sqrt(design.variance(0))}});
      if (share < 3.0 * by_chance)
        answer.warnings.push_back(fmt::format(
            "{}: may be worth nothing (three times what chance alone would show; more points?)",
            candidates[k].name));
    }
    part.plot = bars_plot(bars, "share of the variance", false);
    answer.parts.push_back(std::move(part));
    return answer;
  }
};

}  // namespace

std::unique_ptr<Asked> read_design(twin::sheet::Sheet& table, const Study& study) {
  const std::array<std::string, 2> methods = {"measure", "exchange"};
  if (table.choice("method", methods, "measure") == methods[1]) return read_exchange(table, study);
  auto asked = std::make_unique<DesignAsked>();
  asked->output = study.output_of(table, "output");
  asked->count = static_cast<std::size_t>(table.integer("count", {.least = 1.0, .most = 1e6}, 5));
  asked->points = read_points(table, study, 512);
  for (twin::sheet::Sheet& one : table.tables("candidate")) {
    const std::string name = one.text("name");
    const double error = one.number("error", twin::sheet::Range::positive());
    const std::size_t before = asked->candidates.size();
    for (std::size_t i = 0; i < study.inputs.size(); ++i)
      if (fits_pattern(name, study.inputs.all[i].name))
        asked->candidates.push_back({study.inputs.all[i].name, true, i, error});
    for (std::size_t o = 0; o < study.model.outputs.size(); ++o)
      if (o != asked->output && fits_pattern(name, study.model.outputs[o]))
        asked->candidates.push_back({study.model.outputs[o], false, o, error});
    if (asked->candidates.size() == before)
      one.refuse("name",
                 fmt::format("[[design.candidate]]: '{}' is no input and no other output", name));
    one.finish();
  }
  return asked;
}

}  // namespace apps::fabtwin::uq
