// The plant as a process: what it says of mistakes, and that neither a signal nor a kill changes what
// happens in it. If these failed, no twin could be tested against it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "apps/fabtwin/child.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/plant/notice.hpp"
#include "apps/plant/truth.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const std::string Fab = "data/minifab";

class PlantProgram : public ::testing::Test {
 protected:
  [[nodiscard]] std::string at(const std::string& name) const { return folder / name; }

  [[nodiscard]] Child start(std::vector<std::string> words) const {
    words.insert(words.begin(), "plant");
    return programs.start(std::move(words));
  }
  [[nodiscard]] Ended run(const std::vector<std::string>& words) const {
    Child child = start(words);
    return programs.wait_for(child);
  }

  // The audits that are written whole, in order.
  static std::vector<std::string> audits(const std::string& dir) {
    std::vector<std::string> all;
    for (const plant::Tick from : plant::Truth::pieces(fs::path(dir) / "truth")) {
      std::ifstream in(plant::Truth::piece(fs::path(dir) / "truth", from, "audits.jsonl"));
      for (std::string line; std::getline(in, line);) all.push_back(line);
    }
    return all;
  }

  twin::record::ScratchFolder folder{"plant_program"};
  Programs programs{folder.path()};
};

TEST_F(PlantProgram, EndsEveryMistakeInOneLine) {
  std::ofstream(at("bad.toml")) << "[[drift]]\ngroup = \"Nowhere\"\nfrom_day = 1\n";
  const auto mistake = [&](std::vector<std::string> words, int status, const std::string& text) {
    const Ended e = run(words);
    EXPECT_EQ(e.status, status) << e.err;
    EXPECT_EQ(e.err, "fabtwin: " + text + "\n");
  };
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {at("p"), "--data", Fab};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  mistake(with({"--speed", "fast"}), 2,
          "--speed fast (must be above 0 and at most 1000000, or max)");
  mistake(with({"--speed", "max", "--hsms-port", "0"}), 2,
          "--speed max with --hsms-port or --mqtt (a twin could not keep the time)");
  mistake(with({"--mqtt", "nowhere"}), 2, "--mqtt nowhere (must be host:port)");
  mistake(with({"--hsms-port", "70000"}), 2, "--hsms-port 70000 (must be 0 to 65535)");
  mistake(with({"--until", "0"}), 2, "--until 0 (must be above 0)");
  mistake(with({"--faults", "hevy"}), 3,
          "unknown level of faults 'hevy' (known: none light heavy) did you mean heavy?");
  mistake(with({"--scenario", at("bad.toml")}), 3,
          at("bad.toml") + ":2: no tool group 'Nowhere' in the data set");
  EXPECT_THAT(run(with({"--tools", "per-lot"})).err, HasSubstr("per-tool"));
  EXPECT_THAT(run(with({"--rule", "fifi"})).err, HasSubstr("did you mean fifo?"));
  fs::create_directories(at("full"));
  std::ofstream(at("full/letters.txt")) << "x";
  mistake({at("full"), "--data", Fab}, 3, at("full") + ": no plant's folder (it is not empty)");
}

TEST_F(PlantProgram, IsTheSamePlantWhateverStopsIt) {
  const auto words = [&](const char* dir, const char* days) {
    return std::vector<std::string>{at(dir), "--data", Fab, "--speed", "max", "--faults",
                                    "heavy", "--seed", "7", "--until", days};
  };
  ASSERT_EQ(run(words("calm", "60")).status, 0);
  const auto calm = audits(at("calm"));
  ASSERT_EQ(calm.size(), 60U * 24U - 1U);
  int ended = 0;
  for (int round = 0; round < 60 && ended == 0; ++round) {
    Child child = start(words("killed", "60"));
    const int patience = 20 + 15 * round;  // [ms]
    for (int k = 0; k < patience && child.running(); ++k)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    ended = child.running() ? 0 : 1;
    if (ended != 0) {
      EXPECT_EQ(child.wait(), 0) << read_text(at("err"));
      break;
    }
    const Ended e = programs.end(child, round % 3 == 2 ? SIGTERM : SIGKILL);
    if (e.status == 0) ended = 1;  // by itself, while we took aim
    EXPECT_TRUE(e.status == 0 || e.status == 137 || e.status == 130 || e.status == 143) << e.err;
  }
  EXPECT_EQ(ended, 1) << "it never came to its end";
  EXPECT_EQ(audits(at("killed")), calm);
  EXPECT_THAT(read_text(at("killed/plant.toml")), HasSubstr("speed = 0\n"));
}

TEST_F(PlantProgram, PutsUpItsNotice) {
  Child child = start({at("p"), "--data", Fab, "--speed", "60", "--hsms-port", "0"});
  for (int k = 0; k < 500 && !fs::exists(at("p/plant.toml")); ++k)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const Ended e = programs.end(child, SIGINT);
  EXPECT_EQ(e.status, 130) << e.err;
  EXPECT_THAT(e.out, HasSubstr("plant: begun in "));
  const auto notice = plant::read_notice(read_text(at("p/plant.toml")), "plant.toml");
  EXPECT_EQ(notice.speed, 60.0);
  EXPECT_EQ(notice.tools.size(), 5U);
  for (const auto& tool : notice.tools) EXPECT_GT(tool.port, 0);
  EXPECT_TRUE(fs::exists(at("p/tools.toml")));
  EXPECT_EQ(run({at("p"), "--data", Fab, "--speed", "61"}).err,
            "fabtwin: " + at("p") + ": a plant of speed 60, now 61 (it goes on at its own)\n");
}

}  // namespace
}  // namespace apps::fabtwin
