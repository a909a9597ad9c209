#include "twins/fab/forecast/learner.hpp"

namespace twins::fab::forecast {

Learner::Learner(const Layout& layout, Tick from, const ToolWatchOptions& options)
    : m_(layout), witness_(layout, from), watch_(layout, options) {}

void Learner::saw(const twin::event::Event& event) {
  if (const auto job = witness_.would_tell(event); job && !watch_.saw(m_, *job))
    witness_.leave_out(job->tool);
  witness_.saw(event);
}

std::vector<calibrate::Posterior> Learner::posterior(Tick until) {
  std::vector<calibrate::Posterior> all = calibrate::posteriors(m_, witness_.evidence(until));
  watch_.learn(m_, all);
  for (std::uint32_t g = 0; g < m_.groups.size(); ++g) {
    const double factor = watch_.group_factor(m_, g);
    for (double& q : all[m_.theta_map.process(g)].quantiles) q *= factor;
  }
  return all;
}

}  // namespace twins::fab::forecast
