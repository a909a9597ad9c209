// [rare]: how probable it is that an output goes beyond a limit.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "apps/fabtwin/uq/sampled.hpp"
#include "apps/fabtwin/uq/study.hpp"
#include "twin/core/error.hpp"
#include "twin/uq/cross_entropy.hpp"
#include "twin/uq/form.hpp"
#include "twin/uq/subset_simulation.hpp"

namespace apps::fabtwin::uq {
namespace {

using twin::uq::RareEvent;

struct Event {
  std::size_t output = 0;
  double limit = 0.0;
  bool is_above = true;
  [[nodiscard]] std::string words(const Study& study) const {
    return fmt::format("{} {} {:g}", study.model.outputs[output], is_above ? "above" : "below",
                       limit);
  }
  // Its limit state, which is at or below 0 where it happens.
  [[nodiscard]] twin::uq::LimitState state(const Work& work) const {
    return [f = work.of_normals(output), *this](const twin::uq::Points& z, std::span<double> g) {
      f(z, g);
      for (double& v : g) v = is_above ? limit - v : v - limit;
    };
  }
};

void tell_event(const RareEvent& e, Answer& answer, Part& part) {
  const double p = e.probability, error = e.standard_error;
  part.rows.push_back({"probability", in_words(p)});
  part.rows.push_back({"standard error", in_words(error)});
  part.rows.push_back({"coefficient of variation", in_words(e.coefficient_of_variation())});
  // The interval of the logarithm: no probability is below 0.
  if (p > 0.0 && error > 0.0) {
    const double factor = std::exp(1.96 * error / p);
    part.rows.push_back({"95 %", fmt::format("{} to {}", in_words(p / factor),
                                             in_words(std::min(1.0, p * factor)))});
  }
  part.rows.push_back({"runs", std::to_string(e.evaluations)});
  answer.json["probability"] = p;
  answer.json["standard_error"] = error;
  answer.json["evaluations"] = e.evaluations;
  answer.json["failed"] = e.failed;
  if (e.failed > 0)
    answer.warnings.push_back(
        fmt::format("{} runs failed; none was taken for the event", e.failed));
}

struct SubsetAsked final : Asked {
  Event event;
  twin::uq::SubsetOptions options;

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    twin::uq::SubsetOptions o = options;
    o.threads = work.threads;
    work.expect(o.samples * o.runs * 3);
    const auto r = twin::uq::subset_simulation(event.state(work), o);
    Answer answer;
    Part part{.title = "How probable: " + event.words(work.study),
              .note = fmt::format(
                  "Subset simulation, {} independent runs of {} samples a level; the levels of the "
                  "first: {}",
                  o.runs, o.samples, levels_of(r)),
              .head = {"", ""}};
    tell_event(r.event, answer, part);
    answer.json["method"] = "subset";
    answer.json["of_run"] = r.of_run;
    if (!r.reached)
      answer.warnings.emplace_back(
          "a run came to its last level without the event: the "
          "probability is below what was reached");
    answer.parts.push_back(std::move(part));
    return answer;
  }

  [[nodiscard]] std::string levels_of(const twin::uq::SubsetResult& r) const {
    std::vector<std::string> levels;
    for (const double g : r.thresholds)
      levels.push_back(in_words(event.is_above ? event.limit - g : event.limit + g));
    return fmt::format("{}", fmt::join(levels, ", "));
  }
};

struct CrossEntropyAsked final : Asked {
  Event event;
  twin::uq::CrossEntropyOptions options;

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    twin::uq::CrossEntropyOptions o = options;
    o.threads = work.threads;
    work.expect(o.samples * 3 + o.final_samples);
    const auto r = twin::uq::cross_entropy(event.state(work), o);
    if (!r.reached)
      throw twin::core::Error(
          fmt::format("cross-entropy: {} levels did not come to where {} (more samples, or "
                      "another method: subset?)",
                      r.smoothing.size(), event.words(work.study)));
    Answer answer;
    Part part{.title = "How probable: " + event.words(work.study),
              .note = fmt::format("Importance sampling by a mixture of normals that was learnt in "
                                  "{} levels of {} runs; told from {} runs of their own",
                                  r.smoothing.size(), o.samples, o.final_samples),
              .head = {"", ""}};
    tell_event(r.event, answer, part);
    part.rows.push_back({"share that hangs on one run", in_words(r.heaviest)});
    answer.json["method"] = "cross-entropy";
    answer.json["heaviest"] = r.heaviest;
    answer.json["levels"] = r.smoothing.size();
    if (r.heaviest > 0.1)
      answer.warnings.push_back(
          fmt::format("{:.0f} % of the probability hangs on one run: the error is not to be "
                      "trusted (more samples, or another method: subset?)",
                      100 * r.heaviest));
    answer.parts.push_back(std::move(part));
    return answer;
  }
};

