#include "apps/fabtwin/serve/exposition.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "twin/core/expect.hpp"

namespace apps::fabtwin::serve {
namespace {

bool is_name(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
  };
  return !name.empty() && letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

std::string escaped(std::string_view text, std::string_view quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else {
      if (quotes.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string number_exposition(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0.0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

}  // namespace

void Exposition::family(std::string_view name, Metric type, std::string_view help) {
  TWIN_EXPECT(is_name(name), name);
  name_ = name;
  text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, escaped(help, ""), name,
                       type == Metric::Counter ? "counter" : "gauge");
}

void Exposition::sample(double value, std::span<const Tag> tags) {
  TWIN_EXPECT(!name_.empty());
  text_ += name_;
  char before = '{';
  for (const auto& [tag, of] : tags) {
    TWIN_EXPECT(is_name(tag), tag);
    text_ += fmt::format("{}{}=\"{}\"", before, tag, escaped(of, "\""));
    before = ',';
  }
  if (!tags.empty()) text_ += '}';
  text_ += ' ' + number_exposition(value) + '\n';
}

}  // namespace apps::fabtwin::serve
