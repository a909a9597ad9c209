// The server's log: a line of JSON for each thing that happened, for people's tools to search.
#pragma once
#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "twin/core/tick.hpp"

namespace apps::fabtwin::serve {

class LogLines {
 public:
  using Said = std::pair<std::string_view, std::string>;  // a key and its text

  // The stream stays the caller's; nullptr: nothing is written.
  explicit LogLines(std::FILE* to) : to_(to) {}
  // {"time":"...","level":"info","event":"opened",...}; site time [ms since 1970].
  void info(twin::core::Tick now_ms, std::string_view event,
            std::initializer_list<Said> said = {}) {
    write(now_ms, "info", event, said);
  }
  void warning(twin::core::Tick now_ms, std::string_view event,
               std::initializer_list<Said> said = {}) {
    write(now_ms, "warning", event, said);
  }

 private:
  void write(twin::core::Tick now_ms, std::string_view level, std::string_view event,
             std::initializer_list<Said> said);
  std::FILE* to_;
};

// The line without its end, for tests.
std::string log_line(twin::core::Tick now_ms, std::string_view level, std::string_view event,
                     std::initializer_list<LogLines::Said> said);

}  // namespace apps::fabtwin::serve
