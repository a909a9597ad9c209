// If this failed, nobody could tell what a forecast was made from, or the documents would fill the
// disk.
#include "apps/fabtwin/serve/provenances.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/record/simulated_disk.hpp"

namespace apps::fabtwin::serve {
namespace {

using twin::contract::refusal;

twin::record::ProvOrigin origin(const std::string& id) {
  return {.id = id,
          .entry_end = 7,
          .journal_head = "00ff",
          .belief = "0123456789abcdef",
          .model = "fab",
          .model_version = "1",
          .posterior = "fedcba9876543210"};
}

TEST(Provenances, KeepsTheNewestDocuments) {
  twin::record::SimulatedDisk disk(1);
  disk.make_folder("record");
  Provenances kept(disk, "record", 2);
  EXPECT_TRUE(kept.ids().empty());
  for (const char* id : {"forecast-1", "forecast-2", "forecast-3"}) kept.keep(origin(id));
  EXPECT_EQ(kept.ids(), (std::vector<std::string>{"forecast-2", "forecast-3"}));
  EXPECT_FALSE(kept.document("forecast-1"));
  disk.stop();
  disk.restart();
  const auto text = Provenances(disk, "record", 2).document("forecast-3");
  ASSERT_TRUE(text);
  const auto document = twin::record::provenance(origin("forecast-3"));
  EXPECT_EQ(*text, twin::record::to_json(document));
  EXPECT_EQ(twin::record::to_json(twin::record::read_prov(*text)), *text);
  EXPECT_NE(text->find("twin:belief/0123456789abcdef"), std::string::npos);
}

TEST(Provenances, NamesNoFileOutsideItsFolder) {
  twin::record::SimulatedDisk disk(2);
  disk.make_folder("record");
  Provenances kept(disk, "record", 2);
  for (const char* id : {"", "../meta", "a/b", "A", "a.b"}) EXPECT_FALSE(kept.document(id)) << id;
  EXPECT_EQ(refusal([&] { kept.keep(origin("../x")); }),
            "'../x' names no document (a-z, 0-9 and '-' only)");
}

}  // namespace
}  // namespace apps::fabtwin::serve
