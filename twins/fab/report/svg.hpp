// A drawing that stands in an HTML page: shapes in CSS classes (the page's style gives the colours,
// for light, dark and print), coordinates in px with one decimal, every number checked finite.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace twins::fab::report {

struct Point {
  double x = 0.0, y = 0.0;
};

// A linear map from values to px; `from` and `to` are where low and high lie.
struct Scale {
  double low = 0.0, high = 1.0;
  double from = 0.0, to = 1.0;  // [px]
  [[nodiscard]] double operator()(double value) const {
    return from + (value - low) / (high - low) * (to - from);
  }
};

struct Box {
  double x = 0.0, y = 0.0, width = 0.0, height = 0.0;  // [px]
};

class Svg {
 public:
  // label: what the drawing shows, for those who do not see it.
  Svg(double width, double height, std::string_view label);

  [[nodiscard]] double width() const { return width_; }
  [[nodiscard]] double height() const { return height_; }

  void line(Point a, Point b, std::string_view style);
  void path(const std::vector<Point>& points, std::string_view style);  // open
  void area(const std::vector<Point>& points, std::string_view style);  // closed
  void box(const Box& b, std::string_view style, std::string_view tip = {});
  void dot(Point p, double radius, std::string_view style, std::string_view tip = {});
  void text(Point p, std::string_view words, std::string_view style = "label");

  // The whole element. Nothing can be drawn after it.
  [[nodiscard]] std::string done();

 private:
  double width_, height_;
  std::string body_;
};

// "3.1", "17", "0": one decimal, no trailing zero. Expects a finite value.
std::string px(double value);

}  // namespace twins::fab::report
