// Any bytes as a segment of a journal, and as the entries of a block: what can be read of them can be
// written again and comes back equal. The checks would stop nearly all inputs, so the second turn
// puts the input's bytes into a block whose checks are right.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "twin/record/entry_codec.hpp"
#include "twin/record/journal.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/sequences.hpp"
#include "twin/record/simulated_disk.hpp"
#include "twin/record/snapshots.hpp"
#include "twin/record/verify.hpp"

namespace {

using namespace twin::record;

void must(bool condition) {
  if (!condition) std::abort();
}

void read_segment(const Bytes& bytes) {
  SimulatedDisk disk(1);
  const std::string path = "j/" + to_string(SegmentName{});
  disk.set_bytes(path, bytes);
  std::uint64_t count = 0;
  bool damaged = false;
  try {
    Reader reader(disk, "j");
    for (EntryView view; reader.next(view); ++count) (void)view.entry();
  } catch (const twin::core::Error&) {
    damaged = true;
  }
  try {
    const Verdict verdict = verify(disk, "j");
    must(!damaged || !verdict.good());
  } catch (const twin::core::Error&) {
  }
  try {
    must(Journal::open(disk, "j")->size() >= count);
  } catch (const twin::core::Error&) {
  }
}

void decode_entries(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 2) return;
  const std::size_t raw = std::min<std::size_t>(bytes[1], bytes.size() - 2);
  EntryDecoder decoder(bytes.subspan(2, bytes.size() - 2 - raw), bytes.last(raw), Raw::Kept, 0,
                       bytes[0]);
  EntryEncoder again;
  for (EntryView view; decoder.next(view);) again.add(view.entry());
  if (decoder.damaged()) return;
  // One form for each entry: what was read is what is written.
  must(std::ranges::equal(again.entries(), bytes.subspan(2, bytes.size() - 2 - raw)));
  must(std::ranges::equal(again.raw(), bytes.last(raw)));
}

void sealed_block(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 2) return;
  const Origin origin{.head = {.seed = 1, .model_version = "fuzz"}};
  Bytes all = SegmentHeader{.latest = NothingArrived,
                            .before = {.entries = 0, .chain = genesis_of(origin)},
                            .origin = origin}
                  .encode();
  const std::size_t raw = std::min<std::size_t>(bytes[1], bytes.size() - 2);
  Sha256 hash;
  put_block(all, {.entries = 0, .chain = genesis_of(origin)},
            {.count = bytes[0],
             .latest = 1,
             .entries = bytes.subspan(2, bytes.size() - 2 - raw),
             .raw = bytes.last(raw)},
            check_seed_of(id_of(origin)), hash);
  read_segment(all);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> bytes(data, size);
  read_segment(Bytes(bytes.begin(), bytes.end()));
  decode_entries(bytes);
  sealed_block(bytes);
  if (const auto sequences = Sequences::decode(bytes))
    must(std::ranges::equal(sequences->encode(), bytes));
  return 0;
}