struct FormAsked final : Asked {
  Event event;
  std::uint64_t points = 10'000, seed = 1;

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    const twin::uq::FormOptions o{.inputs = work.study.inputs.size(), .threads = work.threads};
    const auto state = event.state(work);
    work.expect(points);
    const auto point = twin::uq::form(state, o);
    Answer answer;
    if (!point.converged)
      throw twin::core::Error(
          "form: the search for the most probable point did not end at one "
          "(another method: subset?)");
    auto near = twin::uq::sample_near(state, point,
                                      {.points = points, .seed = seed, .threads = work.threads});
    near.evaluations += point.evaluations;
    Part part{.title = "How probable: " + event.words(work.study),
              .note = fmt::format("Importance sampling about the most probable point, which is {} "
                                  "deviations away; by the plane through it (FORM) {}. An event "
                                  "with other points as probable is underestimated",
                                  in_words(point.index), in_words(point.probability)),
              .head = {"", ""}};
    tell_event(near, answer, part);
    answer.json["method"] = "form";
    answer.json["index"] = point.index;
    answer.json["form_probability"] = point.probability;
    Part where{.title = "Where it happens most easily",
               .head = {"input", "value", "deviations", "share"}};
    const auto x = work.study.inputs.of_normals(point.u);
    std::vector<Bar> bars;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::string& name = work.study.inputs.all[i].name;
      where.rows.push_back(
          {name, in_words(x[i]), in_words(point.u[i]), in_words(point.importance[i])});
      bars.push_back({name, point.importance[i], 0, 0, 0});
      answer.json["point"].push_back({{"name", name},
                                      {"value", x[i]},
                                      {"normal", point.u[i]},
                                      {"importance", point.importance[i]}});
    }
    where.plot = bars_plot(bars, "share of the input in the distance", false);
    answer.parts = {std::move(part), std::move(where)};
    return answer;
  }
};

struct ChanceAsked final : Asked {
  Event event;
  twin::uq::PointsWanted points;

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    const Sampled s = sampled(work, points);
    std::uint64_t met = 0;
    for (const double y : s.y[event.output])
      met += (event.is_above ? y >= event.limit : y <= event.limit) ? 1U : 0U;
    const auto n = static_cast<double>(s.size());
    const double p = static_cast<double>(met) / n;
    Answer answer;
    Part part{.title = "How probable: " + event.words(work.study),
              .note = fmt::format("{} of {} runs by chance", met, s.size()),
              .head = {"", ""}};
    tell_event({.probability = p,
                .standard_error = std::sqrt(p * (1.0 - p) / n),
                .evaluations = s.size() + s.failed,
                .failed = s.failed},
               answer, part);
    answer.json["method"] = "chance";
    answer.json["met"] = met;
    if (met < 10)
      answer.warnings.push_back(
          fmt::format("{} runs met it: too few to trust the error (more points, or subset?)", met));
    part.plot = histogram_plot(s.y[event.output], work.study.model.outputs[event.output]);
    answer.parts.push_back(std::move(part));
    return answer;
  }
};

}  // namespace

std::unique_ptr<Asked> read_rare(twin::sheet::Sheet& table, const Study& study) {
  const std::array<std::string, 4> methods = {"subset", "cross-entropy", "form", "chance"};
  const std::string method = table.choice("method", methods, "subset");
  Event event{.output = study.output_of(table, "output")};
  if (table.has("above") == table.has("below"))
    table.refuse(table.has("above") ? "below" : "",
                 "[rare]: one of above and below is needed (the limit)");
  event.is_above = table.has("above");
  event.limit = table.number(event.is_above ? "above" : "below", {.least = -1e300, .most = 1e300});
  const std::size_t inputs = study.inputs.size();
  if (method == "subset") {
    auto asked = std::make_unique<SubsetAsked>();
    asked->event = event;
    asked->options = {
        .inputs = inputs,
        .samples =
            static_cast<std::size_t>(table.integer("samples", {.least = 20.0, .most = 1e7}, 1'000)),
        .share = table.number("share", {.least = 0.01, .most = 0.5}, 0.1),
        .runs = static_cast<std::uint32_t>(table.integer("runs", {.least = 2.0, .most = 1e4}, 10)),
        .seed = study.seed};
    for (std::size_t i = 0; i < inputs; ++i)
      if (study.inputs.all[i].rough) asked->options.rough.push_back(i);
    return asked;
  }
  if (method == "cross-entropy") {
    auto asked = std::make_unique<CrossEntropyAsked>();
    asked->event = event;
    asked->options = {
        .inputs = inputs,
        .samples = static_cast<std::size_t>(
            table.integer("samples", {.least = 100.0, .most = 1e7}, 2'000)),
        .final_samples = static_cast<std::uint64_t>(
            table.integer("points", {.least = 100.0, .most = 1e8}, 5'000)),
        .parts = static_cast<std::size_t>(table.integer("parts", {.least = 1.0, .most = 100.0}, 8)),
        .seed = study.seed};
    if (asked->options.samples < 5 * inputs)
      table.refuse("samples", fmt::format("[rare]: samples = {} for {} inputs (5 an input at "
                                          "least; another method: subset?)",
                                          asked->options.samples, inputs));
    if (asked->options.parts > asked->options.samples / 10 ||
        asked->options.final_samples < 10 * asked->options.parts)
      table.refuse("parts",
                   fmt::format("[rare]: parts = {} (ten samples and ten points a part at least)",
                               asked->options.parts));
    return asked;
  }
  if (method == "form") {
    auto asked = std::make_unique<FormAsked>();
    asked->event = event;
    asked->points =
        static_cast<std::uint64_t>(table.integer("points", {.least = 10.0, .most = 1e8}, 10'000));
    asked->seed = study.seed;
    return asked;
  }
  auto asked = std::make_unique<ChanceAsked>();
  asked->event = event;
  asked->points = read_points(table, study, 10'000);
  asked->points.by = twin::uq::PointsBy::Chance;
  return asked;
}

}  // namespace apps::fabtwin::uq
