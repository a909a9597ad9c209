#include "apps/fabtwin/event_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "apps/fabtwin/exit.hpp"
#include "twins/fab/event_names.hpp"

namespace apps::fabtwin {
namespace {

// The numbers of a log mean something only where its tables are those of the data set.
void expect_names_of(const twins::fab::Layout& layout, const twin::event::Names& names,
                     const std::string& file) {
  const twins::fab::EventNames expected(layout);
  for (const auto table :
       {twin::event::Table::Tool, twin::event::Table::Route, twin::event::Table::Item}) {
    const auto& mine = expected.names.of(table);
    const auto& theirs = names.of(table);
    for (std::size_t i = 0; i < mine.size(); ++i)
      if (i >= theirs.size() || theirs[i] != mine[i])
        throw Failure(
            Exit::BadInput,
            fmt::format("{}: not a log of this data set (its {} {} is {}, the data set's is '{}')",
                        file, to_string(table), i + 1,
                        i < theirs.size() ? "'" + theirs[i] + "'" : "missing", mine[i]));
  }
}

}  // namespace

LogSpan read_events(const twins::fab::Layout& layout, const std::string& file,
                    const std::function<Reading(const twin::event::Event&)>& each) {
  std::ifstream in(file, std::ios::binary);
  if (!in)
    throw Failure(Exit::BadInput, file + ": cannot be read (no such file, or no permission)");
  LogSpan span;
  twin::event::Event event;
  try {
    twin::event::LogReader log(in, file);
    expect_names_of(layout, log.header().names, file);
    span.time_zero_ms = log.header().time_zero_ms;
    while (log.next(event)) {
      if (each(event) == Reading::Enough) break;
      if (span.events++ == 0) span.from = event.at;
      span.until = std::max(span.until, event.at);
    }
  } catch (const twin::event::LogDamaged& damaged) {
    if (damaged.cause() != twin::event::LogDamaged::Cause::Truncated) throw;
    span.damage = damaged.what();
  }
  if (span.events == 0) throw Failure(Exit::BadInput, file + ": no events to learn from");
  return span;
}

}  // namespace apps::fabtwin
