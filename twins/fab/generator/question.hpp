// What the generator asks of chance: the `what` of its draws. A number once given keeps its
// meaning, because a committed data set is made again from its seed.
#pragma once
#include <cstdint>

namespace twins::fab::generator {

enum class Question : std::uint32_t {
  Choice = 1,       // who: layer, occasion: its questions in order
  Amount = 2,       // who: layer, occasion: its questions in order
  LeaveOut = 3,     // who: layer, occasion: product
  GroupWeight = 4,  // who: tool group
  GroupLoad = 5,    // who: tool group
  GroupBatch = 6,   // who: tool group
  FirstPm = 7,      // who: tool group, occasion: calendar
  WipPlace = 8,     // who: stream
  WipDue = 9,       // who: lot
};

constexpr std::uint32_t number(Question question) { return static_cast<std::uint32_t>(question); }

}  // namespace twins::fab::generator
