// A line with a metrology step, in small: lots go through three operations of four tools each, unequally
// loaded; a tool that goes bad stays so until a lot that it spoiled is measured. What a sampling policy
// costs in measurements, and how late it would see a tool that goes bad at any lot.
#pragma once
#include <cstdint>

#include "twin/core/draw.hpp"

namespace cases::steering {

inline constexpr std::uint32_t Operations = 3, Each = 4, Tools = Operations * Each;
inline constexpr double Wafers = 25.0;  // of a lot

enum class Sampling : std::uint8_t {
  EveryKth,  // setting: k
  Risk,  // wafers at risk, the lot with the largest indicator; setting: the least worth measuring
  // By an ensemble of tool offsets that drift, read once an operation; setting: the least worth measuring
  Information,  // EIG [nats]
  Variance      // A-optimal: variance that goes from all tools' offsets [noise variances]
};
enum class Inhibit : std::uint8_t { No, Yes };

struct Line {
  std::uint64_t lots = 5'000;
  std::uint32_t lag = 4;     // [lots started] from one operation to the next, and to metrology
  std::uint32_t waits = 20;  // lots that wait at metrology at most: the oldest leaves
  std::uint32_t takes = 2;   // [lots started] until a result is there
  std::uint32_t every = 1;   // one measurement in so many starts at most: metrology's capacity
  double warning = 40.0, inhibit = 60.0;  // limits of every tool [lots]
  double power = 1.0;                     // of the indicator, for Risk
  std::uint32_t members = 200;            // of the ensemble
  double drift = 0.02;  // variance of a tool's offset, a lot worked on [noise variances]
};

struct Seen {
  std::uint64_t lots = 0, measured = 0;
  // Wafers that a tool works on from the lot at which it goes bad until the result that shows it: the mean
  // over all lots of all tools, each of which may be the first bad one.
  double delay = 0.0;
  double highest = 0.0;      // wafers at risk ever, share of the inhibit limit
  std::uint64_t beyond = 0;  // lots that led beyond an inhibit limit
  std::uint64_t moved = 0;   // lots given to another tool, since theirs was at its limit
  std::uint64_t held = 0;    // starts at which a lot had to wait, since all tools were
  std::uint64_t warned = 0;  // starts at which the choice stated risks that it could not lower
};

Seen run(Sampling sampling, double setting, Inhibit inhibit, const Line& line,
         twin::core::Draw draw);

}  // namespace cases::steering
