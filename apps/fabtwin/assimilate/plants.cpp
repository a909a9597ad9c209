#include "apps/fabtwin/assimilate/plants.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apps/fabtwin/run_flags.hpp"
#include "twin/core/error.hpp"

namespace apps::fabtwin::assimilate {
namespace {

// twin::core::Error of `f`, said at this key.
template <class F>
auto at_key(const Sheet& sheet, const std::string& key, const F& f) {
  try {
    return f();
  } catch (const std::exception& e) {
    sheet.refuse(key, fmt::format("{}: {}", key, e.what()));
  }
}

// theta of the file over what is there already.
void read_theta(const std::vector<twin::core::Parameter>& parameters, Sheet sheet,
                std::vector<double>& theta) {
  for (const std::string& name : sheet.keys()) {
    const std::size_t i =
        at_key(sheet, name, [&] { return twin::core::index_of(parameters, name); });
    theta[i] = sheet.number(name, {.least = parameters[i].lower, .most = parameters[i].upper});
  }
}

}  // namespace

Eigen::VectorXd QueuePlant::seen(const Reading& before, const Reading& after) {
  const double ticks = static_cast<double>(after.at - before.at);
  const double units = ticks / static_cast<double>(twins::toys::Mm1Queue::Unit);
  return Eigen::Vector3d(static_cast<double>(after.arrived - before.arrived) / units,
                         static_cast<double>(after.departed - before.departed) / units,
                         static_cast<double>(after.length_time - before.length_time) / ticks);
}

Eigen::VectorXd FabPlant::seen(const Reading& before, const Reading& after) const {
  constexpr auto Process = static_cast<std::size_t>(twins::fab::ToolTime::Process);
  const auto& groups = fab_->layout().groups;
  Eigen::VectorXd quantities(static_cast<Eigen::Index>(2 * groups.size()));
  const double ticks = static_cast<double>(after.at - before.at);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const double tools = static_cast<double>(fab_->layout().description.tool_groups[g].tools);
    const auto i = static_cast<Eigen::Index>(2 * g);
    quantities[i] =
        static_cast<double>(after.group_times[g][Process] - before.group_times[g][Process]) /
        (ticks * tools);
    quantities[i + 1] = static_cast<double>(after.groups[g].jobs - before.groups[g].jobs) /
                        (ticks / twins::fab::HourMs * tools);
  }
  return quantities;
}

Built build_fab(const Request& request) {
  Sheet& model = request.model;
  const std::string folder = model.text("data");
  const std::string rule = model.text("rule", "published");
  const auto layout = at_key(model, "data", [&] {
    return twins::fab::compile(read_fab(folder), twins::fab::with_rule({}, rule));
  });
  const std::shared_ptr<const twins::fab::AnyFab> fab =
      at_key(model, "rule", [&] { return twins::fab::make_fab(layout, rule); });
  const auto parameters = layout->parameters();
  using Fab = ParameterSubject<FabPlant>;
  Fab::Options options{
      .title = fmt::format("fab of {}", folder),
      .learnt = {},
      .theta = layout->nominal_theta(),
      .truth_theta = {},
      .prior_deviation = model.number("prior_deviation", {.least = Range::Tiny, .most = 3.0}, 0.3),
      .quantities = static_cast<Eigen::Index>(2 * layout->groups.size())};
  for (const std::string& name : model.texts("learn")) {
    const std::size_t place =
        at_key(model, "learn", [&] { return twin::core::index_of(parameters, name); });
    options.learnt.push_back(
        {place, std::max(parameters[place].lower, 1e-3), parameters[place].upper});
  }
  if (options.learnt.empty()) model.refuse("learn", "learn names no parameter (one is needed)");
  read_theta(parameters, model.table("theta"), options.theta);
  options.truth_theta = options.theta;
  read_theta(parameters, request.truth.table("theta"), options.truth_theta);
  for (const Learnt& one : options.learnt) {
    for (const auto* theta : {&options.theta, &options.truth_theta}) {
      if ((*theta)[one.place] > 0.0) continue;
      model.refuse("learn", fmt::format("{} is 0 (only what is above 0 has a logarithm to learn)",
                                        parameters[one.place].name));
    }
  }
  return {.subject = std::make_unique<Fab>(FabPlant(fab), std::move(options)),
          .ticks_per_unit = twins::fab::HourMs};
}

}  // namespace apps::fabtwin::assimilate
