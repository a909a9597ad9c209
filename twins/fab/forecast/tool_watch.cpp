#include "twins/fab/forecast/tool_watch.hpp"

#include <algorithm>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twins::fab::forecast {

namespace {

constexpr std::uint32_t FactorFrom = 50;   // jobs that make a new factor
constexpr std::uint32_t SettledFrom = 20;  // jobs that tell that a tool is as it was again
constexpr double Edge = 0.005;             // of the posterior's 99 % interval
constexpr double Normal = 0.01;            // a factor this near to 1 is 1

}  // namespace

ToolWatch::ToolWatch(const Layout& layout, const ToolWatchOptions& options) : options_(options) {
  if (!(options.false_alarms > 0.0 && options.jobs >= 1.0 && options.slack > 0.0))
    throw twin::core::Error("tool watch (false_alarms and slack must be above 0, jobs 1 or more)");
  threshold_ = std::log(2.0 * options.jobs / options.false_alarms) / (2.0 * options.slack);
  laws_.resize(layout.groups.size());
  tools_.resize(layout.tools());
}

void ToolWatch::learn(const Layout& m, const std::vector<calibrate::Posterior>& posterior) {
  TWIN_EXPECT(posterior.size() == m.theta_map.size(), posterior.size());
  for (std::uint32_t g = 0; g < m.groups.size(); ++g) {
    const calibrate::Posterior& p = posterior[m.theta_map.process(g)];
    if (p.seen < options_.learnt_from) continue;
    laws_[g] = {p.quantile(Edge) * (1.0 - options_.tolerance), p.median(),
                p.quantile(1.0 - Edge) * (1.0 + options_.tolerance),
                posterior[m.theta_map.spread(g)].quantile(1.0 - Edge)};
  }
}

bool ToolWatch::add(Side& side, double residual, double ratio, Tick start) const {
  if (side.sum == 0.0) side = {0.0, 0.0, 0, start};
  side.sum += residual - options_.slack;
  side.ratios += ratio;
  ++side.jobs;
  if (side.sum <= 0.0) side = {};
  return side.sum > threshold_;
}

void ToolWatch::raise(std::uint32_t tool, const Side& side, Tick at) {
  Watched& w = tools_[tool];
  double after = side.ratios / side.jobs;
  if (std::abs(after - 1.0) < Normal) after = 1.0;
  alarms_.push_back({tool, side.began, at, w.factor, after});
  w = {after, side.ratios, after == 1.0 ? 0 : side.jobs, {}, {}};
}

bool ToolWatch::saw(const Layout& m, const calibrate::Witness::Told& job) {
  const std::uint32_t g = m.tool_group[job.tool];
  const Law& law = laws_[g];
  if (law.high == 0.0) return true;
  Watched& w = tools_[job.tool];
  const double a = job.kind.nominal, rounding = 0.5 * (job.kind.parts + 1.0);
  const double half = law.high * law.spread * job.kind.half_width;
  const double deviation = half / std::sqrt(3.0);
  const double d = job.duration / w.factor, ratio = job.duration / (a * law.median);
  const double over = d - law.high * a - rounding, under = law.low * a - d - rounding;
  const auto end = job.start + static_cast<Tick>(job.duration);
  const bool gross = std::max(over, under) - half > options_.gross * a * law.median;
  if (add(w.slower, over / deviation, ratio, job.start)) {
    raise(job.tool, w.slower, end);
  } else if (add(w.faster, under / deviation, ratio, job.start)) {
    raise(job.tool, w.faster, end);
  } else if (w.jobs > 0 && w.jobs < FactorFrom && !gross) {
    w.ratios += ratio;
    ++w.jobs;
    w.factor = w.ratios / w.jobs;
    if (w.jobs >= SettledFrom && std::abs(w.factor - 1.0) < Normal) w.factor = 1.0, w.jobs = 0;
  }
  return !gross && w.factor == 1.0;
}

double ToolWatch::group_factor(const Layout& m, std::uint32_t group) const {
  const GroupInfo& info = m.groups[group];
  double sum = 0.0;
  for (std::uint32_t t = 0; t < info.tools; ++t) sum += 1.0 / tools_[info.first_tool + t].factor;
  return static_cast<double>(info.tools) / sum;
}

}  // namespace twins::fab::forecast
