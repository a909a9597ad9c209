// If this failed, a record could not be folded again once its settings file is lost.
#include "apps/fabtwin/record/record_site.hpp"

#include <gtest/gtest.h>

#include "apps/fabtwin/serve/living.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/record/journal.hpp"
#include "twin/record/simulated_disk.hpp"

namespace apps::fabtwin {
namespace {

TEST(RecordSite, IsWhatTheFirstNotesSay) {
  twin::record::SimulatedDisk disk(1);
  for (const char* folder : {"named", "nameless"}) {
    disk.make_folder(folder);
    auto journal = twin::record::Journal::create(disk, folder, {});
    (void)journal->append(twin::core::Note{.at = 1, .kind = "names", .text = "lot\t0\tL1\n"});
    if (folder == std::string("named")) {
      serve::Site site;
      site.name = "north";
      site.watermark_ms = 60'000;
      site.data = "data/example-fab";
      (void)journal->append(
          twin::core::Note{.at = 1, .kind = "site", .text = serve::site_note(site)});
    }
    ASSERT_EQ(journal->close(), twin::record::Committed::Durable);
  }
  twin::record::Reader named(disk, "named"), nameless(disk, "nameless");
  const serve::Site site = site_in(named, "named");
  EXPECT_EQ(site.name, "north");
  EXPECT_EQ(site.watermark_ms, 60'000);
  EXPECT_EQ(site.data, "data/example-fab");
  EXPECT_EQ(twin::contract::refusal([&] { (void)site_in(nameless, "nameless"); }),
            "nameless (its first entries do not say of which site it is)");
}

}  // namespace
}  // namespace apps::fabtwin
