#include "apps/fabtwin/what_if_answer.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "apps/fabtwin/table.hpp"

namespace apps::fabtwin {

using namespace twins::fab::decide;

namespace {

struct Quantity {
  const char* text;
  const char* key;
  Changed WhatIfResult::*of;
  int digits;
};

constexpr Quantity Quantities[] = {
    {"mean tardiness h", "tardy_hours", &WhatIfResult::tardy_hours, 3},
    {"weighted tardiness h", "weighted_tardy_hours", &WhatIfResult::weighted_tardy_hours, 3},
    {"hot lots' tardiness h", "hot_tardy_hours", &WhatIfResult::hot_tardy_hours, 3},
    {"cycle time h", "cycle_hours", &WhatIfResult::cycle_hours, 2},
    {"lots out", "out", &WhatIfResult::out, 1},
    {"WIP at the horizon", "wip", &WhatIfResult::wip, 1},
    {"lots kept outside", "outside", &WhatIfResult::outside, 1},
    {"queue-time violations", "violations", &WhatIfResult::violations, 2},
};

std::vector<std::string> row_of(std::string text, const Changed& c, int digits) {
  const bool sure = std::abs(c.by.mean) > c.by.half_width;
  return {std::move(text), grouped(c.as_it_is, digits), grouped(c.otherwise, digits),
          std::isfinite(c.by.half_width) ? with_half_width(c.by.mean, c.by.half_width, digits)
                                         : fmt::format("{:.{}f}", c.by.mean, digits),
          sure ? (c.by.mean > 0.0 ? "more" : "less") : ""};
}

Json changed_json(const Changed& c) {
  Json by = {{"mean", c.by.mean}, {"half_width", nullptr}};
  if (std::isfinite(c.by.half_width)) by["half_width"] = c.by.half_width;
  return {{"as_it_is", c.as_it_is}, {"otherwise", c.otherwise}, {"change", std::move(by)}};
}

}  // namespace

std::string what_if_text(const WhatIfShown& s) {
  std::string text = fmt::format("day {:.1f}, {}; {} pairs, {:.0f} h ahead\n", s.day,
                                 s.asked.standing, s.result.pairs, s.asked.horizon_hours);
  if (s.stopped) text += "interrupted: what was known by then\n";
  text += "What if:\n";
  for (const std::string& what : s.texts) text += "  " + what + "\n";
  Table table({"", "as it is", "otherwise", "change", ""});
  for (const Quantity& q : Quantities) table.row(row_of(q.text, s.result.*q.of, q.digits));
  text += "\n" + table.text();
  Table queues({"Lots waiting at the horizon", "as it is", "otherwise", "change", ""});
  for (const QueueChanged& q : s.result.queues)
    queues.row(row_of(s.layout.description.tool_groups[q.group].name, q.lots, 1));
  if (!queues.empty()) text += "\n" + queues.text();
  return text + fmt::format(
                    "tardiness, cycle time: means over the lots that left and the outlook of those "
                    "inside\n"
                    "change: otherwise less as it is, ±: {:.0f} % of paired differences; more, "
                    "less: where "
                    "that excludes none\n",
                    100.0 * WhatIfConfidence);
}

Json what_if_json(const WhatIfShown& s) {
  Json json;
  json["day"] = s.day;
  json["horizon_hours"] = s.asked.horizon_hours;
  json["rule"] = s.asked.standing;
  json["what_if"] = s.texts;
  json["pairs"] = s.result.pairs;
  json["confidence"] = WhatIfConfidence;
  json["stopped"] = s.stopped;
  for (const Quantity& q : Quantities) json["outcome"][q.key] = changed_json(s.result.*q.of);
  json["queues"] = Json::array();
  for (const QueueChanged& q : s.result.queues) {
    Json queue = {{"group", s.layout.description.tool_groups[q.group].name}};
    queue.update(changed_json(q.lots));
    json["queues"].push_back(std::move(queue));
  }
  return json;
}

}  // namespace apps::fabtwin
