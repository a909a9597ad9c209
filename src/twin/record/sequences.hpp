// Which numbers of which sources are in the journal already, exactly and for ever, as ranges: a
// source that counts without gaps costs one range however long it lives.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "twin/core/record.hpp"

namespace twin::record {

struct SourceKey {  // one count of one source
  std::uint32_t sensor = 0;
  std::uint32_t epoch = 0;
  auto operator<=>(const SourceKey&) const = default;
};

struct Range {  // of numbers, both ends included
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  auto operator<=>(const Range&) const = default;
};

class Sequences {
 public:
  // False if the number was there already.
  bool insert(SourceKey key, std::uint64_t number);
  [[nodiscard]] bool contains(SourceKey key, std::uint64_t number) const;
  // The ranges of one count, in order: the holes between them are what is missing of it.
  [[nodiscard]] std::vector<Range> ranges(SourceKey key) const;
  [[nodiscard]] std::vector<SourceKey> keys() const;            // sorted
  [[nodiscard]] std::uint64_t count() const { return count_; }  // numbers in it

  [[nodiscard]] std::vector<std::uint8_t> encode() const;  // the same bytes for equal sets
  // Nothing if the bytes are none that encode() makes.
  static std::optional<Sequences> decode(std::span<const std::uint8_t> bytes);
  bool operator==(const Sequences& other) const;

 private:
  struct KeyHash {
    std::size_t operator()(const SourceKey& key) const noexcept {
      const std::uint64_t both = (std::uint64_t{key.sensor} << 32) | key.epoch;
      return static_cast<std::size_t>((both ^ (both >> 29)) * 0xBF58476D1CE4E5B9U >> 7);
    }
  };
  struct Count {
    using Ranges = std::map<std::uint64_t, std::uint64_t>;
    Ranges ranges;                                 // first -> last; they neither touch nor overlap
    Ranges::iterator newest_range = ranges.end();  // the one that grew last: nearly always again
    Count() = default;
    Count(const Count& other) : ranges(other.ranges) {}
    Count(Count&& other) noexcept : ranges(std::move(other.ranges)) {}
    Count& operator=(const Count& other);
    Count& operator=(Count&& other) noexcept;
    ~Count() = default;
  };
  std::unordered_map<SourceKey, Count, KeyHash> counts_;
  std::uint64_t count_ = 0;
};

// The key and number by which an entry is recognised as a message that came before: an observation,
// and a correction that brings what was missing. Nothing else is: it comes from the twin itself.
struct Identity {
  SourceKey key;
  std::uint64_t number = 0;
};
[[nodiscard]] std::optional<Identity> identity_of(const core::Entry& entry);

}  // namespace twin::record
