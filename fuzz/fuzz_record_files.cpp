// Any bytes as what lies beside a journal's segments: snapshots, daily heads, hashes of removed
// blocks. The first byte says which; checks are made right, so that what they guard is reached.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/hash.hpp"
#include "twin/record/daily_heads.hpp"
#include "twin/record/retired.hpp"
#include "twin/record/simulated_disk.hpp"
#include "twin/record/snapshots.hpp"

namespace {

using namespace twin::record;  // NOLINT(google-build-using-namespace)

constexpr std::uint64_t Index = 3;

Bytes checked(std::span<const std::uint8_t> bytes) {
  Bytes all(bytes.begin(), bytes.end());
  append_little64(all, twin::core::hash64(all.data(), all.size()));
  return all;
}

void snapshot(const Bytes& file) {
  SimulatedDisk disk(1);
  disk.set_bytes("j/snapshots/" + Snapshots::file_of("twin", Index), file);
  Snapshots snapshots(disk, "j", {}, {.bytes_max = 1U << 20});
  const auto newest = snapshots.newest("twin");
  TWIN_ENSURE(newest.found.has_value() != (newest.skipped.size() == 1));
  if (!newest.found) return;
  snapshots.save("again", Index, newest.found->bytes);
  TWIN_ENSURE(snapshots.newest("again").found->bytes == newest.found->bytes);
}

// A snapshot of any compressed bytes whose header says how much they become.
Bytes framed(std::span<const std::uint8_t> bytes) {
  static const Bytes header = [] {
    SimulatedDisk disk(1);
    Snapshots(disk, "j", {}).save("twin", Index, Bytes(40, 1));
    Bytes whole = disk.bytes("j/snapshots/" + Snapshots::file_of("twin", Index));
    whole.resize(52);  // [bytes] magic to the check of the state
    return whole;
  }();
  Bytes all = header;
  if (!bytes.empty()) put_little64(all.data() + 36, bytes[0]);
  all.insert(all.end(), bytes.begin(), bytes.end());
  return checked(all);
}

void heads(std::string_view text) {
  std::string lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    try {
      const DailyHead head = daily_head_of(line);
      TWIN_ENSURE(daily_head_of(to_string(head)) == head);
    } catch (const twin::core::Error&) {
    }
    lines += std::string(line) + " ";
    const std::uint64_t check = twin::core::hash64(line.data(), line.size());
    for (int digit = 15; digit >= 0; --digit) lines += "0123456789abcdef"[check >> 4 * digit & 15];
    lines += '\n';
  }
  SimulatedDisk disk(1);
  disk.set_bytes("j/daily-heads.txt", Bytes(lines.begin(), lines.end()));
  try {
    DailyHeads all(disk, "j");
    all.add({.day = 1, .head = {}});
    const DailyHeads again(disk, "j");
    TWIN_ENSURE(again.heads().size() == all.heads().size());
  } catch (const twin::core::Error&) {
  }
}

void removed(const Bytes& file) {
  SimulatedDisk disk(1);
  disk.set_bytes("j/retired.hashes", file);
  try {
    const auto blocks = read_retired(disk, "j");
    static_cast<void>(retired_up_to(blocks, {}, {.entries = 5, .chain = {}}));
    write_retired(disk, "j", blocks);
    TWIN_ENSURE(read_retired(disk, "j").size() == blocks.size());
  } catch (const twin::core::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span<const std::uint8_t> bytes(data + 1, size - 1);
  switch (data[0] % 4) {
    case 0: snapshot(checked(bytes)); break;
    case 1: snapshot(framed(bytes)); break;
    case 2: heads({reinterpret_cast<const char*>(bytes.data()), bytes.size()}); break;
    default: removed(checked(bytes)); break;
  }
  return 0;
}
