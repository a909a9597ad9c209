#include "twins/fab/rules/release_control.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "twin/core/error.hpp"
#include "twins/fab/load.hpp"
#include "twins/fab/rules/named.hpp"

namespace twins::fab {

namespace {

constexpr std::string_view OfProduct = "conwip.";

struct ReleaseReading {
  const Layout& m;
  std::string_view whole;

  [[noreturn]] void wrong(const NamedValue& p, const std::string& why) const {
    throw twin::core::Error(std::string(p.name) + "=" + std::string(p.value) + " in rule '" +
                            std::string(whole) + "' (" + why + ")");
  }
  [[nodiscard]] double number(const NamedValue& p, double least, double most,
                              const std::string& what) const {
    double value = 0.0;
    const char* end = p.value.data() + p.value.size();
    const auto [stop, failed] = std::from_chars(p.value.data(), end, value);
    if (failed != std::errc{} || stop != end || !(value >= least && value <= most)) wrong(p, what);
    return value;
  }
  [[nodiscard]] std::uint32_t lots(const NamedValue& p) const {
    const double value = number(p, 1.0, 1e9, "must be a whole number of lots from 1 on");
    if (value != std::floor(value)) wrong(p, "must be a whole number of lots from 1 on");
    return static_cast<std::uint32_t>(value);
  }
};

// Process time of a visit as fixed + wafer * n [ms].
struct VisitWork {
  double fixed = 0.0, wafer = 0.0;
};

VisitWork work_of(const Layout& m, const StepInfo& s) {
  const bool piece = s.per == Step::Per::Piece;
  if (m.groups[s.group].batch && s.batch_max > 0) {
    const double full = piece ? s.process_ms * s.batch_max : s.process_ms;
    return {0.0, full / s.batch_max};
  }
  return piece ? VisitWork{0.0, s.process_ms} : VisitWork{s.process_ms, 0.0};
}

void look_ahead(const Layout& m, ReleaseControl& c) {
  const std::size_t steps = m.steps.size();
  c.left_fixed_ms.assign(steps, 0.0);
  c.left_wafer_ms.assign(steps, 0.0);
  c.next_fixed_ms.assign(steps, 0.0);
  c.next_wafer_ms.assign(steps, 0.0);
  c.lead_ms.assign(steps, std::numeric_limits<double>::infinity());
  for (const RouteInfo& route : m.routes)
    for (std::uint32_t n = route.steps; n-- > 0;) {
      const std::uint32_t s = route.first_step + n;
      const StepInfo& step = m.steps[s];
      const bool more = n + 1 < route.steps;
      if (more) {
        c.left_fixed_ms[s] = c.left_fixed_ms[s + 1];
        c.left_wafer_ms[s] = c.left_wafer_ms[s + 1];
      }
      if (step.group == c.bottleneck) {
        const VisitWork work = work_of(m, step);
        c.left_fixed_ms[s] += step.sampling * work.fixed;
        c.left_wafer_ms[s] += step.sampling * work.wafer;
        c.next_fixed_ms[s] = work.fixed;
        c.next_wafer_ms[s] = work.wafer;
        c.lead_ms[s] = 0.0;
      } else if (more) {
        c.next_fixed_ms[s] = c.next_fixed_ms[s + 1];
        c.next_wafer_ms[s] = c.next_wafer_ms[s + 1];
        // Of a lot of the usual size: that lots are no longer on their way than each other is what counts.
        const double here = step.step_fixed_ms + step.step_wafer_ms * UsualWafers;
        c.lead_ms[s] = c.lead_ms[s + 1] + step.sampling * here;
      }
    }
  c.tools = static_cast<double>(std::ranges::count(m.tool_group, c.bottleneck));
  const GroupInfo& group = m.groups[c.bottleneck];
  for (std::uint32_t b = 0; b < group.breakdowns; ++b)
    c.repair_ms += m.breakdowns[group.first_breakdown + b].time_to_repair.mean_ms /
                   static_cast<double>(group.breakdowns);
}

}  // namespace

bool is_release_parameter(std::string_view name) {
  return name == "conwip" || name.starts_with(OfProduct) || name == "workload" ||
         name == "starvation" || name == "bottleneck";
}

std::optional<ReleaseControl> release_control(const Layout& m,
                                              std::span<const NamedValue> parameters,
                                              std::string_view whole) {
  if (parameters.empty()) return std::nullopt;
  const ReleaseReading reading{m, whole};
  ReleaseControl c;
  c.product_most.assign(m.description.products.size(), None);
  std::uint32_t bottleneck = None;
  bool of_bottleneck = false;
  for (const NamedValue& p : parameters) {
    if (p.name == "conwip") {
      c.wip_most = reading.lots(p);
    } else if (p.name == "workload") {
      c.work_most_ms =
          HourMs * reading.number(p, 1e-6, 1e6, "must be hours of process time a tool, above 0");
      of_bottleneck = true;
    } else if (p.name == "starvation") {
      c.starvation = reading.number(p, 1e-6, 1e6, "must be a factor above 0");
      of_bottleneck = true;
    } else if (p.name == "bottleneck") {
      bottleneck = index_named(m.description.tool_groups, p.value);
      if (bottleneck == None)
        reading.wrong(p, "no tool group of this name" + guess(m.description.tool_groups, p.value));
    } else {
      const std::string_view product = p.name.substr(OfProduct.size());
      const std::uint32_t index = index_named(m.description.products, product);
      if (index == None)
        reading.wrong(p, "no product of this name" + guess(m.description.products, product));
      c.product_most[index] = reading.lots(p);
    }
  }
  if (bottleneck != None && !of_bottleneck)
    throw twin::core::Error(
        "bottleneck in rule '" + std::string(whole) +
        "' (says of which group, but neither workload nor starvation is asked)");
  if (of_bottleneck) {
    c.bottleneck = bottleneck != None ? bottleneck : fab_load(m.description).ranking.front();
    look_ahead(m, c);
  }
  return c;
}

}  // namespace twins::fab
