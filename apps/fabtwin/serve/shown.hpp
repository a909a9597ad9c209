// A float among JSON's doubles: the double of its shortest decimal, so that 2.55 is written as that and not as
// 2.549999952316284, which claims digits that nobody has.
#pragma once
#include <array>
#include <charconv>

namespace apps::fabtwin::serve {

[[nodiscard]] inline double shown(float value) {
  std::array<char, 32> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), value);
  double read = static_cast<double>(value);
  std::from_chars(text.data(), written.ptr, read);
  return read;
}

}  // namespace apps::fabtwin::serve
