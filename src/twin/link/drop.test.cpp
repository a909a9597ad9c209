#include "twin/link/drop.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <limits>
#include <set>
#include <sstream>
#include <string>

#include "twin/contract/refusal.hpp"
#include "twin/event/csv.hpp"
#include "twin/event/log.hpp"
#include "twin/link/door_example.hpp"

namespace twin::link {
namespace {

namespace fs = std::filesystem;

constexpr core::Tick Stable = 2'000;

class DropFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder = fs::temp_directory_path() /
             ("fabtwin-drop-" + std::to_string(::getpid()) + "-" + test->name());
    fs::remove_all(folder);
  }
  void TearDown() override { fs::remove_all(folder); }

  void put(const std::string& name, const std::string& content) {
    std::ofstream(folder / name, std::ios::binary) << content;
  }
  [[nodiscard]] std::string content_of(const std::string& name) const {
    std::ostringstream out;
    out << std::ifstream(folder / name).rdbuf();
    return out.str();
  }
  fs::path folder;
  core::Tick now = Start;
};

// Moves of lots, one a minute.
std::string csv_of(int rows, const char* lot = "L") {
  std::string text = "at,kind,lot,tool\n";
  for (int k = 0; k < rows; ++k) {
    text += "2023-01-01T" + std::string(k / 60 < 10 ? "0" : "") + std::to_string(k / 60) + ":" +
            (k % 60 < 10 ? "0" : "") + std::to_string(k % 60) + ":00.000Z,moved," + lot +
            std::to_string(k) + ",T\n";
  }
  return text;
}

