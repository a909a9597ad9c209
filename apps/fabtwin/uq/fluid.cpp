// A fab as a fluid, in a thousandth of the time that a run of it takes: what goes with it makes its means cheaper.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/uq/model.hpp"
#include "twin/core/error.hpp"
#include "twins/fab/fluid/fluid_model.hpp"
#include "twins/fab/import/read.hpp"

namespace apps::fabtwin::uq {
namespace {

using twins::fab::fluid::FluidFigures;
using twins::fab::fluid::FluidModel;

constexpr std::array<const char*, 3> FluidOutputs = {"cycle_days", "wip", "outs_per_day"};

double fluid_figure(const FluidFigures& f, const std::string& name) {
  if (name == FluidOutputs[0]) return f.cycle_days;
  return name == FluidOutputs[1] ? f.wip : f.outs_per_day;
}

}  // namespace

Model fluid_model(twin::sheet::Sheet& table, const std::string& folder) {
  const std::string path = path_from(folder, table.text("fluid"));
  const twins::fab::fluid::FluidOptions options = {
      .warmup_days = table.number("warmup_days", {.least = 0.0, .most = 3650.0}, 0.0),
      .days = table.number("days", {.least = 0.01, .most = 3650.0}),
      .step_hours = table.number("step_hours", {.least = 0.01, .most = 24.0}, 12.0)};
  if (options.days <= options.warmup_days)
    table.refuse("days", fmt::format("[model]: days = {:g} (must be above warmup_days = {:g})",
                                     options.days, options.warmup_days));
  std::vector<std::string> outputs = table.texts("outputs");
  if (outputs.empty()) outputs = {FluidOutputs[0]};
  for (const std::string& name : outputs)
    if (std::ranges::find(FluidOutputs, name) == FluidOutputs.end())
      table.refuse("outputs", fmt::format("[model]: outputs has '{}' (a fluid has {})", name,
                                          fmt::join(FluidOutputs, ", ")));
  const auto layout = twins::fab::compile(twins::fab::import::read(path));
  const auto fluid = std::make_shared<const FluidModel>(layout, options);
  Model model{.title = fmt::format("fluid of {}, {:g} days behind {:g}", title_of(*layout),
                                   options.days - options.warmup_days, options.warmup_days),
              .words = fmt::format("fluid {} warm {} days {} step {}", path, options.warmup_days,
                                   options.days, options.step_hours),
              .outputs = outputs,
              .cheap = true};
  for (const auto& p : layout->parameters()) model.known_inputs.push_back(p.name);
  model.make = [layout, fluid, outputs](const std::vector<std::string>& inputs) {
    const auto parameters = layout->parameters();
    constexpr std::size_t Nowhere = static_cast<std::size_t>(-1);
    std::vector<std::size_t> place;
    for (const std::string& name : inputs)  // chance is not a fluid's
      place.push_back(name.starts_with("luck") ? Nowhere : twin::core::index_of(parameters, name));
    return twin::uq::runner_of([fluid, outputs, place, parameters,
                                nominal = layout->nominal_theta()](std::span<const double> x) {
      std::vector<double> theta = nominal;
      for (std::size_t i = 0; i < x.size(); ++i)
        if (place[i] != Nowhere) theta[place[i]] = x[i];
      twin::core::check_theta(parameters, theta);
      const FluidFigures figures = fluid->figures(theta);
      std::vector<double> y;
      for (const std::string& name : outputs) y.push_back(fluid_figure(figures, name));
      return y;
    });
  };
  return model;
}

}  // namespace apps::fabtwin::uq
