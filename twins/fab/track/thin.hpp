// Takes events out of a log, as a link that loses some would: for tests, demonstrations and self-tests of the tracker.
#pragma once
#include <cstdint>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/event/event.hpp"

namespace twins::fab::track {

struct ThinOptions {
  double share = 0.2;         // of the events, each by itself
  double outage_days = 0.0;   // mean time between two outages of one source's link [day]; 0: none
  double outage_hours = 0.0;  // how long each lasts [h]; all events of its source are lost
  std::uint64_t seed = 1;
};

// Which event is lost is a function of the seed, its source and its number there: thinning is the same for any order of
// asking. Outages of a source begin at the ends of exponential times, one after the other.
class Thinner {
 public:
  explicit Thinner(
      const ThinOptions& options);  // Throws Error for a share outside [0, 1] or a bad time
  [[nodiscard]] bool loses(const twin::event::Event& event);

 private:
  ThinOptions options_;
  twin::core::Draw draw_;
  struct Outage {
    double from = 0.0, to = 0.0;  // [ms]
    std::uint32_t count = 0;
  };
  std::vector<Outage> outages_;  // [source] the present or next one
};

inline constexpr std::uint32_t DrawLoss = 0x74726b03U, DrawOutage = 0x74726b04U;

}  // namespace twins::fab::track
