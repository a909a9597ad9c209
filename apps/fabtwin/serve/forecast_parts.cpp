#include "apps/fabtwin/serve/forecast_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/shown.hpp"
#include "apps/fabtwin/serve/state_json.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace forecast = twins::fab::forecast;
using nlohmann::ordered_json;

constexpr std::size_t NinetyOfParts = 2;  // index of the 90 % interval among forecast::Intervals

ordered_json rows_of(const std::vector<forecast::Quantiles>& all) {
  ordered_json rows = ordered_json::array();
  for (const forecast::Quantiles& q : all) {
    ordered_json row = ordered_json::array();
    for (const float v : q)
      row.push_back(std::isfinite(v) ? ordered_json(shown(v)) : ordered_json());
    rows.push_back(std::move(row));
  }
  return rows;
}

ordered_json head_of(const Living& living, const forecast::Forecast& f, std::string_view of) {
  const Tick zero = living.site().time_zero_ms;
  return {{"id", living.forecast_name(f.now)},
          {"of", of},
          {"now_ms", f.now + zero},
          {"known_ms", f.known + zero},
          {"members", f.budget.members},
          {"horizon_hours", f.budget.horizon_hours},
          {"levels", forecast::Levels},
          {"staleness", forecast::staleness_text(f)},
          {"learnt", f.learnt}};
}

std::string line_of_parts(const ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

struct DayScore {
  std::uint64_t n = 0, held = 0, nominal_n = 0, rule_n = 0, raw_n = 0;
  double crps = 0.0, nominal = 0.0, rule = 0.0;
};

}  // namespace

std::optional<std::string> forecast_part(const Living& living, std::string_view of) {
  const auto& f = living.forecast();
  if (!f) return std::nullopt;
  if (of == "fab") {
    ordered_json part = head_of(living, *f, of);
    part["wip"] = rows_of(f->wip);
    part["out"] = rows_of(f->out);
    part["starts"] = rows_of(f->starts);
    return line_of_parts(part);
  }
  const auto& groups = living.fab().layout().description.tool_groups;
  const auto found = std::ranges::find_if(groups, [&](const auto& g) { return g.name == of; });
  const auto g = static_cast<std::size_t>(found - groups.begin());
  if (found == groups.end() || g >= f->groups.size()) return std::nullopt;
  ordered_json part = head_of(living, *f, of);
  part["wip"] = rows_of(f->groups[g].wip);
  part["queue"] = rows_of(f->groups[g].queue);
  part["able"] = rows_of(f->groups[g].able);
  part["moves"] = rows_of(f->groups[g].moves);
  return line_of_parts(part);
}

std::string scores_json(Living& living, Tick now_ms) {
  const Tick zero = living.site().time_zero_ms;
  const Picture p = living.picture(now_ms);
  ordered_json days = ordered_json::array(), validations = days;
  std::map<std::tuple<std::size_t, std::uint8_t, Tick>, DayScore> of;
  for (const forecast::Window& w : living.belief().ledger.windows()) {
    if (w.n == 0) continue;
    DayScore& d = of[{static_cast<std::size_t>(w.quantity), w.horizon, w.now / DayMs}];
    using forecast::Scored;
    const auto at = [](Scored kind) { return static_cast<std::size_t>(kind); };
    d.n += w.n;
    d.held += w.recalibrated[NinetyOfParts];
    d.raw_n += w.compared[at(Scored::Raw)];
    d.crps += w.crps[at(Scored::Raw)];
    d.nominal_n += w.compared[at(Scored::Nominal)];
    d.nominal += w.crps[at(Scored::Nominal)];
    d.rule_n += w.compared[at(Scored::Rule)];
    d.rule += w.crps[at(Scored::Rule)];
  }
  const auto mean = [](double sum, std::uint64_t n) {
    return n != 0 ? ordered_json(shown(static_cast<float>(sum / static_cast<double>(n))))
                  : ordered_json();
  };
  for (const auto& [key, d] : of) {
    const auto& [quantity, horizon, day] = key;
    days.push_back({{"day_ms", day * DayMs + zero},
                    {"quantity", forecast::to_string(static_cast<forecast::Quantity>(quantity))},
                    {"ahead", duration_text(Tick{forecast::ScoredHours[horizon]} * HourMs)},
                    {"n", d.n},
                    {"held90", d.held},
                    {"crps", mean(d.crps, d.raw_n)},
                    {"nominal", mean(d.nominal, d.nominal_n)},
                    {"rule", mean(d.rule, d.rule_n)}});
  }
  for (const Tick at : living.belief().validations) validations.push_back(at + zero);
  return line_of_parts({{"now_ms", now_ms},
                        {"diverged", p.diverged},
                        {"rows", score_rows(p)},
                        {"validations", validations},
                        {"days", days}});
}

void keep_ahead(Stores& stores, const forecast::Forecast& f, Tick time_zero_ms) {
  constexpr std::size_t Hours = 24;
  constexpr std::array<std::pair<std::size_t, const char*>, 3> Told = {
      {{1, "p05"}, {forecast::Median, "p50"}, {7, "p95"}}};
  if (!stores.trouble().empty()) return;
  auto& historian = stores.historian();
  const Tick at = f.now + static_cast<Tick>(Hours) * HourMs + time_zero_ms;
  const auto point = [&](std::string_view what, const char* level, float value) {
    if (!std::isfinite(value)) return;
    historian.add(historian.signal(fmt::format("ahead/1d/fab/{}/{}", what, level)),
                  {.at = at, .value = shown(value)});
  };
  for (const auto& [k, name] : Told) {
    if (f.wip.size() > Hours) point("wip", name, f.wip[Hours][k]);
    if (!f.out.empty()) point("out_day", name, f.out.front()[k]);
  }
}

}  // namespace apps::fabtwin::serve
