// Holds what is believed about the lots against where they are: for twin experiments and self-tests, where the truth is
// known.
#pragma once
#include <cstdint>
#include <span>

#include "twins/fab/state.hpp"
#include "twins/fab/track/belief.hpp"

namespace twins::fab::track {

// Sums over lots, so that audits add up.
struct Audit {
  std::uint64_t lots = 0;     // in the fab
  std::uint64_t unknown = 0;  // of them: never heard of, or given up; not covered, not right
  std::uint64_t covered = 0;  // step in the smallest set of the share asked for
  double exactly_covered =
      0.0;  // the same by sets of exactly that share: LotBelief::exactly_credible
  std::uint64_t set_steps = 0;  // [steps] in the sets of the known ones
  std::uint64_t single = 0;     // sets of one step
  std::uint64_t right = 0;      // the most probable step is the true one
  double right_expected = 0.0;  // as many as the probabilities said
  double right_variance = 0.0;  // of their number, lots taken as independent
  std::uint64_t unsure = 0;     // lots whose most probable step has less than 99 %
  std::uint64_t unsure_covered = 0;
  double unsure_exactly = 0.0;
  std::uint64_t unsure_right = 0;
  std::uint64_t last_right = 0;  // the step of the last event is the true one
  std::uint64_t next_right = 0;  // the same, with the next step where the last event ended one
  std::uint64_t place_right =
      0;  // moving, queued, in a tool or held, and the step, by the most probable place
  double log_score = 0.0;      // sum of -ln(probability of the true step), no less than 1e-12 each
  std::uint64_t believed = 0;  // lots that were believed to be in the fab, with any probability
  std::uint64_t gone = 0;      // of them: not in it any more
  double gone_expected = 0.0;  // as many as the probabilities said
  std::uint64_t audits = 0;

  Audit& operator+=(const Audit& other);
  bool operator==(const Audit&) const = default;
};

// truth: at the moment of the beliefs. share: of the sets, 0.9.
Audit audit(const State& truth, std::span<const LotBelief> beliefs, double share);

}  // namespace twins::fab::track
