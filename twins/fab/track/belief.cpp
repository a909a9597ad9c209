#include "twins/fab/track/belief.hpp"

#include <algorithm>
#include <tuple>

#include "twin/core/expect.hpp"
#include "twin/core/parallel.hpp"
#include "twin/math/elementary.hpp"

namespace twins::fab::track {

namespace {

std::vector<StepShare> by_step(const std::vector<Whereabouts>& places) {
  std::vector<StepShare> steps;
  for (const Whereabouts& place : places) {
    const std::uint32_t step = place.phase == Phase::Left ? None : place.step;
    auto found = std::ranges::find(steps, step, &StepShare::step);
    if (found == steps.end()) found = steps.insert(steps.end(), {step, 0.0});
    found->share += place.weight;
  }
  std::ranges::sort(steps, [](const StepShare& a, const StepShare& b) {
    return std::tie(b.share, a.step) < std::tie(a.share, b.step);
  });
  return steps;
}

// Share of a law's durations that are longer than this.
double beyond(const Duration& law, double scale, double ms) {
  switch (law.law) {
    case Duration::Law::Constant: return ms < law.mean_ms * scale ? 1.0 : 0.0;
    case Duration::Law::Uniform: {
      const double least = (law.mean_ms - law.half_width_ms) * scale;
      const double width = 2.0 * law.half_width_ms * scale;
      return width > 0.0 ? std::clamp(1.0 - (ms - least) / width, 0.0, 1.0)
                         : (ms < least ? 1.0 : 0.0);
    }
    case Duration::Law::Exponential: return twin::math::exp(-ms / (law.mean_ms * scale));
  }
  return 0.0;
}

}  // namespace

double LotBelief::inside() const {
  for (const StepShare& s : steps)
    if (s.step == None) return 1.0 - s.share;
  return 1.0;
}

std::size_t LotBelief::credible(double share) const {
  double held = 0.0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    held += steps[i].share;
    if (held >= share) return i + 1;
  }
  return steps.size();
}

double LotBelief::exactly_credible(double share, std::uint32_t step) const {
  double held = 0.0;
  for (const StepShare& s : steps) {
    const bool fills = held + s.share >= share;
    if (s.step == step) return fills ? std::clamp((share - held) / s.share, 0.0, 1.0) : 1.0;
    if (fills) return 0.0;
    held += s.share;
  }
  return 0.0;
}

Missing missing_of(const Tracker& tracker, Tick at) {
  const Completeness& c = tracker.completeness();
  Missing missing{c.fab.share(), c.tools.share(), 0.0, tracker.fab_outages()};
  if (tracker.fab_is_out(at)) missing.fab_outages.push_back({tracker.fab_heard(), at});
  const auto jobs = static_cast<double>(c.jobs_heard + c.jobs_unheard);
  if (jobs > 0.0) {  // loading, processing, its end and unloading: four events a job
    const double single = missing.tools * missing.tools * missing.tools * missing.tools;
    const double unheard = static_cast<double>(c.jobs_unheard) / jobs;
    missing.dark_tools = std::max(0.0, (unheard - single) / (1.0 - single));
  }
  return missing;
}

std::vector<LotBelief> believe(const Tracker& tracker, Tick at, const BeliefOptions& options) {
  TWIN_EXPECT(at >= tracker.now(), at, tracker.now());
  const Missing missing = options.missing.value_or(missing_of(tracker, at));
  std::vector<const Sighting*> lots;
  for (const Sighting& lot : tracker.lots())
    if (lot.phase != Phase::Left) lots.push_back(&lot);
  std::ranges::sort(lots, {}, [](const Sighting* lot) { return lot->lot; });
  std::vector<LotBelief> beliefs(lots.size());
  twin::core::for_each_member(lots.size(), options.threads, [&](std::size_t i) {
    LotBelief& belief = beliefs[i];
    belief.last = *lots[i];
    const std::uint32_t tool = belief.last.tool;
    belief.last.silent = tool == None || tracker.tools()[tool].heard <= belief.last.since;
    belief.places = whereabouts(tracker.layout(), tracker.laws(), missing, belief.last, at,
                                {.seed = options.seed, .member = 0}, options.way);
    belief.steps = by_step(belief.places);
  });
  std::erase_if(beliefs, [&](const LotBelief& b) { return b.inside() < options.least_inside; });
  return beliefs;
}

std::vector<ToolBelief> stopped_tools(const Tracker& tracker, Tick at, const Missing& missing) {
  const Layout& m = tracker.layout();
  std::vector<ToolBelief> stopped;
  for (std::uint32_t t = 0; t < m.tools(); ++t) {
    const ToolSeen& seen = tracker.tools()[t];
    if (seen.mode == ToolSeen::Mode::Up) continue;
    const GroupInfo& group = m.groups[m.tool_group[t]];
    const bool down = seen.mode == ToolSeen::Mode::Down;
    const auto elapsed = static_cast<double>(at - seen.since);
    double lasts = 1.0;
    if (seen.cause != None && seen.cause < (down ? group.breakdowns : group.pms)) {
      const Duration& law = down ? m.breakdowns[group.first_breakdown + seen.cause].time_to_repair
                                 : m.pms[group.first_pm + seen.cause].duration;
      const double scale = down ? tracker.laws().repair_scale(m.tool_group[t]) : 1.0;
      lasts = beyond(law, scale, elapsed);
    }
    const double ended = (1.0 - lasts) * missing.tools;  // unheard
    stopped.push_back(
        {t, seen.mode, seen.since, lasts + ended > 0.0 ? lasts / (lasts + ended) : 0.0});
  }
  return stopped;
}

}  // namespace twins::fab::track
