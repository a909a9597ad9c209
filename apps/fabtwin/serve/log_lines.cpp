#include "apps/fabtwin/serve/log_lines.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "twin/event/iso_time.hpp"

namespace apps::fabtwin::serve {

std::string log_line(twin::core::Tick now_ms, std::string_view level, std::string_view event,
                     std::initializer_list<LogLines::Said> said) {
  std::string time(twin::event::IsoTimeLength, '-');
  if (!twin::event::IsoTime(0).write(now_ms, time.data())) time = fmt::format("{} ms", now_ms);
  nlohmann::ordered_json line = {{"time", time}, {"level", level}, {"event", event}};
  for (const auto& [key, text] : said) line[std::string(key)] = text;
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void LogLines::write(twin::core::Tick now_ms, std::string_view level, std::string_view event,
                     std::initializer_list<Said> said) {
  if (to_ == nullptr) return;
  const std::string line = log_line(now_ms, level, event, said) + '\n';
  (void)std::fwrite(line.data(), 1, line.size(), to_);
  (void)std::fflush(to_);
}

}  // namespace apps::fabtwin::serve
