// [invert]: what measured outputs say of the inputs.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <sstream>

#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/uq/study.hpp"
#include "twin/core/error.hpp"
#include "twin/infer/sample/metropolis.hpp"
#include "twin/infer/sample/posterior.hpp"
#include "twin/infer/sample/tempering.hpp"
#include "twin/math/statistics.hpp"

namespace apps::fabtwin::uq {
namespace {

using twin::infer::Target;

struct Measured {
  std::vector<std::size_t> outputs;
  std::vector<double> values, errors;  // [measured]
};

// Independent normal errors. All points of a call are run at once.
Target likelihood_of(const Work& work, const Measured& measured) {
  const std::size_t inputs = work.study.inputs.size();
  double constant = 0.0;  // of the errors alone
  for (const double e : measured.errors)
    constant -= std::log(e * std::sqrt(2.0 * std::numbers::pi));
  return {.dimensions = inputs,
          .log_density = [&work, &measured, inputs, constant](std::span<const double> x,
                                                              std::span<double> value) {
            std::vector<std::vector<double>> points(value.size());
            for (std::size_t k = 0; k < points.size(); ++k) {
              points[k].assign(x.begin() + static_cast<std::ptrdiff_t>(k * inputs),
                               x.begin() + static_cast<std::ptrdiff_t>((k + 1) * inputs));
              const bool finite =
                  std::ranges::all_of(points[k], [](double v) { return std::isfinite(v); });
              if (!finite) points[k].clear();
              if (finite) work.queue.submit(points[k]);
            }
            for (std::size_t k = 0; k < points.size(); ++k) {
              value[k] = std::numeric_limits<double>::quiet_NaN();
              if (points[k].empty()) continue;
              const auto& outcome = work.queue.wait(points[k]);
              if (outcome.end != twin::uq::RunEnd::Done) continue;
              double sum = constant;
              for (std::size_t m = 0; m < measured.values.size(); ++m) {
                const double r =
                    (measured.values[m] - outcome.y[measured.outputs[m]]) / measured.errors[m];
                sum -= 0.5 * r * r;
              }
              value[k] = sum;
            }
          }};
}

// Draws of the posterior: inputs' values, and as standard normals of the prior [input][draw].
struct Draws {
  std::vector<std::vector<double>> x, z;
  void add(const Inputs& inputs, const std::vector<double>& at) {
    for (std::size_t i = 0; i < at.size(); ++i) {
      x[i].push_back(at[i]);
      z[i].push_back(inputs.all[i].law.to_normal(at[i]));
    }
  }
};

struct InvertAsked : Asked {
  Measured measured;

