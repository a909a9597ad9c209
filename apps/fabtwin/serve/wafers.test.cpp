// If these failed, wafer maps would be shown with dies that are not theirs, or a broken file would end the twin.
#include "apps/fabtwin/serve/wafers.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "twin/contract/refusal.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin::serve {
namespace {

using nlohmann::json;
using twin::contract::refusal;

void put(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}
constexpr const char* Head = "i,lot,wafer,die_count,label,orig_split,rows,cols,offset\n";

TEST(Wafers, AreReadDieByDie) {
  const twin::record::ScratchFolder folder("wafers");
  put(folder.file("index.csv"),
      std::string(Head) + "0,A,3,4,none,Test,2,3,0\n1,B,1,2,Loc,Test,1,2,6\n");
  put(folder.file("maps.u8"), std::string("\0\1\2\1\1\0\2\2", 8));
  put(folder.file("README.md"), "# Two maps\nOriginal: nobody\n[1] a paper\nmore\n");
  const WaferMaps maps =
      WaferMaps::read(std::filesystem::path(folder.file("index.csv")).parent_path());
  ASSERT_EQ(maps.maps().size(), 2U);
  EXPECT_EQ(maps.maps()[0].dies, 4U);
  EXPECT_EQ(maps.maps()[0].bad, 1U);
  const json index = json::parse(maps.index_json());
  EXPECT_EQ(index["source"], "Two maps");
  EXPECT_EQ(index["licence"], "Original: nobody [1] a paper");
  EXPECT_FALSE(index["generated"]);
  const json two = json::parse(maps.maps_json("1,0"))["maps"];
  EXPECT_EQ(two[0]["dies"], "22");
  EXPECT_EQ(two[1]["dies"], ".1211.");
  EXPECT_NE(refusal([&] { (void)maps.maps_json("2"); }), "");
  EXPECT_NE(refusal([&] { (void)maps.maps_json(""); }), "");
  EXPECT_NE(refusal([&] { (void)maps.maps_json("0,x"); }), "");
}

TEST(Wafers, OfABrokenFileAreRefusedWithItsLine) {
  const twin::record::ScratchFolder folder("broken-wafers");
  const auto at = std::filesystem::path(folder.file("index.csv")).parent_path();
  put(folder.file("maps.u8"), std::string(6, '\1'));
  const auto said = [&](const std::string& index) {
    put(folder.file("index.csv"), index);
    return refusal([&] { (void)WaferMaps::read(at); });
  };
  EXPECT_NE(said("").find("it is empty"), std::string::npos);
  EXPECT_NE(said("i,lot\n").find(":1: there is no column \"wafer\""), std::string::npos);
  EXPECT_NE(said(std::string(Head) + "0,A,3,4,none,Test,2,3\n").find(":2: 8 columns instead of 9"),
            std::string::npos);
  EXPECT_NE(said(std::string(Head) + "0,A,3,4,none,Test,2,4,0\n").find(":2: its 2 by 4 dies"),
            std::string::npos);
  EXPECT_NE(
      said(std::string(Head) + "0,A,3,4,none,Test,2,3,18446744073709551615\n").find(":2: its"),
      std::string::npos);
  EXPECT_NE(said(std::string(Head) + "0,A,3,4,none,Test,0,3,0\n").find("whole numbers"),
            std::string::npos);
  put(folder.file("maps.u8"), std::string(6, '\3'));
  EXPECT_NE(said(std::string(Head) + "0,A,3,4,none,Test,2,3,0\n").find("a die is 0"),
            std::string::npos);
  std::filesystem::remove(folder.file("maps.u8"));
  EXPECT_NE(said(std::string(Head)).find("maps.u8"), std::string::npos);
}

TEST(Wafers, ThatAreMadeUpSayThatAndShowTheirPatterns) {
  const WaferMaps maps = WaferMaps::generated(1);
  EXPECT_TRUE(json::parse(maps.index_json())["generated"]);
  EXPECT_EQ(maps.index_json(), WaferMaps::generated(1).index_json());
  ASSERT_EQ(maps.maps().size(), 120U);
  // Of a ring at the edge more dies fail there than in the middle, of a spot in the middle fewer.
  for (const WaferMap& map : maps.maps()) {
    if (map.label != "Edge-Ring" && map.label != "Center") continue;
    const auto dies = maps.dies(map);
    double inner = 0, inner_bad = 0, outer = 0, outer_bad = 0;
    for (std::uint32_t k = 0; k < map.rows * map.cols; ++k) {
      if (dies[k] == 0) continue;
      const double x = (k % map.cols + 0.5) / map.cols * 2 - 1,
                   y = (k / map.cols + 0.5) / map.rows * 2 - 1;
      const bool edge = x * x + y * y > 0.85;
      (edge ? outer : inner) += 1;
      if (dies[k] == 2) (edge ? outer_bad : inner_bad) += 1;
    }
    EXPECT_EQ(outer_bad / outer > inner_bad / inner, map.label == "Edge-Ring")
        << map.lot << map.wafer;
  }
}

}  // namespace
}  // namespace apps::fabtwin::serve
