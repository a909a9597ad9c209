// If these failed, a study that was killed would run all anew, or take another model's runs for its own.
#include "apps/fabtwin/uq/run_journal.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "twin/contract/refusal.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin::uq {
namespace {

using twin::contract::refusal;
using twin::uq::RunEnd;
using twin::uq::RunOutcome;

TEST(UqRunJournal, KeepsRunsToTheLastBit) {
  const twin::record::ScratchFolder folder("uq_runs");
  const std::filesystem::path runs = folder / "runs";
  const std::vector<double> x = {0.1 + 0.2, -1e-300}, y = {1.0 / 3.0};
  {
    RunJournal journal(runs, "a model");
    EXPECT_TRUE(journal.take_before().empty());
    journal.keep(x, {.y = y});
    journal.keep(std::vector<double>{2.0},
                 {.end = RunEnd::Hung, .problem = "took \"long\"\n", .tries = 2});
  }
  RunJournal again(runs, "a model");
  const auto before = again.take_before();
  ASSERT_EQ(before.size(), 2U);
  EXPECT_EQ(before.at(x), (RunOutcome{.y = y}));
  EXPECT_EQ(before.at({2.0}),
            (RunOutcome{.end = RunEnd::Hung, .problem = "took \"long\"\n", .tries = 2}));
}

TEST(UqRunJournal, IsOfOneModel) {
  const twin::record::ScratchFolder folder("uq_runs");
  const std::filesystem::path runs = folder / "runs";
  { const RunJournal journal(runs, "a model"); }
  EXPECT_EQ(refusal([&] { RunJournal other(runs, "another"); }),
            runs.string() +
                ": holds runs of another model or other options of it (they would be "
                "taken for this one's) another folder?");
}

TEST(UqRunJournal, IsNoOneElsesRecord) {
  const twin::record::ScratchFolder folder("uq_runs");
  twin::record::FileDisk disk;
  const std::string other = (folder / "record").string();
  disk.make_folder(other);
  {
    auto journal = twin::record::Journal::create(disk, other, {.head = {.model_version = "fab"}});
    static_cast<void>(journal->close());
  }
  EXPECT_EQ(refusal([&] { RunJournal runs(other, "a model"); }),
            other + ": is the record of something else (no study's runs) another folder?");
}

}  // namespace
}  // namespace apps::fabtwin::uq
