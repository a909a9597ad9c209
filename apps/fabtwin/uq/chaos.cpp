// [emulate] method = "chaos": a sparse polynomial in the model's place.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/fabtwin/uq/emulator.hpp"
#include "apps/fabtwin/uq/held.hpp"
#include "apps/fabtwin/uq/inputs.hpp"
#include "apps/fabtwin/uq/sampled.hpp"
#include "apps/fabtwin/uq/study.hpp"
#include "twin/uq/chaos_fit.hpp"
#include "twin/uq/sobol_indices.hpp"

namespace apps::fabtwin::uq {
namespace {

std::vector<const double*> columns_of_runs(const std::vector<std::vector<double>>& u) {
  std::vector<const double*> columns;
  for (const auto& column : u) columns.push_back(column.data());
  return columns;
}

class EmulatorOfChaos final : public Emulator {
 public:
  explicit EmulatorOfChaos(twin::uq::PolynomialChaos chaos) : chaos_(std::move(chaos)) {}
  [[nodiscard]] double mean(std::span<const double> u) const override { return chaos_.value(u); }
  [[nodiscard]] bool refuses(std::span<const double> u) const override { return chaos_.refuses(u); }

 private:
  twin::uq::PolynomialChaos chaos_;
};

struct ChaosAsked final : EmulatorAsked {
  twin::uq::PointsWanted points, tests;
  twin::uq::ChaosOptions options;
  InputGroups groups;

  [[nodiscard]] twin::uq::PolynomialChaos chaos_of(const Work& work, const Sampled& runs) const {
    twin::uq::ChaosOptions o = options;
    o.threads = work.threads;
    const auto at = columns_of_runs(runs.u);
    return twin::uq::fit_chaos(o, {at, runs.size()}, runs.y[output]);
  }
  [[nodiscard]] std::unique_ptr<Emulator> emulator(const Work& work) const override {
    return std::make_unique<EmulatorOfChaos>(chaos_of(work, sampled(work, points)));
  }

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    const std::string& name = work.study.model.outputs[output];
    const Sampled runs = sampled(work, points), other = sampled(work, tests);
    const auto elsewhere = columns_of_runs(other.u);
    const auto chaos = chaos_of(work, runs);
    std::vector<double> foretold(other.size());
    chaos.value({elsewhere, other.size()}, foretold, work.threads);
    const Held held = held_against(foretold, {}, other.y[output]);
    std::uint64_t refused = 0;
    std::vector<double> point(work.study.inputs.size());
    for (std::size_t k = 0; k < other.size(); ++k) {
      for (std::size_t i = 0; i < point.size(); ++i) point[i] = other.u[i][k];
      refused += chaos.refuses(point) ? 1U : 0U;
    }
    const auto& error = chaos.fit().error;
    Answer answer;
    Part part{
        .title = "How good the polynomial for " + name + " is",
        .note = fmt::format("{} terms from {} runs, held against {} others",
                            chaos.fit().coefficients.size(), runs.size(), other.size()),
        .head = {"", ""},
        .rows = {{"Q2 (share of the variance foretold), other runs", in_words(held.q2)},
                 {"the same, by parts of its own runs",
                  fmt::format("{} ({} to {})", in_words(1.0 - error.value),
                              in_words(1.0 - error.high), in_words(1.0 - error.low))},
                 {"root mean square error, other runs", in_words(held.rmse)},
                 {"other runs that it refuses", std::to_string(refused)}},
        .plot = against_plot(foretold, other.y[output], name + " foretold", name + " of runs")};
    answer.json = {{"output", name},
                   {"method", "chaos"},
                   {"runs", runs.size()},
                   {"tests", other.size()},
                   {"terms", chaos.fit().coefficients.size()},
                   {"error", {{"value", error.value}, {"low", error.low}, {"high", error.high}}},
                   {"test", {{"q2", held.q2}, {"rmse", held.rmse}, {"refused", refused}}}};
    answer.parts = {std::move(part), shares(chaos, answer)};
    warn_of_little(held, "the polynomial", answer);
    return answer;
  }

  Part shares(const twin::uq::PolynomialChaos& chaos, Answer& answer) const {
    const auto s = chaos.indices(groups.inputs);
    Part part{.title = "What the polynomial varies by",
              .note = "First and total shares of its variance, read from its coefficients",
              .head = {"inputs", "first", "total"}};
    std::vector<double> totals;
    for (const auto& t : s.total) totals.push_back(t.mean);
    std::vector<Bar> bars;
    for (const std::size_t g : falling(totals)) {
      const auto &first = s.first[g], &total = s.total[g];
      part.rows.push_back({groups.names[g], in_words(first.mean, first.half_width),
                           in_words(total.mean, total.half_width)});
      if (bars.size() < 40)
        bars.push_back(
            {groups.names[g], first.mean, first.half_width, total.mean, total.half_width});
      answer.json["inputs"].push_back({{"name", groups.names[g]},
                                       {"first", first.mean},
                                       {"first_half_width", first.half_width},
                                       {"total", total.mean},
                                       {"total_half_width", total.half_width}});
    }
    part.plot = bars_plot(bars, "first (blue) and total (orange) share of the variance", true);
    return part;
  }
};

}  // namespace

std::unique_ptr<Asked> read_chaos(twin::sheet::Sheet& table, const Study& study) {
  auto asked = std::make_unique<ChaosAsked>();
  asked->output = study.output_of(table, "output");
  asked->groups = groups_of(study.inputs, read_grouped(table));
  asked->points = read_points(table, study, 200);
  asked->tests = {.inputs = study.inputs.size(),
                  .points = static_cast<std::uint64_t>(
                      table.integer("tests", {.least = 10.0, .most = 1e6}, 50)),
                  .replications = 1,
                  .by = twin::uq::PointsBy::Chance,
                  .seed = study.seed + 1};
  for (const Input& input : study.inputs.all) {
    const bool bounded = std::isfinite(input.law.low()) && std::isfinite(input.law.high());
    asked->options.families.push_back(bounded ? twin::uq::PolynomialFamily::Legendre
                                              : twin::uq::PolynomialFamily::Hermite);
  }
  asked->options.degree =
      static_cast<std::uint32_t>(table.integer("degree", {.least = 1.0, .most = 50.0}, 12));
  asked->options.interaction =
      static_cast<std::size_t>(table.integer("interaction", {.least = 0.0, .most = 50.0}, 0));
  asked->options.seed = study.seed;
  return asked;
}

}  // namespace apps::fabtwin::uq
