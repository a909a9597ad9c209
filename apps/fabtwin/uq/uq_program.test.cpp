// If these failed, a study that was killed would come to something else, or a user's mistake would end in anything
// but a line that says what it is.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "apps/fabtwin/child.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin::uq {
namespace {

class UqProgram : public testing::Test {
 protected:
  UqProgram() : folder_("uq_program"), programs_(folder_.path()) {}
  std::string study(const std::string& name, const std::string& text) const {
    const std::string file = folder_.file(name);
    std::ofstream(file) << text;
    return file;
  }
  // What was found, without what depends on the machine.
  [[nodiscard]] nlohmann::json found(const Ended& ended) const {
    EXPECT_EQ(ended.status, 0) << ended.err;
    auto json = nlohmann::json::parse(ended.out);
    remembered_ = json["timing"]["remembered"];
    json.erase("timing");
    json.erase("title");
    return json;
  }

  twin::record::ScratchFolder folder_;
  Programs programs_;
  mutable std::uint64_t remembered_ = 0;
};

const std::string Slow =
    "[model]\nprogram = [\"sh\", \"-c\", \"while read a b; do sleep 0.01; echo $a; done\"]\n"
    "[[input]]\nname = \"a\"\n[[input]]\nname = \"b\"\n[propagate]\npoints = 160\n";

TEST_F(UqProgram, GoesOnAfterAKillAndComesToTheSame) {
  const std::string killed = study("killed.toml", Slow), whole = study("whole.toml", Slow);
  int kills = 0;
  for (; kills < 3; ++kills) {
    Child child = programs_.start({"uq", killed, "--json", "--threads", "2"});
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    const int status = programs_.end(child, SIGKILL).status;
    if (status == 0) break;  // it had come to its end
    EXPECT_EQ(status, 128 + SIGKILL);
  }
  EXPECT_GT(kills, 0);
  const auto again = found(programs_.run({"uq", killed, "--json"}));
  EXPECT_GT(remembered_, 0U);
  const auto never = found(programs_.run({"uq", whole, "--json", "--threads", "2"}));
  EXPECT_EQ(remembered_, 0U);
  EXPECT_EQ(again, never);
  // And once more, without a run.
  EXPECT_EQ(found(programs_.run({"uq", killed, "--json"})), never);
  EXPECT_EQ(remembered_, 160U);
}

TEST_F(UqProgram, StopsWhenItIsAskedToAndKeepsWhatItRan) {
  const std::string file = study("stopped.toml", Slow);
  Child child = programs_.start({"uq", file});
  for (int k = 0; k < 500 && !child.catches(SIGINT); ++k)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const Ended ended = programs_.end(child, SIGINT);
  EXPECT_EQ(ended.status, 130);
  EXPECT_NE(ended.err.find("which are kept in"), std::string::npos) << ended.err;
}

TEST_F(UqProgram, SaysWhatIsWrongInOneLine) {
  const auto wrong = [&](const std::string& text) {
    const Ended ended = programs_.run({"uq", study("wrong.toml", text)});
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(std::ranges::count(ended.err, '\n'), 1) << ended.err;
    return std::pair(ended.status, ended.err.substr(ended.err.find("wrong.toml") + 10));
  };
  EXPECT_EQ(wrong("[rank]\n"),
            std::pair(3, std::string(":1: [model]: no model (one of function, program, um_bridge, "
                                     "fab, fluid, emulator is needed)\n")));
  const Ended none = programs_.run({"uq", folder_.file("none.toml")});
  EXPECT_EQ(none.status, 3);
  // A program that is not there is no failed run.
  const Ended absent = programs_.run(
      {"uq", study("absent.toml",
                   "[model]\nprogram = [\"./nothing\"]\n[[input]]\nname = \"a\"\n[propagate]\n")});
  EXPECT_EQ(absent.status, 1);
  EXPECT_NE(absent.err.find("nothing' (No such file or directory)"), std::string::npos)
      << absent.err;
}

TEST_F(UqProgram, WritesAPage) {
  const Ended ended = programs_.run({"uq", "data/studies/ishigami.toml", "--report",
                                     folder_.file("page.html"), "--threads", "2"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.out.find("What y varies by"), std::string::npos);
  EXPECT_NE(read_text(folder_.file("page.html")).find("<svg"), std::string::npos);
}

}  // namespace
}  // namespace apps::fabtwin::uq
