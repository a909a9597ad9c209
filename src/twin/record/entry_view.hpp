// An entry as it lies in the bytes of a block, without a copy and without an allocation. It is valid
// until its reader goes on.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "twin/core/record.hpp"
#include "twin/record/coding.hpp"

namespace twin::record {

enum class EntryKind : std::uint8_t {  // in the order of core::Entry
  Advance = 0,
  Observation = 1,
  Action = 2,
  Correction = 3,
  Note = 4,
};

enum class Raw : std::uint8_t {
  None,     // the entry had none
  Kept,     // EntryView::raw has it
  Dropped,  // it had one, whose bytes retention has removed
};

class Doubles {  // a row of doubles that need not stand on a multiple of eight bytes
 public:
  Doubles() = default;
  explicit Doubles(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  [[nodiscard]] std::size_t size() const { return bytes_.size() / sizeof(double); }
  [[nodiscard]] double operator[](std::size_t i) const {
    return std::bit_cast<double>(get_little64(bytes_.data() + i * sizeof(double)));
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

struct EntryView {
  std::uint64_t index = 0;  // in the journal
  EntryKind kind = EntryKind::Advance;
  core::Tick at = 0;       // all kinds; of an Advance its `until`
  core::Tick arrived = 0;  // Observation, Correction; else `at`
  core::Tick clock = 0;    // Observation, Correction
  std::uint32_t sensor = 0;
  std::uint32_t epoch = 0;
  std::uint64_t sensor_seq = 0;
  std::optional<std::uint64_t> amends = {};  // Correction
  std::uint32_t action_kind = 0;             // Action
  std::uint32_t action_on = 0;               // Action
  Doubles values = {};                       // Observation, Correction, Action
  std::span<const std::uint8_t> event = {};  // Observation, Correction
  std::span<const std::uint8_t> raw = {};    // Observation, Correction
  Raw raw_state = Raw::None;
  std::string_view note_kind = {};  // Note
  std::string_view note_text = {};  // Note

  // A copy that lasts. A dropped raw comes back empty.
  [[nodiscard]] core::Entry entry() const;
};

}  // namespace twin::record
