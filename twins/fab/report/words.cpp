#include "twins/fab/report/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "twins/fab/report/tables.hpp"
#include "twins/fab/report/text.hpp"

namespace twins::fab::report {

namespace {

std::string fact(std::string_view name, std::string_view value) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", escaped(name), escaped(value));
}

std::string count(std::size_t n, std::string_view one, std::string_view many) {
  return figure(static_cast<double>(n)) + " " + std::string(n == 1 ? one : many);
}

struct Tile {
  std::string_view name;
  const Estimate& value;
  int decimals;
  std::string_view unit;  // short, beside the value
  std::string below;
  double factor = 1.0;
};

std::string tile(const Tile& t, std::string_view style) {
  const std::string value = t.value.n == 0 ? "–" : figure(t.value.mean * t.factor, t.decimals);
  const std::string interval = t.value.half_width > 0.0
                                   ? fmt::format("<span>± {} (95 %)</span>",
                                                 figure(t.value.half_width * t.factor, t.decimals))
                                   : std::string();
  return fmt::format(
      "<div class=\"{}\"><b>{}</b><strong>{}</strong> <i>{}</i>{}<span>{}</span></div>\n", style,
      t.name, value, t.unit, interval, t.below);
}

std::string item(const std::string& text) { return "<li>" + text + "</li>\n"; }

std::string intervals_note(const Summary& s) {
  if (s.replications > 1)
    return fmt::format(
        "Intervals (±) are 95 % confidence intervals for the mean, from Student's t "
        "over {} independent replications.",
        figure(static_cast<double>(s.replications)));
  if (s.within_run)
    return "One replication only: the interval of cycle time comes from 20 batch means inside the "
           "run; the other figures have none.";
  return "One replication only: nothing can be said about intervals.";
}

std::string options_note(const LayoutOptions& o) {
  std::string text = fmt::format("Releases at {} % of the data set's.", percent(o.load));
  if (!o.breakdowns) text += " Breakdowns were switched off.";
  if (!o.maintenance) text += " Maintenance was switched off.";
  if (o.breakdowns)
    text += o.breakdown == LayoutOptions::Breakdowns::AfterJob
                ? " A breakdown that comes while a job runs waits for the job's end."
                : " A breakdown suspends the job that runs; the repair over, it is resumed.";
  text += o.super_hot_reservation ? " Lots of the highest priority reserve their next tool."
                                  : " No lot reserves a tool.";
  return text;
}

}  // namespace

std::string days_text(double days) {
  const double rounded = std::round(days * 100.0) / 100.0;
  return rounded == std::round(rounded) ? figure(rounded) : fmt::format("{}", rounded);
}

std::string fact_list(const Layout& layout, const RunResult& result) {
  const Description& d = layout.description;
  const RunOptions& o = result.options;
  const std::size_t n = result.replications.size();
  std::string rule = o.rule;
  if (rule == "published") rule += " (data set's own)";
  std::string out = "<dl class=\"facts\">\n";
  out += fact("Data set", d.name);
  out += fact("Tools", count(layout.tools(), "tool in ", "tools in ") +
                           count(layout.groups.size(), "group", "groups"));
  out += fact("Products", count(d.products.size(), "product, ", "products, ") +
                              count(layout.steps.size(), "route step", "route steps"));
  out += fact("Simulated", days_text(o.days) + " days");
  out += fact("Warm-up",
              o.warmup_days > 0.0 ? days_text(o.warmup_days) + " days" : std::string("none"));
  out += fact("Replications", figure(static_cast<double>(n)));
  out += fact("Seed", std::to_string(o.seed));
  out += fact("Dispatch rule", rule);
  return out + "</dl>\n";
}

