#include "twin/record/segment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "twin/core/expect.hpp"
#include "twin/core/hash.hpp"

namespace twin::record {
namespace {

// The first byte is no text, and a transfer that changes line ends spoils the rest (as in PNG).
constexpr std::array<std::uint8_t, 8> SegmentMagic = {0x89, 'F', 'T', 'J', '\r', '\n', 0x1A, '\n'};
constexpr std::size_t FixedBytes = 8 + 4 + 4;      // magic, schema, bytes of the header
constexpr std::size_t HeaderBytesMax = 64U << 10;  // a longer one is a damaged length
constexpr std::size_t WindowBytes = 1U << 20;      // read at once

Bytes encode_segment(const Origin& origin) {
  Bytes out;
  append_varint(out, origin.head.seed);
  append_varint(out, origin.head.configuration);
  append_varint(out, zigzag(static_cast<std::uint64_t>(origin.created)));
  append_varint(out, origin.salt);
  append_varint(out, origin.head.model_version.size());
  out.insert(out.end(), origin.head.model_version.begin(), origin.head.model_version.end());
  out.push_back(origin.parent ? 1 : 0);
  if (origin.parent) {
    out.insert(out.end(), origin.parent->id.begin(), origin.parent->id.end());
    append_varint(out, origin.parent->head.entries);
    out.insert(out.end(), origin.parent->head.chain.begin(), origin.parent->head.chain.end());
  }
  return out;
}

// Takes bytes off the front; ok() is false for ever once there were too few.
class Take {
 public:
  explicit Take(std::span<const std::uint8_t> bytes)
      : at_(bytes.data()), end_(at_ + bytes.size()) {}
  std::uint64_t varint() {
    std::uint64_t value = 0;
    if (at_ != nullptr) at_ = get_varint(at_, end_, value);
    return value;
  }
  std::span<const std::uint8_t> bytes(std::uint64_t count) {
    if (at_ != nullptr && count > static_cast<std::uint64_t>(end_ - at_)) at_ = nullptr;
    if (at_ == nullptr) return {};
    at_ += count;
    return {at_ - count, static_cast<std::size_t>(count)};
  }
  template <class A>
  void array(A& out) {
    const auto from = bytes(out.size());
    if (at_ != nullptr) std::ranges::copy(from, out.begin());
  }
  std::uint64_t word() {
    const auto from = bytes(8);
    return at_ != nullptr ? get_little64(from.data()) : 0;
  }
  [[nodiscard]] bool ok() const { return at_ != nullptr; }
  [[nodiscard]] bool done() const { return at_ == end_; }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

bool take_origin(Take& take, Origin& origin) {
  origin.head.seed = take.varint();
  origin.head.configuration = take.varint();
  origin.created = static_cast<core::Tick>(unzigzag(take.varint()));
  origin.salt = take.varint();
  const auto version = take.bytes(take.varint());
  origin.head.model_version.assign(version.begin(), version.end());
  const auto has_parent = take.bytes(1);
  if (!take.ok() || has_parent[0] > 1) return false;
  if (has_parent[0] == 0) return true;
  Parent& parent = origin.parent.emplace();
  take.array(parent.id);
  parent.head.entries = take.varint();
  take.array(parent.head.chain);
  return take.ok();
}

bool number_of(std::string_view digits, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() && end == digits.data() + digits.size();
}

constexpr std::size_t NumberDigits = 10, IndexDigits = 20;
constexpr std::string_view Suffix = ".fbj";

}  // namespace

Digest genesis_of(const Origin& origin) { return sha256(encode_segment(origin)); }

JournalId id_of(const Origin& origin) {
  JournalId id{};
  const Digest all = genesis_of(origin);
  std::copy_n(all.begin(), id.size(), id.begin());
  return id;
}

std::uint64_t check_seed_of(const JournalId& id) { return get_little64(id.data()); }

std::string to_string(const SegmentName& name) {
  return fmt::format("{:0{}}-{:0{}}{}", name.number, NumberDigits, name.first_index, IndexDigits,
                     Suffix);
}

std::optional<SegmentName> segment_name_of(std::string_view file) {
  SegmentName name;
  if (file.size() != NumberDigits + 1 + IndexDigits + Suffix.size() || !file.ends_with(Suffix) ||
      file[NumberDigits] != '-' || !number_of(file.substr(0, NumberDigits), name.number) ||
      !number_of(file.substr(NumberDigits + 1, IndexDigits), name.first_index))
    return std::nullopt;
  return name;
}

std::vector<SegmentName> segments_in(Disk& disk, const std::string& folder) {
  std::vector<SegmentName> all;
  if (!disk.exists(folder)) return all;
  for (const std::string& file : disk.list(folder)) {
    if (file == UnfinishedCopy)
      throw core::Error(folder + ": a copy of a journal that was not finished; copy it again?");
    if (const auto name = segment_name_of(file)) all.push_back(*name);
  }
  std::ranges::sort(all);
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].number == all[i - 1].number + 1) continue;
    const bool twice = all[i].number == all[i - 1].number;
    throw core::Error(
        folder + ": segment " + std::to_string(twice ? all[i].number : all[i - 1].number + 1) +
        (twice ? " is there twice (" : " is missing (between ") + to_string(all[i - 1]) + " and " +
        to_string(all[i]) + "); is there a backup?");
  }
  return all;
}

