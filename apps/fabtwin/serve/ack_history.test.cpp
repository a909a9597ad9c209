// If these failed, a message that the twin has lost or doubled would go unnoticed.
#include "apps/fabtwin/serve/ack_history.hpp"

#include <gtest/gtest.h>

#include "twin/record/journal.hpp"
#include "twin/record/simulated_disk.hpp"
#include "twins/fab/lively_fab.hpp"

namespace apps::fabtwin::serve {
namespace {

struct Case {
  Case() {
    record->append(twin::core::Note{.kind = "site"});
    names.add(twin::event::Table::Source, sources.name(0));
  }
  plant::Message say(std::uint64_t seq) {
    plant::Message m;
    m.seq = seq;
    m.clock = 1'000 + static_cast<plant::Tick>(seq);
    history.said(m);
    return m;
  }
  void keep(const plant::Message& m) {
    (void)record->append(
        twin::core::Observation{.clock = m.clock, .sensor = 0, .sensor_seq = m.seq});
  }
  std::string check() {
    (void)record->commit();
    return history.check(disk, "record", names);
  }
  std::shared_ptr<const twins::fab::Layout> layout = twins::fab::lively_fab();
  plant::Sources sources{*layout, {}};
  AckHistory history{sources};
  twin::event::Names names;
  twin::record::SimulatedDisk disk{1};
  std::unique_ptr<twin::record::Journal> record =
      twin::record::Journal::create(disk, "record", {.head = {.seed = 1, .model_version = "t"}});
};

TEST(AckHistory, IsContentWithARecordOfAllThatWasSaid) {
  Case c;
  for (std::uint64_t seq = 0; seq < 3; ++seq) c.keep(c.say(seq));
  EXPECT_EQ(c.check(), "");
}

TEST(AckHistory, FindsWhatIsMissing) {
  Case c;
  c.keep(c.say(0));
  c.history.acknowledged(AckHistory::key_of(c.say(1)));
  EXPECT_EQ(c.check(), "message 1 of " + c.sources.name(0) +
                           " (epoch 0) was acknowledged and is not in the record");
}

TEST(AckHistory, FindsWhatWasNeverSaid) {
  Case c;
  plant::Message m;
  m.seq = 7;
  c.keep(m);
  EXPECT_EQ(c.check(),
            "message 7 of " + c.sources.name(0) + " (epoch 0) is in the record and was never said");
}

TEST(AckHistory, FindsWhatHasChanged) {
  Case c;
  auto m = c.say(0);
  ++m.clock;
  c.keep(m);
  EXPECT_EQ(c.check(),
            "message 0 of " + c.sources.name(0) + " (epoch 0) is not in the record as it was said");
}

}  // namespace
}  // namespace apps::fabtwin::serve
