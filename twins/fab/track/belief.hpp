// What is believed about every lot at one moment: its places with their probabilities, the steps they mean, and the
// smallest set of steps that holds so much of the probability.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "twin/core/draw.hpp"
#include "twins/fab/track/sighting.hpp"
#include "twins/fab/track/tracker.hpp"
#include "twins/fab/track/whereabouts.hpp"

namespace twins::fab::track {

// A step with its probability; step None: the lot has left the fab.
struct StepShare {
  std::uint32_t step = None;  // global
  double share = 0.0;
  bool operator==(const StepShare&) const = default;
};

struct LotBelief {
  Sighting last;                    // what was heard of it
  std::vector<Whereabouts> places;  // as whereabouts() gives them
  std::vector<StepShare> steps;     // most probable first, of equal ones the earlier step
  bool operator==(const LotBelief&) const = default;

  [[nodiscard]] double inside() const;  // probability that it is in the fab
  // How many of `steps`, from the first on, hold at least this share.
  [[nodiscard]] std::size_t credible(double share) const;
  // How much a set of exactly this share, whose last step belongs to it with the probability that makes it exact,
  // holds of this step: 1, 0, or that probability. By it a calibrated belief is covered in exactly this share of cases.
  [[nodiscard]] double exactly_credible(double share, std::uint32_t step) const;
};

struct BeliefOptions {
  WayOptions way{};
  std::uint64_t seed = 1;
  unsigned threads = 1;
  // Where nothing else is said, the share that the tracker has found missing.
  std::optional<Missing> missing{};
  double least_inside = 1e-4;  // lots that are less probably in the fab are left out
};

// At a moment that is not before tracker.now().
Missing missing_of(const Tracker& tracker, Tick at);

// All lots that may be in the fab at `at`, by number. `at` is not before tracker.now(). The same for any number of
// threads.
std::vector<LotBelief> believe(const Tracker& tracker, Tick at, const BeliefOptions& options);

// A tool that was told to be down or in maintenance, and no end of it since: how probably it still is.
struct ToolBelief {
  std::uint32_t tool = None;
  ToolSeen::Mode mode = ToolSeen::Mode::Down;
  Tick since = 0;      // [tick]
  double still = 1.0;  // probability
  bool operator==(const ToolBelief&) const = default;
};
std::vector<ToolBelief> stopped_tools(const Tracker& tracker, Tick at,
                                      const Missing& missing);  // by number

}  // namespace twins::fab::track
