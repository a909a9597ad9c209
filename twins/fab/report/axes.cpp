#include "twins/fab/report/axes.hpp"

#include <algorithm>

#include "twins/fab/report/text.hpp"

namespace twins::fab::report {

namespace {

constexpr double Font = 12.0;  // [px] of .label
constexpr double TopRoom = 24.0, BottomRoom = 42.0, TickLength = 5.0;

double widest(const Ticks& ticks, double factor) {
  double most = 0.0;
  for (const double v : ticks.at) most = std::max(most, text_width(ticks.label(v * factor), Font));
  return most;
}

}  // namespace

Axes draw_axes(Svg& svg, const AxisOptions& o) {
  const double height = svg.height() - TopRoom - BottomRoom;
  const Ticks y = round_ticks(o.y.low, o.y.high, std::max(3, static_cast<int>(height / 36.0)));
  const double left = widest(y, 1.0) + 10.0;
  const double right = 16.0;
  const double width = svg.width() - left - right;
  const int most = std::max(3, static_cast<int>(width / 62.0));
  const auto [xl, xh] = o.x;
  Ticks x = o.x_inner ? inner_ticks(xl * o.x_factor, xh * o.x_factor, most)
                      : round_ticks(xl * o.x_factor, xh * o.x_factor, most);
  const Axes axes{{left, TopRoom, width, height},
                  {x.low / o.x_factor, x.high / o.x_factor, left, left + width},
                  {y.low, y.high, TopRoom + height, TopRoom}};
  const double bottom = TopRoom + height;
  for (const double v : y.at) {
    const double at = axes.y(v);
    svg.line({left, at}, {left + width, at}, v == y.at.front() ? "axis" : "grid");
    svg.text({left - 8.0, at + 4.0}, y.label(v), "label end");
  }
  for (const double v : x.at) {
    const double at = axes.x(v / o.x_factor);
    svg.line({at, bottom}, {at, bottom + TickLength}, "axis");
    svg.text({at, bottom + 18.0}, x.label(v), "label mid");
  }
  svg.text({0.0, 12.0}, o.y_title, "label title");
  svg.text({left + width, bottom + 36.0}, o.x_title, "label title end");
  return axes;
}

}  // namespace twins::fab::report
