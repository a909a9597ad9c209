// Where a lot may be now, given where it was last heard of and that none of its events came through since: a particle
// filter along its route. Each particle leaves the probability of still being in a phase behind, exactly, and carries
// the rest on (Rao-Blackwellised); only the moments of unseen changes are drawn.
#pragma once
#include <cstdint>
#include <vector>

#include "twin/core/draw.hpp"
#include "twins/fab/layout.hpp"
#include "twins/fab/track/completeness.hpp"
#include "twins/fab/track/laws.hpp"
#include "twins/fab/track/sighting.hpp"

namespace twins::fab::track {

// How probable it is that an event does not come through.
struct Missing {
  double fab = 0.0;         // of moves and decisions
  double tools = 0.0;       // of what tools say
  double dark_tools = 0.0;  // that a tool's link is out and nothing comes through for a whole job
  std::vector<Window>
      fab_outages{};  // nothing of the fab's own system comes through; in their order
  bool operator==(const Missing&) const = default;
};

struct WayOptions {
  std::uint32_t particles = 64;
  double least =
      1e-7;  // places of less probability are left out, and ways of less are not followed
};

// What a Draw's `what` is here; who: the lot's number; occasion: the round and the particle in it.
inline constexpr std::uint32_t DrawWay = 0x74726b01U, DrawMember = 0x74726b02U;

// Weights sum to 1, in the order in which the lot would come there. `at` is not before the sighting. Events at `at`
// have been taken in.
//
// The probability of a way is that of its durations and decisions, times that of missing each event on it. Of the phase
// last seen all the tool's other events are used: the lot stayed until `inside`, and had left the tool by `out`.
// Not used: the order of its queue, which other tools were busy, the events of other lots' batches.
std::vector<Whereabouts> whereabouts(const Layout& layout, const Laws& laws, const Missing& missing,
                                     const Sighting& lot, Tick at, twin::core::Draw draw,
                                     const WayOptions& options = {});

}  // namespace twins::fab::track
