#include "apps/fabtwin/event_file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/files.hpp"
#include "twin/core/error.hpp"
#include "twin/event/log.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {
namespace {

class EventFile : public ::testing::Test {
 protected:
  EventFile() {
    RunFlags flags;
    flags.path = "data/minifab";
    prepared = prepare(read_fab(flags.path), flags);
  }
  twin::record::ScratchFolder folder{"events"};
  Prepared prepared;
};

// A log would end in the middle, or the forms would tell different runs.
TEST_F(EventFile, TellsTheSameRunInEveryForm) {
  const EventLogOptions options{.member = 0, .days = 5.0};
  std::uint64_t count = 0;
  for (const char* name : {"a.ftel", "a.csv", "a.json", "a.xes"}) {
    const std::uint64_t events = write_event_file(folder / name, prepared, options);
    EXPECT_GT(events, 100U);
    if (count == 0) count = events;
    EXPECT_EQ(events, count) << name;
  }
  std::ifstream in(folder / "a.ftel", std::ios::binary);
  twin::event::LogReader reader(in);
  twin::event::Event event;
  std::uint64_t read = 0;
  for (; reader.next(event); ++read) EXPECT_LE(event.at, static_cast<std::int64_t>(5.0 * 86.4e6));
  EXPECT_EQ(read, count);
  EXPECT_EQ(reader.header().seed, prepared.run.seed);
  const auto ocel = nlohmann::json::parse(read_text(folder / "a.json"));
  EXPECT_EQ(ocel["events"].size(), count);
}

// A slip in the extension would write a form that nobody asked for.
TEST_F(EventFile, KnowsItsFormByItsName) {
  EXPECT_EQ(log_form_of("x/y.csv"), LogForm::Csv);
  EXPECT_THROW(log_form_of("log.txt"), twin::core::Error);
}

}  // namespace
}  // namespace apps::fabtwin
