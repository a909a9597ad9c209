// If these failed, an emulator would stand for another model than the one that it was made of, or where it knows
// nothing.
#include "apps/fabtwin/uq/emulator.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/uq/carry_out.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin::uq {
namespace {

const std::atomic<bool> NobodyStops = false;

const std::string TwoUniforms =
    "[[input]]\nname = \"a\"\n[[input]]\nname = \"b\"\nlow = 0\nhigh = 10\n";

class UqEmulator : public testing::Test {
 protected:
  UqEmulator() : folder_("uq_emulators") {
    text_ = "[study]\nfolder = \"" + folder_.file("runs") +
            "\"\n[model]\nprogram = [\"awk\", \"-W\", \"interactive\", \"{ print $1 + 10 * $2; "
            "fflush() }\"]\n" +
            TwoUniforms + "[emulate]\nmethod = \"chaos\"\npoints = 64\n";
    file_ = folder_.file("made.toml");
    write_file(file_, std::string_view(text_));
  }
  [[nodiscard]] twin::uq::MakeRunner made(const std::vector<std::string>& inputs) const {
    const auto value = twin::sheet::read_toml("emulator = \"" + file_ + "\"\n", "x.toml");
    twin::sheet::Sheet sheet(value, "x.toml", "[model]");
    return read_model(sheet, ".").make(inputs);
  }
  twin::record::ScratchFolder folder_;
  std::string text_, file_;
};

TEST_F(UqEmulator, KnowsItsInputsByTheirNames) {
  const Study study = read_study(text_, file_);
  (void)carry_out(study, 1, NobodyStops);
  const auto runner = made({"b", "unknown", "a"})();
  EXPECT_NEAR(runner->run(std::vector<double>{5.0, 7.0, 0.25}, 0.0).y.at(0), 50.25, 1e-3);
  // The law of b ends at 10.
  const auto beyond = runner->run(std::vector<double>{11.0, 7.0, 0.25}, 0.0);
  EXPECT_EQ(beyond.end, twin::uq::RunEnd::NoNumber);
  EXPECT_EQ(beyond.problem, "b = 11 is beyond the law that the emulator knows");
  EXPECT_EQ(twin::contract::refusal([&] { (void)made({"a"}); }),
            "input 'b' of the emulator is missing (its inputs are those of " + file_ + ")");
}

TEST_F(UqEmulator, IsMadeOfKeptRunsAlone) {
  const auto none = made({"a", "b"})()->run(std::vector<double>{0.5, 5.0}, 0.0);
  EXPECT_EQ(none.end, twin::uq::RunEnd::Away);
  EXPECT_NE(none.problem.find("(carry that study out first)"), std::string::npos) << none.problem;
}

TEST_F(UqEmulator, IsOfAStudyThatMakesOne) {
  const std::string other = folder_.file("other.toml");
  write_file(other, "[model]\nfunction = \"g\"\n" + TwoUniforms + "[propagate]\n");
  const auto value = twin::sheet::read_toml("emulator = \"" + other + "\"\n", "x.toml");
  twin::sheet::Sheet sheet(value, "x.toml", "[model]");
  EXPECT_EQ(twin::contract::refusal([&] { (void)read_model(sheet, "."); }),
            "x.toml:1: [model]: " + other +
                " makes no emulator (it asks for [propagate]; [emulate] is needed)");
}

}  // namespace
}  // namespace apps::fabtwin::uq