JournalDamaged::JournalDamaged(std::string segment, std::uint64_t offset, const std::string& why)
    : Error(segment + ", byte " + std::to_string(offset) + ": the journal is damaged (" + why +
            "); restore it from a backup?"),
      segment_(std::move(segment)),
      offset_(offset) {}

Bytes SegmentHeader::encode() const {
  Bytes out(SegmentMagic.begin(), SegmentMagic.end());
  out.resize(FixedBytes);
  put_little32(out.data() + 8, schema);
  append_little64(out, name.number);
  append_little64(out, name.first_index);
  append_little64(out, static_cast<std::uint64_t>(latest));
  out.insert(out.end(), before.chain.begin(), before.chain.end());
  const Bytes rest = encode_segment(origin);
  out.insert(out.end(), rest.begin(), rest.end());
  put_little32(out.data() + 12, static_cast<std::uint32_t>(out.size() + 8));
  append_little64(out, core::hash64(out.data(), out.size()));
  return out;
}

constexpr std::uint32_t AnySchema = std::numeric_limits<std::uint32_t>::max();

std::uint32_t SegmentReader::schema_of(Disk& disk, const std::string& folder,
                                       const SegmentName& name) {
  return SegmentReader(disk, folder, name, AnySchema).header_.schema;
}

// What every schema has in common: the magic number, the schema, the length and check of the header.
// Answers its length.
std::uint32_t SegmentReader::checked_header() {
  const auto damaged = [&](std::uint64_t offset, const std::string& why) {
    throw JournalDamaged(name_, offset, why);
  };
  if (!window(0, FixedBytes)) damaged(0, "it ends within its header");
  if (!std::equal(SegmentMagic.begin(), SegmentMagic.end(), at(0)))
    damaged(0, "it does not begin as a segment");
  header_.schema = get_little32(at(8));
  const std::uint32_t bytes = get_little32(at(12));
  if (bytes < FixedBytes + 8 || bytes > HeaderBytesMax)
    damaged(12, "a header of " + std::to_string(bytes) + " bytes");
  if (!window(0, bytes)) damaged(0, "it ends within its header");
  if (get_little64(at(bytes - 8)) != core::hash64(at(0), bytes - 8))
    damaged(0, "the check of its header is wrong");
  return bytes;
}

SegmentReader::SegmentReader(Disk& disk, const std::string& folder, const SegmentName& name,
                             std::uint32_t schema)
    : file_(disk.open(folder + "/" + to_string(name), Access::Read)), name_(to_string(name)) {
  const auto damaged = [&](std::uint64_t offset, const std::string& why) {
    throw JournalDamaged(name_, offset, why);
  };
  const std::uint32_t bytes = checked_header();
  if (schema != AnySchema && header_.schema != schema) {
    const bool newer = header_.schema > SchemaVersion;
    throw core::Error(name_ + ": a journal of schema " + std::to_string(header_.schema) +
                      " (this program " + (newer ? "reads " : "writes ") +
                      std::to_string(SchemaVersion) +
                      (newer ? "); is there a newer program?" : "); write it anew by 'migrate'?"));
  }
  if (schema == AnySchema) return;
  Take take({at(FixedBytes), bytes - 8 - FixedBytes});
  header_.name.number = take.word();
  header_.name.first_index = take.word();
  header_.latest = static_cast<core::Tick>(take.word());
  header_.before.entries = header_.name.first_index;
  take.array(header_.before.chain);
  if (!take_origin(take, header_.origin) || !take.done())
    damaged(FixedBytes, "its header cannot be read");
  if (header_.name != name) damaged(FixedBytes, "its header says " + to_string(header_.name));
  check_seed_ = check_seed_of(id_of(header_.origin));
  offset_ = bytes;
}

bool SegmentReader::window(std::uint64_t offset, std::size_t bytes) {
  const std::uint64_t window_end = window_begin_ + window_.size();
  if (offset >= window_begin_ && offset + bytes <= window_end) return true;
  const std::uint64_t size = file_->size();
  const std::uint64_t left = size > offset ? size - offset : 0;
  window_.resize(
      static_cast<std::size_t>(std::min<std::uint64_t>(left, std::max(bytes, WindowBytes))));
  window_begin_ = offset;
  window_.resize(file_->read(offset, window_));
  return window_.size() >= bytes;
}

