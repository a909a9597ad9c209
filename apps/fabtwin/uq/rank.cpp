// [rank]: which inputs, or groups of them, an output varies by.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "apps/fabtwin/uq/inputs.hpp"
#include "apps/fabtwin/uq/sampled.hpp"
#include "apps/fabtwin/uq/study.hpp"
#include "twin/uq/hsic.hpp"
#include "twin/uq/morris.hpp"
#include "twin/uq/sobol_indices.hpp"

namespace apps::fabtwin::uq {
namespace {

void warn_of_failures(Answer& answer, std::uint64_t failed, const char* what) {
  if (failed > 0)
    answer.warnings.push_back(
        fmt::format("{} {} left out, as a run of theirs failed", failed, what));
}

struct SobolAsked final : Asked {
  twin::uq::SobolStudy study;
  InputGroups groups;
  std::size_t output = 0;

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    work.expect(study.points * study.replications * (groups.names.size() + 2));
    const auto s = twin::uq::sobol_indices(study, work.of_uniforms(output), work.threads);
    const std::string& name = work.study.model.outputs[output];
    Answer answer;
    Part part{.title = fmt::format("What {} varies by", name),
              .note = fmt::format(
                  "Shares of the variance {} (mean {}). First: by itself; total: also with others; "
                  "intervals of 95 % by {} replications; {} runs",
                  in_words(s.variance.mean, s.variance.half_width),
                  in_words(s.mean.mean, s.mean.half_width), study.replications, s.evaluations),
              .head = {"inputs", "first", "total"}};
    std::vector<double> totals;
    for (const auto& t : s.total) totals.push_back(t.mean);
    std::vector<Bar> bars;
    answer.json = {{"output", name},
                   {"mean", s.mean.mean},
                   {"mean_half_width", s.mean.half_width},
                   {"variance", s.variance.mean},
                   {"variance_half_width", s.variance.half_width},
                   {"evaluations", s.evaluations},
                   {"failed_rows", s.failed}};
    for (const std::size_t g : falling(totals)) {
      const auto &first = s.first[g], &total = s.total[g];
      part.rows.push_back({groups.names[g], in_words(first.mean, first.half_width),
                           in_words(total.mean, total.half_width)});
      if (bars.size() < 40)
        bars.push_back(
            {groups.names[g], first.mean, first.half_width, total.mean, total.half_width});
      answer.json["inputs"].push_back({{"name", groups.names[g]},
                                       {"count", groups.inputs[g].size()},
                                       {"first", first.mean},
                                       {"first_half_width", first.half_width},
                                       {"total", total.mean},
                                       {"total_half_width", total.half_width}});
    }
    part.plot = bars_plot(bars, "first (blue) and total (orange) share of the variance", true);
    answer.parts.push_back(std::move(part));
    warn_of_failures(answer, s.failed, "rows of the design");
    return answer;
  }
};

struct MorrisAsked final : Asked {
  twin::uq::MorrisOptions options;
  std::size_t output = 0;

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    work.expect(options.paths * (options.inputs + 1));
    twin::uq::MorrisOptions o = options;
    o.threads = work.threads;
    const auto m = twin::uq::morris(o, work.of_uniforms(output));
    const std::string& name = work.study.model.outputs[output];
    Answer answer;
    Part part{.title = fmt::format("What moves {}", name),
              .note = fmt::format(
                  "Elementary effects of moving an input by half of its probability: size, with 95 "
                  "% intervals; with sign; how much they differ from place to place; {} runs",
                  m.evaluations),
              .head = {"input", "size", "with sign", "deviation"}};
    std::vector<double> sizes;
    for (const auto& e : m.effects) sizes.push_back(e.absolute.mean);
    std::vector<Bar> bars;
    answer.json = {{"output", name}, {"evaluations", m.evaluations}, {"failed", m.failed}};
    for (const std::size_t i : falling(sizes)) {
      const auto& e = m.effects[i];
      const std::string& input = work.study.inputs.all[i].name;
      part.rows.push_back({input, in_words(e.absolute.mean, e.absolute.half_width),
                           in_words(e.mean.mean, e.mean.half_width), in_words(e.deviation)});
      if (bars.size() < 40) bars.push_back({input, e.absolute.mean, e.absolute.half_width, 0, 0});
      answer.json["inputs"].push_back({{"name", input},
                                       {"size", e.absolute.mean},
                                       {"size_half_width", e.absolute.half_width},
                                       {"mean", e.mean.mean},
                                       {"mean_half_width", e.mean.half_width},
                                       {"deviation", e.deviation},
                                       {"missing", e.missing}});
    }
    part.plot = bars_plot(bars, "size of the elementary effects", false);
    answer.parts.push_back(std::move(part));
    warn_of_failures(answer, m.failed, "moves");
    return answer;
  }
};

