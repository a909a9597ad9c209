// The page itself: which plots and tables stand where, and the words around them.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <span>

#include "twin/core/expect.hpp"
#include "twins/fab/report/plots.hpp"
#include "twins/fab/report/report.hpp"
#include "twins/fab/report/style.hpp"
#include "twins/fab/report/tables.hpp"
#include "twins/fab/report/text.hpp"
#include "twins/fab/report/words.hpp"

namespace twins::fab::report {

namespace {

using Plot = std::function<std::string(Width)>;

constexpr std::size_t OneColumn = 24;  // tool groups; more of them stand in two columns
constexpr std::size_t QueuesShown = 12;

std::string shown_on(std::string_view screens, const std::string& svg) {
  return fmt::format("<div class=\"{}\">{}</div>\n", screens, svg);
}

// The same plot at each width; the style shows one of them.
std::string drawn(const Plot& plot, Width widest) {
  std::string out = shown_on("wide", plot(widest));
  out += shown_on("middle", plot(Width::Half));
  return out + shown_on("narrow", plot(Width::Narrow));
}

struct Card {
  std::string title, note, key, body;
  Width width = Width::Half;
};

std::string card(const Card& c) {
  return fmt::format(
      "<figure class=\"card{}\">\n<h3>{}</h3>\n<p class=\"note\">{}</p>\n{}{}</figure>\n",
      c.width == Width::Full ? " full" : "", c.title, c.note, c.key, c.body);
}

std::string swatch(std::string_view shape, std::string_view word) {
  return fmt::format(
      "<li><svg width=\"22\" height=\"12\" viewBox=\"0 0 22 12\" "
      "aria-hidden=\"true\">{}</svg>{}</li>",
      shape, escaped(word));
}

std::string line_swatch(std::string_view style, std::string_view word) {
  return swatch(fmt::format("<path d=\"M1 6L21 6\" class=\"line {}\"/>", style), word);
}

std::string box_swatch(std::string_view style, std::string_view word) {
  return swatch(
      fmt::format("<rect x=\"1\" y=\"0\" width=\"20\" height=\"12\" class=\"{}\"/>", style), word);
}

std::string key(const std::string& swatches) { return "<ul class=\"key\">" + swatches + "</ul>\n"; }

std::string section(std::string_view title, const std::string& cards) {
  if (cards.empty()) return {};
  return fmt::format("<section>\n<h2>{}</h2>\n<div class=\"cards\">\n{}</div>\n</section>\n", title,
                     cards);
}

std::string series_card(const Card& texts, const Series& series, const SeriesOptions& options) {
  if (series.mean.size() < 2) return {};
  Card c = texts;
  c.body = drawn([&](Width w) { return series_plot(series, options, w); }, c.width);
  return card(c);
}

std::string over_time(const Summary& s) {
  const std::string lines = s.replications > 1 ? line_swatch("faint", "each replication") +
                                                     line_swatch("bold", "mean of replications")
                                               : line_swatch("bold", "one replication");
  SeriesOptions o{"WIP over time", "WIP [lots]", s.days, s.warmup_days};
  std::string cards = series_card(
      {"Work in progress", "Lots in the fab at the end of each day.", key(lines), {}, Width::Full},
      s.wip_days, o);
  o.label = "Finished lots a day over time";
  o.y_title = "lots finished [lots/day]";
  o.reference = s.starts.mean;
  cards += series_card({"Finished lots",
                        "Mean of the last seven days.",
                        key(lines + line_swatch("dashed", "releases, mean")),
                        {},
                        Width::Half},
                       s.outs_days, o);
  o.label = "Cycle time of finished lots over time";
  o.y_title = "cycle time [days]";
  o.reference = -1.0;
  cards += series_card({"Cycle time of the lots that finish",
                        "Mean over the lots of the last seven days, all classes.",
                        key(lines),
                        {},
                        Width::Half},
                       s.cycle_days, o);
  return section("Over time", cards);
}

std::string distributions(const Summary& s) {
  const std::string full = cycle_ridges(s.classes, Width::Full);
  if (full.empty()) return {};
  Card c{"By lot class",
         "Lots of all replications; each row to its own height.",
         key(box_swatch("hue0 body", "p5 to p95") + box_swatch("hue0 tail", "beyond") +
             line_swatch("median", "median")),
         {},
         Width::Full};
  c.body = drawn([&](Width w) { return cycle_ridges(s.classes, w); }, Width::Full);
  return section("Distribution of cycle time", card(c));
}

std::string tool_groups(const Summary& s) {
  const std::span<const GroupKpi> all(s.groups);
  if (all.empty()) return {};
  const std::string states =
      key(box_swatch("process", "process") + box_swatch("setup", "setup") +
          box_swatch("load", "load and unload") + box_swatch("idle", "idle") +
          box_swatch("pm", "preventive maintenance") + box_swatch("down", "down"));
  Card c{"Where the tools' time goes",
         "All tool groups, the most utilised first. Bars: share of all tool time in each state "
         "(SEMI E10). "
         "Figure: utilisation of available time.",
         states,
         {},
         Width::Full};
  if (all.size() <= OneColumn) {
    c.body = drawn([&](Width w) { return state_bars(all, w); }, Width::Full);
  } else {
    const std::size_t half = (all.size() + 1) / 2;
    c.body = "<div class=\"pair\">\n";
    for (const auto& part : {all.first(half), all.subspan(half)})
      c.body +=
          "<div>" + drawn([&](Width w) { return state_bars(part, w); }, Width::Half) + "</div>\n";
    c.body += "</div>\n";
  }
  return section("Tool groups", card(c));
}

std::string queues(const Summary& s, Width width) {
  std::vector<GroupKpi> longest = s.groups;
  std::ranges::stable_sort(longest, std::greater<>{}, &GroupKpi::queue);
  const auto lots = [](std::span<const GroupKpi> groups) {
    double sum = 0.0;
    for (const GroupKpi& g : groups) sum += g.queue;
    return sum;
  };
  const double total = lots(longest);
  if (!(total > 0.0)) return {};
  std::string note =
      fmt::format("{} lots wait for a tool on average", figure(total, decimals_of(total)));
  if (longest.size() > QueuesShown) {
    longest.resize(QueuesShown);
    note += fmt::format(", {} % of them at these {} groups", percent(lots(longest) / total, 0),
                        longest.size());
  }
  note += ". Beside the bar: lots, and the mean wait of a visit.";
  Card c{"Longest queues", note, {}, {}, width};
  c.body = drawn([&](Width w) { return queue_bars(longest, w); }, width);
  return card(c);
}

std::string waiting_page(const Summary& s, const std::vector<CurvePoint>& curve) {
  const bool windows = s.all.closed > 0.0, load = curve.size() > 1;
  std::string cards = queues(s, windows || load ? Width::Half : Width::Full);
  if (load) {
    Card c{"Operating curve",
           "Flow factor of regular lots over the release rate.",
           key(line_swatch("bold", "median") + line_swatch("dashed", "mean") +
               box_swatch("band", "p5 to p95")),
           {},
           cards.empty() ? Width::Full : Width::Half};
    c.body = drawn([&](Width w) { return curve_plot(curve, w); }, c.width);
    cards += card(c);
  }
  if (windows) {
    Card c{"Queue-time windows",
           "From the end of a step to the start of a later one, each with a limit. Litho: windows "
           "whose steps pass a litho track. Measured, not enforced.",
           {},
           window_table(s),
           load || cards.empty() ? Width::Full : Width::Half};
    if (!load) {
      c.body += key(line_swatch("hue1 thread", "litho") + line_swatch("hue0 thread", "rest"));
      c.body += drawn([&](Width w) { return window_plot(s, w); }, c.width);
    }
    cards += card(c);
  }
  return section("Waiting", cards);
}

std::string tables(const Summary& s) {
  if (s.replications == 0) return {};
  const std::string classes = card(
      {"Lot classes",
       "Means over replications. The last row takes all classes of the lowest priority together.",
       {},
       class_table(s),
       Width::Full});
  const std::string groups = card({"Tool groups",
                                   "Means over replications, the most utilised first. Shares of "
                                   "tool time where the head says %.",
                                   {},
                                   group_table(s),
                                   Width::Full});
  return section("All figures", classes) +
         "<div class=\"sheet cards\" style=\"margin-top:20px\">\n" + groups + "</div>\n";
}

}  // namespace

std::string html_report(const ReportInput& input) {
  TWIN_EXPECT(input.layout != nullptr && input.result != nullptr);
  const Layout& layout = *input.layout;
  const RunResult& result = *input.result;
  const Summary s = summarise(layout, result);
  const std::string title = escaped(input.title.empty() ? layout.description.name : input.title);
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  out += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  out += fmt::format("<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n<header>\n",
                     title, Style);
  out += fmt::format("<p class=\"kind\">Simulated wafer fab</p>\n<h1>{}</h1>\n", title);
  out += fact_list(layout, result) + "</header>\n";
  if (result.stopped)
    out +=
        "<p class=\"warn\"><strong>Stopped before its end.</strong> The figures count what was "
        "reached.</p>\n";
  out += lead(s);
  if (s.replications > 0) out += tiles(s);
  out += over_time(s) + distributions(s) + tool_groups(s) + waiting_page(s, input.operating_curve) +
         tables(s);
  out +=
      section("How these figures were made",
              "<div class=\"card full\">" + notes(layout, result, s, input.program) + "</div>\n");
  out += "<footer>Made by fabtwin, an open digital twin of chip making.</footer>\n";
  return out + "</main>\n</body>\n</html>\n";
}

}  // namespace twins::fab::report
