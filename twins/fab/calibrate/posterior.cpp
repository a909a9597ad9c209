#include "twins/fab/calibrate/posterior.hpp"

namespace twins::fab::calibrate {

namespace {

using twin::infer::ExponentialMean;
using twin::infer::ScaledShare;
using twin::infer::UniformScale;

void put(Posterior& to, const UniformScale::Interval& interval, std::uint64_t seen) {
  to.low = interval.low, to.median = interval.median, to.high = interval.high;
  to.seen = seen;
}

void put(Posterior& to, const ExponentialMean& belief, double share) {
  if (!belief.proper()) return;
  const double tail = 0.5 * (1.0 - share);
  to.low = belief.quantile(tail), to.median = belief.median(),
  to.high = belief.quantile(1.0 - tail);
  to.seen = static_cast<std::uint64_t>(belief.shape);
}

void put(Posterior& to, const ScaledShare& belief, double share) {
  if (belief.count() == 0) return;
  const double tail = 0.5 * (1.0 - share);
  const auto q = belief.quantiles({tail, 0.5, 1.0 - tail});
  to.low = q[0], to.median = q[1], to.high = q[2];
  to.seen = belief.count();
}

}  // namespace

std::vector<Posterior> posteriors(const Layout& m, const Evidence& evidence, double share) {
  const ThetaMap& map = m.theta_map;
  std::vector<Posterior> all(map.size());
  const auto parameters = m.parameters();
  for (std::size_t i = 0; i < all.size(); ++i) all[i].name = parameters[i].name;
  for (std::uint32_t g = 0; g < m.groups.size(); ++g) {
    const UniformScale& seen = evidence.process[g];
    if (!seen.knows()) continue;
    const auto belief = seen.belief(share);
    put(all[map.process(g)], belief.mean, seen.count());
    put(all[map.spread(g)], belief.spread, seen.count());
  }
  for (std::uint32_t a = 0; a < m.areas.size(); ++a) {
    put(all[map.mtbf(a)], evidence.time_to_failure[a], share);
    put(all[map.mttr(a)], evidence.time_to_repair[a], share);
    put(all[map.rework(a)], evidence.rework[a], share);
    put(all[map.sampling(a)], evidence.sampling[a], share);
  }
  if (evidence.transport.knows())
    put(all[map.transport()], evidence.transport.belief(share).mean, evidence.transport.count());
  return all;
}

}  // namespace twins::fab::calibrate
