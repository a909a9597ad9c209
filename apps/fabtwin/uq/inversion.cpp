#include "apps/fabtwin/uq/inversion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <sstream>

#include "apps/fabtwin/files.hpp"
#include "twin/core/error.hpp"
#include "twin/infer/sample/discrepancy.hpp"
#include "twin/math/statistics.hpp"

namespace apps::fabtwin::uq {
namespace {

using twin::infer::Target;

constexpr double NotSaid = std::numeric_limits<double>::quiet_NaN();

// x [point][input] as points; empty where one is no number.
std::vector<std::vector<double>> points_of(std::span<const double> x, std::size_t inputs) {
  std::vector<std::vector<double>> points;
  for (std::size_t at = 0; at < x.size(); at += inputs) {
    const auto point = x.subspan(at, inputs);
    if (std::ranges::all_of(point, [](double v) { return std::isfinite(v); }))
      points.emplace_back(point.begin(), point.end());
    else
      points.emplace_back();
  }
  return points;
}

// Of the length of a discrepancy: a factor of 2.7 either way with 95 %.
constexpr double LengthDeviation = 0.5;

twin::infer::DiscrepancyProblem problem_of(
    const Measured& measured, std::size_t inputs,
    std::function<void(std::span<const double>, std::span<double>)> model) {
  return {.parameters = inputs,
          .coordinates = measured.discrepancy->coordinates,
          .places = measured.discrepancy->places,
          .y = measured.values,
          .noise = measured.errors,
          .kernel = measured.discrepancy->kernel,
          .model = std::move(model)};
}

DiscrepancyAsked read_discrepancy(twin::sheet::Sheet table, std::size_t measured) {
  const std::array<std::string, 2> kernels = {"matern-5/2", "squared-exponential"};
  DiscrepancyAsked d{.coordinates = static_cast<std::size_t>(
                         table.integer("coordinates", {.least = 1.0, .most = 1000.0}, 1)),
                     .places = table.numbers("places"),
                     .kernel = table.choice("kernel", kernels, kernels[0]) == kernels[0]
                                   ? twin::infer::CovarianceKernel::Matern52
                                   : twin::infer::CovarianceKernel::SquaredExponential,
                     .amplitude = table.number("amplitude", twin::sheet::Range::positive()),
                     .length = table.number("length", twin::sheet::Range::positive())};
  if (d.places.size() != measured * d.coordinates)
    table.refuse("places", fmt::format("[invert.discrepancy]: {} numbers in places ({} data of {} "
                                       "coordinates each)",
                                       d.places.size(), measured, d.coordinates));
  table.finish();
  return d;
}

}  // namespace

const std::vector<std::string> InvertAsked::Head = {
    "input", "prior 5 to 95 %", "mean", "deviation", "5 %", "median", "95 %", "contraction"};

void Draws::add(const std::vector<double>& at) {
  for (std::size_t i = 0; i < at.size(); ++i) {
    x[i].push_back(at[i]);
    z[i].push_back(of[i].law.to_normal(at[i]));
  }
}

InvertAsked::InvertAsked(Measured measured, const Study& study)
    : measured_(std::move(measured)), unknowns_(study.inputs.all) {
  for (const std::size_t o : measured_.outputs) names_.push_back(study.model.outputs[o]);
  if (!measured_.discrepancy) return;
  const DiscrepancyAsked& d = *measured_.discrepancy;
  unknowns_.push_back({.name = "discrepancy's amplitude",
                       .law = twin::infer::Prior::half_normal(d.amplitude),
                       .group = {}});
  unknowns_.push_back({.name = "discrepancy's length",
                       .law = twin::infer::Prior::lognormal(std::log(d.length), LengthDeviation),
                       .group = {}});
}

std::vector<twin::infer::Prior> InvertAsked::laws() const {
  std::vector<twin::infer::Prior> all;
  for (const Input& i : unknowns_) all.push_back(i.law);
  return all;
}

InvertAsked::Forward InvertAsked::forward(const Work& work) const {
  return [this, &work, inputs = work.study.inputs.size()](std::span<const double> x,
                                                          std::span<double> g) {
    const auto points = points_of(x, inputs);
    const std::size_t outputs = measured_.outputs.size();
    for (const auto& point : points)
      if (!point.empty()) work.queue.submit(point);
    for (std::size_t k = 0; k < points.size(); ++k) {
      const auto to = g.subspan(k * outputs, outputs);
      std::ranges::fill(to, NotSaid);
      if (points[k].empty()) continue;
      const auto& outcome = work.queue.wait(points[k]);
      if (outcome.end != twin::uq::RunEnd::Done) continue;
      for (std::size_t m = 0; m < outputs; ++m) to[m] = outcome.y[measured_.outputs[m]];
    }
  };
}

InvertAsked::Forward InvertAsked::cheap_forward(const Work& work,
                                                std::vector<CheapOutput> outputs) const {
  return [&work, inputs = work.study.inputs.size(), outputs = std::move(outputs),
          dear = forward(work)](std::span<const double> x, std::span<double> g) {
    const auto points = points_of(x, inputs);
    for (const auto& point : points)
      for (const CheapOutput& o : outputs)
        if (!point.empty()) work.cheaper[o.model]->submit(point);
    const std::size_t n = outputs.size();
    for (std::size_t k = 0; k < points.size(); ++k) {
      const auto to = g.subspan(k * n, n);
      std::ranges::fill(to, NotSaid);
      if (points[k].empty()) continue;
      bool said = true;
      for (std::size_t m = 0; m < n; ++m) {
        const auto& outcome = work.cheaper[outputs[m].model]->wait(points[k]);
        said = said && outcome.end == twin::uq::RunEnd::Done;
        if (said) to[m] = outcome.y[outputs[m].output];
      }
      if (!said) dear(points[k], to);
    }
  };
}

Target InvertAsked::likelihood(const Work& work, Forward forward, double widen) const {
  const std::size_t inputs = work.study.inputs.size(), outputs = measured_.values.size();
  Measured measured = measured_;
  for (double& e : measured.errors) e *= widen;
  if (measured.discrepancy)
    return twin::infer::discrepancy_likelihood(problem_of(measured, inputs, std::move(forward)));
  double constant = 0.0;  // of the errors alone
  for (const double e : measured.errors)
    constant -= std::log(e * std::sqrt(2.0 * std::numbers::pi));
  return {
      .dimensions = inputs,
      .log_density = [constant, outputs, measured = std::move(measured), g_of = std::move(forward)](
                         std::span<const double> x, std::span<double> value) {
        std::vector<double> g(value.size() * outputs);
        g_of(x, g);
        for (std::size_t k = 0; k < value.size(); ++k) {
          value[k] = constant;
          for (std::size_t m = 0; m < outputs; ++m) {
            const double r = (measured.values[m] - g[k * outputs + m]) / measured.errors[m];
            value[k] -= 0.5 * r * r;
          }
        }
      }};
}

Target InvertAsked::likelihood_with_slopes(const Work& work) const {
  Target target = likelihood(work);
  target.log_density_and_slopes = [this, &work, values = target.log_density, g_of = forward(work)](
                                      std::span<const double> x, std::span<double> value,
                                      std::span<double> slope) {
    values(x, value);
    const std::size_t inputs = x.size() / value.size(), outputs = measured_.values.size();
    std::vector<double> g(value.size() * outputs);
    g_of(x, g);  // from the queue's memory
    // Of each point that has a value: its inputs, and the weight of each of the model's outputs.
    std::vector<std::vector<double>> questions(value.size());
    for (std::size_t k = 0; k < value.size(); ++k) {
      if (!std::isfinite(value[k])) continue;
      const auto at = x.subspan(k * inputs, inputs);
      std::vector<double> weight(work.study.model.outputs.size(), 0.0);
      for (std::size_t m = 0; m < outputs; ++m)
        weight[measured_.outputs[m]] += (measured_.values[m] - g[k * outputs + m]) /
                                        (measured_.errors[m] * measured_.errors[m]);
      questions[k].assign(at.begin(), at.end());
      questions[k].insert(questions[k].end(), weight.begin(), weight.end());
      work.slopes->submit(questions[k]);
    }
    for (std::size_t k = 0; k < value.size(); ++k) {
      const auto to = slope.subspan(k * inputs, inputs);
      std::ranges::fill(to, std::numeric_limits<double>::quiet_NaN());
      if (questions[k].empty()) continue;
      const auto& outcome = work.slopes->wait(questions[k]);
      if (outcome.end == twin::uq::RunEnd::Done)
        std::ranges::copy(outcome.y, to.begin());
      else
        value[k] = std::numeric_limits<double>::quiet_NaN();
    }
  };
  return target;
}

void InvertAsked::tell(const Draws& draws, Part part, Answer& answer,
                       const std::vector<std::vector<std::string>>& extra) const {
  std::vector<Bar> bars;
  for (std::size_t i = 0; i < unknowns_.size(); ++i) {
    const Input& input = unknowns_[i];
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
  answer.parts.push_back(std::move(part));
}

void InvertAsked::tell_discrepancy(const Work& work, const Draws& draws, Answer& answer) const {
  if (!measured_.discrepancy) return;
  const std::size_t inputs = work.study.inputs.size(), n = measured_.values.size();
  const auto problem = problem_of(measured_, inputs, forward(work));
  // Each costs n^3: all draws, or as many as take some seconds.
  constexpr double Steps = 5e9;
  const double most = std::max(200.0, Steps / std::pow(static_cast<double>(n), 3));
  const auto step = static_cast<std::size_t>(std::ceil(static_cast<double>(draws.count()) / most));
  std::vector<twin::math::Moments> means(n), within(n);
  for (std::size_t k = 0; k < draws.count(); k += step) {
    std::vector<double> theta(inputs);
    for (std::size_t i = 0; i < inputs; ++i) theta[i] = draws.x[i][k];
    const auto at = twin::infer::discrepancy_at(
        problem, {.amplitude = draws.x[inputs][k], .length = draws.x[inputs + 1][k]}, theta,
        measured_.discrepancy->places);
    for (std::size_t m = 0; m < n; ++m) {
      if (!std::isfinite(at.mean[m])) continue;
      means[m].add(at.mean[m]);
      within[m].add(at.variance[m]);
    }
  }
  Part part{.title = "What the model leaves unsaid",
            .note = "Of each output, given the data: what is to be added to the model's",
            .head = {"output", "measured", "mean", "deviation"}};
  for (std::size_t m = 0; m < n; ++m) {
    const double deviation = std::sqrt(within[m].mean() + means[m].variance());
    part.rows.push_back(
        {names_[m], in_words(measured_.values[m]), in_words(means[m].mean()), in_words(deviation)});
    answer.json["discrepancy"].push_back(
        {{"output", names_[m]}, {"mean", means[m].mean()}, {"deviation", deviation}});
  }
  answer.parts.push_back(std::move(part));
  answer.warnings.emplace_back(
      "data alone do not tell a parameter from what the model leaves unsaid: its amplitude and "
      "length are beliefs");
}

std::vector<CheapOutput> cheap_outputs(twin::sheet::Sheet& table, const Study& study,
                                       const Measured& measured) {
  std::vector<CheapOutput> all;
  for (const std::size_t m : measured.outputs) {
    const std::string& name = study.model.outputs[m];
    const std::size_t before = all.size();
    for (std::size_t c = 0; c < study.cheaper.size() && all.size() == before; ++c) {
      const auto& names = study.cheaper[c].model.outputs;
      if (const auto at = std::ranges::find(names, name); at != names.end())
        all.push_back({c, static_cast<std::size_t>(at - names.begin())});
    }
    if (all.size() == before)
      table.refuse("method", fmt::format("[invert]: no [[cheaper]] model has an output '{}' "
                                         "(delayed-acceptance asks one first)",
                                         name));
  }
  return all;
}

void check_slopes(twin::sheet::Sheet& table, const Study& study, const std::string& method,
                  const Measured& measured) {
  if (!study.model.make_slopes)
    table.refuse("method", fmt::format("[invert]: {} needs slopes, and the model has none (temper, "
                                       "dram?)",
                                       method));
  if (measured.discrepancy)
    table.refuse(
        "discrepancy",
        fmt::format("[invert]: {} knows no discrepancy (temper, dram and metropolis do)", method));
}

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
  if (table.has("discrepancy"))
    m.discrepancy = read_discrepancy(table.table("discrepancy"), m.values.size());
  return m;
}

}  // namespace apps::fabtwin::uq
