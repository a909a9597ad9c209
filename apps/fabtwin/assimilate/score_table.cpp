#include "apps/fabtwin/assimilate/score_table.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/score_columns.hpp"
#include "apps/fabtwin/table.hpp"

namespace apps::fabtwin::assimilate {
namespace {

using Json = nlohmann::ordered_json;
using twin::math::Moments;

double standard_error(const Moments& m) {
  return m.count() < 2 ? 0.0 : m.deviation() / std::sqrt(static_cast<double>(m.count()));
}

std::string shown(const Moments& m) {  // three digits and the standard error
  if (m.count() == 0) return "-";
  const double least = std::max(std::abs(m.mean()), 1e-300);
  const int digits = std::clamp(2 - static_cast<int>(std::floor(std::log10(least))), 3, 9);
  return with_half_width(m.mean(), standard_error(m), digits);
}

std::string probability(const std::optional<double>& p) {
  if (!p) return "-";
  return *p < 1e-4 ? "< 1e-4" : fmt::format("{:.4f}", *p);
}

std::string cell(const Moments& m, double value) {
  return m.count() == 0 ? std::string() : fmt::format("{}", value);
}

Json number(const Moments& m, double value) { return m.count() == 0 ? Json() : Json(value); }

Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(); }

template <class T>
Json optional(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

}  // namespace

std::string score_table(const Experiment& e, const std::vector<Summary>& summaries) {
  std::string text = fmt::format(
      "{}\n{}; {} observations every {} ticks; {} cycles, the first {} not scored; seeds {} to "
      "{}\n\n",
      e.name, e.subject->title(), e.network->size(), e.network->ticks_per_cycle(), e.cycles,
      e.burn_in, e.first_seed, e.first_seed + e.seeds - 1);
  Table table({"method", "N", "rmse_f", "rmse_a", "spread", "spread/skill", "CRPS", "ranks p",
               "chi2/m", "lost", "ms/cycle"});
  for (const Summary& s : summaries) {
    table.row({s.label, fmt::format("{}", s.members), shown(s.rmse_f), shown(s.rmse_a),
               shown(s.spread), s.spread_skill ? fmt::format("{:.2f}", *s.spread_skill) : "-",
               shown(s.crps), probability(s.flat_p),
               s.innovation ? fmt::format("{:.3f}", s.innovation->ratio) : "-",
               fmt::format("{}/{}", s.diverged, s.runs), fmt::format("{:.3f}", s.cycle_ms)});
  }
  return text + table.text();
}

std::string score_csv(const std::vector<Summary>& summaries) {
  std::string text = title_line(score_columns());
  for (const Summary& s : summaries) {
    const auto pair = [](const Moments& m) {
      return cell(m, m.mean()) + "," + cell(m, standard_error(m));
    };
    const auto maybe = [](const std::optional<double>& value) {
      return value ? fmt::format("{}", *value) : std::string();
    };
    text += fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", csv_cell(s.label), s.method, s.members,
        s.runs, s.diverged, pair(s.rmse_f), pair(s.rmse_a), pair(s.spread), maybe(s.spread_skill),
        pair(s.crps), maybe(s.flat_p), s.innovation ? fmt::format("{}", s.innovation->ratio) : "",
        s.innovation ? fmt::format("{}", s.innovation->test.p_value) : "", s.cycle_ms);
  }
  return text;
}

Json score_json(const Experiment& e, const Results& results,
                const std::vector<Summary>& summaries) {
  Json json;
  json["experiment"] = {{"name", e.name},
                        {"model", e.subject->title()},
                        {"variables", e.subject->size()},
                        {"observations", e.network->size()},
                        {"ticks_per_cycle", e.network->ticks_per_cycle()},
                        {"cycles", e.cycles},
                        {"burn_in", e.burn_in},
                        {"seeds", e.seeds},
                        {"first_seed", e.first_seed}};
  json["methods"] = Json::array();
  for (std::size_t m = 0; m < summaries.size(); ++m) {
    const Summary& s = summaries[m];
    Json one = {{"label", s.label},
                {"method", s.method},
                {"members", s.members},
                {"runs", s.runs},
                {"lost", s.diverged}};
    const auto put = [&](const char* name, const Moments& moments) {
      one[name] = number(moments, moments.mean());
      one[std::string(name) + "_error"] = number(moments, standard_error(moments));
    };
    put("rmse_f", s.rmse_f);
    put("rmse_a", s.rmse_a);
    put("spread", s.spread);
    one["spread_skill"] = optional(s.spread_skill);
    put("crps", s.crps);
    one["ranks_p"] = optional(s.flat_p);
    one["chi2_ratio"] = s.innovation ? Json(s.innovation->ratio) : Json();
    one["chi2_p"] = s.innovation ? Json(s.innovation->test.p_value) : Json();
    one["seeds"] = Json::array();
    for (std::size_t i = 0; i < results[m].size(); ++i) {
      const RunScores& r = results[m][i];
      if (!r.done) continue;
      one["seeds"].push_back({{"seed", e.first_seed + i},
                              {"lost", r.diverged},
                              {"rmse_f", finite(r.rmse_f)},
                              {"rmse_a", finite(r.rmse_a)},
                              {"spread", finite(r.spread)},
                              {"crps", finite(r.crps)}});
    }
    json["methods"].push_back(std::move(one));
  }
  return json;
}

}  // namespace apps::fabtwin::assimilate
