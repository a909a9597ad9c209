#include "twins/fab/report/svg.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "twin/core/expect.hpp"
#include "twins/fab/report/text.hpp"

namespace twins::fab::report {

namespace {

std::string steps(const std::vector<Point>& points) {
  std::string d;
  for (const Point& p : points) {
    d += d.empty() ? 'M' : 'L';
    d += px(p.x) + " " + px(p.y);
  }
  return d;
}

// A shape that may carry words shown when the pointer rests on it.
std::string closed(const std::string& shape, std::string_view name, std::string_view tip) {
  if (tip.empty()) return shape + "/>\n";
  return shape + fmt::format("><title>{}</title></{}>\n", escaped(tip), name);
}

}  // namespace

std::string px(double value) {
  TWIN_EXPECT(std::isfinite(value), value);
  std::string s = fmt::format("{:.1f}", value);
  if (s.ends_with(".0")) s.resize(s.size() - 2);
  return s == "-0" ? "0" : s;
}

Svg::Svg(double width, double height, std::string_view label) : width_(width), height_(height) {
  TWIN_EXPECT(width > 0.0 && height > 0.0, width, height);
  body_ = fmt::format(
      "<svg viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
      "aria-label=\"{2}\">\n",
      px(width), px(height), escaped(label));
}

void Svg::line(Point a, Point b, std::string_view style) {
  body_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" class=\"{}\"/>\n", px(a.x),
                       px(a.y), px(b.x), px(b.y), style);
}

void Svg::path(const std::vector<Point>& points, std::string_view style) {
  if (points.size() < 2) return;
  body_ += fmt::format("<path d=\"{}\" class=\"line {}\"/>\n", steps(points), style);
}

void Svg::area(const std::vector<Point>& points, std::string_view style) {
  if (points.size() < 3) return;
  body_ += fmt::format("<path d=\"{}Z\" class=\"{}\"/>\n", steps(points), style);
}

void Svg::box(const Box& b, std::string_view style, std::string_view tip) {
  TWIN_EXPECT(b.width >= 0.0 && b.height >= 0.0, b.width, b.height);
  body_ += closed(fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"{}\"",
                              px(b.x), px(b.y), px(b.width), px(b.height), style),
                  "rect", tip);
}

void Svg::dot(Point p, double radius, std::string_view style, std::string_view tip) {
  body_ += closed(fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\" class=\"{}\"", px(p.x), px(p.y),
                              px(radius), style),
                  "circle", tip);
}

void Svg::text(Point p, std::string_view words, std::string_view style) {
  body_ += fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\">{}</text>\n", px(p.x), px(p.y), style,
                       escaped(words));
}

std::string Svg::done() { return std::exchange(body_, {}) + "</svg>\n"; }

}  // namespace twins::fab::report
