// If these failed, a twin could not be told again from its record.
#include "twin/core/record.hpp"

#include <gtest/gtest.h>

#include "twin/core/archive.hpp"

namespace twin::core {
namespace {

Record example_record() {
  Record record(Head{.seed = 7, .model_version = "toy 1", .configuration = 0xabc});
  record.append(Advance{10});
  record.append(Observation{.at = 9, .arrived = 10, .sensor = 2, .sensor_seq = 1, .values = {1.5}});
  record.append(Action{.at = 10, .kind = 1, .on = 4, .values = {0.5}});
  record.append(Correction{.amends = 1, .now = {.at = 9, .arrived = 12, .event = {1, 2, 3}}});
  record.append(Note{.at = 12, .kind = "approval", .text = "by the shift lead"});
  return record;
}

// An entry that is lost, reordered or changed on its way through a file.
TEST(Record, ComesBackAsItWas) {
  const Record record = example_record();
  EXPECT_EQ(record.size(), 5U);
  EXPECT_EQ(std::get<Action>(record.entries()[2]).on, 4U);
  const Record back = load<Record>(save(record));
  EXPECT_EQ(back, record);
  EXPECT_EQ(diff(back, record), "");
  EXPECT_EQ(back.head().configuration, 0xabcU);
}

// A kind of entry that equality or the fingerprint does not see.
TEST(Record, EveryEntryCounts) {
  const Record record = example_record();
  Record other = record;
  EXPECT_EQ(other.append(Note{}), 5U);
  EXPECT_NE(other, record);
  EXPECT_NE(fingerprint(other), fingerprint(record));
  EXPECT_EQ(diff(other, record), "entries.size: 6 != 5");
}

}  // namespace
}  // namespace twin::core
