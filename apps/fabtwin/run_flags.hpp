// The options that every running command shares: which fab, how it is changed, how long and how
// often it runs. `prepare` turns them into a model or one clear message.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/simulate.hpp"

namespace apps::fabtwin {

class Command;

struct RunFlags {
  std::string path;
  twins::fab::RunOptions run;
  double load = 1.0;
  double due_spread = 0.0;  // of the due offset
  std::string breakdowns = "after-job", wake = "cascading";
  bool reserve_super_hot = false, no_breakdowns = false, no_maintenance = false;
  bool setup_lines = false;      // for a rule that is not run.rule
  std::vector<std::string> set;  // "PARAM=VALUE"
  std::string theta_file;
  std::vector<double> intervals_min;  // [route] of a MIMAC file, between two of its lots
};

void add_data_set(Command& command, std::string& path);
void add_length(Command& command, twins::fab::RunOptions& run);  // days, warm-up, seed, ...
void add_rule(Command& command, twins::fab::RunOptions& run);
void add_model(Command& command, RunFlags& flags);  // what is changed about the fab

// Rule names are written in any case: "CR" is "cr".
std::string rule_in_lower_case(std::string rule);

twins::fab::LayoutOptions layout_options(const RunFlags& flags);

// "PARAM=VALUE" after the values of the file. Throws twin::core::Error.
std::vector<double> theta_of(const twins::fab::Layout& layout, const RunFlags& flags);

struct Prepared {
  std::shared_ptr<const twins::fab::Layout> layout;
  std::vector<double> theta;  // [parameter]
  twins::fab::RunOptions run;
};

// Throws Failure. The intervals of RunFlags are for a MIMAC file, which has no releases of its own.
twins::fab::Description read_fab(const std::string& path,
                                 const std::vector<double>& intervals_min = {});
Prepared prepare(twins::fab::Description fab, const RunFlags& flags);  // Throws Failure.

// The fab of this layout after so many days under its rule, as a mirror that has followed it knows it.
twins::fab::State as_it_stands(const Prepared& prepared, const twins::fab::AnyFab& fab,
                               double after_days);

// "HVLM: 106 tool groups, 1,443 tools, 2,255 lots at time zero"
std::string title_of(const twins::fab::Layout& layout);

}  // namespace apps::fabtwin
