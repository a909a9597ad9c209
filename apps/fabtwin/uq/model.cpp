#include "apps/fabtwin/uq/model.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "apps/fabtwin/uq/program_runner.hpp"

namespace apps::fabtwin::uq {

using twin::sheet::Range;
using twin::sheet::Sheet;

std::string path_from(const std::string& folder, const std::string& path) {
  return (std::filesystem::path(folder) / path).lexically_normal().string();
}

Model program_model(Sheet& table, const std::string& folder) {
  std::vector<std::string> words = table.texts("program");
  if (words.empty()) table.refuse("program", "[model]: program is empty (a list of its words)");
  // "./model" is beside the file; a bare word is looked for where the shell does.
  for (std::string& word : words)
    if (word.starts_with("./") || word.starts_with("../")) word = path_from(folder, word);
  Model model{.title = fmt::format("{}", fmt::join(words, " ")),
              .words = fmt::format("program {}", fmt::join(words, "\n")),
              .outputs = table.texts("outputs")};
  if (model.outputs.empty()) model.outputs = {"y"};
  model.make = [words](const std::vector<std::string>&) -> twin::uq::MakeRunner {
    return [words] { return std::make_unique<ProgramRunner>(words); };
  };
  return model;
}

Model read_model(Sheet& table, const std::string& folder) {
  constexpr const char* Kinds[] = {"function", "program", "um_bridge", "fab", "fluid", "emulator"};
  std::vector<std::string> given;
  for (const char* kind : Kinds)
    if (table.has(kind)) given.emplace_back(kind);
  if (given.size() != 1)
    table.refuse(
        given.empty() ? "" : given[1],
        given.empty()
            ? "[model]: no model (one of function, program, um_bridge, fab, fluid, emulator "
              "is needed)"
            : fmt::format("[model]: {} and {} (one model is needed)", given[0], given[1]));
  Model model = given[0] == "function"   ? function_model(table)
                : given[0] == "program"  ? program_model(table, folder)
                : given[0] == "fab"      ? fab_model(table, folder)
                : given[0] == "fluid"    ? fluid_model(table, folder)
                : given[0] == "emulator" ? emulator_model(table, folder)
                                         : um_bridge_model(table);
  model.deadline = table.number("deadline_s", {.least = 0.0, .most = 1e7}, model.deadline);
  model.retries = static_cast<std::uint32_t>(
      table.integer("retries", {.least = 0.0, .most = 100.0}, model.retries));
  model.failed_share =
      table.number("failed_share", {.least = 0.0, .most = 1.0}, model.failed_share);
  table.finish();
  model.words += fmt::format("\noutputs {}", fmt::join(model.outputs, "|"));
  return model;
}

}  // namespace apps::fabtwin::uq
