// [design] method = "exchange": at which inputs to run or measure, where an output goes as a polynomial of them.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "apps/fabtwin/uq/study.hpp"
#include "twin/core/error.hpp"
#include "twin/uq/exchange_design.hpp"
#include "twin/uq/sample_points.hpp"

namespace apps::fabtwin::uq {
namespace {

using twin::uq::Optimality;

enum class Terms : std::uint8_t { Linear, Interactions, Quadratic };

// Of coordinates that run from -1 to 1.
std::vector<double> regressors(std::span<const double> c, Terms terms) {
  std::vector<double> f = {1.0};
  f.insert(f.end(), c.begin(), c.end());
  if (terms == Terms::Linear) return f;
  for (std::size_t i = 0; i < c.size(); ++i) {
    if (terms == Terms::Quadratic) f.push_back(c[i] * c[i]);
    for (std::size_t j = i + 1; j < c.size(); ++j) f.push_back(c[i] * c[j]);
  }
  return f;
}

struct ExchangeAsked final : Asked {
  Terms terms = Terms::Quadratic;
  Optimality optimality = Optimality::D;
  std::string criterion;
  std::vector<std::vector<double>> candidates;  // [candidate][input] uniforms of the laws
  twin::uq::ExchangeOptions options;

  [[nodiscard]] Answer carry_out(const Work& work) const override {
    twin::uq::DesignProblem problem{.optimality = optimality};
    std::vector<double> coded(candidates.front().size());
    for (const auto& u : candidates) {
      std::ranges::transform(u, coded.begin(), [](double v) { return 2.0 * v - 1.0; });
      problem.candidates.push_back(regressors(coded, terms));
    }
    twin::uq::ExchangeOptions o = options;
    o.threads = work.threads;
    const auto design = twin::uq::exchange_design(problem, o);
    const auto best = twin::uq::approximate_design(problem, {.runs = static_cast<double>(o.runs)});
    const double efficiency = twin::uq::design_efficiency(problem, design.value, best.bound);
    Answer answer;
    answer.json = {{"method", "exchange"},
                   {"criterion", criterion},
                   {"terms", problem.candidates.front().size()},
                   {"candidates", candidates.size()},
                   {"value", design.value},
                   {"bound", best.bound},
                   {"efficiency", efficiency}};
    Part part{.title = "At which inputs to run",
              .note = fmt::format(
                  "{} runs for {} coefficients, {}-optimal by exchange among {} candidates; no "
                  "design of as many could be more than {:.2f} times as good",
                  o.runs, problem.candidates.front().size(), criterion, candidates.size(),
                  1.0 / efficiency)};
    for (const std::string& name : work.study.inputs.names()) part.head.push_back(name);
    part.head.emplace_back("times");
    for (std::size_t k = 0; k < design.runs.size();) {
      const std::size_t which = design.runs[k];
      std::size_t times = 0;
      for (; k < design.runs.size() && design.runs[k] == which; ++k) ++times;
      const auto x = work.study.inputs.of_uniforms(candidates[which]);
      std::vector<std::string> row;
      for (const double v : x) row.push_back(in_words(v));
      row.push_back(std::to_string(times));
      part.rows.push_back(std::move(row));
      answer.json["runs"].push_back({{"x", x}, {"times", times}});
    }
    answer.parts.push_back(std::move(part));
    if (!design.converged)
      answer.warnings.emplace_back("a search was ended while an exchange still helped");
    return answer;
  }
};

// [candidate][input] a grid of levels from the least to the greatest uniform.
std::vector<std::vector<double>> grid_of(std::size_t inputs, std::size_t levels) {
  // The ends of a law without bounds are nowhere: 5 and 95 % stand for them.
  constexpr double End = 0.05;
  std::vector<std::vector<double>> all = {{}};
  for (std::size_t i = 0; i < inputs; ++i) {
    std::vector<std::vector<double>> more;
    for (const auto& u : all)
      for (std::size_t l = 0; l < levels; ++l) {
        more.push_back(u);
        more.back().push_back(End + (1.0 - 2.0 * End) * static_cast<double>(l) /
                                        static_cast<double>(levels - 1));
      }
    all = std::move(more);
  }
  return all;
}

}  // namespace

std::unique_ptr<Asked> read_exchange(twin::sheet::Sheet& table, const Study& study) {
  constexpr std::size_t MostCandidates = 20'000;
  const std::array<std::string, 3> terms = {"linear", "interactions", "quadratic"},
                                   criteria = {"D", "A", "I"};
  auto asked = std::make_unique<ExchangeAsked>();
  const std::string given = table.choice("terms", terms, "quadratic");
  asked->terms = given == terms[0]   ? Terms::Linear
                 : given == terms[1] ? Terms::Interactions
                                     : Terms::Quadratic;
  asked->criterion = table.choice("criterion", criteria, "D");
  asked->optimality = asked->criterion == "D"   ? Optimality::D
                      : asked->criterion == "A" ? Optimality::A
                                                : Optimality::I;
  const std::size_t inputs = study.inputs.size();
  const auto levels =
      static_cast<std::size_t>(table.integer("levels", {.least = 2.0, .most = 100.0}, 3));
  if (asked->terms == Terms::Quadratic && levels < 3)
    table.refuse("levels", "[design]: levels = 2 (a quadratic law needs three)");
  double count = 1.0;
  for (std::size_t i = 0; i < inputs; ++i) count *= static_cast<double>(levels);
  if (count <= static_cast<double>(MostCandidates)) {
    asked->candidates = grid_of(inputs, levels);
  } else {
    const auto u = twin::uq::sample_points(
        {.inputs = inputs, .points = 4'096, .replications = 1, .seed = study.seed});
    asked->candidates.assign(u.front().size(), std::vector<double>(inputs));
    for (std::size_t k = 0; k < asked->candidates.size(); ++k)
      for (std::size_t i = 0; i < inputs; ++i) asked->candidates[k][i] = u[i][k];
  }
  const std::size_t columns = regressors(std::vector<double>(inputs, 0.0), asked->terms).size();
  if (columns > 500)
    table.refuse("terms", fmt::format("[design]: {} terms of {} inputs (500 at most; linear?)",
                                      columns, inputs));
  asked->options = {
      .runs = static_cast<std::size_t>(table.integer("count", {.least = 1.0, .most = 1e5},
                                                     static_cast<std::int64_t>(2 * columns))),
      .repeats = table.yes("repeats", true) ? twin::uq::Repeats::Allowed : twin::uq::Repeats::None,
      .starts =
          static_cast<std::uint32_t>(table.integer("starts", {.least = 1.0, .most = 1e4}, 10)),
      .seed = study.seed};
  if (asked->options.runs < columns)
    table.refuse("count", fmt::format("[design]: count = {} ({} coefficients need as many runs)",
                                      asked->options.runs, columns));
  if (asked->options.repeats == twin::uq::Repeats::None &&
      asked->options.runs > asked->candidates.size())
    table.refuse("count", fmt::format("[design]: count = {} ({} candidates without repeats)",
                                      asked->options.runs, asked->candidates.size()));
  return asked;
}

}  // namespace apps::fabtwin::uq
