// What the Parquet writer wrote is what an independent reader (hyparquet, by node) finds, cell by
// cell. Without npm, or without its registry, only the bytes of a small file are held fast.
#include "twin/event/parquet.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <bit>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <sstream>

#include "twin/contract/refusal.hpp"
#include "twin/core/error.hpp"
#include "twin/core/hash.hpp"
#include "twin/event/example.hpp"
#include "twin/event/labels.hpp"

namespace twin::event {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t ParquetSeed = 21;

std::string parquet_of(const std::vector<Event>& events, const Names& names,
                       ParquetOptions options = {}) {
  std::ostringstream out;
  ParquetWriter writer(out, names, options);
  for (const Event& e : events) writer.add(e);
  writer.close();
  return out.str();
}

std::string hex(std::string_view text) {
  std::ostringstream out;
  for (const char c : text) {
    out << std::hex << std::setw(2) << std::setfill('0')
        << static_cast<unsigned>(static_cast<unsigned char>(c));
  }
  return out.str();
}

// The row as read.mjs shows it.
std::string shown(const Event& e, const Names& names, std::int64_t time_zero_ms) {
  const auto text = [](std::string_view t) { return "t" + hex(t); };
  const auto named = [&](Table table, std::uint32_t id) {
    if (id == None) return std::string("-");
    return text(is_utf8(names.name(table, id)) ? label(names, table, id)
                                               : "#" + std::to_string(id));
  };
  const auto number = [](auto n) { return "i" + std::to_string(n); };
  const auto counted = [&](std::uint32_t n) { return n == None ? "-" : number(n); };
  const bool raw = (e.raw_offset | e.raw_length) != 0;
  const bool said = std::bit_cast<std::uint64_t>(e.value) != 0 || e.unit != Unit::None;
  std::ostringstream value;
  value << "d" << std::hex << std::setw(16) << std::setfill('0')
        << std::bit_cast<std::uint64_t>(e.value);
  const std::string cells[] = {number(e.at + time_zero_ms),
                               number(e.arrived + time_zero_ms),
                               named(Table::Source, e.source),
                               number(e.source_seq),
                               text(to_string(e.kind)),
                               named(Table::Lot, e.lot),
                               e.wafers == 0 ? "-" : number(e.wafers),
                               named(Table::Carrier, e.carrier),
                               named(Table::Tool, e.tool),
                               named(Table::Chamber, e.chamber),
                               named(Table::Route, e.route),
                               counted(e.step),
                               counted(e.visit),
                               named(Table::Recipe, e.recipe),
                               counted(e.job),
                               named(item_table(e.kind), e.item),
                               said ? value.str() : "-",
                               e.unit == Unit::None ? "-" : text(to_string(e.unit)),
                               text(to_string(e.quality)),
                               raw ? number(e.raw_offset) : "-",
                               raw ? number(e.raw_length) : "-"};
  std::string row;
  for (const std::string& cell : cells) row += (row.empty() ? "" : "\t") + cell;
  return row;
}

// npm's packages in a folder of the build, put there once.
class ParquetByHyparquet : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("npm --version > /dev/null 2>&1 && node --version > /dev/null 2>&1") != 0) {
      GTEST_SKIP() << "npm and node are not installed: no independent reader of Parquet";
    }
    for (const char* file : {"package.json", "package-lock.json", "read.mjs"}) {
      fs::copy_file(fs::path("tests/parquet") / file, folder_ / file,
                    fs::copy_options::overwrite_existing);
    }
    const std::string install = "cd '" + folder_.string() +
                                "' && timeout 120 npm ci --ignore-scripts --no-audit --no-fund "
                                "--prefer-offline > npm.log 2>&1";
    if (std::system(install.c_str()) != 0) {
      std::ifstream log(folder_ / "npm.log");
      std::string line;
      std::getline(log, line);
      GTEST_SKIP() << "npm could not install hyparquet: " << line;
    }
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  std::vector<std::string> read(const std::string& bytes, const std::string& how = "") const {
    std::ofstream(folder_ / "events.parquet", std::ios::binary) << bytes;
    const std::string command = "cd '" + folder_.string() +
                                "' && timeout 60 node read.mjs events.parquet " + how +
                                " > read.txt 2> read.err";
    EXPECT_EQ(std::system(command.c_str()), 0) << std::ifstream(folder_ / "read.err").rdbuf();
    std::ifstream in(folder_ / "read.txt");
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }

  static fs::path made() {
    const fs::path folder =
        fs::temp_directory_path() / ("fabtwin-parquet-" + std::to_string(getpid()));
    fs::create_directories(folder);
    return folder;
  }
  fs::path folder_ = made();
};

