#include "apps/fabtwin/uq/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/fabtwin/table.hpp"
#include "twins/fab/report/axes.hpp"
#include "twins/fab/report/style.hpp"
#include "twins/fab/report/svg.hpp"
#include "twins/fab/report/text.hpp"
#include "twins/fab/report/ticks.hpp"

namespace apps::fabtwin::uq {

using namespace twins::fab::report;

std::string in_words(double value) {
  if (!std::isfinite(value)) return "-";
  return fmt::format("{:.4g}", value);
}

std::string in_words(double value, double half_width) {
  if (!std::isfinite(value)) return "-";
  if (!std::isfinite(half_width)) return in_words(value);
  if (half_width <= 0.0) return in_words(value);
  // As many digits as its interval has two of.
  const double size = std::max(std::abs(value), half_width);
  if (size >= 1e7 || size < 1e-4) return fmt::format("{:.3e} ± {:.1e}", value, half_width);
  const int digits = std::clamp(1 - static_cast<int>(std::floor(std::log10(half_width))), 0, 9);
  return fmt::format("{:.{}f} ± {:.{}f}", value, digits, half_width, digits);
}

std::string as_text(const Answer& answer) {
  std::string text;
  for (const Part& part : answer.parts) {
    text += (text.empty() ? "" : "\n") + part.title + "\n";
    if (!part.note.empty()) text += part.note + "\n";
    if (part.head.empty()) continue;
    Table table(part.head);
    for (const auto& row : part.rows) table.row(row);
    text += table.text();
  }
  for (const std::string& w : answer.warnings) text += "\nwarning: " + w + "\n";
  return text;
}

std::string as_page(const std::string& title, const Answer& answer,
                    const std::vector<std::pair<std::string, std::string>>& facts) {
  std::string page = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\">\n<title>{0}</title>\n<style>{1}</style>"
      "</head>\n<body><main>\n<p class=\"kind\">A study of uncertainty by fabtwin</p>\n"
      "<h1>{0}</h1>\n<dl class=\"facts\">\n",
      escaped(title), Style);
  for (const auto& [name, value] : facts)
    page += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", escaped(name), escaped(value));
  page += "</dl>\n";
  for (const std::string& w : answer.warnings)
    page += fmt::format("<p class=\"warn\">{}</p>\n", escaped(w));
  page += "<section><h2>What was found</h2>\n<div class=\"cards\">\n";
  for (const Part& part : answer.parts) {
    page += fmt::format("<div class=\"card full\">\n<h3>{}</h3>\n", escaped(part.title));
    if (!part.note.empty()) page += fmt::format("<p class=\"note\">{}</p>\n", escaped(part.note));
    page += part.plot;
    if (!part.head.empty()) {
      page += "<div class=\"scroll\"><table><thead><tr>";
      for (const std::string& h : part.head) page += fmt::format("<th>{}</th>", escaped(h));
      page += "</tr></thead>\n<tbody>\n";
      for (const auto& row : part.rows) {
        page += "<tr>";
        for (std::size_t k = 0; k < row.size(); ++k)
          page += fmt::format("<{0}>{1}</{0}>", k == 0 ? "th" : "td", escaped(row[k]));
        page += "</tr>\n";
      }
      page += "</tbody></table></div>\n";
    }
    page += "</div>\n";
  }
  return page + "</div></section>\n</main></body></html>\n";
}

