// If these failed, a model of someone else that hangs, dies or babbles would take a study with it, or be believed.
#include "apps/fabtwin/uq/program_runner.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin::uq {
namespace {

using twin::uq::RunEnd;
using twin::uq::RunOutcome;

std::vector<std::string> shell(const std::string& script) { return {"/bin/sh", "-c", script}; }

// Each line's first number doubled and its second; the rest by what the first is.
const char* const Model = R"sh(
while read -r a b; do
  case $a in
    1) echo "$((2 * a)) $b" ;;
    2) sleep 60 & sleep 60 ;;
    3) echo "no pressure in chamber 3" >&2; exit 4 ;;
    4) echo "12 oops" ;;
    5) echo "nan 1" ;;
    6) echo "7" ;;
    7) echo "8"; echo "9" ;;
    8) kill -SEGV $$ ;;
    9) echo "18 1"; exit 0 ;;
  esac
done)sh";

TEST(UqProgramRunner, AsksOneLineAfterTheOther) {
  ProgramRunner runner(shell(Model));
  for (int k = 0; k < 100; ++k) {
    const double x[] = {1.0, 0.25 * k};
    EXPECT_EQ(runner.run(x, 5.0), (RunOutcome{.y = {2.0, 0.25 * k}}));
  }
  const double exact[] = {1.0, 0.1 + 0.2};  // to the last bit
  EXPECT_EQ(runner.run(exact, 5.0).y[1], 0.1 + 0.2);
}

TEST(UqProgramRunner, SaysHowItDied) {
  ProgramRunner runner(shell(Model));
  const auto problem = [&](double which) {
    const double x[] = {which, 0.0};
    const RunOutcome outcome = runner.run(x, 5.0);
    EXPECT_EQ(outcome.end, RunEnd::Died);
    return outcome.problem;
  };
  EXPECT_EQ(problem(3), "ended with status 4: no pressure in chamber 3");
  EXPECT_EQ(problem(4), "answered 'oops', which is no number");
  EXPECT_EQ(problem(8), "was ended by signal 11");
  const double good[] = {1.0, 3.0};
  EXPECT_EQ(runner.run(good, 5.0), (RunOutcome{.y = {2.0, 3.0}}));  // and goes on
}

TEST(UqProgramRunner, KillsWhatHangsWithItsChildren) {
  ProgramRunner runner(shell(Model));
  const double hangs[] = {2.0, 0.0}, good[] = {1.0, 3.0};
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(runner.run(hangs, 0.2),
            (RunOutcome{.end = RunEnd::Hung, .problem = "took more than 0.2 s"}));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
  EXPECT_EQ(runner.run(good, 5.0), (RunOutcome{.y = {2.0, 3.0}}));
}

TEST(UqProgramRunner, LeavesNoOneBehind) {
  const twin::record::ScratchFolder folder("uq_left");
  const std::string mark = folder.file("child");
  {
    ProgramRunner runner(shell("sh -c 'echo $$ > " + mark + "; exec sleep 1000' & read a; wait"));
    const double x[] = {1.0};
    EXPECT_EQ(runner.run(x, 0.5).end, RunEnd::Hung);
  }
  FILE* file = ::fopen(mark.c_str(), "r");
  ASSERT_NE(file, nullptr);
  int child = 0;
  ASSERT_EQ(::fscanf(file, "%d", &child), 1);
  ::fclose(file);
  // Killed, and waited for by whoever adopted it.
  for (int k = 0; k < 500 && ::kill(child, 0) == 0; ++k)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_NE(::kill(child, 0), 0);
}

// An answer to nothing must not become the next run's.
TEST(UqProgramRunner, IsNotPutOutOfStep) {
  ProgramRunner runner(shell(Model));
  const double two[] = {7.0, 0.0}, good[] = {1.0, 3.0}, last[] = {9.0, 0.0};
  EXPECT_EQ(runner.run(two, 5.0), (RunOutcome{.y = {8.0}}));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));  // until its second line is there
  EXPECT_EQ(runner.run(good, 5.0), (RunOutcome{.y = {2.0, 3.0}}));
  // One that ends after each answer is begun anew.
  for (int k = 0; k < 5; ++k) EXPECT_EQ(runner.run(last, 5.0), (RunOutcome{.y = {18.0, 1.0}})) << k;
}

TEST(UqProgramRunner, LeavesItToTheQueueWhatNumbersMean) {
  ProgramRunner runner(shell(Model));
  const double nan[] = {5.0, 0.0}, one[] = {6.0, 0.0};
  EXPECT_EQ(runner.run(nan, 5.0).y.size(), 2U);
  EXPECT_EQ(runner.run(one, 5.0).y, std::vector<double>{7.0});
}

TEST(UqProgramRunner, IsAwayWhereThereIsNoProgram) {
  ProgramRunner runner({"/nowhere/model"});
  const double x[] = {1.0};
  EXPECT_EQ(runner.run(x, 1.0),
            (RunOutcome{.end = RunEnd::Away,
                        .problem = "cannot start '/nowhere/model' (No such file or directory)"}));
}

TEST(UqProgramRunner, RefusesALineWithoutEnd) {
  ProgramRunner runner(shell("read a; yes | tr -d '\\n'"));
  const double x[] = {1.0};
  const RunOutcome outcome = runner.run(x, 20.0);
  EXPECT_EQ(outcome.problem, "answered more than a line of 1 MiB");
}

}  // namespace
}  // namespace apps::fabtwin::uq