TEST_F(ParquetByHyparquet, EveryCellIsWhatItWas) {
  // A data frame would hold other events than the record.
  const LogHeader header = example_header();
  std::vector<Event> events = ExampleFab(ParquetSeed).take(3'000);
  for (std::uint32_t k = 0; k < 3'000; ++k) {
    Event e = any_event({.seed = ParquetSeed}, k);
    e.at %= std::int64_t{1} << 62;  // within what ms since 1970 can hold
    e.arrived %= std::int64_t{1} << 62;
    events.push_back(e);
  }
  for (const ParquetOptions options : {ParquetOptions{.time_zero_ms = header.time_zero_ms},
                                       ParquetOptions{.time_zero_ms = -5,
                                       .rows_per_group = 1'000,
                                       .rows_per_page = 77,
                                       .compression = ParquetOptions::Compression::Off}}) {
    const auto lines = read(parquet_of(events, header.names, options));
    ASSERT_EQ(lines.size(), events.size() + 1);
    for (std::size_t k = 0; k < events.size(); ++k) {
      ASSERT_EQ(lines[k + 1], shown(events[k], header.names, options.time_zero_ms))
          << "seed " << ParquetSeed << " event " << k;
    }
  }
}

TEST_F(ParquetByHyparquet, TheFooterSaysWhatTheColumnsHold) {
  // A query engine would skip rows that it was asked for, or show times as numbers.
  const LogHeader header = example_header();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Event> events = {
      {.at = 1, .arrived = 2, .source = 0, .lot = 1, .kind = Kind::Moved},
      {.at = -3,
       .arrived = 4,
       .value = 1.5,
       .lot = 9,
       .wafers = 25,
       .kind = Kind::Measurement,
       .unit = Unit::Nanometre},
      {.at = 2,
       .arrived = 5,
       .value = nan,
       .lot = 9,
       .wafers = 3'000'000'000,
       .kind = Kind::Measurement,
       .unit = Unit::Nanometre,
       .quality = Quality::Bad}};
  const auto lines = read(parquet_of(events, header.names), "--footer");
  const auto holds = [&](const std::string& line) {
    return std::find(lines.begin(), lines.end(), line) != lines.end();
  };
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  for (const std::string line :
       {"rows 3 groups 1 by fabtwin", "fabtwin.time_zero_ms=0",
        "source_seq INT64 REQUIRED UINT_64 INTEGER ZSTD PLAIN+RLE nulls 0 i0 i0",
        "wafers INT32 OPTIONAL UINT_32 INTEGER ZSTD PLAIN+RLE nulls 1 i25 i3000000000",
        "carrier BYTE_ARRAY OPTIONAL UTF8 STRING ZSTD PLAIN+RLE nulls 3 - -",
        "value DOUBLE OPTIONAL - - ZSTD PLAIN+RLE nulls 1 d3ff8000000000000 d3ff8000000000000"}) {
    EXPECT_TRUE(holds(line)) << line << "\nis not in\n" << all;
  }
  EXPECT_NE(all.find("\nat INT64 REQUIRED TIMESTAMP_MILLIS TIMESTAMP ZSTD PLAIN+RLE nulls 0"),
            std::string::npos)
      << all;
  EXPECT_NE(
      all.find("\nkind BYTE_ARRAY REQUIRED UTF8 STRING ZSTD PLAIN+RLE+RLE_DICTIONARY nulls 0"),
      std::string::npos)
      << all;
}

TEST_F(ParquetByHyparquet, NoEventsAreATableToo) {
  // An empty export would be an error somewhere else.
  EXPECT_EQ(read(parquet_of({}, Names{})).size(), 1U);
}

TEST(Parquet, BytesAreFixed) {
  // Without node nobody would notice that the file has changed. The hash is that of bytes which
  // hyparquet read back cell by cell.
  const LogHeader header = example_header();
  const std::string bytes = parquet_of(
      ExampleFab(ParquetSeed).take(1'000), header.names,
      {.time_zero_ms = header.time_zero_ms, .compression = ParquetOptions::Compression::Off});
  EXPECT_EQ(bytes.substr(0, 4), "PAR1");
  EXPECT_EQ(bytes.substr(bytes.size() - 4), "PAR1");
  EXPECT_EQ(core::hash64(bytes.data(), bytes.size()), 15'065'537'951'180'246'541U) << bytes.size();
}

TEST(Parquet, TimesOutOfReachAreRefused) {
  // They would wrap around into the past.
  std::ostringstream out;
  const Names names;
  ParquetWriter writer(out, names, {.time_zero_ms = 1'000});
  EXPECT_EQ(contract::refusal([&] { writer.add({.at = core::Never, .kind = Kind::Moved}); }),
            "events.parquet cannot hold the time 9223372036854775807 ms after 1000 (64 bits of ms "
            "since 1970 do not reach so far)");
  writer.add({.kind = Kind::Moved});
  writer.close();
}

TEST(Parquet, AFullDiskIsTold) {
  // An export would end well and be no Parquet.
  std::ostringstream out;
  const Names names;
  ParquetWriter writer(out, names, {});
  writer.add({.kind = Kind::Moved});
  out.setstate(std::ios::badbit);
  EXPECT_EQ(contract::refusal([&] { writer.close(); }),
            "events.parquet cannot be written (the stream failed) is the disk full?");
}

TEST(Parquet, MemoryIsOneGroupOfRows) {
  // A year's export would need a year's memory: what was added is on the stream, group by group.
  std::ostringstream out;
  const Names names;
  ParquetWriter writer(out, names, {.rows_per_group = 10});
  std::streamoff before = 0;
  for (int group = 0; group < 5; ++group) {
    for (int k = 0; k < 10; ++k) writer.add({.kind = Kind::Moved});
    const std::streamoff now = out.tellp();
    EXPECT_GT(now, before);
    before = now;
  }
}

}  // namespace
}  // namespace twin::event
