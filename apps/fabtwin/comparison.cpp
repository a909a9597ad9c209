#include "apps/fabtwin/comparison.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/figures.hpp"
#include "apps/fabtwin/table.hpp"

namespace apps::fabtwin {

using twins::fab::Estimate;
using twins::fab::Kpi;
using twins::fab::RunResult;

const std::vector<Measure>& measures() {
  static const std::vector<Measure> all = {
      {"cycle time d", "regular.cycle_days", "day", 2, 1.0,
       [](const Kpi& k) { return k.regular.cycle_days; }},
      {"on time %", "regular.on_time", "1", 1, 100.0,
       [](const Kpi& k) { return k.regular.on_time; }},
      {"tardy d", "regular.tardy_days", "day", 3, 1.0,
       [](const Kpi& k) { return k.regular.tardy_days; }},
      {"outs a day", "fab.outs_per_day", "lots/day", 2, 1.0,
       [](const Kpi& k) { return k.outs_per_day; }},
      {"WIP", "fab.wip", "lots", 1, 1.0, [](const Kpi& k) { return k.wip; }},
  };
  return all;
}

Estimate paired_difference(const Measure& measure, const RunResult& a, const RunResult& b) {
  std::vector<double> differences;
  for (const auto& one : a.replications) {
    for (const auto& other : b.replications) {
      if (one.member == other.member)
        differences.push_back(measure.of(other.kpi) - measure.of(one.kpi));
    }
  }
  return twins::fab::estimate(differences);
}

bool is_significant(const Estimate& d) { return d.n >= 2 && std::abs(d.mean) > d.half_width; }

std::string comparison_table(const std::vector<RuledResult>& runs) {
  std::vector<std::string> titles = {"Rule"};
  for (const Measure& m : measures()) titles.push_back(m.title);
  Table table(titles);
  for (const RuledResult& run : runs) {
    std::vector<std::string> cells = {run.rule};
    for (const Measure& m : measures()) {
      const Estimate e = over_replications(run.result, [&](const Kpi& k) { return m.of(k); });
      cells.push_back(with_half_width(m.factor * e.mean, m.factor * e.half_width, m.digits));
    }
    table.row(cells);
  }
  std::string text = table.text() +
                     "cycle time, on time, tardy: regular lots (lowest priority), those released "
                     "in the run.\n";
  if (runs.size() < 2) return text;

  titles.front() = "Against " + runs.front().rule;
  Table differences(titles);
  std::size_t pairs = 0;
  for (std::size_t i = 1; i < runs.size(); ++i) {
    std::vector<std::string> cells = {runs[i].rule};
    for (const Measure& m : measures()) {
      const Estimate d = paired_difference(m, runs.front().result, runs[i].result);
      pairs = d.n;
      const std::string sign = d.mean > 0.0 ? "+" : "";
      cells.push_back(sign + with_half_width(m.factor * d.mean, m.factor * d.half_width, m.digits) +
                      (is_significant(d) ? " *" : "  "));
    }
    differences.row(cells);
  }
  text += "\n" + differences.text();
  text += pairs < 2 ? "One pair of replications tells no interval: --replications 5 does.\n"
                    : fmt::format(
                          "±: 95 % interval of the paired differences over {} "
                          "replications on common random numbers (Student t); *: it "
                          "leaves out zero.\n",
                          pairs);
  return text;
}

Json comparison_json(const std::vector<RuledResult>& runs) {
  Json json;
  json["rules"] = Json::array();
  json["differences"] = Json::array();
  for (const RuledResult& run : runs) {
    Json one = {{"rule", run.rule}};
    for (const Measure& m : measures())
      one[m.name] =
          json_estimate(over_replications(run.result, [&](const Kpi& k) { return m.of(k); }));
    for (const auto& r : run.result.replications) {
      Json values = {{"replication", r.member}};
      for (const Measure& m : measures()) values[m.name] = m.of(r.kpi);
      one["replications"].push_back(values);
    }
    json["rules"].push_back(one);
  }
  for (std::size_t i = 1; i < runs.size(); ++i) {
    Json one = {{"rule", runs[i].rule}, {"against", runs.front().rule}};
    for (const Measure& m : measures()) {
      const Estimate d = paired_difference(m, runs.front().result, runs[i].result);
      one[m.name] = json_estimate(d);
      one[m.name]["significant"] = is_significant(d);
    }
    json["differences"].push_back(one);
  }
  return json;
}

}  // namespace apps::fabtwin