std::string bars_plot(const std::vector<Bar>& bars, const std::string& label, bool with_second) {
  constexpr double Row = 24.0, Top = 8.0, Bottom = 34.0, Width = 1'100.0, Right = 30.0;
  if (bars.empty()) return {};
  double left = 0.0, most = 0.0;
  for (const Bar& b : bars) {
    left = std::max(left, text_width(b.name, 12.0) + 14.0);
    most = std::max(
        {most, b.value + b.half_width, with_second ? b.second + b.second_half_width : 0.0});
  }
  if (!std::isfinite(most) || most <= 0.0) return {};
  const double height = Top + Bottom + Row * static_cast<double>(bars.size());
  Svg svg(Width, height, label);
  const Ticks ticks = round_ticks(0.0, most, 8);
  const Scale x{0.0, ticks.high, left, Width - Right};
  for (const double at : ticks.at) {
    svg.line({x(at), Top}, {x(at), height - Bottom}, "grid");
    svg.text({x(at), height - Bottom + 18.0}, ticks.label(at), "label mid");
  }
  svg.text({Width - Right, height - 2.0}, label, "label title end");
  const auto draw = [&](double value, double half, double y, double thick, const char* style,
                        const std::string& tip) {
    const double shown = std::max(0.0, value);
    svg.box({x(0.0), y - thick / 2, std::max(0.5, x(shown) - x(0.0)), thick}, style, tip);
    if (half > 0.0 && std::isfinite(half))
      svg.line({x(std::max(0.0, value - half)), y}, {x(std::max(0.0, value + half)), y}, "median");
  };
  for (std::size_t k = 0; k < bars.size(); ++k) {
    const Bar& b = bars[k];
    const double y = Top + Row * (static_cast<double>(k) + 0.5);
    svg.text({left - 10.0, y + 4.0}, b.name, "label end ink");
    const std::string tip = fmt::format("{}: {}", b.name, in_words(b.value, b.half_width));
    if (!with_second) {
      draw(b.value, b.half_width, y, 12.0, "hue0 body", tip);
      continue;
    }
    draw(b.value, b.half_width, y - 5.0, 8.0, "hue0 body", tip);
    draw(b.second, b.second_half_width, y + 5.0, 8.0, "hue1 body",
         fmt::format("{}: {}", b.name, in_words(b.second, b.second_half_width)));
  }
  return svg.done();
}

std::string histogram_plot(std::vector<double> values, const std::string& label) {
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  if (values.size() < 2) return {};
  std::ranges::sort(values);
  const double low = values.front(), high = values.back();
  if (!(high > low)) return {};
  const auto bins = static_cast<std::size_t>(
      std::clamp(std::sqrt(static_cast<double>(values.size())), 10.0, 60.0));
  std::vector<double> count(bins, 0.0);
  for (const double v : values) {
    const double place = (v - low) / (high - low) * static_cast<double>(bins);
    count[std::min(bins - 1, static_cast<std::size_t>(place))] += 1.0;
  }
  Svg svg(1'100.0, 230.0, label);
  AxisOptions o;
  o.x = {low, high};
  o.y = {0.0, *std::ranges::max_element(count)};
  o.x_title = label;
  o.y_title = "runs";
  const Axes at = draw_axes(svg, o);
  const double step = (high - low) / static_cast<double>(bins);
  for (std::size_t k = 0; k < bins; ++k) {
    const double from = low + step * static_cast<double>(k);
    const Point a = at(from, count[k]), b = at(from + step, 0.0);
    svg.box({a.x + 0.5, a.y, std::max(0.5, b.x - a.x - 1.0), b.y - a.y}, "hue0 body",
            fmt::format("{} to {}: {:.0f}", in_words(from), in_words(from + step), count[k]));
  }
  return svg.done();
}

std::string against_plot(const std::vector<double>& x, const std::vector<double>& y,
                         const std::string& x_label, const std::string& y_label) {
  if (x.size() < 2 || x.size() != y.size()) return {};
  const auto [low_x, high_x] = std::ranges::minmax(x);
  const auto [low_y, high_y] = std::ranges::minmax(y);
  const double low = std::min(low_x, low_y), high = std::max(high_x, high_y);
  if (!(high > low)) return {};
  Svg svg(540.0, 380.0, y_label + " against " + x_label);
  AxisOptions o;
  o.x = o.y = {low, high};
  o.x_title = x_label;
  o.y_title = y_label;
  const Axes at = draw_axes(svg, o);
  svg.path({at(low, low), at(high, high)}, "reference");
  for (std::size_t k = 0; k < x.size(); ++k) svg.dot(at(x[k], y[k]), 2.5, "marker");
  return svg.done();
}

}  // namespace apps::fabtwin::uq
