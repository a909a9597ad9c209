// If these failed, a test would compare the twin with a truth that has seams, or with none.
#include "apps/plant/truth.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "twin/contract/refusal.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twins/fab/lively_fab.hpp"

namespace apps::plant {
namespace {

constexpr auto TruthHour = static_cast<Tick>(twins::fab::HourMs);

std::vector<twin::event::Event> read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  twin::event::LogReader log(in, path.string());
  std::vector<twin::event::Event> all;
  for (twin::event::Event e; log.next(e);) all.push_back(e);
  return all;
}

TEST(Truth, IsInPiecesWithoutASeam) {
  const twin::record::ScratchFolder scratch("plant_truth");
  const auto folder = scratch.path() / "truth";
  const auto layout = twins::fab::lively_fab();
  Fab fab(layout, {.seed = 2});
  twin::event::LogHeader header;
  header.names = fab.names().names;
  std::vector<twin::event::Event> all;
  {
    Truth truth(folder, header);
    const Fab::Receive take = [&](std::span<const twin::event::Event> events) {
      for (const auto& e : events) truth.event(e), all.push_back(e);
    };
    truth.begin(0);
    fab.advance(TruthHour, take);
    truth.begin(TruthHour);
    truth.audit(audit_line(fab));
    const auto saved = fab.save();
    const std::size_t had = all.size();
    fab.advance(2 * TruthHour, take);
    truth.begin(2 * TruthHour);
    // The plant died here, and is taken up from its save of the first hour.
    all.resize(had);
    fab.load(saved);
    truth.begin(TruthHour);
    fab.advance(3 * TruthHour, take);
    truth.close();
  }
  EXPECT_EQ(Truth::pieces(folder), (std::vector<Tick>{0, TruthHour}));
  std::vector<twin::event::Event> found;
  for (const Tick from : Truth::pieces(folder))
    for (const auto& e : read(Truth::piece(folder, from, "ftel"))) found.push_back(e);
  EXPECT_EQ(found, all);
}

TEST(Truth, SaysFaultsAndAuditsAsJson) {
  const auto layout = twins::fab::lively_fab();
  const Sources sources(*layout, {});
  EXPECT_EQ(
      fault_line(
          {.kind = Fault::Kind::Delayed, .at = 5, .source = 0, .epoch = 1, .seq = 7, .value = 40.0},
          sources),
      R"({"at":5,"fault":"delayed","source":"secs/Litho#1","epoch":1,"seq":7,"ms":40})");
  EXPECT_EQ(
      fault_line({.kind = Fault::Kind::Lied, .source = sources.mes(), .text = "wafers"}, sources),
      R"({"at":0,"fault":"lied","source":"mqtt/mes","epoch":0,"seq":0,"what":"wafers"})");
  Fab one(layout, {.seed = 2}), two(layout, {.seed = 2}), other(layout, {.seed = 3});
  for (Fab* f : {&one, &two, &other}) f->advance(TruthHour, [](auto) {});
  EXPECT_EQ(audit_line(one), audit_line(two));
  EXPECT_NE(audit_line(one), audit_line(other));
  EXPECT_EQ(audit_line(one).substr(0, 14), R"({"at":3600000,)");
}

TEST(Truth, IsRefusedWhereItCannotStand) {
  const twin::record::ScratchFolder scratch("plant_truth");
  std::ofstream(scratch.path() / "file") << "x";
  const std::string place = (scratch.path() / "file" / "truth").string();
  EXPECT_EQ(twin::contract::refusal([&] { Truth truth(place, {}); }),
            place + ": folder cannot be made (Not a directory)");
}

}  // namespace
}  // namespace apps::plant
