#include "twins/fab/decide/policies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "twin/core/error.hpp"
#include "twins/fab/engine/gate.hpp"
#include "twins/fab/rules/policy_text.hpp"
#include "twins/fab/rules/qualification.hpp"
#include "twins/fab/rules/rule.hpp"

namespace twins::fab::decide {

std::vector<std::string> usual_releases(const AnyFab& fab, const State& x) {
  const Layout& m = fab.layout();
  const std::uint32_t inside = x.wip - Row(x).lots();
  if (inside == 0) return {};
  const auto tenth_fewer = std::max(1U, static_cast<std::uint32_t>(std::floor(0.9 * inside)));
  std::vector<std::string> releases = {fmt::format("conwip={}", inside),
                                       fmt::format("conwip={}", tenth_fewer)};
  const std::vector<NamedValue> any = {{"workload", "1"}};
  const ReleaseControl control = *release_control(m, any, "");
  const double hours = Gate(control, m, x).work_inside_ms(x) / HourMs;
  if (hours >= 0.1) releases.push_back(fmt::format("workload={:.2f}", 0.9 * hours));
  releases.emplace_back("starvation=1.5");
  if (tenth_fewer == inside) releases.erase(releases.begin());
  return releases;
}

std::vector<Alternative> release_policies(const AnyFab& fab, const State& x,
                                          const std::string& standing,
                                          const std::vector<std::string>& releases) {
  std::vector<Alternative> made;
  const std::string scheduled = without_release(standing);
  const auto add = [&](const std::string& release) {
    std::string rule = with_parameter(scheduled, release);
    std::string name = "lots enter by " + release;
    const bool there = std::ranges::any_of(made, [&](const auto& a) { return a.name == name; });
    if (rule != standing && !there) made.push_back({std::move(name), std::move(rule), {}});
  };
  if (releases.empty()) return made;
  if (scheduled != standing) made.push_back({"lots enter as scheduled", scheduled, {}});
  for (const std::string& release : releases) {
    if (release == "usual")
      for (const std::string& usual : usual_releases(fab, x)) add(usual);
    else
      add(release);
  }
  return made;
}

std::vector<std::string> usual_qualifications(const AnyFab& fab, const State& x,
                                              std::span<const std::uint32_t> bottlenecks) {
  const Layout& m = fab.layout();
  std::vector<std::string> made;
  for (const std::uint32_t g : bottlenecks) {
    const GroupInfo& info = m.groups[g];
    std::vector<double> work(m.description.products.size(), 0.0);  // [product] [ms] that waits
    for (const Lot& lot : x.lots)
      if (lot.place == LotPlace::Queued && m.steps[lot.step].group == g)
        work[m.classes[lot.lot_class].product] += process_ms(m, lot);
    const auto waiting = std::ranges::count_if(work, [](double w) { return w > 0.0; });
    if (info.tools < 2 || waiting < 2) continue;
    const auto most = static_cast<std::size_t>(std::ranges::max_element(work) - work.begin());
    made.push_back(fmt::format("only.{}={}", m.tool_name(info.first_tool + info.tools - 1),
                               m.description.products[most].name));
  }
  return made;
}

std::vector<Alternative> qualification_policies(const AnyFab& fab, const State& x,
                                                const QualificationsAsked& asked) {
  std::vector<Alternative> made;
  if (asked.qualifications.empty()) return made;
  const std::string any = without_qualification(asked.standing);
  if (any != asked.standing) made.push_back({"tools: all for all", any, {}});
  const auto add = [&](const std::string& which) {
    std::string name = "tools: " + which;
    if (std::ranges::none_of(made, [&](const auto& a) { return a.name == name; }))
      made.push_back({std::move(name), with_parameter(asked.standing, which), {}});
  };
  for (const std::string& which : asked.qualifications) {
    if (which != "usual") {
      add(which);
      continue;
    }
    for (const std::string& usual : usual_qualifications(fab, x, asked.bottlenecks)) {
      const std::size_t equals = usual.find('=');
      const std::vector<NamedValue> named = {
          {std::string_view(usual).substr(0, equals), std::string_view(usual).substr(equals + 1)}};
      try {  // what a data set's batches do not allow is no offer
        (void)qualification(fab.layout(), named, usual);
      } catch (const twin::core::Error&) {
        continue;
      }
      add(usual);
    }
  }
  return made;
}

}  // namespace twins::fab::decide
