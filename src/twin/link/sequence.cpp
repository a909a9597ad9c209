#include "twin/link/sequence.hpp"

#include <algorithm>

namespace twin::link {
namespace {

// Numbers between two that were met, as far as they count as missing.
std::uint64_t hole(std::uint64_t before, std::uint64_t after) {
  const std::uint64_t between = after - before - 1;
  return between <= Sequence::HoleMax ? between : 0;
}
bool near(std::uint64_t before, std::uint64_t after) {
  return after - before - 1 <= Sequence::HoleMax;
}

}  // namespace

Sequence::Meeting Sequence::meet(std::uint64_t number) {
  const auto next = std::upper_bound(
      ranges_.begin(), ranges_.end(), number,
      [](std::uint64_t value, const SeqRange& range) { return value < range.first; });
  const bool has_next = next != ranges_.end();
  const bool has_before = next != ranges_.begin();
  const auto before = has_before ? next - 1 : next;
  if (has_before && before->last >= number) return {.met = Met::Duplicate};

  const bool joins_before = has_before && before->last + 1 == number;
  const bool joins_next = has_next && number + 1 == next->first;
  Meeting meeting;
  if (has_before && has_next && near(before->last, next->first)) {
    meeting.met = Met::Filled;
    missing_ -= hole(before->last, next->first);
  } else if (has_before && near(before->last, number)) {
    meeting.met = joins_before ? Met::Next : Met::Hole;
    if (!joins_before) meeting.hole = {before->last + 1, number - 1};
  } else if (has_next && near(number, next->first)) {
    meeting.met = joins_next ? Met::Filled : Met::Hole;
    if (!joins_next) meeting.hole = {number + 1, next->first - 1};
  } else {
    meeting.met = ranges_.empty() ? Met::Next : Met::Jump;
  }
  if (has_before) missing_ += hole(before->last, number);
  if (has_next) missing_ += hole(number, next->first);

  if (joins_before && joins_next) {
    before->last = next->last;
    ranges_.erase(next);
  } else if (joins_before) {
    before->last = number;
  } else if (joins_next) {
    next->first = number;
  } else {
    ranges_.insert(next, {number, number});
  }
  return meeting;
}

bool Sequence::contains(std::uint64_t number) const {
  const auto next = std::upper_bound(
      ranges_.begin(), ranges_.end(), number,
      [](std::uint64_t value, const SeqRange& range) { return value < range.first; });
  return next != ranges_.begin() && (next - 1)->last >= number;
}

bool Sequence::leads(std::uint64_t number) const {
  const auto next = std::upper_bound(
      ranges_.begin(), ranges_.end(), number,
      [](std::uint64_t value, const SeqRange& range) { return value < range.first; });
  const bool below = next != ranges_.begin() && (next - 1)->last >= number;
  return !below && (next == ranges_.end() || !near(number, next->first));
}

std::vector<SeqRange> Sequence::holes(std::size_t most) const {
  std::vector<SeqRange> holes;
  for (std::size_t i = 1; i < ranges_.size() && holes.size() < most; ++i) {
    if (hole(ranges_[i - 1].last, ranges_[i].first) == 0) continue;
    holes.push_back({ranges_[i - 1].last + 1, ranges_[i].first - 1});
  }
  return holes;
}

}  // namespace twin::link
