#include "apps/fabtwin/run_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "apps/fabtwin/command_line.hpp"
#include "apps/fabtwin/exit.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/table.hpp"
#include "twin/core/error.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/mirror.hpp"

namespace apps::fabtwin {

using twin::core::Error;
using twins::fab::LayoutOptions;

void add_data_set(Command& command, std::string& path) {
  command.add_option("DIR", path, "the fab: a folder in the SMT2020 form, or a MIMAC file")
      .required();
}

void add_length(Command& command, twins::fab::RunOptions& run) {
  run.threads = std::clamp(std::thread::hardware_concurrency(), 1U, 1024U);
  command.add_option("--days", run.days, "length of the run [day]").shows_default();
  command.add_option("--warmup", run.warmup_days, "figures count from here on [day]")
      .shows_default();
  command.add_option("--replications", run.replications, "runs, each with chances of its own")
      .shows_default();
  command.add_option("--first-replication", run.first_replication, "number of the first of them")
      .shows_default();
  command.add_option("--seed", run.seed, "decides every chance").shows_default();
  command.add_option(
      "--threads", run.threads,
      "replications at once (default: as many as cores); results do not depend on it");
}

void add_rule(Command& command, twins::fab::RunOptions& run) {
  command.add_option("--rule", run.rule, "dispatching rule (see `fabtwin rules`)")
      .type_name("NAME")
      .shows_default();
}

void add_model(Command& command, RunFlags& flags) {
  command.add_option("--load", flags.load, "releases, relative to the data set").shows_default();
  command
      .add_option("--set", flags.set,
                  "one uncertain number of the model, a multiplier on the data set's values: "
                  "process.GROUP, spread.GROUP, mtbf.AREA, mttr.AREA, rework.AREA, "
                  "sampling.AREA, transport, mtbf_group.GROUP, mttr_group.GROUP (repeatable)")
      .type_name("PARAM=VALUE")
      .repeatable();
  command.add_option("--theta", flags.theta_file, "a JSON file {\"PARAM\": VALUE, ...} of them")
      .type_name("FILE");
  command
      .add_option("--breakdowns", flags.breakdowns,
                  "a tool that fails finishes its job, or suspends it")
      .type_name("after-job|suspend")
      .one_of({"after-job", "suspend"})
      .shows_default();
  command
      .add_option("--wake", flags.wake,
                  "groups in which an arriving lot takes the idle tool with the least setup, "
                  "among those that the data set names")
      .type_name("cascading|all|never")
      .one_of({"cascading", "all", "never"})
      .shows_default();
  command
      .add_option("--due-spread", flags.due_spread,
                  "draw each lot's due date: the data set's time to it, times 1 - X to 1 + X")
      .shows_default();
  command
      .add_option("--intervals", flags.intervals_min,
                  "for a MIMAC file: minutes between two lots of each route, with commas")
      .comma_separated()
      .type_name("X,X,...");
  command.add_flag("--reserve-super-hot", flags.reserve_super_hot,
                   "lots of the highest priority reserve their next tool");
  command.add_flag("--no-breakdowns", flags.no_breakdowns, "tools never fail");
  command.add_flag("--no-maintenance", flags.no_maintenance, "no preventive maintenance");
}

std::string rule_in_lower_case(std::string rule) {
  std::ranges::transform(rule, rule.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return rule;
}

LayoutOptions layout_options(const RunFlags& flags) {
  LayoutOptions o;
  o.load = flags.load;
  o.due_spread = flags.due_spread;
  o.super_hot_reservation = flags.reserve_super_hot;
  o.breakdowns = !flags.no_breakdowns;
  o.maintenance = !flags.no_maintenance;
  o.breakdown = flags.breakdowns == "suspend" ? LayoutOptions::Breakdowns::Suspend
                                              : LayoutOptions::Breakdowns::AfterJob;
  o.wake = flags.wake == "all"     ? LayoutOptions::Wake::All
           : flags.wake == "never" ? LayoutOptions::Wake::Never
                                   : LayoutOptions::Wake::CascadingOnly;
  o.setup_lines = flags.setup_lines;
  return twins::fab::with_rule(o, rule_in_lower_case(flags.run.rule));
}

std::vector<double> theta_of(const twins::fab::Layout& layout, const RunFlags& flags) {
  const std::vector<twin::core::Parameter> parameters = layout.parameters();
  std::vector<double> theta = layout.nominal_theta();
  if (!flags.theta_file.empty()) {
    const std::string text = read_text(flags.theta_file);
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object())
      throw Error(flags.theta_file + ": no parameters (must be a JSON object {\"PARAM\": VALUE})");
    for (const auto& [name, value] : json.items()) {
      if (!value.is_number())
        throw Error(flags.theta_file + ": " + name + " = " + value.dump() + " (must be a number)");
      theta[twin::core::index_of(parameters, name)] = value.get<double>();
    }
  }
  for (const std::string& assignment : flags.set) {
    const std::size_t equals = assignment.find('=');
    if (equals == std::string::npos) throw Error("--set " + assignment + " (must be PARAM=VALUE)");
    const std::string digits = assignment.substr(equals + 1);
    double value = 0.0;
    const char* const end = digits.data() + digits.size();
    const auto [stopped, failed] = std::from_chars(digits.data(), end, value);
    if (failed != std::errc() || stopped != end)
      throw Error("--set " + assignment + " ('" + digits + "' is not a number)");
    theta[twin::core::index_of(parameters, assignment.substr(0, equals))] = value;
  }
  twin::core::check_theta(parameters, theta);
  return theta;
}

twins::fab::Description read_fab(const std::string& path,
                                 const std::vector<double>& intervals_min) {
  namespace reading = twins::fab::import;
  reading::ReadOptions options;
  for (const double minutes : intervals_min) {
    if (!(minutes > 0.0))
      throw Failure(Exit::Usage, fmt::format("--intervals {} (must be positive)", minutes));
    reading::MimacRelease release;
    release.interval_min = minutes;
    options.mimac.releases.push_back(release);
  }
  return or_fail(Exit::BadInput, [&] {
    if (!intervals_min.empty() && reading::form_of(path) != reading::Form::Mimac)
      throw Failure(Exit::Usage, "--intervals (" + path + " has releases of its own)");
    return reading::read(path, options);
  });
}

Prepared prepare(twins::fab::Description fab, const RunFlags& flags) {
  Prepared p;
  p.run = flags.run;
  p.run.rule = rule_in_lower_case(p.run.rule);
  const LayoutOptions options = or_fail(Exit::Usage, [&] {
    twins::fab::check_options(p.run);
    if (!(flags.load > 0.0 && flags.load <= 100.0))
      throw Error(fmt::format("--load {} (must be above 0 and at most 100)", flags.load));
    if (!(flags.due_spread >= 0.0 && flags.due_spread <= 1.0))
      throw Error(fmt::format("--due-spread {} (must be 0 to 1)", flags.due_spread));
    return layout_options(flags);
  });
  if (fab.streams.empty() && fab.lots.empty())
    throw Failure(Exit::BadInput, flags.path +
                                      ": no lot is ever released (a MIMAC file has no releases) "
                                      "give --intervals?");
  p.layout = or_fail(Exit::BadInput, [&] { return twins::fab::compile(std::move(fab), options); });
  or_fail(Exit::Usage, [&] {
    p.theta = theta_of(*p.layout, flags);
    return twins::fab::make_fab(p.layout, p.run.rule) != nullptr;
  });
  return p;
}

twins::fab::State as_it_stands(const Prepared& prepared, const twins::fab::AnyFab& fab,
                               double after_days) {
  const twin::core::Draw draw{prepared.run.seed, 0};
  twins::fab::State x = fab.initial(prepared.theta, draw);
  fab.advance(x, prepared.theta, static_cast<twins::fab::Tick>(after_days * twins::fab::DayMs),
              draw);
  return twins::fab::Mirror(fab).follow(x);
}

std::string title_of(const twins::fab::Layout& layout) {
  std::size_t at_start = 0;
  for (const auto& lot : layout.description.lots) at_start += lot.step != twins::fab::None ? 1 : 0;
  return fmt::format("{}: {} tool groups, {} tools, {} lots at time zero", layout.description.name,
                     layout.groups.size(), grouped(layout.tools(), 0),
                     grouped(static_cast<double>(at_start), 0));
}

}  // namespace apps::fabtwin
