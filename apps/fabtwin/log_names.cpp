#include "apps/fabtwin/log_names.hpp"

#include <fmt/format.h>

#include "apps/fabtwin/exit.hpp"
#include "twins/fab/event_names.hpp"

namespace apps::fabtwin {

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

}  // namespace apps::fabtwin
