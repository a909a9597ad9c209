// The files of a journal: segments, named by number and first index, each beginning with a header
// that says which journal it belongs to and what the entries mean nothing without. The blocks of a
// segment are read through a window that checks each one.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/record.hpp"
#include "twin/record/block.hpp"
#include "twin/record/disk.hpp"

namespace twin::record {

inline constexpr std::uint32_t SchemaVersion = 1;  // of what this program writes

using JournalId = std::array<std::uint8_t, 16>;

struct Parent {  // where a fork left
  JournalId id{};
  ChainHead head = {};
  bool operator==(const Parent&) const = default;
};

struct Origin {  // what a journal is told when it is made, and never changes
  core::Head head = {};
  core::Tick created = 0;  // [ms since 1970]
  std::uint64_t salt = 0;  // tells journals apart that were made alike in one millisecond
  std::optional<Parent> parent = {};
  bool operator==(const Origin&) const = default;
};

// The journal's name among all: the first half of the SHA-256 of its origin, of which the whole is
// the chain before its first block.
[[nodiscard]] Digest genesis_of(const Origin& origin);
[[nodiscard]] JournalId id_of(const Origin& origin);
[[nodiscard]] std::uint64_t check_seed_of(const JournalId& id);

struct SegmentName {
  std::uint64_t number = 0;  // 0, 1, 2, ...: a segment that is missing shows
  std::uint64_t first_index = 0;
  auto operator<=>(const SegmentName&) const = default;
};
[[nodiscard]] std::string to_string(
    const SegmentName& name);  // "0000000003-000000000000123456.fbj"
[[nodiscard]] std::optional<SegmentName> segment_name_of(std::string_view file);
// A file that stands in a folder while a journal is copied into it.
inline constexpr std::string_view UnfinishedCopy = "unfinished-copy";
// The segments in a folder, in order; none where there is no such folder. Throws core::Error if a
// number is missing or is there twice, or if the journal is an unfinished copy.
[[nodiscard]] std::vector<SegmentName> segments_in(Disk& disk, const std::string& folder);

struct SegmentHeader {
  std::uint32_t schema = SchemaVersion;
  SegmentName name = {};
  core::Tick latest = 0;  // latest arrival in all segments before
  ChainHead before = {};  // the chain in front of its first block
  Origin origin = {};
  bool operator==(const SegmentHeader&) const = default;

  [[nodiscard]] Bytes encode() const;
};

// A journal's bytes that are not as they were written. The message has the segment and the offset.
class JournalDamaged : public core::Error {
 public:
  JournalDamaged(std::string segment, std::uint64_t offset, const std::string& why);
  [[nodiscard]] const std::string& segment() const noexcept { return segment_; }
  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }  // [bytes]

 private:
  std::string segment_;
  std::uint64_t offset_;
};

class SegmentReader {
 public:
  // Reads the header. Throws JournalDamaged, core::Error for another schema, DiskError. The name is
  // the one of the file, which the header must repeat.
  SegmentReader(Disk& disk, const std::string& folder, const SegmentName& name,
                std::uint32_t schema = SchemaVersion);
  // The schema that the file's header says, whichever it is.
  [[nodiscard]] static std::uint32_t schema_of(Disk& disk, const std::string& folder,
                                               const SegmentName& name);

  enum class Step : std::uint8_t {
    Block,    // a whole one
    End,      // the file ends here
    Torn,     // what follows is an unfinished write: nothing whole stands behind it
    Damaged,  // anything else that is wrong: why() says what
  };
  // The next block, valid until the next call. After End and Torn the file may have grown, and it
  // can be called again.
  Step next(BlockView& block);
  // As next, of the header alone: the parts are neither read nor checked.
  Step skip(BlockHeader& header);
  // To where a block begins: an earlier offset().
  void go_to(std::uint64_t offset) { offset_ = offset; }

  [[nodiscard]] const SegmentHeader& header() const { return header_; }
  [[nodiscard]] std::uint64_t offset() const { return offset_; }  // behind the last block [bytes]
  [[nodiscard]] std::uint64_t bytes() const { return file_->size(); }
  [[nodiscard]] const std::string& why() const { return why_; }
  [[nodiscard]] const std::string& file_name() const { return name_; }

 private:
  std::uint32_t checked_header();
  bool window(std::uint64_t offset, std::size_t bytes);  // false: the file has fewer
  [[nodiscard]] const std::uint8_t* at(std::uint64_t offset) const {
    return window_.data() + (offset - window_begin_);
  }
  Step header_at_offset(BlockHeader& header);
  Step block_at_offset(BlockView& block);
  Step judge(const std::string& why);
  [[nodiscard]] Bytes rest() const;
  [[nodiscard]] Step judge_rest(std::span<const std::uint8_t> rest) const;
  [[nodiscard]] bool whole_block_at(std::span<const std::uint8_t> rest, std::size_t at) const;

  std::unique_ptr<File> file_;
  std::string name_;
  SegmentHeader header_;
  std::uint64_t check_seed_ = 0;
  std::uint64_t offset_ = 0;
  Bytes window_;
  std::uint64_t window_begin_ = 0;
  std::string why_;
  bool again_ = false;  // the block has become whole while it was judged
};

}  // namespace twin::record
