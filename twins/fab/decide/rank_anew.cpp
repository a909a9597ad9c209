#include "twins/fab/decide/rank_anew.hpp"

#include <algorithm>
#include <vector>

#include "twins/fab/floor.hpp"

namespace twins::fab::decide {

void rank_anew(const AnyFab& fab, State& x) {
  std::vector<std::uint32_t> queued;
  for (std::uint32_t slot = 0; slot < x.lots.size(); ++slot)
    if (x.lots[slot].place == LotPlace::Queued) queued.push_back(slot);
  // In the order of arrival: each then joins at the tail, or near it, under most rules.
  std::sort(queued.begin(), queued.end(), [&](std::uint32_t a, std::uint32_t b) {
    const Lot &l = x.lots[a], &r = x.lots[b];
    return l.since != r.since ? l.since < r.since : l.serial < r.serial;
  });
  // Whom another control has kept outside, and this policy has none.
  if (fab.beside().release == nullptr)
    for (const std::uint32_t slot : waiting_outside(x))
      x.agenda.push(x.now, slot, static_cast<std::uint16_t>(Happens::Enter), 0);
  Floor floor(fab, x);
  for (const std::uint32_t slot : queued) floor.laws().dequeue(slot);
  for (const std::uint32_t slot : queued) floor.laws().enqueue(slot);
  for (std::uint32_t g = 0; g < x.groups.size(); ++g)
    if (x.groups[g].waiting != 0 && x.groups[g].able_head != None)
      x.agenda.push(x.now, g, static_cast<std::uint16_t>(Happens::Dispatch), 0);
}

}  // namespace twins::fab::decide