  // A row an input; extra: what the method says of it besides.
  void tell(const Work& work, const Draws& draws, Part& part, Answer& answer,
            const std::vector<std::vector<std::string>>& extra) const {
    std::vector<Bar> bars;
    for (std::size_t i = 0; i < draws.x.size(); ++i) {
      const Input& input = work.study.inputs.all[i];
      std::vector<double> sorted = draws.x[i];
      std::ranges::sort(sorted);
      twin::math::Moments x, z;
      for (const double v : draws.x[i]) x.add(v);
      for (const double v : draws.z[i]) z.add(v);
      // In normals of the prior, whose variance is 1: for laws without one, too.
      const double contraction = 1.0 - z.variance();
      const auto at = [&](double p) { return twin::math::quantile_of_sorted(sorted, p); };
      const auto prior = [&](double p) { return input.law.quantile(p); };
      std::vector<std::string> row = {
          input.name,         fmt::format("{} to {}", in_words(prior(0.05)), in_words(prior(0.95))),
          in_words(x.mean()), in_words(x.deviation()),
          in_words(at(0.05)), in_words(at(0.5)),
          in_words(at(0.95)), in_words(contraction)};
      if (!extra.empty()) row.insert(row.end(), extra[i].begin(), extra[i].end());
      part.rows.push_back(std::move(row));
      bars.push_back({input.name, std::max(0.0, contraction), 0, 0, 0});
      answer.json["inputs"].push_back({{"name", input.name},
                                       {"mean", x.mean()},
                                       {"deviation", x.deviation()},
                                       {"q05", at(0.05)},
                                       {"q50", at(0.5)},
                                       {"q95", at(0.95)},
                                       {"contraction", contraction}});
    }
    if (bars.size() <= 70)
      part.plot =
          bars_plot(bars, "what the data take from the prior's variance (contraction)", false);
  }
};

const std::vector<std::string> PosteriorHead = {"input", "prior 5 to 95 %", "mean", "deviation",
                                                "5 %",   "median",          "95 %", "contraction"};

struct TemperAsked final : InvertAsked {
  twin::infer::TemperingOptions options;

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    const auto laws = work.study.inputs.laws();
    work.expect(options.particles * (1 + options.moves * 10));
    const auto t =
        twin::infer::temper(twin::infer::on_normals(laws, likelihood_of(work, measured)), options);
    Draws draws{std::vector<std::vector<double>>(laws.size()),
                std::vector<std::vector<double>>(laws.size())};
    for (std::size_t k = 0; k < options.particles; ++k)
      draws.add(
          work.study.inputs,
          twin::infer::from_normals(laws, std::span(t.x).subspan(k * t.dimensions, t.dimensions)));
    Answer answer;
    Part part{.title = "What the data say",
              .note = fmt::format("Tempering: {} particles in {} steps, {} runs, log evidence {}",
                                  options.particles, t.powers.size(), t.evaluations,
                                  in_words(t.log_evidence)),
              .head = PosteriorHead};
    answer.json = {{"method", "temper"},           {"log_evidence", t.log_evidence},
                   {"powers", t.powers},           {"accepted", t.accepted},
                   {"evaluations", t.evaluations}, {"failed", t.failed}};
    tell(work, draws, part, answer, {});
    if (!t.arrived())
      answer.warnings.emplace_back(
          "the last power is below 1: the data are not used in full (more levels?)");
    if (!t.accepted.empty() && t.accepted.back() < 0.05)
      answer.warnings.push_back(
          fmt::format("only {:.1f} % of the last moves were accepted (more moves or particles?)",
                      100 * t.accepted.back()));
    answer.parts.push_back(std::move(part));
    return answer;
  }
};

struct MetropolisAsked final : InvertAsked {
  std::size_t chains = 4, warmup = 1'000, draws = 1'000, thin = 1;
  bool second_try = true;
  std::uint64_t seed = 1;

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    const auto laws = work.study.inputs.laws();
    const std::size_t d = laws.size();
    work.expect(chains * (warmup + draws * thin));
    const Target target = twin::infer::posterior(laws, likelihood_of(work, measured));
    const auto starts = twin::infer::draws_of(laws, chains, seed);
    twin::infer::MetropolisOptions o{
        .warmup = warmup, .draws = draws, .thin = thin, .second_try = second_try, .seed = seed};
    for (std::size_t c = 0; c < chains; ++c)
      o.starts.push_back(twin::infer::to_line(laws, std::span(starts).subspan(c * d, d)));
    const auto c = twin::infer::metropolis(target, o);
    Draws all{std::vector<std::vector<double>>(d), std::vector<std::vector<double>>(d)};
    for (std::size_t chain = 0; chain < chains; ++chain)
      for (std::size_t k = 0; k < c.draws; ++k)
        all.add(work.study.inputs,
                twin::infer::from_line(laws, std::span(c.x[chain]).subspan(k * d, d)));
    Answer answer;
    double accepted = 0.0;
    for (const double a : c.accepted) accepted += a / static_cast<double>(chains);
    Part part{.title = "What the data say",
              .note = fmt::format("{} chains of {} draws, {} runs, {:.0f} % of moves accepted; "
                                  "R-hat near 1: the chains agree; ESS: draws that count",
                                  chains, c.draws, c.evaluations, 100 * accepted),
              .head = PosteriorHead};
    for (const char* h : {"R-hat", "ESS", "error of mean"}) part.head.emplace_back(h);
    answer.json = {{"method", second_try ? "dram" : "metropolis"},
                   {"accepted", accepted},
                   {"evaluations", c.evaluations},
                   {"failed", c.failed}};
    std::vector<std::vector<std::string>> extra;
    std::vector<nlohmann::ordered_json> diagnosed;
    for (std::size_t i = 0; i < d; ++i) {
      const auto& law = work.study.inputs.all[i].law;
      const auto g = twin::infer::diagnose(
          c.of([&](std::span<const double> v) { return law.from_line(v[i]).x; }));
      extra.push_back({fmt::format("{:.3f}", g.split_r_hat), fmt::format("{:.0f}", g.bulk_ess),
                       in_words(g.mean_error)});
      diagnosed.push_back({{"r_hat", g.split_r_hat},
                           {"bulk_ess", g.bulk_ess},
                           {"tail_ess", g.tail_ess},
                           {"mean_error", g.mean_error}});
      if (!(g.split_r_hat <= 1.01) || g.bulk_ess < 100.0 * static_cast<double>(chains))
        answer.warnings.push_back(
            fmt::format("{}: R-hat {:.3f}, ESS {:.0f} (1.01 and {} are wanted: longer chains?)",
                        work.study.inputs.all[i].name, g.split_r_hat, g.bulk_ess, 100 * chains));
    }
    tell(work, all, part, answer, extra);
    for (std::size_t i = 0; i < d; ++i) answer.json["inputs"][i].update(diagnosed[i]);
    answer.parts.push_back(std::move(part));
    return answer;
  }
};

