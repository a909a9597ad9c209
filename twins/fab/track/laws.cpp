#include "twins/fab/track/laws.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "twin/core/expect.hpp"
#include "twins/fab/engine/engine.hpp"

namespace twins::fab::track {

namespace {

constexpr std::size_t Guesses = 16;  // how many seen durations a guess is worth

// The data set's law by its quantiles in the middle of equal shares.
std::vector<double> guess(Duration::Law law, double mean, double half_width) {
  std::vector<double> values;
  for (std::size_t i = 0; i < Guesses; ++i)
    values.push_back(std::max(
        0.0, inverted(law, mean, half_width, (static_cast<double>(i) + 0.5) / double{Guesses})));
  return values;
}

double mean_setup_ms(const Layout& m) {
  double sum = 0.0, count = 0.0;
  for (const Tick ticks : m.setup_ticks) {
    if (ticks <= 0) continue;
    sum += static_cast<double>(ticks);
    count += 1.0;
  }
  for (const StepInfo& s : m.steps) {
    if (s.setup_own <= 0) continue;
    sum += static_cast<double>(s.setup_own);
    count += 1.0;
  }
  return count > 0.0 ? sum / count : 0.0;
}

}  // namespace

Laws::Laws(const Layout& layout, std::vector<double> theta)
    : m_(&layout), theta_(std::move(theta)) {
  const Layout& m = layout;
  TWIN_EXPECT(theta_.size() == m.theta_map.size(), theta_.size(), m.theta_map.size());
  usual_ = std::numeric_limits<std::int32_t>::max();
  for (const StreamInfo& s : m.streams) usual_ = std::min(usual_, s.priority);
  for (const ListedLot& l : m.description.lots) usual_ = std::min(usual_, l.priority);

  // A first guess of waits: as long as the group's mean process time. Queues say better within a day.
  std::vector<double> work(m.groups.size(), 0.0), steps(m.groups.size(), 0.0);
  std::vector<double> spread(m.groups.size(), 0.0);
  std::vector<bool> exponential(m.groups.size(), false);
  for (const StepInfo& s : m.steps) {
    work[s.group] += s.step_fixed_ms + 25.0 * s.step_wafer_ms;
    steps[s.group] += 1.0;
    if (s.process_ms > 0.0)
      spread[s.group] = std::max(spread[s.group], s.half_width_ms / s.process_ms);
    if (s.law == Duration::Law::Exponential) exponential[s.group] = true;
  }
  const double setup_ms = mean_setup_ms(m);
  for (std::size_t g = 0; g < m.groups.size(); ++g) {
    const double slow_ms = std::max(work[g] / std::max(steps[g], 1.0), 1.0);
    for (int urgency = 0; urgency < 2; ++urgency) {
      wait.emplace_back(guess(Duration::Law::Exponential, 1.0, 0.0), RecentLaw::Tail::Heavy);
      clock.emplace_back(slow_ms);
    }
    setup.emplace_back(guess(Duration::Law::Exponential, setup_ms, 0.0));
    load.emplace_back(guess(Duration::Law::Constant, static_cast<double>(m.groups[g].load), 0.0),
                      RecentLaw::Tail::Heavy);
    process.emplace_back(exponential[g] ? guess(Duration::Law::Exponential, 1.0, 0.0)
                                        : guess(Duration::Law::Uniform, 1.0, spread[g]));
  }
  for (std::size_t cell = 0; cell < m.transport.size(); ++cell) {
    const Duration& d = m.transport[cell];
    transport.emplace_back(guess(d.law, m.transport_given[cell] != 0 ? d.mean_ms : 0.0,
                                 m.transport_given[cell] != 0 ? d.half_width_ms : 0.0));
  }
}

std::uint32_t Laws::transport_cell(std::uint32_t from, std::uint32_t to) const {
  if (from == None || to == None) return None;
  const auto cell = static_cast<std::uint32_t>(from * m_->locations.size() + to);
  return m_->transport_given[cell] != 0 ? cell : None;
}

double Laws::process_alone_ms(std::uint32_t step, std::uint32_t wafers) const {
  const StepInfo& s = m_->steps[step];
  const double units = s.per == Step::Per::Piece ? std::max(wafers, 1U) : 1.0;
  if (s.cascade_ms > 0.0)
    return s.process_ms + (units - 1.0) * std::min(s.cascade_ms, s.process_ms);
  return s.process_ms * units;
}

double Laws::rework(std::uint32_t step) const {
  const StepInfo& s = m_->steps[step];
  if (!s.reworked) return 0.0;
  return std::clamp(s.rework * theta_[m_->theta_map.rework(m_->groups[s.group].area)], 0.0, 1.0);
}

double Laws::sampling(std::uint32_t step) const {
  const StepInfo& s = m_->steps[step];
  if (!s.sampled) return 1.0;
  return std::clamp(s.sampling * theta_[m_->theta_map.sampling(m_->groups[s.group].area)], 0.0,
                    1.0);
}

double Laws::repair_scale(std::uint32_t group) const {
  return theta_[m_->theta_map.mttr(m_->groups[group].area)];
}

}  // namespace twins::fab::track