std::string log_of(std::uint32_t events) {
  std::ostringstream out;
  event::LogHeader header;
  header.time_zero_ms = 1'672'531'200'000;
  event::LogWriter writer(out, header);
  for (std::uint32_t k = 0; k < events; ++k)
    writer.add({.at = k * 60'000, .lot = k, .kind = event::Kind::Finished});
  writer.close();
  return out.str();
}

struct Dropped {
  Site site;
  Drop drop;
  explicit Dropped(Drop::Options options) : drop(std::move(options)) {
    drop.deliver_to(site.door.inlet(drop.names()));
  }
  void turn(core::Tick now) {
    drop.turn(now);
    site.door.on_durable(site.recorder.size());
  }
  [[nodiscard]] std::size_t messages() const {
    std::set<std::pair<std::uint32_t, std::uint64_t>> all;
    for (const core::Entry& entry : site.recorder.all) {
      const auto* o = std::get_if<core::Observation>(&entry);
      EXPECT_TRUE(o == nullptr || all.insert({o->epoch, o->sensor_seq}).second) << "twice";
    }
    return all.size();
  }
};

TEST_F(DropFolder, TakesCsvAndLogsWholeAndOnce) {
  // If this failed, a shift's file would be read half written, or twice.
  Dropped d({.folder = folder});
  put("b.csv", csv_of(100));
  put("a.ftel", log_of(50));
  put(".hidden.csv", csv_of(1));
  put("c.csv.part", csv_of(1));
  d.turn(now);
  d.turn(now + Stable - 1);
  EXPECT_EQ(d.drop.rows(), 0U);
  d.turn(now + Stable);  // the first by name
  EXPECT_EQ(d.messages(), 50U);
  const auto& first = std::get<core::Observation>(d.site.recorder.all[1]);
  EXPECT_EQ(first.at, 1'672'531'200'000);
  EXPECT_EQ(d.site.door.names().name(event::Table::Lot, 0), "#0");  // a lot without a name
  for (int k = 0; k < 3; ++k) d.turn(now += 2 * Stable);
  EXPECT_EQ(d.messages(), 150U);
  EXPECT_EQ(d.drop.files_done(), 2U);
  EXPECT_TRUE(fs::exists(folder / "done" / "a.ftel"));
  EXPECT_TRUE(fs::exists(folder / "done" / "b.csv"));
  EXPECT_TRUE(fs::exists(folder / ".hidden.csv"));
  EXPECT_TRUE(fs::exists(folder / "c.csv.part"));
  // The same content under another name says nothing new; other content under the same name does.
  put("again.csv", csv_of(100));
  put("b.csv", csv_of(100, "M"));
  for (int k = 0; k < 6; ++k) d.turn(now += 2 * Stable);
  EXPECT_EQ(d.messages(), 250U);
  EXPECT_EQ(d.site.door.counts().duplicates, 100U);
  EXPECT_TRUE(fs::exists(folder / "done" / "b.1.csv"));
}

TEST_F(DropFolder, ALogOfImpossibleTimesIsSetAside) {
  // If this failed, its times would overflow into any others.
  Dropped d({.folder = folder});
  std::ostringstream out;
  event::LogHeader header;
  header.time_zero_ms = std::numeric_limits<core::Tick>::max();
  event::LogWriter writer(out, header);
  writer.add({.at = 5, .lot = 1, .kind = event::Kind::Finished});
  writer.close();
  put("a.ftel", out.str());
  for (int k = 0; k < 4; ++k) d.turn(now += 2 * Stable);
  EXPECT_EQ(d.drop.files_done(), 1U);
  EXPECT_EQ(d.site.door.counts().quarantined, 1U);
  EXPECT_EQ(d.site.door.counts().accepted, 0U);
}

TEST_F(DropFolder, WaitsWhileAFileGrows) {
  // If this failed, the rows that a slow copy brings later would be lost.
  Dropped d({.folder = folder});
  const std::string all = csv_of(200);
  put("a.csv", all.substr(0, 500));
  d.turn(now);
  put("a.csv", all.substr(0, 900));
  d.turn(now += Stable);
  EXPECT_EQ(d.drop.rows(), 0U);
  put("a.csv", all);
  d.turn(now += Stable);
  EXPECT_EQ(d.drop.rows(), 0U);
  d.turn(now += Stable);
  EXPECT_EQ(d.messages(), 200U);
}

TEST_F(DropFolder, IsTakenUpAgainAfterAKillInTheMiddle) {
  // If this failed, a power cut would lose the rest of a file, or double its beginning.
  std::vector<core::Entry> record;
  {
    Dropped d({.folder = folder, .rows_per_turn_max = 300});
    put("a.csv", csv_of(1'000));
    d.turn(now);
    d.turn(now += Stable);
    d.drop.turn(now);  // taken in, not durable: lost with the process
    record.assign(d.site.recorder.all.begin(), d.site.recorder.all.begin() + 250);
  }
  Dropped d({.folder = folder});
  for (const core::Entry& entry : record) {
    d.site.door.learn(entry);
    d.site.recorder.all.push_back(entry);
  }
  for (int k = 0; k < 3; ++k) d.turn(now += Stable);
  EXPECT_EQ(d.messages(), 1'000U);
  EXPECT_GT(d.site.door.counts().duplicates, 100U);
  EXPECT_TRUE(fs::exists(folder / "done" / "a.csv"));
}

TEST_F(DropFolder, BadFilesGoAsideWithTheirReasonAndBlockNothing) {
  // If this failed, one bad file would stop all that come after it, and nobody knew why.
  Dropped d({.folder = folder});
  put("a.csv", "at,kind\n2023-01-01T00:00:00.000Z,moved\n2023-01-01,moved\n");
  put("b.ftel", log_of(5).substr(0, log_of(5).size() - 5));
  put("c.xml", "<a/>");
  put("d.csv", csv_of(7));
  put("e.csv", "");
  for (int k = 0; k < 12; ++k) d.turn(now += Stable);
  EXPECT_EQ(d.drop.files_refused(), 4U);
  EXPECT_EQ(d.drop.files_done(), 1U);
  EXPECT_TRUE(fs::exists(folder / "refused" / "a.csv"));
  EXPECT_EQ(content_of("refused/a.csv.why"),
            "a.csv:3, column at: at = '2023-01-01' (must be ISO 8601 with an offset, "
            "\"2018-01-01T00:00:00.000Z\", or whole ms)\n");
  EXPECT_EQ(content_of("refused/c.xml.why"), "c.xml: neither .csv nor .ftel\n");
  EXPECT_NE(content_of("refused/b.ftel.why"), "");
  EXPECT_NE(content_of("refused/e.csv.why"), "");
  EXPECT_TRUE(fs::exists(folder / "done" / "d.csv"));
  EXPECT_GE(d.messages(), 8U);  // d's, and the row before a's damage
}

TEST_F(DropFolder, FileThatChangesWhileItIsReadIsReadAgain) {
  // If this failed, the rows that were written over would be taken for those of the new file.
  Dropped d({.folder = folder, .rows_per_turn_max = 10});
  put("a.csv", csv_of(30));
  d.turn(now);
  d.turn(now += Stable);
  put("a.csv", csv_of(40, "M"));
  for (int k = 0; k < 12; ++k) d.turn(now += Stable);
  EXPECT_EQ(d.drop.files_done(), 1U);
  std::size_t of_new = 0;
  for (const std::string& lot : d.site.door.names().of(event::Table::Lot))
    of_new += lot.starts_with("M") ? 1U : 0U;
  EXPECT_EQ(of_new, 40U);
}

TEST_F(DropFolder, FilesHaveALargestSize) {
  // If this failed, a wrong copy would keep the link busy for a day.
  Dropped d({.folder = folder, .bytes_max = 10});
  put("a.csv", "at,kind\n012");
  for (int k = 0; k < 4; ++k) d.turn(now += Stable);
  EXPECT_EQ(content_of("refused/a.csv.why"), "a.csv: 11 bytes (at most 10)\n");
}

TEST_F(DropFolder, FullRecordTakesTheFileAgainLater) {
  // If this failed, a full disk would end in a file marked done whose rows are nowhere.
  Dropped d({.folder = folder});
  put("a.csv", csv_of(100));
  d.site.recorder.room = 60;
  for (int k = 0; k < 3; ++k) d.turn(now += Stable);
  EXPECT_EQ(d.drop.files_done(), 0U);
  EXPECT_TRUE(fs::exists(folder / "a.csv"));
  d.site.recorder.room = 100'000;
  for (int k = 0; k < 4; ++k) d.turn(now += Stable);
  EXPECT_EQ(d.drop.files_done(), 1U);
  EXPECT_EQ(d.messages(), 100U);
}

TEST_F(DropFolder, WaitsForTheRecordWithSoManyRows) {
  // If this failed, a large file would be held in memory whole.
  Dropped d({.folder = folder, .rows_under_way_max = 10});
  put("a.csv", csv_of(100));
  d.drop.turn(now);
  d.drop.turn(now += Stable);
  d.drop.turn(now += Stable);
  EXPECT_EQ(d.site.door.waiting(), 10U);
  for (int k = 0; k < 12; ++k) d.turn(now);
  EXPECT_EQ(d.messages(), 100U);
}

TEST_F(DropFolder, FolderThatCannotBeIsRefused) {
  // If this failed, a wrong path would wait for files for ever.
  fs::create_directories(folder);
  put("file", "x");
  EXPECT_EQ(contract::refusal([&] { Drop drop({.folder = folder / "file"}); }),
            "the drop folder '" + (folder / "file").string() + "' cannot be used (File exists)");
}

}  // namespace
}  // namespace twin::link
