#include "twins/fab/route_time.hpp"

#include <algorithm>

#include "twin/core/expect.hpp"

namespace twins::fab {
namespace {

// Expected arrivals at each step. A pass over step i sends the lot back to r <= i with probability
// a_i; each pass over i therefore needs 1/(1-a_i) visits of i and a_i/(1-a_i) passes over each of
// r..i-1. From the last step down, because a loop that contains another asks for more passes of it,
// never the reverse.
std::vector<double> expected_visits(const Route& route, ReworkCount count) {
  std::vector<double> visits(route.steps.size(), 1.0);
  for (std::size_t i = route.steps.size(); i-- > 0;) {
    const Step& step = route.steps[i];
    const double back = step.rework * (count == ReworkCount::WhenPerformed ? step.sampling : 1.0);
    if (back <= 0.0) continue;
    TWIN_EXPECT(back < 1.0 && step.rework_to <= i, step.name, back, step.rework_to);
    visits[i] /= 1.0 - back;
    for (std::size_t k = step.rework_to; k < i; ++k) visits[k] += visits[i] * back;
  }
  return visits;
}

double mean_transport_ms(const Description& fab, const std::string& from, const std::string& to) {
  const auto found = std::find_if(fab.transports.begin(), fab.transports.end(),
                                  [&](const Transport& t) { return t.from == from && t.to == to; });
  return found == fab.transports.end() ? 0.0 : found->duration.mean_ms;
}

// Where the lot was last processed, as probabilities over locations: a sampled step leaves it where
// it was with 1-s.
class WhereFrom {
 public:
  double expected_ms(const Description& fab, const std::string& to) const {
    double sum = 0.0;
    for (const auto& [place, probability] : places_) {
      sum += probability * mean_transport_ms(fab, place, to);
    }
    return sum;
  }
  void performed(const std::string& at, double probability) {
    bool known = false;
    for (auto& [place, p] : places_) {
      p *= 1.0 - probability;
      if (place == at) p += probability, known = true;
    }
    if (!known) places_.emplace_back(at, probability);
  }

 private:
  std::vector<std::pair<std::string, double>>
      places_;  // probabilities below 1 in sum: before the first step
};

}  // namespace

double process_alone_ms(const ToolGroup& group, const Step& step, std::uint32_t wafers) {
  const double p = step.process.mean_ms;
  if (step.per != Step::Per::Piece) return p;
  const double n = wafers;
  if (group.job_slots > 1 && step.cascade_interval_ms > 0.0)
    return p + (n - 1.0) * step.cascade_interval_ms;
  return n * p;
}

RouteTime route_time(const Description& fab, const Route& route, const RouteTimeOptions& options) {
  TWIN_EXPECT(options.wafers > 0, options.wafers);
  RouteTime t;
  t.visits = expected_visits(route, options.rework);
  t.remaining_ms.assign(route.steps.size(), 0.0);
  WhereFrom where;
  for (std::size_t i = 0; i < route.steps.size(); ++i) {
    const Step& step = route.steps[i];
    TWIN_EXPECT(step.group < fab.tool_groups.size(), route.name, i, step.group);
    const ToolGroup& group = fab.tool_groups[step.group];
    const double process = process_alone_ms(group, step, options.wafers);
    const double work = process + group.load_ms + group.unload_ms;
    t.process_ms += step.sampling * process;
    t.performed_steps += t.visits[i] * step.sampling;
    // A lot that comes back from rework is brought as if it came from the first pass's place: both
    // are the fab's floor.
    t.rpt_ms += t.visits[i] * step.sampling * (work + where.expected_ms(fab, group.location));
    where.performed(group.location, step.sampling);
    t.remaining_ms[i] = step.sampling * work;
  }
  for (std::size_t i = route.steps.size(); i-- > 1;) t.remaining_ms[i - 1] += t.remaining_ms[i];
  t.work_ms = t.remaining_ms.empty() ? 0.0 : t.remaining_ms.front();
  return t;
}

}  // namespace twins::fab