Measured read_measured(twin::sheet::Sheet& table, const Study& study) {
  Measured m;
  std::vector<std::string> names = table.texts("outputs");
  if (names.empty()) names = study.model.outputs;
  for (const std::string& name : names) {
    const auto at = std::ranges::find(study.model.outputs, name);
    if (at == study.model.outputs.end())
      table.refuse("outputs", fmt::format("[invert]: the model has no output '{}'", name));
    m.outputs.push_back(static_cast<std::size_t>(at - study.model.outputs.begin()));
  }
  m.values = table.numbers("data");
  if (table.has("data_file")) {
    const std::string path = path_from(study.beside, table.text("data_file"));
    std::istringstream in(read_text(path));
    for (double v = 0.0; in >> v;) m.values.push_back(v);
    if (!in.eof())
      table.refuse("data_file", fmt::format("{}: number {} is none", path, m.values.size() + 1));
  }
  if (m.values.size() != m.outputs.size())
    table.refuse("data",
                 fmt::format("[invert]: {} data of {} outputs", m.values.size(), m.outputs.size()));
  m.errors = table.numbers("errors");
  if (m.errors.empty())
    m.errors.assign(m.values.size(), table.number("error", twin::sheet::Range::positive()));
  if (m.errors.size() != m.values.size())
    table.refuse("errors",
                 fmt::format("[invert]: {} errors of {} data", m.errors.size(), m.values.size()));
  for (const double e : m.errors)
    if (!(e > 0.0))
      table.refuse("errors", fmt::format("[invert]: an error of {} (must be above 0)", e));
  return m;
}

}  // namespace

std::unique_ptr<Asked> read_invert(twin::sheet::Sheet& table, const Study& study) {
  const std::array<std::string, 3> methods = {"temper", "dram", "metropolis"};
  const std::string method = table.choice("method", methods, "temper");
  Measured measured = read_measured(table, study);
  const auto whole = [&](const char* key, double least, double most, std::int64_t standard) {
    return static_cast<std::size_t>(table.integer(key, {.least = least, .most = most}, standard));
  };
  if (method == "temper") {
    auto asked = std::make_unique<TemperAsked>();
    asked->measured = std::move(measured);
    asked->options = {.particles = whole("particles", 10, 1e7, 1'000),
                      .moves = whole("moves", 1, 1e4, 10),
                      .levels = whole("levels", 1, 1e4, 200),
                      .seed = study.seed};
    return asked;
  }
  auto asked = std::make_unique<MetropolisAsked>();
  asked->measured = std::move(measured);
  asked->chains = whole("chains", 2, 1'000, 4);
  asked->warmup = whole("warmup", 1, 1e9, 1'000);
  asked->draws = whole("draws", 8, 1e9, 1'000);
  asked->thin = whole("thin", 1, 1e6, 1);
  asked->second_try = method == "dram";
  asked->seed = study.seed;
  return asked;
}

}  // namespace apps::fabtwin::uq
