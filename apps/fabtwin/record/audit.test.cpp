// If these failed, a record that leads to another fab than the plant's would be called exact. Records
// of plants that ran are audited in serve_program.test.cpp.
#include "apps/fabtwin/record/audit.hpp"

#include <gtest/gtest.h>

#include "apps/fabtwin/files.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/record/journal.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twin/record/simulated_disk.hpp"
#include "twins/fab/lively_fab.hpp"

namespace apps::fabtwin {
namespace {

TEST(AuditRecord, NeedsTheTruthOfAPlant) {
  const twin::record::ScratchFolder scratch("audit_record");
  twin::record::SimulatedDisk disk(1);
  disk.make_folder("record");
  (void)twin::record::Journal::create(disk, "record", {});
  const auto fab = twins::fab::make_fab(twins::fab::lively_fab(), "fifo");
  EXPECT_EQ(twin::contract::refusal(
                [&] { (void)audit_record(disk, "record", *fab, {}, scratch.path() / "truth"); }),
            (scratch.path() / "truth").string() + " (no truth of a plant is there)");
}

TEST(AuditRecord, ReadsAPlantsAuditsOrSaysWhichLineIsNone) {
  const twin::record::ScratchFolder folder("audits");
  const std::string file = folder / "a.jsonl";
  const auto read = [&](const std::string& text) {
    write_file(file, std::string_view(text));
    return audits_in(file);
  };
  EXPECT_EQ(read("{\"at\":5,\"view\":\"00000000000000ff\",\"wip\":1}\n{\"at\":9,\"vi"),
            (std::vector<TrueInstant>{{.at = 5, .view = 255}}));
  for (const char* wrong :
       {R"({"at":5,"view":"x"})", R"({"at":5,"view":""})", R"({"at":5,"view":[1]})",
        R"({"at":"5","view":"1"})", R"({"at":1e300,"view":"1"})",
        R"({"at":5,"view":"10000000000000000"})"}) {
    EXPECT_EQ(twin::contract::refusal([&] { (void)read("{}\n" + std::string(wrong) + "\n"); }),
              file + ":2: no audited instant (it has a time and a hash)")
        << wrong;
  }
}

}  // namespace
}  // namespace apps::fabtwin
