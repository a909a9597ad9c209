#include "twins/fab/forecast/count.hpp"

namespace twins::fab::forecast {

void count(const Layout& m, const State& x, Count& to) {
  const std::size_t groups = m.groups.size(), products = m.description.products.size();
  to.at = x.now;
  to.wip.assign(groups, 0);
  to.queue.assign(groups, 0);
  to.able.assign(groups, 0);
  to.moves.assign(groups, 0);
  to.out.assign(products, 0);
  to.starts.assign(products, 0);
  for (const Lot& lot : x.lots)
    if (lot.place != LotPlace::Free && lot.place != LotPlace::Finished)
      ++to.wip[m.steps[lot.step].group];
  for (std::size_t g = 0; g < groups; ++g) {
    to.queue[g] = x.groups[g].waiting;
    to.moves[g] = x.group_tally[g].lots;
  }
  for (std::size_t t = 0; t < x.tools.size(); ++t)
    to.able[m.tool_group[t]] += x.tools[t].breakdowns == 0 && x.tools[t].pm == 0xff;
  for (std::size_t c = 0; c < m.classes.size(); ++c) {
    to.out[m.classes[c].product] += x.class_tally[c].finished;
    to.starts[m.classes[c].product] += x.class_tally[c].released;
  }
}

std::uint32_t wip_of_area(const Layout& m, const Count& c, std::uint32_t area) {
  std::uint32_t sum = 0;
  for (std::size_t g = 0; g < m.groups.size(); ++g)
    if (m.groups[g].area == area) sum += c.wip[g];
  return sum;
}

}  // namespace twins::fab::forecast
