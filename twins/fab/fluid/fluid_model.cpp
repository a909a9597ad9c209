#include "twins/fab/fluid/fluid_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/elementary.hpp"

namespace twins::fab::fluid {
namespace {

using twin::math::exp;
using twin::math::log;

// Utilisations at which waits are worked out; between them they are straight. From the 2nd on 1 - u falls by equal
// factors, to 1e-5.
constexpr std::size_t Nodes = 160;
constexpr double LeastIdle = 1e-5;
const std::array<double, Nodes>& node_places() {
  static const std::array<double, Nodes> all = [] {
    std::array<double, Nodes> u{};
    for (std::size_t k = 0; k < Nodes; ++k)
      u[k] = 1.0 - exp(log(LeastIdle) * static_cast<double>(k) / (Nodes - 1));
    return u;
  }();
  return all;
}

constexpr double LeastAvailable = 0.02;  // of a tool's time
constexpr double Shortest = 1e-6;        // [h] of a stay, for steps that take no time

}  // namespace

// Of one theta.
struct FluidModel::Groups {
  std::vector<double> capacity;   // [group] [1/h] lots that all tools together can do
  std::vector<double> scale;      // [group] [h] of the wait: times the curve
  std::vector<double> stay;       // [group] [h] of a lot that does not wait, mean over its steps
  std::vector<double> wait;       // [group] [h] now
  std::vector<std::size_t> node;  // [group] where it was found
  std::vector<double> held = {};  // [group] lots at the last step of time; empty: none yet
  std::vector<double> pace = {};  // [step] [h] of a lot that does not wait
  std::vector<double> sampling = {}, rework = {};  // [step]
};

// All lots, those that were released in the run, and the sum of their times of release [h]; or of each so much an
// hour.
struct FluidModel::Amount {
  double all = 0.0, fresh = 0.0, released = 0.0;
  Amount& operator+=(const Amount& b) {
    all += b.all;
    fresh += b.fresh;
    released += b.released;
    return *this;
  }
  friend Amount operator+(Amount a, const Amount& b) { return a += b; }
  friend Amount operator*(double f, const Amount& a) {
    return {f * a.all, f * a.fresh, f * a.released};
  }
};

FluidModel::FluidModel(std::shared_ptr<const Layout> layout, const FluidOptions& options)
    : layout_(std::move(layout)), options_(options), plan_(fluid_plan(*layout_)) {
  if (!(options.warmup_days >= 0.0 && options.days > options.warmup_days &&
        std::isfinite(options.days)))
    throw twin::core::Error(fmt::format("{} days with a warm-up of {} (must be more, and finite)",
                                        options.days, options.warmup_days));
  if (!(options.step_hours > 0.0 && options.step_hours <= 24.0))
    throw twin::core::Error(
        fmt::format("steps of {} hours (must be above 0, at most 24)", options.step_hours));
  for (const FluidGroup& g : plan_.groups) {
    const double power = std::sqrt(2.0 * (g.tools + 1.0)) - 1.0;
    for (const double u : node_places())
      curves_.push_back(u > 0.0 ? exp(power * log(u)) / (1.0 - u) : 0.0);
  }
}

FluidModel::Groups FluidModel::groups_of(std::span<const double> theta) const {
  const ThetaMap& map = layout_->theta_map;
  const std::size_t count = plan_.groups.size();
  Groups to{.capacity = std::vector<double>(count),
            .scale = std::vector<double>(count),
            .stay = std::vector<double>(count),
            .wait = std::vector<double>(count),
            .node = std::vector<std::size_t>(count)};
  for (std::uint32_t g = 0; g < count; ++g) {
    const FluidGroup& from = plan_.groups[g];
    if (from.lots <= 0.0) continue;
    const std::uint32_t area = layout_->groups[g].area;
    const double work = from.work_fixed + from.work_paced * theta[map.process(g)];
    const double job = std::max(Shortest, work * from.batch);
    const double spread = theta[map.spread(g)];
    double available = 1.0, variability = from.mix + from.within * spread * spread;
    const auto down = [&](double up, double off, double of_off) {
      if (!(up + off > 0.0)) return;
      const double share = off / (up + off);
      available *= 1.0 - share;
      variability += (1.0 + of_off) * (1.0 - share) * share * off / job;
    };
    for (const FluidDown& d : from.downs)
      down(d.to_failure * theta[map.mtbf(area)] * theta[map.mtbf_group(g)],
           d.to_repair * theta[map.mttr(area)] * theta[map.mttr_group(g)], d.variability);
    for (const FluidMaintenance& m : from.maintenances)
      down(std::max(0.0, m.interval - m.duration), m.duration, 0.0);
    available = std::max(LeastAvailable, available);
    to.capacity[g] = from.tools * available / std::max(Shortest, work);
    // Batches arrive as many lots at once: what varies between them is less.
    to.scale[g] = 0.5 * (from.bursts / from.batch + variability) * job / available / from.tools;
  }
  const double ways = theta[map.transport()];
  std::vector<double> lots(count, 0.0);
  for (const FluidRoute& route : plan_.routes) {
    for (std::uint32_t i = 0; i < route.steps; ++i) {
      const FluidStep& s = plan_.steps[route.first + i];
      const std::uint32_t area = layout_->groups[s.group].area;
      const double stay =
          s.handling + s.process * theta[map.process(s.group)] + s.transport * ways + s.forming;
      to.pace.push_back(stay);
      to.sampling.push_back(s.sampling < 1.0 ? std::min(1.0, s.sampling * theta[map.sampling(area)])
                                             : 1.0);
      to.rework.push_back(std::min(1.0, s.rework * theta[map.rework(area)]));
      to.stay[s.group] += route.lots * s.sampling * stay;
      lots[s.group] += route.lots * s.sampling;
    }
  }
  for (std::size_t g = 0; g < count; ++g)
    if (lots[g] > 0.0) to.stay[g] /= lots[g];
  return to;
}

// By how many lots are at each group: the utilisation u at which a queue at rest holds as many, u x capacity x (stay
// + wait).
void FluidModel::find_waits(const std::vector<Amount>& lots, Groups& groups) const {
  const auto& u = node_places();
  std::vector<double> held(plan_.groups.size(), 0.0);
  for (std::size_t s = 0; s < plan_.steps.size(); ++s) held[plan_.steps[s].group] += lots[s].all;
  // As they will be at the end of the step, if they go on as in the last one: waits of its beginning would let a
  // queue that grows go too fast.
  const std::vector<double> now = held;
  if (!groups.held.empty())
    for (std::size_t g = 0; g < held.size(); ++g)
      held[g] = std::max(0.0, 2.0 * held[g] - groups.held[g]);
  groups.held = now;
  for (std::size_t g = 0; g < held.size(); ++g) {
    if (groups.capacity[g] <= 0.0 || held[g] <= 0.0) {
      groups.wait[g] = 0.0;
      continue;
    }
    const double* curve = &curves_[g * Nodes];
    const double wanted = held[g] / groups.capacity[g];  // [h]
    const auto reaches = [&](std::size_t k) {
      return u[k] * (groups.stay[g] + groups.scale[g] * curve[k]);
    };
    std::size_t k = groups.node[g];  // it was here a step ago
    while (k + 2 < Nodes && reaches(k + 1) < wanted) ++k;
    while (k > 0 && reaches(k) > wanted) --k;
    groups.node[g] = k;
    const double low = reaches(k), high = reaches(k + 1);
    const double share = high > low ? std::max(0.0, (wanted - low) / (high - low)) : 0.0;
    // Beyond the last node tools are never idle: what is too much waits.
    groups.wait[g] = share <= 1.0 ? groups.scale[g] * (curve[k] + share * (curve[k + 1] - curve[k]))
                                  : wanted - groups.stay[g];
  }
}

FluidFigures FluidModel::figures(std::span<const double> theta) const {
  TWIN_EXPECT(theta.size() >= layout_->theta_map.size(), theta.size());
  const std::size_t steps = plan_.steps.size();
  Groups groups = groups_of(theta);
  std::vector<Amount> lots(steps), back(steps);  // [step] there, and [1/h] on the way back there
  for (std::size_t s = 0; s < steps; ++s) lots[s].all = plan_.initial[s];
  const double dt = options_.step_hours, end = options_.days * 24.0,
               from = options_.warmup_days * 24.0;
  FluidFigures figures;
  figures.wait_hours.assign(plan_.groups.size(), 0.0);
  std::vector<double> leaving(steps), kept(steps);
  double outs = 0.0, fresh_outs = 0.0, cycles = 0.0, held = 0.0, time = 0.0;
  for (double now = 0.0; now < end - 1e-9; now += dt) {
    const double h = std::min(dt, end - now), middle = now + 0.5 * h;
    find_waits(lots, groups);
    for (std::size_t s = 0; s < steps; ++s) {
      leaving[s] = 1.0 / (groups.pace[s] + groups.wait[plan_.steps[s].group] + Shortest);
      kept[s] = 1.0 / (1.0 + h * leaving[s]);
    }
    Amount out;  // [1/h]
    for (const FluidRoute& route : plan_.routes) {
      // Implicit, along the route: what comes to a step in this time may go on in the same.
      Amount flow{route.lots, route.lots, route.lots * middle};
      for (std::uint32_t i = 0; i < route.steps; ++i) {
        const std::size_t s = route.first + i;
        if (plan_.steps[s].is_gone_back_to) {
          flow += back[s];
          back[s] = {};
        }
        lots[s] = kept[s] * (lots[s] + h * groups.sampling[s] * flow);
        const Amount gone = leaving[s] * lots[s];
        if (plan_.steps[s].back == None) {
          flow = (1.0 - groups.sampling[s]) * flow + gone;
          continue;
        }
        back[route.first + plan_.steps[s].back] += groups.rework[s] * gone;
        flow = (1.0 - groups.sampling[s]) * flow + (1.0 - groups.rework[s]) * gone;
      }
      out += flow;
    }
    if (middle < from) continue;
    outs += out.all * h;
    fresh_outs += out.fresh * h;
    cycles += (out.fresh * middle - out.released) * h;
    time += h;
    for (const Amount& n : lots) held += n.all * h;
    for (std::size_t g = 0; g < groups.wait.size(); ++g)
      figures.wait_hours[g] += groups.wait[g] * h;
  }
  figures.cycle_days =
      fresh_outs > 0.0 ? cycles / fresh_outs / 24.0 : std::numeric_limits<double>::quiet_NaN();
  figures.wip = held / time;
  figures.outs_per_day = outs / time * 24.0;
  for (double& w : figures.wait_hours) w /= time;
  return figures;
}

}  // namespace twins::fab::fluid
