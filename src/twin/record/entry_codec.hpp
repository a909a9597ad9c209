// The entries of a block as bytes, schema 1: small differences of times, and the raw bytes apart.
// The coding is its own, not the archive's: ten times faster, and it must be readable for ever.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "twin/core/record.hpp"
#include "twin/record/coding.hpp"
#include "twin/record/entry_view.hpp"

namespace twin::record {

inline constexpr std::size_t EntryBytesMax = 64U << 20;  // of one entry, raw bytes included

class EntryEncoder {
 public:
  // Throws core::Error if the entry is larger than EntryBytesMax, and then adds nothing.
  void add(const core::Entry& entry);
  void clear();

  struct Mark {  // where it stood
    std::size_t entries = 0, raw = 0;
    std::uint64_t previous = 0;
    core::Tick latest = 0;
    std::uint32_t count = 0;
  };
  [[nodiscard]] Mark mark() const;
  void back_to(const Mark& mark) noexcept;  // forgets what was added since

  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] std::size_t bytes() const { return entries_.size() + raw_.size(); }
  [[nodiscard]] const Bytes& entries() const { return entries_; }
  [[nodiscard]] const Bytes& raw() const { return raw_; }
  // The latest arrival in it; core::Tick's least value if none has arrived.
  [[nodiscard]] core::Tick latest() const { return latest_; }

 private:
  Bytes entries_;
  Bytes raw_;
  std::uint64_t previous_ = 0;  // arrival of the entry before, as bits
  core::Tick latest_;
  std::uint32_t count_ = 0;

 public:
  EntryEncoder();
};

class EntryDecoder {
 public:
  EntryDecoder() = default;
  // Of a block's two parts; `raw_state` says whether the raw bytes are there (Kept) or Dropped.
  EntryDecoder(std::span<const std::uint8_t> entries, std::span<const std::uint8_t> raw,
               Raw raw_state, std::uint64_t first_index, std::uint32_t count);

  // False when all have been given, or when the bytes are none that EntryEncoder makes: then
  // damaged() is true.
  bool next(EntryView& view);
  [[nodiscard]] bool damaged() const { return damaged_; }
  [[nodiscard]] std::uint64_t offset() const { return static_cast<std::uint64_t>(at_ - begin_); }

 private:
  bool parse(EntryView& view);
  bool observation(EntryView& view, unsigned head);

  const std::uint8_t* begin_ = nullptr;
  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  const std::uint8_t* raw_at_ = nullptr;
  const std::uint8_t* raw_end_ = nullptr;
  Raw raw_state_ = Raw::Kept;
  std::uint64_t index_ = 0;
  std::uint32_t left_ = 0;
  std::uint64_t previous_ = 0;
  bool damaged_ = false;
};

}  // namespace twin::record
