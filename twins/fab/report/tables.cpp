#include "twins/fab/report/tables.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <span>
#include <vector>

#include "twins/fab/report/text.hpp"

namespace twins::fab::report {

namespace {

constexpr std::string_view Nothing = "–";

struct TablesHead {
  std::string_view word, unit;
  std::string_view meaning = {};  // shown when the pointer rests on it
  std::string_view style = {};
};

std::string heads(std::span<const TablesHead> row) {
  std::string out = "<thead><tr>";
  for (const TablesHead& h : row) {
    out += "<th scope=\"col\"";
    if (!h.style.empty()) out += fmt::format(" class=\"{}\"", h.style);
    if (!h.meaning.empty()) out += fmt::format(" title=\"{}\"", escaped(h.meaning));
    out += fmt::format(">{}<small>{}</small></th>", escaped(h.word),
                       h.unit.empty() ? std::string("&nbsp;") : escaped(h.unit));
  }
  return out + "</tr></thead>\n";
}

std::string cell(std::string_view text) { return fmt::format("<td>{}</td>", text); }
std::string cell(double value, int decimals) { return cell(figure(value, decimals)); }
std::string share(double value) { return cell(percent(value)); }

// What a group does not do at all is left out, so that what it does stands out.
std::string cell_of_some(double value, int decimals) {
  return value > 0.0 ? cell(value, decimals) : cell(Nothing);
}

// Counts of lots, averaged over replications: the decimal only where it can be read.
std::string lots_cell(double lots) { return cell(lots, lots < 1000.0 ? 1 : 0); }
std::string word(std::string_view text) {
  return fmt::format("<td class=\"word\">{}</td>", escaped(text));
}
std::string first(std::string_view text) {
  return fmt::format("<th scope=\"row\">{}</th>", escaped(text));
}

std::string wrapped(std::string_view style, const std::string& head, const std::string& rows) {
  return fmt::format(
      "<div class=\"scroll\"><table class=\"{}\">\n{}<tbody>\n{}</tbody></table></div>\n", style,
      head, rows);
}

std::string class_row(const ClassSummary& c, std::string_view style, std::string_view priority) {
  std::string row = style.empty() ? std::string("<tr>") : fmt::format("<tr class=\"{}\">", style);
  row += first(c.name) + cell(priority) + lots_cell(c.released) + lots_cell(c.finished) +
         cell(c.per_day, 2) + lots_cell(c.wip);
  if (c.initial || c.replications == 0.0) {
    for (int i = 0; i < 9; ++i) row += cell(Nothing);
  } else {
    const int decimals = c.quantile_decimals();
    row += cell(with_interval(c.cycle, decimals + 1)) + cell(c.sd, decimals + 1);
    for (const double q : {c.p05, c.p50, c.p95}) row += cell(q, decimals);
    row += cell(c.flow_factor, 3) + cell(c.x_factor, 3) + share(c.on_time) + cell(c.tardy_days, 2);
  }
  return row + "</tr>\n";
}

std::string window_row(std::string_view name, const WindowKpi& w, double days,
                       std::string_view violated) {
  std::string row = "<tr>" + first(name) + cell(w.closed / days, 1);
  if (w.closed == 0.0) {
    for (int i = 0; i < 6; ++i) row += cell(Nothing);
    return row + "</tr>\n";
  }
  row += cell(violated) + share(w.over_1h) + share(w.over_2h) + share(w.over_4h);
  return row + cell(w.violation_hours, 2) + cell(w.slack_hours, 2) + "</tr>\n";
}

}  // namespace

std::string with_interval(const Estimate& e, int decimals, double factor) {
  if (e.n == 0) return std::string(Nothing);
  const std::string mean = figure(e.mean * factor, decimals);
  return e.half_width > 0.0 ? mean + "&nbsp;±&nbsp;" + figure(e.half_width * factor, decimals)
                            : mean;
}

std::string class_table(const Summary& s) {
  static constexpr TablesHead Row[] = {
      {"Lot class", ""},
      {"Priority", "higher first"},
      {"Released", "lots", "mean over replications"},
      {"Finished", "lots", "mean over replications"},
      {"Throughput", "lots/day"},
      {"WIP", "lots", "time average"},
      {"Cycle time", "days ± 95 %"},
      {"Std. dev.", "days", "over lots, within a replication"},
      {"p5", "days"},
      {"p50", "days"},
      {"p95", "days"},
      {"Flow factor", "1", "cycle time over raw process time with transport and rework"},
      {"X-factor", "1", "cycle time over raw process time alone"},
      {"On time", "%"},
      {"Tardiness", "days", "mean over finished lots, early ones count 0"},
  };
  std::string rows;
  for (const ClassSummary& c : s.classes)
    rows += class_row(c, "", c.initial ? std::string(Nothing) : figure(c.priority));
  if (s.replications > 0) rows += class_row(s.regular, "total", Nothing);
  return wrapped("classes", heads(Row), rows);
}

std::string group_table(const Summary& s) {
  static constexpr TablesHead Row[] = {
      {"Tool group", ""},
      {"Area", "", "", "word"},
      {"Tools", "tools"},
      {"Utilis.", "% of avail.", "setup, load, process, unload over available time"},
      {"Avail.", "%", "time neither down nor in maintenance"},
      {"Process", "%"},
      {"Setup", "%"},
      {"Load", "%", "load and unload"},
      {"Idle", "%"},
      {"PM", "%", "preventive maintenance"},
      {"Down", "%"},
      {"Jobs", "jobs/day"},
      {"Lots", "lots/day"},
      {"Wafers", "wafers/day"},
      {"Wait", "h", "mean wait of a lot before its start"},
      {"Queue", "lots", "time average"},
      {"Fill", "%", "wafers over the batch maxima"},
      {"Setups", "% of jobs"},
      {"Rework", "lots/day", "lots sent back after this group"},
      {"Skips", "lots/day", "steps left out by sampling"},
  };
  const double days = s.counted_days;
  std::string rows;
  for (const GroupKpi& g : s.groups) {
    rows += "<tr>" + first(g.name) + word(g.area) + cell(g.tools, 0) +
            fmt::format("<td class=\"level\" style=\"--v:{0}%\">{0}</td>", percent(g.utilisation));
    rows += share(g.availability) + share(g.process) + cell_of_some(100.0 * g.setup, 1) +
            cell_of_some(100.0 * (g.load + g.unload), 1) + share(g.idle) +
            cell_of_some(100.0 * g.pm, 1) + cell_of_some(100.0 * g.down, 1);
    rows += cell(g.jobs / days, 1) + cell(g.lots / days, 1) + cell(g.wafers / days, 0) +
            cell(g.wait_hours, 2) + cell(g.queue, 1) + cell_of_some(100.0 * g.batch_fill, 1) +
            cell_of_some(100.0 * g.setup_share, 1) + cell_of_some(g.reworks / days, 2) +
            cell_of_some(g.skipped / days, 1) + "</tr>\n";
  }
  return wrapped("dense", heads(Row), rows);
}

std::string window_table(const Summary& s) {
  static constexpr TablesHead Row[] = {
      {"Windows", ""},
      {"Closed", "a day", "mean over replications"},
      {"Violated", "%"},
      {"> 1 h", "%", "over the limit by more than 1 h"},
      {"> 2 h", "%"},
      {"> 4 h", "%"},
      {"Violation", "h, mean", "hours over the limit, over all closed windows"},
      {"Slack", "h, mean", "hours left to the limit, over all closed windows"},
  };
  if (s.replications == 0) return {};
  const double days = s.counted_days;
  const std::string rows = window_row("Litho", s.litho, days, percent(s.litho.violated)) +
                           window_row("Rest", s.rest, days, percent(s.rest.violated)) +
                           window_row("All", s.all, days, with_interval(s.violated, 1, 100.0));
  return wrapped("classes", heads(Row), rows);
}

}  // namespace twins::fab::report
