// If this failed, a fab would be judged by another fab's log.
#include "apps/fabtwin/event_source.hpp"

#include <gtest/gtest.h>

#include "apps/fabtwin/exit.hpp"
#include "apps/fabtwin/files.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twins/fab/event_names.hpp"
#include "twins/fab/lively_fab.hpp"

namespace apps::fabtwin {
namespace {

Reading ignore(const twin::event::Event&) { return Reading::GoesOn; }

template <class F>
std::string message_of(const F& f) {
  try {
    f();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit(), Exit::BadInput);
    return failure.what();
  }
  return "accepted";
}

TEST(EventSource, GivesEventsOfThisFabAlone) {
  const twin::record::ScratchFolder folder("events");
  const auto layout = twins::fab::lively_fab();
  const std::string path = folder / "log.ftel";
  const auto write = [&](const twin::event::Names& names, int events) {
    NewFile file(path);
    twin::event::LogHeader header;
    header.names = names;
    twin::event::LogWriter log(file.stream(), header);
    for (int k = 0; k < events; ++k) {
      twin::event::Event e;
      e.at = e.arrived = 5 + k;
      log.add(e);
    }
    log.close();
    file.finish();
  };
  const auto refused = [&] {
    return message_of([&] { (void)read_events(*layout, path, ignore); });
  };
  const twin::event::Names names = twins::fab::EventNames(*layout).names;
  write(names, 3);
  int seen = 0;
  const auto until = [&](int most) {
    return [&seen, most](const auto&) { return ++seen > most ? Reading::Enough : Reading::GoesOn; };
  };
  const LogSpan span = read_events(*layout, path, until(3));
  EXPECT_EQ(seen, 3);
  EXPECT_EQ(span.from, 5);
  EXPECT_EQ(span.until, 7);
  EXPECT_EQ(span.events, 3U);
  EXPECT_EQ(span.damage, "");
  seen = 0;
  const LogSpan part = read_events(*layout, path, until(2));
  EXPECT_EQ(seen, 3);
  EXPECT_EQ(part.until, 6);
  EXPECT_EQ(part.events, 2U);
  write(names, 0);
  EXPECT_EQ(refused(), path + ": no events to learn from");
  write({}, 1);
  EXPECT_EQ(refused(), path +
                           ": not a log of this data set (its tool 1 is missing, the data set's is "
                           "'Litho#1')");
  EXPECT_EQ(message_of([&] { (void)read_events(*layout, folder / "none", ignore); }),
            (folder / "none").string() + ": cannot be read (no such file, or no permission)");
}

}  // namespace
}  // namespace apps::fabtwin
