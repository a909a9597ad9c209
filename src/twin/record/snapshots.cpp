#include "twin/record/snapshots.hpp"

#include <fmt/format.h>
#include <zstd.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "twin/core/error.hpp"
#include "twin/core/hash.hpp"

namespace twin::record {
namespace {

// Magic, version, journal, index, bytes of the state, XXH64 of the state, the compressed state, XXH64
// of all that precedes it.
constexpr std::array<std::uint8_t, 8> SnapshotsMagic = {0x89, 'F',  'T',  'S',
                                                        '\r', '\n', 0x1A, '\n'};
constexpr std::uint32_t Version = 1;
constexpr std::size_t HeaderBytes = 8 + 4 + 16 + 8 + 8 + 8, CheckBytes = 8;
constexpr std::size_t SnapshotIndexDigits = 20;
constexpr std::string_view SnapshotsSuffix = ".snap";

// The index in NAME.INDEX.snap; nothing for any other file.
std::optional<std::uint64_t> index_of(std::string_view file, std::string_view name) {
  if (file.size() != name.size() + 1 + SnapshotIndexDigits + SnapshotsSuffix.size() ||
      !file.starts_with(name) || file[name.size()] != '.' || !file.ends_with(SnapshotsSuffix))
    return std::nullopt;
  const std::string_view digits = file.substr(name.size() + 1, SnapshotIndexDigits);
  std::uint64_t index = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return index;
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

Bytes header_of(const JournalId& id, std::uint64_t index, std::span<const std::uint8_t> state) {
  Bytes out(SnapshotsMagic.begin(), SnapshotsMagic.end());
  out.resize(out.size() + 4);
  put_little32(out.data() + 8, Version);
  out.insert(out.end(), id.begin(), id.end());
  append_little64(out, index);
  append_little64(out, state.size());
  append_little64(out, core::hash64(state.data(), state.size()));
  return out;
}

}  // namespace

Snapshots::Snapshots(Disk& disk, const std::string& journal_folder, const JournalId& id,
                     SnapshotOptions options)
    : disk_(disk), folder_(journal_folder + "/snapshots"), id_(id), options_(options) {}

std::string Snapshots::file_of(std::string_view name, std::uint64_t index) {
  return fmt::format("{}.{:0{}}{}", name, index, SnapshotIndexDigits, SnapshotsSuffix);
}

void Snapshots::save(std::string_view name, std::uint64_t index,
                     std::span<const std::uint8_t> bytes) {
  if (!is_name(name)) {
    throw core::Error("'" + std::string(name) +
                      "' is no name of a snapshot (1 to 64 of a-z, 0-9, - and _)");
  }
  if (bytes.size() > options_.bytes_max) {
    throw core::Error("a snapshot of " + std::to_string(bytes.size()) + " bytes (at most " +
                      std::to_string(options_.bytes_max) + " are kept)");
  }
  disk_.make_folder(folder_);
  Bytes all = header_of(id_, index, bytes);
  const std::size_t room = ZSTD_compressBound(bytes.size());
  all.resize(HeaderBytes + room);
  const std::size_t used =
      ZSTD_compress(all.data() + HeaderBytes, room, bytes.data(), bytes.size(), options_.level);
  if (ZSTD_isError(used) != 0)
    throw core::Error(std::string("a snapshot cannot be compressed (") + ZSTD_getErrorName(used) +
                      ")");
  all.resize(HeaderBytes + used);
  append_little64(all, core::hash64(all.data(), all.size()));
  replace_file(disk_, folder_, file_of(name, index), all);
  const auto there = indexes(name);
  for (std::size_t i = 0; i + options_.keep < there.size(); ++i)
    disk_.remove(folder_ + "/" + file_of(name, there[i]));
}

std::vector<std::uint64_t> Snapshots::indexes(std::string_view name) const {
  std::vector<std::uint64_t> all;
  if (!disk_.exists(folder_)) return all;
  for (const std::string& file : disk_.list(folder_)) {
    if (const auto index = index_of(file, name)) all.push_back(*index);
  }
  return all;
}

std::vector<std::string> Snapshots::names() const {
  std::set<std::string> all;
  if (!disk_.exists(folder_)) return {};
  for (const std::string& file : disk_.list(folder_)) {
    const std::string name = file.substr(0, file.find('.'));
    if (is_name(name) && index_of(file, name)) all.insert(name);
  }
  return {all.begin(), all.end()};
}

Bytes Snapshots::read(const std::string& file, std::uint64_t index) const {
  const std::string path = folder_ + "/" + file;
  const auto refuse = [&](const std::string& why) -> core::Error {
    return core::Error(path + ": the snapshot cannot be used (" + why + ")");
  };
  const Bytes all =
      read_all(disk_, path, ZSTD_compressBound(options_.bytes_max) + HeaderBytes + CheckBytes);
  if (all.size() < HeaderBytes + CheckBytes) throw refuse("it ends within its header");
  if (!std::equal(SnapshotsMagic.begin(), SnapshotsMagic.end(), all.begin()))
    throw refuse("it is none");
  const std::size_t checked = all.size() - CheckBytes;
  if (get_little64(all.data() + checked) != core::hash64(all.data(), checked))
    throw refuse("its check is wrong");
  const std::uint8_t* const frame = all.data() + HeaderBytes;
  const std::size_t frame_bytes = checked - HeaderBytes;
  if (const auto version = get_little32(all.data() + 8); version != Version)
    throw refuse("it is of version " + std::to_string(version));
  if (!std::equal(id_.begin(), id_.end(), all.begin() + 12)) throw refuse("of another journal");
  if (get_little64(all.data() + 28) != index) throw refuse("of another entry than its name says");
  const std::uint64_t bytes = get_little64(all.data() + 36);
  if (bytes > options_.bytes_max) throw refuse("it is too large");
  // zstd says how large a frame is before any of it is unpacked; it must say what the header says.
  if (ZSTD_getFrameContentSize(frame, frame_bytes) != bytes) throw refuse("its length is wrong");
  Bytes state(bytes);
  const std::size_t got = ZSTD_decompress(state.data(), state.size(), frame, frame_bytes);
  if (ZSTD_isError(got) != 0) throw refuse(ZSTD_getErrorName(got));
  if (got != bytes || core::hash64(state.data(), state.size()) != get_little64(all.data() + 44))
    throw refuse("the check of the state is wrong");
  return state;
}

NewestSnapshot Snapshots::newest(std::string_view name, std::uint64_t index_max) const {
  const auto all = indexes(name);
  NewestSnapshot newest;
  for (auto index = all.rbegin(); index != all.rend(); ++index) {
    if (*index > index_max) continue;
    try {
      newest.found = Snapshot{.index = *index, .bytes = read(file_of(name, *index), *index)};
      return newest;
    } catch (const core::Error& e) {
      newest.skipped.emplace_back(e.what());
    }
  }
  return newest;
}

}  // namespace twin::record