std::string tiles(const Summary& s) {
  const int decimals = s.regular.quantile_decimals();
  const auto quantiles =
      s.regular.replications > 0.0
          ? fmt::format("regular lots; p5 {} · p50 {} · p95 {}", figure(s.regular.p05, decimals),
                        figure(s.regular.p50, decimals), figure(s.regular.p95, decimals))
          : std::string("no regular lot finished");
  const std::string released = s.starts.n > 0 ? figure(s.starts.mean, 2) : std::string("–");
  std::string out = "<section class=\"tiles\" aria-label=\"Key figures\">\n";
  out += tile({"Cycle time", s.cycle, decimals + 1, "days", quantiles}, "tile first");
  out += tile({"Flow factor", s.flow_factor, 3, "", "of regular lots"}, "tile");
  out += tile({"On time", s.on_time, 1, "%", "of regular lots", 100.0}, "tile");
  out += tile({"WIP", s.wip, decimals_of(s.wip.mean), "lots", "time average"}, "tile");
  out += tile({"Throughput", s.outs, 2, "", "lots a day; " + released + " released"}, "tile");
  out += tile({"Moves", s.moves, decimals_of(s.moves.mean), "", "lot-steps a day"}, "tile");
  out += tile({"Turns", s.turns, 2, "", "moves a day and lot of WIP"}, "tile");
  return out + "</section>\n";
}

std::string lead(const Summary& s) {
  if (s.replications == 0)
    return "<p class=\"lead\">No replication got far enough to be counted.</p>\n";
  std::string text =
      fmt::format("The fab held {} lots on average and finished {} a day.",
                  figure(s.wip.mean, decimals_of(s.wip.mean)), figure(s.outs.mean, 1));
  if (s.cycle.n > 0)
    text += fmt::format(
        " Regular lots took {} days, {} times their raw process time with "
        "transport and rework; {}&nbsp;% of them were on time.",
        with_interval(s.cycle, s.regular.quantile_decimals()), figure(s.flow_factor.mean, 2),
        percent(s.on_time.mean));
  std::string tight;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, s.groups.size()); ++i)
    tight += fmt::format("{}<strong>{}</strong> ({}&nbsp;%)",
                         i == 0   ? ""
                         : i == 2 ? " and "
                                  : ", ",
                         escaped(s.groups[i].name), percent(s.groups[i].utilisation));
  text += " Nearest to their limit: " + tight + ".";
  const std::vector<Point>& wip = s.wip_days.mean;
  if (wip.size() > 1)
    text += fmt::format(" WIP went from {} lots after the first day to {} at the end.",
                        figure(wip.front().y), figure(wip.back().y));
  return "<p class=\"lead\">" + text + "</p>\n";
}

std::string notes(const Layout& layout, const RunResult& result, const Summary& s,
                  const std::string& program) {
  std::string out = "<ul class=\"notes\">\n";
  out += item(fmt::format("Made by {}: seed {}, rule {}.",
                          escaped(program.empty() ? "fabtwin" : program), result.options.seed,
                          escaped(result.options.rule)));
  out += item(intervals_note(s));
  out += item(fmt::format("Figures count from day {} to day {}; plots over time show every day.",
                          days_text(s.warmup_days), days_text(s.warmup_days + s.counted_days)));
  out += item(options_note(layout.options));
  out += item(
      "Cycle time runs from release to the end of the last step, for lots released during "
      "the run. Lots in the fab at time zero have no known age: they count in WIP, "
      "throughput and tool time, not in cycle times.");
  out += item(
      "Cycle time over time takes each day's finished lots. In its first weeks only fast "
      "lots can have finished, so it starts low.");
  out += item(
      "Quantiles and distributions come from the lots of all replications together, kept "
      "in a histogram with bins 1.5 % wide; the curves are kernel densities (Gaussian, on "
      "the logarithmic scale, Silverman's bandwidth), each row to its own height.");
  out += item(
      "Flow factor: cycle time over the expected process, load, unload, transport and "
      "rework time of the route without waiting. X-factor: over process time alone.");
  out += item(
      "Tool states follow SEMI E10: down, preventive maintenance, setup, process, load and "
      "unload, idle; where two overlap the first named counts. Utilisation is the busy "
      "share of available time.");
  out += item(
      "Not modelled: operators, transport vehicles, reticles, scrap and yield, "
      "qualification of single tools, chambers.");
  std::string prints;
  for (const ReplicationResult& r : result.replications) {
    if (prints.size() > 20 * 24) {
      prints += " …";
      break;
    }
    prints += fmt::format("{}{}: {:016x}", prints.empty() ? "" : ", ", r.member, r.fingerprint);
  }
  if (!prints.empty())
    out += item(
        "Randomness is named, not counted: the same data set, seed and rule give the same "
        "numbers on any machine and any number of threads. Fingerprints of the final "
        "states, by replication: <code>" +
        prints + "</code>");
  return out + "</ul>\n";
}

}  // namespace twins::fab::report
