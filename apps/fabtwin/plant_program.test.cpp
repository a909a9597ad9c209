// The plant as a process: what it says of mistakes, and that neither a signal nor a kill changes what
// happens in it. If these failed, no twin could be tested against it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/scratch_folder.hpp"
#include "apps/plant/notice.hpp"
#include "apps/plant/truth.hpp"

namespace apps::fabtwin {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const std::string Fab = "data/minifab";

struct Ended {
  int status = -1;
  std::string out, err;
};

class PlantProgram : public ::testing::Test {
 protected:
  [[nodiscard]] std::string at(const std::string& name) const { return folder / name; }

  pid_t start(std::vector<std::string> words) const {
    words.insert(words.begin(), {FABTWIN_PROGRAM, "plant"});
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t child = ::fork();
    if (child != 0) return child;
    for (const auto& [name, to] : {std::pair("out", STDOUT_FILENO), {"err", STDERR_FILENO}}) {
      const int file = ::open(at(name).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      if (file < 0 || ::dup2(file, to) < 0) ::_exit(125);
    }
    ::execv(FABTWIN_PROGRAM, arguments.data());
    ::_exit(126);
  }
  Ended wait_for(pid_t child) const {
    int status = 0;
    ::waitpid(child, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_text(at("out")),
            read_text(at("err"))};
  }
  Ended run(const std::vector<std::string>& words) const { return wait_for(start(words)); }

  // The audits that are written whole, in order.
  static std::vector<std::string> audits(const std::string& dir) {
    std::vector<std::string> all;
    for (const plant::Tick from : plant::Truth::pieces(fs::path(dir) / "truth")) {
      std::ifstream in(plant::Truth::piece(fs::path(dir) / "truth", from, "audits.jsonl"));
      for (std::string line; std::getline(in, line);) all.push_back(line);
    }
    return all;
  }

  ScratchFolder folder{"plant_program"};
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
    const pid_t child = start(words("killed", "60"));
    const int patience = 20 + 15 * round;  // [ms]
    for (int k = 0; k < patience && ended == 0; ++k) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      int status = 0;
      if (::waitpid(child, &status, WNOHANG) == child) {
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << read_text(at("err"));
        ended = 1;
      }
    }
    if (ended != 0) break;
    ::kill(child, round % 3 == 2 ? SIGTERM : SIGKILL);
    const Ended e = wait_for(child);
    EXPECT_TRUE(e.status == 137 || e.status == 130 || e.status == 143) << e.err;
  }
  EXPECT_EQ(ended, 1) << "it never came to its end";
  EXPECT_EQ(audits(at("killed")), calm);
  EXPECT_THAT(read_text(at("killed/plant.toml")), HasSubstr("speed = 0\n"));
}

TEST_F(PlantProgram, PutsUpItsNotice) {
  const pid_t child = start({at("p"), "--data", Fab, "--speed", "60", "--hsms-port", "0"});
  for (int k = 0; k < 500 && !fs::exists(at("p/plant.toml")); ++k)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  ::kill(child, SIGINT);
  const Ended e = wait_for(child);
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
