// Sixty days of each bundled fab under each rule, and of the published data sets under their own:
// the final State, bit by bit. A change here is a change of results, meant or not.
#include "cases/fingerprints/fingerprints.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <fstream>

#include "cases/kit/shared.hpp"
#include "cases/kit/table.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/simulate.hpp"

namespace cases {
namespace {

const std::filesystem::path File = "cases/fingerprints.txt";

void check(const std::string& name, const std::filesystem::path& folder,
           const std::vector<std::string>& rules) {
  const auto fab = twins::fab::import::read(folder);
  Fingerprints now;
  for (const std::string& rule : rules) {
    const auto layout = twins::fab::compile(fab, twins::fab::with_rule({}, rule));
    twins::fab::RunOptions how;
    how.days = 60;
    how.rule = rule;
    const auto result = twins::fab::run(layout, layout->nominal_theta(), how);
    now[fmt::format("{}, {}, 60 days, seed 1", name, rule)] = result.replications[0].fingerprint;
  }
  if (!blessing()) {
    const Fingerprints recorded = load_fingerprints(File);
    for (const auto& [run, value] : now) EXPECT_EQ(difference(recorded, run, value), "");
    return;
  }
  const Lock lock;
  Fingerprints recorded = load_fingerprints(File);
  for (const auto& [run, value] : now) recorded[run] = value;
  save_fingerprints(File, recorded);
}

std::vector<std::string> every_rule() {
  std::vector<std::string> names;
  for (const auto& rule : twins::fab::rule_names()) names.emplace_back(rule.name);
  return names;
}

TEST(CaseFingerprints, MiniFab) {
  // Results of any rule would change from one version to the next without anyone saying so.
  check("minifab", "data/minifab", every_rule());
}

TEST(CaseFingerprints, ExampleFab) {
  // The same for a fab of realistic size.
  check("example-fab", "data/example-fab", every_rule());
}

TEST(CaseFingerprints, Hvlm) {
  // The same for the published high-volume testbed.
  if (reference_absent()) GTEST_SKIP() << ReferenceAbsent;
  check("SMT2020 HVLM", reference_folder() / "smt2020" / "HVLM", {"fifo"});
}

TEST(CaseFingerprints, Lvhm) {
  // The same for the published high-mix testbed.
  if (reference_absent()) GTEST_SKIP() << ReferenceAbsent;
  check("SMT2020 LVHM", reference_folder() / "smt2020" / "LVHM", {"cr"});
}

TEST(CaseFingerprintList, ReportsOldAndNewAndTheMissing) {
  // A mistyped path or a changed result would pass as agreement.
  const Fingerprints list = {{"a run, 60 days", 0x1234}};
  EXPECT_EQ(difference(list, "a run, 60 days", 0x1234), "");
  EXPECT_NE(difference(list, "a run, 60 days", 0x1235).find("was 0000000000001234"),
            std::string::npos);
  EXPECT_NE(difference(list, "another", 1).find("no fingerprint yet"), std::string::npos);
  const auto file = std::filesystem::temp_directory_path() / "fabtwin_fingerprints.txt";
  save_fingerprints(file, list);
  EXPECT_EQ(load_fingerprints(file), list);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace cases
