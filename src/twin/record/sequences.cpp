#include "twin/record/sequences.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

#include "twin/record/coding.hpp"

namespace twin::record {

// An iterator stays with its own map: a copy starts without.
Sequences::Count& Sequences::Count::operator=(const Count& other) {
  ranges = other.ranges;
  newest_range = ranges.end();
  return *this;
}

Sequences::Count& Sequences::Count::operator=(Count&& other) noexcept {
  ranges = std::move(other.ranges);
  newest_range = ranges.end();
  return *this;
}

bool Sequences::insert(SourceKey key, std::uint64_t number) {
  constexpr std::uint64_t Last = std::numeric_limits<std::uint64_t>::max();
  Count& count = counts_[key];
  if (count.newest_range != count.ranges.end()) {
    // Nearly always the number after the last one, and no range behind it.
    auto& [first, last] = *count.newest_range;
    if (number >= first && number <= last) return false;
    if (last != Last && number == last + 1 && std::next(count.newest_range) == count.ranges.end()) {
      last = number;
      ++count_;
      return true;
    }
  }
  auto after = count.ranges.upper_bound(number);
  auto before = count.ranges.end();
  if (after != count.ranges.begin()) {
    before = std::prev(after);
    if (number <= before->second) return false;
    if (before->second + 1 != number) before = count.ranges.end();
  }
  ++count_;
  const bool joins_after =
      after != count.ranges.end() && number != Last && after->first == number + 1;
  if (before != count.ranges.end()) {
    before->second = joins_after ? after->second : number;
    if (joins_after) count.ranges.erase(after);
    count.newest_range = before;
  } else {
    const std::uint64_t last = joins_after ? after->second : number;
    if (joins_after) after = count.ranges.erase(after);
    count.newest_range = count.ranges.emplace_hint(after, number, last);
  }
  return true;
}

bool Sequences::contains(SourceKey key, std::uint64_t number) const {
  const auto found = counts_.find(key);
  if (found == counts_.end()) return false;
  const auto after = found->second.ranges.upper_bound(number);
  return after != found->second.ranges.begin() && number <= std::prev(after)->second;
}

std::vector<Range> Sequences::ranges(SourceKey key) const {
  std::vector<Range> all;
  const auto found = counts_.find(key);
  if (found == counts_.end()) return all;
  for (const auto& [first, last] : found->second.ranges) all.push_back({first, last});
  return all;
}

std::vector<SourceKey> Sequences::keys() const {
  std::vector<SourceKey> all;
  all.reserve(counts_.size());
  for (const auto& [key, count] : counts_) all.push_back(key);
  std::ranges::sort(all);
  return all;
}

// Counts; of each: sensor, epoch, ranges; of each: distance from the end of the one before, length.
std::vector<std::uint8_t> Sequences::encode() const {
  Bytes out;
  append_varint(out, counts_.size());
  for (const SourceKey& key : keys()) {
    const auto& ranges = counts_.at(key).ranges;
    append_varint(out, key.sensor);
    append_varint(out, key.epoch);
    append_varint(out, ranges.size());
    std::uint64_t end = 0;
    for (const auto& [first, last] : ranges) {
      append_varint(out, first - end);
      append_varint(out, last - first);
      end = last;
    }
  }
  return out;
}

std::optional<Sequences> Sequences::decode(std::span<const std::uint8_t> bytes) {
  const std::uint8_t* at = bytes.data();
  const std::uint8_t* const end = at + bytes.size();
  const auto number = [&](std::uint64_t max, std::uint64_t& value) {
    if (at != nullptr) at = get_varint(at, end, value);
    return at != nullptr && value <= max;
  };
  constexpr std::uint64_t Max32 = std::numeric_limits<std::uint32_t>::max();
  constexpr std::uint64_t Max64 = std::numeric_limits<std::uint64_t>::max();
  Sequences all;
  std::uint64_t counts = 0;
  std::optional<SourceKey> before;
  if (!number(bytes.size(), counts)) return std::nullopt;
  for (std::uint64_t c = 0; c < counts; ++c) {
    std::uint64_t sensor = 0, epoch = 0, ranges = 0;
    if (!number(Max32, sensor) || !number(Max32, epoch) || !number(bytes.size(), ranges))
      return std::nullopt;
    const SourceKey key{static_cast<std::uint32_t>(sensor), static_cast<std::uint32_t>(epoch)};
    if ((before && !(*before < key)) || ranges == 0) return std::nullopt;
    before = key;
    Count& count = all.counts_[key];
    std::uint64_t last = 0;
    for (std::uint64_t r = 0; r < ranges; ++r) {
      std::uint64_t gap = 0, length = 0;
      if (!number(Max64 - last, gap) || (r > 0 && gap < 2)) return std::nullopt;
      const std::uint64_t first = last + gap;
      if (!number(Max64 - first, length)) return std::nullopt;
      last = first + length;
      count.newest_range = count.ranges.emplace_hint(count.ranges.end(), first, last);
      all.count_ += length + 1;
    }
  }
  if (at != end) return std::nullopt;
  return all;
}

bool Sequences::operator==(const Sequences& other) const { return encode() == other.encode(); }

std::optional<Identity> identity_of(const core::Entry& entry) {
  const core::Observation* seen = std::get_if<core::Observation>(&entry);
  if (const auto* correction = std::get_if<core::Correction>(&entry)) {
    if (!correction->amends) seen = &correction->now;
  }
  if (seen == nullptr) return std::nullopt;
  return Identity{.key = {seen->sensor, seen->epoch}, .number = seen->sensor_seq};
}

}  // namespace twin::record
