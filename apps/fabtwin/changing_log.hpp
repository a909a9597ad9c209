// For tests: the log of a fab whose numbers change on the way, which the command line cannot make.
#pragma once
#include <cmath>
#include <fstream>
#include <span>
#include <string>

#include "twin/event/log.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/log_sink.hpp"

namespace apps::fabtwin {

// 20 days of data/example-fab, which begin on 2018-01-01. Process times of LithoTrack_1 step to 1.1
// at the end of the tenth day; those of LithoTrack_2 fall by 1 % a day from the end of the eighth on.
inline void write_changing_log(const std::string& path) {
  using namespace twins::fab;
  const auto layout = compile(import::read("data/example-fab"));
  const auto parameters = layout->parameters();
  const auto fab = make_fab(layout, "fifo");
  auto theta = layout->nominal_theta();
  const twin::core::Draw draw{3, 0};
  State x = fab->initial(theta, draw);
  std::ofstream file(path, std::ios::binary);
  twin::event::LogHeader header;
  header.time_zero_ms = 1'514'764'800'000;  // 2018-01-01T00:00Z
  header.names = EventNames(*layout).names;
  twin::event::LogWriter writer(file, header);
  LogSink log(*layout, x, [&](std::span<const twin::event::Event> events) {
    for (const auto& event : events) writer.add(event);
  });
  for (int hour = 0; hour < 20 * 24; ++hour) {
    const double day = (hour + 0.5) / 24.0;
    theta[twin::core::index_of(parameters, "process.LithoTrack_1")] = day < 10.0 ? 1.0 : 1.1;
    theta[twin::core::index_of(parameters, "process.LithoTrack_2")] =
        1.0 - 0.01 * std::max(day - 8.0, 0.0);
    fab->advance(x, theta, static_cast<Tick>((hour + 1) * HourMs), draw, log);
  }
  writer.close();
}

}  // namespace apps::fabtwin
