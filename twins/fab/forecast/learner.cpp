#include "twins/fab/forecast/learner.hpp"

#include <utility>

#include "twin/core/error.hpp"

namespace twins::fab::forecast {

Learner::Learner(const Layout& layout, Tick from, const ToolWatchOptions& options)
    : m_(layout), witness_(layout, from), watch_(layout, options) {}

void Learner::saw(const twin::event::Event& event) {
  if (learnt_ >= 0 && event.at > learnt_ + LawsAge) {
    learnt_ = event.at;
    watch_.learn(m_, calibrate::posteriors(m_, witness_.evidence(event.at)));
  }
  if (const auto job = witness_.would_tell(event); job && !watch_.saw(m_, *job))
    witness_.leave_out(job->tool);
  witness_.saw(event);
}

std::vector<calibrate::Posterior> Learner::posterior(Tick until) {
  std::vector<calibrate::Posterior> all = calibrate::posteriors(m_, witness_.evidence(until));
  watch_.learn(m_, all);
  learnt_ = until;
  return with_tools(std::move(all));
}

std::vector<calibrate::Posterior> Learner::believed(Tick until) const {
  return with_tools(calibrate::posteriors(m_, witness_.evidence(until)));
}

std::vector<calibrate::Posterior> Learner::with_tools(std::vector<calibrate::Posterior> all) const {
  for (std::uint32_t g = 0; g < m_.groups.size(); ++g) {
    const double factor = watch_.group_factor(m_, g);
    for (double& q : all[m_.theta_map.process(g)].quantiles) q *= factor;
  }
  return all;
}

void Learner::restore(Memory memory) {
  if (!memory.tools.fits(m_))
    throw twin::core::Error("what was learnt is of another fab than this one");
  witness_.restore(std::move(memory.seen));
  watch_ = std::move(memory.tools);
  learnt_ = memory.learnt;
}

}  // namespace twins::fab::forecast
