// What is written is read back equal.
#include "twins/fab/export/write_smt2020.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "twin/core/error.hpp"
#include "twins/fab/generate.hpp"
#include "twins/fab/import/folder.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/import/small_fab.hpp"
#include "twins/fab/import/smt2020.hpp"

namespace twins::fab {
namespace {

namespace fs = std::filesystem;

Description read_back(const Description& fab) {
  import::Folder folder;
  folder.name = fab.name;
  for (const auto& [name, text] : smt2020_files(fab)) folder.files[name] = text;
  Description again = import::read_smt2020(folder);
  again.warnings = fab.warnings;  // they name lines of the files that were read
  return again;
}

TEST(WriteSmt2020, EveryColumnComesBack) {
  // Wrong: saving a user's fab would change it.
  const Description fab = import::read_smt2020(import::small_fab());
  EXPECT_EQ(read_back(fab), fab);
}

TEST(WriteSmt2020, GeneratedFabsComeBack) {
  // Wrong: the committed example would not be the fab that the generator sized.
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    GeneratorOptions options;
    options.seed = seed;
    options.products = static_cast<std::uint32_t>(seed);
    const Description fab = generate(options);
    EXPECT_EQ(read_back(fab), fab) << "seed " << seed;
  }
}

TEST(WriteSmt2020, PublishedSetsComeBack) {
  // Wrong: the writer would know less of the form than the testbed uses.
  const char* shared = std::getenv("FABTWIN_SHARED");
  const fs::path root = fs::path(shared != nullptr ? shared : "../shared") / "data" / "smt2020";
  if (!fs::exists(root)) GTEST_SKIP() << "reference data absent: set FABTWIN_SHARED";
  for (const char* set : {"HVLM", "LVHM"}) {
    const Description fab = import::read(root / set);
    EXPECT_EQ(read_back(fab), fab) << set;
  }
}

TEST(WriteSmt2020, RefusesWhatTheFormLacks) {
  // Wrong: parts of a fab would be dropped without a word.
  const Description good = import::read_smt2020(import::small_fab());
  const auto refused = [&](auto change) {
    Description fab = good;
    change(fab);
    try {
      static_cast<void>(smt2020_files(fab));
    } catch (const twin::core::Error& e) {
      return std::string(e.what());
    }
    return std::string("written");
  };
  EXPECT_EQ(refused([](Description&) {}), "written");
  EXPECT_THAT(refused([](Description& f) { f.tool_groups[0].initial_setup = 0; }),
              ::testing::HasSubstr("initial setup"));
  EXPECT_THAT(refused([](Description& f) { f.streams.at(0).weight = 2.0; }),
              ::testing::HasSubstr("weight"));
  EXPECT_THAT(refused([](Description& f) { f.streams.at(0).start_ms = 0.5; }),
              ::testing::HasSubstr("whole seconds"));
  EXPECT_THAT(refused([](Description& f) { f.products[0].name = "a\tb"; }),
              ::testing::HasSubstr("no tabs"));
  EXPECT_THAT(refused([](Description& f) {
                for (ToolGroup& g : f.tool_groups) {
                  Breakdown b{"same", {}, {Duration::Law::Exponential, DayMs, 0.0}, {}};
                  b.time_to_repair.mean_ms =
                      g.tools * HourMs + static_cast<double>(&g - f.tool_groups.data());
                  g.breakdowns = {b};
                }
              }),
              ::testing::HasSubstr("two different ones have that name"));
}

TEST(WriteSmt2020, OverwritesNothing) {
  // Wrong: a slip in a folder's name would destroy a data set.
  const fs::path folder = fs::temp_directory_path() / ("fabtwin_write_" + std::to_string(getpid()));
  fs::remove_all(folder);
  const Description fab = import::read_smt2020(import::small_fab());
  write_smt2020(fab, folder);
  Description again = import::read(folder);
  again.name = fab.name;
  again.warnings = fab.warnings;
  EXPECT_EQ(again, fab);
  EXPECT_THROW(write_smt2020(fab, folder), twin::core::Error);
  EXPECT_THROW(write_smt2020(fab, folder / "part.txt"), twin::core::Error);  // a file stands there
  fs::remove_all(folder);
}

}  // namespace
}  // namespace twins::fab
