// The decisions that the published FAB4r tests take against their own rule. The original's test
// special-cases a few instants; these are the ones of them that matter (leaving any row out changes
// the result), found by removing rows one at a time from its list
// (jasima-simcore bd3ec52, TestMimacFab4Trace). Facts, not a rule: nothing else reproduces the numbers.
#pragma once
#include <array>
#include <cstdint>

namespace cases {

struct Exception {
  std::int64_t minute;  // [min] instant of the decision
  std::uint32_t job;    // number in release order, from 0
  std::uint32_t step;   // position in its route, from 0
  int preference;       // +1: before everything else, -1: after everything else
};

// clang-format off
inline constexpr std::array FifoExceptions{
    Exception{9598, 72, 18, -1},   Exception{9598, 73, 18, -1},   Exception{9598, 75, 18, -1},
    Exception{9598, 76, 18, -1},   Exception{12369, 115, 12, +1}, Exception{13824, 138, 5, +1},
    Exception{20593, 117, 44, +1}, Exception{20622, 120, 44, +1}, Exception{20651, 124, 44, +1},
    Exception{20680, 127, 44, +1}, Exception{20709, 130, 44, +1}, Exception{24483, 207, 22, +1},
    Exception{26082, 140, 65, +1}, Exception{28903, 286, 11, +1}, Exception{28933, 288, 11, +1},
    Exception{30113, 160, 74, -1}, Exception{32758, 284, 24, +1}, Exception{38413, 369, 18, -1}};

inline constexpr std::array SptExceptions{
    Exception{4759, 40, 4, -1},    Exception{11098, 40, 48, -1},  Exception{11370, 110, 3, +1},
    Exception{14116, 20, 74, -1},  Exception{24146, 117, 73, -1}, Exception{29380, 217, 39, +1},
    Exception{33086, 315, 12, +1}, Exception{33194, 244, 54, -1}, Exception{35656, 366, 1, +1},
    Exception{37073, 247, 74, +1}, Exception{39462, 404, 3, +1}};
// clang-format on

}  // namespace cases