SegmentReader::Step SegmentReader::header_at_offset(BlockHeader& header) {
  why_.clear();
  if (!window(offset_, BlockHeader::Bytes))
    return window_.empty() ? Step::End : judge("a block's header is not whole");
  const auto found = BlockHeader::get(at(offset_), check_seed_);
  if (!found) return judge("the check of a block's header is wrong");
  header = *found;
  return Step::Block;
}

SegmentReader::Step SegmentReader::next(BlockView& block) {
  Step step = block_at_offset(block);
  while (std::exchange(again_, false)) step = block_at_offset(block);
  return step;
}

SegmentReader::Step SegmentReader::block_at_offset(BlockView& block) {
  if (const Step step = header_at_offset(block.header); step != Step::Block) return step;
  const BlockHeader& h = block.header;
  // Lengths are believed only as far as the file goes: a damaged one must not make us allocate.
  const std::uint64_t whole = h.whole_bytes();
  const std::uint64_t size = file_->size();
  if (offset_ > size || whole > size - offset_ || !window(offset_, static_cast<std::size_t>(whole)))
    return judge("a block is not whole");
  const std::uint8_t* const parts = at(offset_) + BlockHeader::Bytes;
  block.offset = offset_;
  block.entries = {parts, h.entries_bytes};
  block.raw = {parts + h.entries_bytes, h.raw_bytes};
  if (get_little32(parts + h.entries_bytes + h.raw_bytes) != BlockHeader::EndMark)
    return judge("a block's end mark is wrong");
  if (block_check(block.entries, block.raw, check_seed_) != h.check)
    return judge("the check of a block is wrong");
  offset_ += whole;
  return Step::Block;
}

SegmentReader::Step SegmentReader::skip(BlockHeader& header) {
  for (;;) {
    Step step = header_at_offset(header);
    const std::uint64_t size = file_->size();
    if (step == Step::Block && (offset_ > size || header.whole_bytes() > size - offset_))
      step = judge("a block is not whole");
    if (std::exchange(again_, false)) continue;
    if (step == Step::Block) offset_ += header.whole_bytes();
    return step;
  }
}

Bytes SegmentReader::rest() const {
  const std::uint64_t size = file_->size();
  Bytes all(size > offset_ ? static_cast<std::size_t>(size - offset_) : 0);
  all.resize(file_->read(offset_, all));
  return all;
}

// A writer may have finished the block, and begun the next one, while this looked: before it is
// called damaged, it is looked at once more.
SegmentReader::Step SegmentReader::judge(const std::string& why) {
  why_ = why;
  window_.clear();  // what is there may become whole: it is read anew
  const Step step = judge_rest(rest());
  if (step == Step::Damaged) again_ = whole_block_at(rest(), 0);
  return step;
}

// What stands at offset_ is no whole block. It is an unfinished write only if nothing whole stands
// behind it (each block is synced before the next is begun: nothing at all, if its length is known)
// and if it has a hole where a sector never reached the disk: the file is too short, or a sector's
// part of it is all zeros. A changed bit leaves no such hole.
SegmentReader::Step SegmentReader::judge_rest(std::span<const std::uint8_t> rest) const {
  constexpr std::uint64_t SectorBytes = 512;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == (BlockHeader::Magic & 0xFF) && whole_block_at(rest, i)) return Step::Damaged;
  }
  if (rest.size() < BlockHeader::Bytes) return Step::Torn;
  const auto header = BlockHeader::get(rest.data(), check_seed_);
  if (header && header->whole_bytes() > rest.size()) return Step::Torn;
  if (header && header->whole_bytes() < rest.size()) return Step::Damaged;  // it was synced once
  for (std::uint64_t from = 0; from < rest.size();) {
    const std::uint64_t to =
        std::min<std::uint64_t>(rest.size(), from + SectorBytes - (offset_ + from) % SectorBytes);
    if (std::all_of(rest.begin() + static_cast<std::ptrdiff_t>(from),
                    rest.begin() + static_cast<std::ptrdiff_t>(to),
                    [](std::uint8_t b) { return b == 0; }))
      return Step::Torn;
    from = to;
  }
  return Step::Damaged;
}

bool SegmentReader::whole_block_at(std::span<const std::uint8_t> rest, std::size_t at) const {
  if (rest.size() - at < BlockHeader::Bytes) return false;
  const auto header = BlockHeader::get(rest.data() + at, check_seed_);
  if (!header || header->whole_bytes() > rest.size() - at) return false;
  const auto entries = rest.subspan(at + BlockHeader::Bytes, header->entries_bytes);
  const auto raw = rest.subspan(at + BlockHeader::Bytes + header->entries_bytes, header->raw_bytes);
  return get_little32(raw.data() + raw.size()) == BlockHeader::EndMark &&
         block_check(entries, raw, check_seed_) == header->check;
}

}  // namespace twin::record
