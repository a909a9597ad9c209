// Horizontal bars, one a tool group: where the tools' time goes, and where lots wait.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "twins/fab/report/plots.hpp"
#include "twins/fab/report/text.hpp"
#include "twins/fab/report/ticks.hpp"

namespace twins::fab::report {

namespace {

constexpr double RowHeight = 19.0, BarHeight = 12.0, BarFont = 12.0;

// The room that the longest name takes; a name too long is cut, its tip has it whole.
struct Names {
  std::size_t most = 0;  // characters
  double width = 0.0;    // [px]
};

Names room_for(std::span<const GroupKpi> groups, Width width) {
  Names names;
  names.most = width == Width::Narrow ? 17 : 24;
  for (const GroupKpi& g : groups)
    names.width = std::max(names.width, text_width(shortened(g.name, names.most), BarFont));
  names.width += 10.0;
  return names;
}

struct Part {
  double share;
  std::string_view style, word;
};

std::array<Part, 6> parts_of_bars(const GroupKpi& g) {
  return {{{g.process, "process", "process"},
           {g.setup, "setup", "setup"},
           {g.load + g.unload, "load", "load and unload"},
           {g.idle, "idle", "idle"},
           {g.pm, "pm", "maintenance"},
           {g.down, "down", "down"}}};
}

std::string tip_of(const GroupKpi& g) {
  std::string tip = fmt::format("{} ({}), {} {}: ", g.name, g.area, figure(g.tools),
                                g.tools == 1 ? "tool" : "tools");
  std::string_view between;
  for (const Part& p : parts_of_bars(g)) {
    tip += fmt::format("{}{} {} %", between, p.word, percent(std::max(p.share, 0.0)));
    between = ", ";
  }
  return tip;
}

void scale_line(Svg& svg, const Scale& x, const Ticks& ticks, double y, double label_y) {
  for (const double v : ticks.at) {
    svg.line({x(v), y}, {x(v), y + 4.0}, "axis");
    svg.text({x(v), label_y}, ticks.label(v), "label mid");
  }
}

}  // namespace

std::string state_bars(std::span<const GroupKpi> groups, Width width) {
  if (groups.empty()) return {};
  const Names names = room_for(groups, width);
  const double total = px_of(width), right = 52.0;
  const Scale x{0.0, 100.0, names.width, total - right};
  const Ticks ticks = inner_ticks(0.0, 100.0, 6);
  const double head = 44.0;
  const double bottom = head + RowHeight * static_cast<double>(groups.size());
  Svg svg(total, bottom + 38.0, "Shares of tool time by tool group and state");
  svg.text({0.0, 12.0}, "tool group", "label title");
  svg.text({total, 12.0}, "utilisation [%]", "label title end");
  scale_line(svg, x, ticks, head - 6.0, head - 10.0);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const GroupKpi& g = groups[i];
    const double top = head + RowHeight * static_cast<double>(i) + (RowHeight - BarHeight) / 2.0;
    svg.text({0.0, top + BarHeight - 2.0}, shortened(g.name, names.most), "label ink");
    double from = 0.0;
    const std::string tip = tip_of(g);
    for (const Part& p : parts_of_bars(g)) {
      const double to = std::clamp(from + 100.0 * p.share, from, 100.0);
      const double left = x(from), end = x(to);
      if (end - left >= 0.05) svg.box({left, top, end - left, BarHeight}, p.style, tip);
      from = to;
    }
    svg.text({total, top + BarHeight - 2.0}, percent(g.utilisation), "label name end");
  }
  scale_line(svg, x, ticks, bottom + 2.0, bottom + 18.0);
  svg.text({x.to, bottom + 34.0}, "share of tool time [%]", "label title end");
  return svg.done();
}

std::string queue_bars(std::span<const GroupKpi> groups, Width width) {
  if (groups.empty()) return {};
  const Names names = room_for(groups, width);
  double most = 0.0, words = 0.0;
  for (const GroupKpi& g : groups) {
    most = std::max(most, g.queue);
    words = std::max(
        words, text_width(figure(g.queue, 1) + " · " + figure(g.wait_hours, 1) + " h", BarFont));
  }
  const double total = px_of(width), row = 23.0, bar = 14.0, head = 24.0;
  const double bottom = head + row * static_cast<double>(groups.size());
  const double to = total - words - 12.0;
  const Ticks ticks = round_ticks(0.0, std::max(most, 1e-3),
                                  std::max(3, static_cast<int>((to - names.width) / 55)));
  const Scale x{0.0, ticks.high, names.width, to};
  Svg svg(total, bottom + 42.0, "Lots waiting by tool group");
  svg.text({0.0, 12.0}, "tool group", "label title");
  svg.text({total, 12.0}, "lots · mean wait", "label title end");
  for (const double v : ticks.at) {
    svg.line({x(v), head}, {x(v), bottom + 4.0}, v == 0.0 ? "axis" : "grid");
    svg.text({x(v), bottom + 18.0}, ticks.label(v), "label mid");
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const GroupKpi& g = groups[i];
    const double top = head + row * static_cast<double>(i) + (row - bar) / 2.0;
    const double length = std::max(x(g.queue) - x(0.0), 0.0);
    svg.text({0.0, top + bar - 3.0}, shortened(g.name, names.most), "label ink");
    svg.box({x(0.0), top, length, bar}, "hue0 solid",
            fmt::format("{} ({}): {} lots waiting, {} h a visit", g.name, g.area,
                        figure(g.queue, 1), figure(g.wait_hours, 1)));
    svg.text({x(0.0) + length + 6.0, top + bar - 3.0},
             figure(g.queue, 1) + " · " + figure(g.wait_hours, 1) + " h", "label");
  }
  svg.text({to, bottom + 36.0}, "lots waiting, time average [lots]", "label title end");
  return svg.done();
}

}  // namespace twins::fab::report
