// A progress bar for people: on a terminal, and nothing at all in a pipe or a file.
#pragma once
#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>

namespace apps::fabtwin {

// "simulate [#####.....]  50 %  12 s left": share done in [0, 1], seconds spent on it.
std::string progress_line(const std::string& label, double share, double seconds);

class Progress {
 public:
  Progress(std::FILE* to, std::string label);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();  // takes the bar away
  [[nodiscard]] bool visible() const { return visible_; }
  void show(double share);  // from any thread

 private:
  using Clock = std::chrono::steady_clock;
  std::FILE* to_;
  std::string label_;
  bool visible_;
  Clock::time_point begun_;
  std::mutex guard_;
  Clock::time_point shown_;
  double highest_ = 0.0;
};

}  // namespace apps::fabtwin
