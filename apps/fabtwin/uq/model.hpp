// What a study is of: a function that is known, a program, a model behind UM-Bridge, a fab, or another study's
// emulator; from the table [model] of its file.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "twin/sheet/sheet.hpp"
#include "twin/uq/evaluation_queue.hpp"

namespace apps::fabtwin::uq {

struct Model {
  std::string title;                 // for people
  std::string words;                 // that change where the model does
  std::vector<std::string> outputs;  // their names
  // Names that inputs can have; none: any.
  std::vector<std::string> known_inputs = {};
  // Inputs without which it does not run, in its order; none: as many as there are.
  std::vector<std::string> needed_inputs = {};
  std::vector<std::string> rough_inputs = {};  // those that choose a chance
  bool cheap = false;                          // its runs are not kept
  double deadline = 0.0;                       // [s] of a run; 0: none
  std::uint32_t retries = 1;
  double failed_share = 0.1;
  // inputs: names, in the order of a run's numbers. core::Error for what it cannot be run with.
  std::function<twin::uq::MakeRunner(const std::vector<std::string>& inputs)> make = {};
  // Slopes, where it knows them: of a run's inputs and a weight for each output, the slopes of the outputs'
  // weighted sum [input].
  std::function<twin::uq::MakeRunner(const std::vector<std::string>& inputs)> make_slopes = {};
};

// folder: of the file, where paths begin. twin::core::Error with file and line.
Model read_model(twin::sheet::Sheet& table, const std::string& folder);

// The kinds, each by its own keys of the table.
Model function_model(twin::sheet::Sheet& table);                             // function
Model program_model(twin::sheet::Sheet& table, const std::string& folder);   // program
Model um_bridge_model(twin::sheet::Sheet& table);                            // um_bridge
Model fab_model(twin::sheet::Sheet& table, const std::string& folder);       // fab
Model fluid_model(twin::sheet::Sheet& table, const std::string& folder);     // fluid
Model emulator_model(twin::sheet::Sheet& table, const std::string& folder);  // emulator

// A path of the file: from its folder, unless it begins at the root.
std::string path_from(const std::string& folder, const std::string& path);

}  // namespace apps::fabtwin::uq
