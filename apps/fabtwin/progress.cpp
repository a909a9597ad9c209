#include "apps/fabtwin/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace apps::fabtwin {

std::string progress_line(const std::string& label, double share, double seconds) {
  constexpr int Width = 30;  // [columns] of the bar
  share = std::clamp(share, 0.0, 1.0);
  const auto full = static_cast<std::size_t>(std::floor(share * Width));
  std::string line = fmt::format("{} [{}{}] {:3.0f} %", label, std::string(full, '#'),
                                 std::string(Width - full, '.'), std::floor(100.0 * share));
  if (share > 0.02 && seconds > 0.5)
    line += fmt::format("  {:.0f} s left", std::ceil(seconds * (1.0 - share) / share));
  return line;
}

Progress::Progress(std::FILE* to, std::string label)
    : to_(to),
      label_(std::move(label)),
      visible_(::isatty(::fileno(to)) == 1),
      begun_(Clock::now()),
      shown_(begun_) {}

Progress::~Progress() {
  if (!visible_) return;
  fmt::print(to_, "\r\x1b[K");  // to the line's start, erase it
  std::fflush(to_);
}

void Progress::show(double share) {
  constexpr auto Between = std::chrono::milliseconds(100);
  if (!visible_) return;
  const std::scoped_lock lock(guard_);
  const auto now = Clock::now();
  highest_ = std::max(highest_, share);
  if (now - shown_ < Between) return;
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - begun_).count();
  fmt::print(to_, "\r{}\x1b[K", progress_line(label_, highest_, seconds));
  std::fflush(to_);
}

}  // namespace apps::fabtwin
