#include "twins/fab/live/hearing.hpp"

#include <algorithm>
#include <limits>

namespace twins::fab::live {

Hearing::Heard Hearing::hear(std::uint32_t epoch, std::uint64_t seq) {
  if (seq == std::numeric_limits<std::uint64_t>::max()) {  // nothing could come after it
    ++repeated;
    return Heard::Repeated;
  }
  auto counting = std::lower_bound(countings.begin(), countings.end(), epoch,
                                   [](const Counting& c, std::uint32_t e) { return c.epoch < e; });
  if (counting == countings.end() || counting->epoch != epoch)
    counting = countings.insert(counting, Counting{.epoch = epoch});
  auto& heard = counting->heard;
  // The first stretch that begins behind seq; the one before it may hold or touch seq.
  const auto next =
      std::upper_bound(heard.begin(), heard.end(), seq,
                       [](std::uint64_t s, const auto& stretch) { return s < stretch.first; });
  const bool has_last = next != heard.begin();
  if (has_last && seq < std::prev(next)->second) {
    ++repeated;
    return Heard::Repeated;
  }
  ++messages;
  const bool after_last = has_last && std::prev(next)->second == seq;
  const bool before_next = next != heard.end() && next->first == seq + 1;
  if (after_last && before_next) {
    std::prev(next)->second = next->second;
    heard.erase(next);
  } else if (after_last) {
    std::prev(next)->second = seq + 1;
  } else if (before_next) {
    next->first = seq;
  } else {
    heard.insert(next, {seq, seq + 1});
  }
  return Heard::New;
}

std::uint64_t Hearing::missing() const {
  std::uint64_t n = 0;
  for (const Counting& c : countings)
    for (std::size_t k = 1; k < c.heard.size(); ++k) n += c.heard[k].first - c.heard[k - 1].second;
  return n;
}

std::vector<Gap> gaps(const std::vector<Hearing>& sources) {
  std::vector<Gap> all;
  for (std::size_t s = 0; s < sources.size(); ++s)
    for (const Counting& c : sources[s].countings)
      for (std::size_t k = 1; k < c.heard.size(); ++k)
        all.push_back(
            {static_cast<std::uint32_t>(s), c.epoch, c.heard[k - 1].second, c.heard[k].first});
  return all;
}

}  // namespace twins::fab::live
