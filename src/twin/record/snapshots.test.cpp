// If these failed, the twin would start again from a wrong state, or from none although there is one.
#include "twin/record/snapshots.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/record/example.hpp"
#include "twin/record/simulated_disk.hpp"

namespace twin::record {
namespace {

const JournalId Id = id_of(example_origin());

Bytes state(std::uint64_t seed, std::size_t bytes = 3000) {
  const core::Draw draw{.seed = seed};
  Bytes out(bytes);
  for (std::size_t i = 0; i < bytes; ++i)
    out[i] = static_cast<std::uint8_t>(draw.block(1, 0, static_cast<std::uint32_t>(i / 9))[0]);
  return out;
}

// A state that comes back changed, an older one, or one from behind the moment that is asked for.
TEST(Snapshots, TheNewestComesBack) {
  SimulatedDisk disk(1);
  Snapshots snapshots(disk, "j", Id, {.keep = 10});
  EXPECT_FALSE(snapshots.newest("belief").found);
  for (const std::uint64_t index : {10U, 200U, 30U}) snapshots.save("belief", index, state(index));
  snapshots.save("mirror", 500, {});
  EXPECT_EQ(snapshots.newest("belief").found->index, 200U);
  EXPECT_EQ(snapshots.newest("belief").found->bytes, state(200));
  EXPECT_EQ(snapshots.newest("belief", 199).found->bytes, state(30));
  EXPECT_FALSE(snapshots.newest("belief", 9).found);
  EXPECT_TRUE(snapshots.newest("mirror").found->bytes.empty());
  EXPECT_EQ(snapshots.names(), (std::vector<std::string>{"belief", "mirror"}));
  EXPECT_EQ(snapshots.indexes("belief"), (std::vector<std::uint64_t>{10, 30, 200}));
}

// A disk that fills with states, or a newest one that is removed.
TEST(Snapshots, KeepsTheNewest) {
  SimulatedDisk disk(1);
  Snapshots snapshots(disk, "j", Id, {.keep = 2});
  for (std::uint64_t i = 0; i < 10; ++i) snapshots.save("belief", i, state(i));
  EXPECT_EQ(snapshots.indexes("belief"), (std::vector<std::uint64_t>{8, 9}));
}

// A changed state that is believed: every bit is tried (C4 test 5).
TEST(Snapshots, EveryFlipIsFoundAndTheOlderOneIsTaken) {
  SimulatedDisk disk(1);
  Snapshots snapshots(disk, "j", Id);
  snapshots.save("belief", 5, state(5));
  snapshots.save("belief", 7, state(7, 400));
  const std::string path = "j/snapshots/" + Snapshots::file_of("belief", 7);
  const Bytes good = disk.bytes(path);
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    disk.set_bytes(path, good);
    disk.flip(path, bit);
    const NewestSnapshot newest = snapshots.newest("belief");
    ASSERT_EQ(newest.found->index, 5U) << bit;
    ASSERT_EQ(newest.skipped.size(), 1U);
  }
  for (std::size_t n = 0; n < good.size(); ++n) {
    disk.set_bytes(path, Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n)));
    ASSERT_EQ(snapshots.newest("belief").found->index, 5U) << n;
  }
  EXPECT_EQ(
      snapshots.newest("belief").skipped,
      (std::vector<std::string>{path + ": the snapshot cannot be used (its check is wrong)"}));
}

// A state of another journal, whose indexes mean something else.
TEST(Snapshots, OfAnotherJournalAreSkipped) {
  SimulatedDisk disk(1);
  Snapshots(disk, "j", id_of(example_origin(2))).save("belief", 5, state(5));
  const NewestSnapshot newest = Snapshots(disk, "j", Id).newest("belief");
  EXPECT_FALSE(newest.found);
  EXPECT_EQ(newest.skipped, (std::vector<std::string>{
                                "j/snapshots/belief.00000000000000000005.snap: the snapshot cannot "
                                "be used (of another journal)"}));
}

// A stop while a state is saved that costs the one before.
TEST(Snapshots, SavingIsWholeOrNothing) {
  bool stopped = true;
  for (std::uint64_t n = 0; stopped; ++n) {
    SimulatedDisk disk(n);
    Snapshots snapshots(disk, "j", Id, {.keep = 1});
    snapshots.save("belief", 5, state(5));
    disk.stop_at(disk.operations() + n);
    stopped = false;
    try {
      snapshots.save("belief", 7, state(7));
    } catch (const Stopped&) {
      stopped = true;
    }
    disk.power_cut();
    const NewestSnapshot newest = snapshots.newest("belief");
    ASSERT_TRUE(newest.found);
    EXPECT_TRUE(newest.skipped.empty());
    EXPECT_EQ(newest.found->bytes, state(newest.found->index));
    if (!stopped) {
      EXPECT_EQ(newest.found->index, 7U);
    }
  }
}

TEST(Snapshots, SayWhatTheyRefuse) {
  SimulatedDisk disk(1);
  Snapshots snapshots(disk, "j", Id, {.bytes_max = 10});
  EXPECT_EQ(contract::refusal([&] { snapshots.save("../x", 1, {}); }),
            "'../x' is no name of a snapshot (1 to 64 of a-z, 0-9, - and _)");
  EXPECT_EQ(contract::refusal([&] { snapshots.save("x", 1, Bytes(11)); }),
            "a snapshot of 11 bytes (at most 10 are kept)");
}

}  // namespace
}  // namespace twin::record
