// If these failed, a record that leads to another fab than the plant's would be called exact.
#include "apps/fabtwin/record/audit.hpp"

#include <gtest/gtest.h>

#include "apps/fabtwin/files.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {
namespace {

twins::fab::View two_lots() {
  twins::fab::View view;
  view.wip = 2;
  view.groups.resize(1);
  view.groups[0].queue = {{.line = 0, .lot = 0, .step = 3}};
  view.tools.resize(1);
  twins::fab::JobView job;
  job.start = 77;
  job.lots = {1};
  view.tools[0].jobs = {job};
  view.lots.resize(2);
  view.lots[0].id = 0;
  view.lots[0].since = 5;
  view.lots[1].id = 1;
  return view;
}

TEST(AuditRecord, LeavesTimesAloneOutOfPlaces) {
  auto later = two_lots();
  later.lots[0].since = 500;
  later.tools[0].jobs[0].start = 78;
  EXPECT_NE(later, two_lots());
  EXPECT_EQ(without_times(later), without_times(two_lots()));
  later.lots[0].step = 9;
  EXPECT_NE(without_times(later), without_times(two_lots()));
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
