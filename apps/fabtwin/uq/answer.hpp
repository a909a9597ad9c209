// What a study found: parts of words, figures and drawings for people, and all of it for programs.
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace apps::fabtwin::uq {

struct Part {
  std::string title, note = {};
  std::vector<std::string> head = {};               // of the table; none: there is no table
  std::vector<std::vector<std::string>> rows = {};  // [row][column]
  std::string plot = {};                            // SVG, for the page; empty: none
};

struct Answer {
  std::vector<Part> parts = {};
  nlohmann::ordered_json json = {};        // what was found, by names
  std::vector<std::string> warnings = {};  // what speaks against trusting it
};

// Four digits and what follows from them; "-" for what is no number.
std::string in_words(double value);
std::string in_words(double value, double half_width);  // "3.499 ± 0.002"

std::string as_text(const Answer& answer);
// A page that stands alone. facts: what the study was of, name and value.
std::string as_page(const std::string& title, const Answer& answer,
                    const std::vector<std::pair<std::string, std::string>>& facts);

// Drawings of the parts. A row a name: a bar from 0 to the value, its interval as a line; two values a row where
// there is a second one.
struct Bar {
  std::string name;
  double value = 0.0, half_width = 0.0;
  double second = 0.0, second_half_width = 0.0;
};
std::string bars_plot(const std::vector<Bar>& bars, const std::string& label, bool with_second);
// How often values lie where.
std::string histogram_plot(std::vector<double> values, const std::string& label);
// Points with a line of equality: what was predicted against what came.
std::string against_plot(const std::vector<double>& x, const std::vector<double>& y,
                         const std::string& x_label, const std::string& y_label);

}  // namespace apps::fabtwin::uq
