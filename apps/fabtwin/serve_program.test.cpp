// The whole loop as processes: a plant with HSMS tools, a real broker, a twin that is killed in its
// middle, and the record held against what really happened. If these failed, the twin that people
// start would not be the one that the other tests prove.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <thread>

#include "apps/fabtwin/child.hpp"
#include "apps/fabtwin/files.hpp"
#include "twin/link/mosquitto_broker.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

bool soon(const std::function<bool()>& condition) {
  for (int i = 0; i < 600 && !condition(); ++i) std::this_thread::sleep_for(milliseconds(100));
  return condition();
}

// Tests run from the root of the tree.
std::string fab() { return (std::filesystem::current_path() / "data/minifab").string(); }

class ServeProgram : public ::testing::Test {
 protected:
  [[nodiscard]] std::string at(const std::string& name) const { return folder / name; }
  [[nodiscard]] std::string run(std::vector<std::string> words, int status) const {
    words.insert(words.begin(), FABTWIN_PROGRAM);
    static int number = 0;
    const std::string file = at("run" + std::to_string(++number));
    EXPECT_EQ(Child(words, file).wait(), status) << read_text(file);
    return read_text(file);
  }
  void write_site(const std::string& more) const {
    std::ofstream(at("site.toml")) << "[site]\nname = \"test\"\ndata = \"" << fab()
                                   << "\"\nplant = \"plant/plant.toml\"\n"
                                      "[twin]\nwatermark = \"1 h\"\nsnapshot_every = \"12 h\"\n"
                                   << more;
  }

  twin::record::ScratchFolder folder{"serve_program"};
};

TEST_F(ServeProgram, FollowsAPlantThroughKillsToWhatReallyHappened) {
  if (!twin::link::MosquittoBroker::present()) GTEST_SKIP() << "no mosquitto (package mosquitto)";
  const twin::link::MosquittoBroker broker;
  const std::string address = "127.0.0.1:" + std::to_string(broker.port());
  // 20,000 times as fast: 23 plant hours in four seconds.
  Child plant({FABTWIN_PROGRAM, "plant", at("plant"), "--data", fab(), "--speed", "20000",
               "--hsms-port", "0", "--mqtt", address, "--site", "test", "--until", "2.5"},
              at("plant.out"));
  ASSERT_TRUE(soon([&] { return std::filesystem::exists(folder / "plant/plant.toml"); }))
      << read_text(at("plant.out"));
  write_site("[secs]\n[mqtt]\n");
  for (int life = 0; life < 2; ++life) {
    Child twin({FABTWIN_PROGRAM, "serve", at("site.toml"), "--every", "1"}, at("twin.out"));
    std::this_thread::sleep_for(milliseconds(4'000));
    ASSERT_TRUE(twin.running()) << read_text(at("twin.out"));
    EXPECT_EQ(twin.end(SIGKILL), 128 + SIGKILL);
  }
  // The plant comes to its end; its tools and its log still say what was not acknowledged.
  Child twin({FABTWIN_PROGRAM, "serve", at("site.toml"), "--every", "1"}, at("twin.out"));
  EXPECT_EQ(plant.wait(), 0) << read_text(at("plant.out"));
  std::this_thread::sleep_for(milliseconds(1'000));
  EXPECT_EQ(twin.end(SIGTERM), 130) << read_text(at("twin.out"));

  EXPECT_THAT(run({"verify", at("record")}, 0), HasSubstr("whole\n"));
  const std::string audited =
      run({"replay", at("record"), "--from-start", "--audit", at("plant")}, 0);
  std::uint64_t instants = 0, exact = 0;
  const std::size_t line = audited.find("held against the plant at ");
  ASSERT_NE(line, std::string::npos) << audited;
  ASSERT_EQ(std::sscanf(audited.c_str() + line,
                        "held against the plant at %lu instants: %lu equal in everything",
                        &instants, &exact),
            2)
      << audited;
  EXPECT_GT(instants, 20U) << audited;
  EXPECT_EQ(exact, instants) << audited;
  EXPECT_THAT(audited, HasSubstr("lots elsewhere than believed: 0 of"));
  EXPECT_THAT(audited, HasSubstr("tools otherwise: 0 of"));
  // The belief does not depend on where the fold begins.
  const auto belief_of = [](const std::string& text) { return text.substr(text.find("belief ")); };
  EXPECT_EQ(belief_of(run({"replay", at("record")}, 0)),
            belief_of(run({"replay", at("record"), "--from-start"}, 0)));
  EXPECT_EQ(belief_of(run({"replay", at("record")}, 0)),
            belief_of(run({"replay", at("record"), "--however-late"}, 0)));
  EXPECT_THAT(run({"export", at("record"), at("events.csv")}, 0), HasSubstr("events of"));
  EXPECT_THAT(read_text(at("events.csv")), HasSubstr("processing_ended"));
  (void)run({"backup", at("record"), at("copy")}, 0);
  EXPECT_THAT(run({"verify", at("copy")}, 0), HasSubstr("whole\n"));
  EXPECT_THAT(run({"backup", at("record"), at("copy")}, 3), HasSubstr("copy"));
}

TEST_F(ServeProgram, EndsEveryMistakeInOneLine) {
  EXPECT_THAT(run({"serve", at("none.toml")}, 3), HasSubstr("none.toml"));
  write_site("[secs]\n");
  EXPECT_THAT(run({"serve", at("site.toml")}, 3), HasSubstr("plant.toml"));
  EXPECT_THAT(run({"verify", at("none")}, 3), HasSubstr("none"));
  EXPECT_THAT(run({"replay", at("none")}, 3), HasSubstr("none"));
  EXPECT_THAT(run({"export", at("none"), at("x.pdf")}, 2), HasSubstr("x.pdf"));
  EXPECT_THAT(run({"replay", at("none"), "--until", "noon"}, 2), HasSubstr("noon"));
}

}  // namespace
}  // namespace apps::fabtwin
