// Metrics as Prometheus reads them: the text exposition format 0.0.4. A family is written whole: its
// help, its type, then its samples.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace apps::fabtwin::serve {

using Tag = std::pair<std::string_view, std::string_view>;  // a label's name and its value

enum class Metric : std::uint8_t { Counter, Gauge };

class Exposition {
 public:
  // Begins a family. name: [a-zA-Z_:][a-zA-Z0-9_:]*, each once; unit and what it counts in the help.
  void family(std::string_view name, Metric type, std::string_view help);
  // A sample of the family begun last.
  void sample(double value, std::span<const Tag> tags = {});
  void sample(double value, std::initializer_list<Tag> tags) {
    sample(value, std::span<const Tag>(tags.begin(), tags.size()));
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_, name_;
};

}  // namespace apps::fabtwin::serve