struct HsicAsked final : Asked {
  twin::uq::PointsWanted points;
  std::uint32_t permutations = 199;
  std::uint64_t seed = 1;
  std::size_t output = 0;

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    const Sampled s = sampled(work, points);
    const std::string& name = work.study.model.outputs[output];
    const std::size_t inputs = work.study.inputs.size();
    std::vector<twin::uq::Dependence> all;
    std::vector<double> shares;
    for (std::size_t i = 0; i < inputs; ++i) {
      all.push_back(twin::uq::dependence(
          s.u[i], s.y[output],
          {.permutations = permutations, .seed = seed + i, .threads = work.threads}));
      shares.push_back(all.back().share);
    }
    Answer answer;
    Part part{.title = fmt::format("What {} depends on in any way", name),
              .note = fmt::format(
                  "Hilbert-Schmidt independence criterion over {} runs; p: of as much by chance "
                  "alone, from {} permutations",
                  s.size(), permutations),
              .head = {"input", "R2-HSIC", "p"}};
    std::vector<Bar> bars;
    answer.json = {{"output", name}, {"runs", s.size()}};
    for (const std::size_t i : falling(shares)) {
      const std::string& input = work.study.inputs.all[i].name;
      part.rows.push_back({input, in_words(all[i].share), in_words(all[i].probability)});
      if (bars.size() < 40) bars.push_back({input, all[i].share, 0, 0, 0});
      answer.json["inputs"].push_back(
          {{"name", input}, {"share", all[i].share}, {"p", all[i].probability}});
    }
    part.plot = bars_plot(bars, "R2-HSIC", false);
    answer.parts.push_back(std::move(part));
    return answer;
  }
};

}  // namespace

std::unique_ptr<Asked> read_rank(twin::sheet::Sheet& table, const Study& study) {
  const std::array<std::string, 3> methods = {"sobol", "morris", "hsic"};
  const std::string method = table.choice("method", methods, "sobol");
  const std::size_t output = study.output_of(table, "output");
  if (method == "sobol") {
    auto asked = std::make_unique<SobolAsked>();
    asked->output = output;
    asked->groups = groups_of(study.inputs, read_grouped(table));
    asked->study = {.inputs = study.inputs.size(),
                    .groups = asked->groups.inputs,
                    .points = static_cast<std::uint64_t>(
                        table.integer("points", {.least = 2.0, .most = 1e8}, 256)),
                    .replications = static_cast<std::uint32_t>(
                        table.integer("replications", {.least = 2.0, .most = 1e4}, 16)),
                    .seed = study.seed};
    return asked;
  }
  if (method == "morris") {
    auto asked = std::make_unique<MorrisAsked>();
    asked->output = output;
    asked->options = {
        .inputs = study.inputs.size(),
        .paths = static_cast<std::size_t>(table.integer("paths", {.least = 2.0, .most = 1e6}, 50)),
        .levels =
            static_cast<std::uint32_t>(table.integer("levels", {.least = 2.0, .most = 1e4}, 4)),
        .seed = study.seed};
    return asked;
  }
  auto asked = std::make_unique<HsicAsked>();
  asked->output = output;
  asked->points = read_points(table, study, 512);
  asked->permutations =
      static_cast<std::uint32_t>(table.integer("permutations", {.least = 0.0, .most = 1e6}, 199));
  asked->seed = study.seed;
  return asked;
}

}  // namespace apps::fabtwin::uq
