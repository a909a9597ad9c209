// fabtwin import-tool: a tool's own dictionary (SEDD) as the file that describes its class.
#include <fmt/format.h>

#include <memory>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/run_flags.hpp"
#include "twin/link/tool/sedd.hpp"

namespace apps::fabtwin {
namespace {

Exit import_tool(const std::string& file) {
  return or_fail(Exit::BadInput, [&] {
    const auto sedd = twin::link::tool::read_sedd(read_text(file), file);
    for (const std::string& note : sedd.notes) {
      fmt::print(stderr, "fabtwin: {}: not taken over: {}\n", file, note);
    }
    print(twin::link::tool::toml_text(sedd.description));
    return Exit::Ok;
  });
}

}  // namespace

void add_import_tool(Command& program) {
  const auto file = std::make_shared<std::string>();
  Command& command = program.add_command(
      "import-tool", "A tool's own dictionary (SEMI E172, SEDD) as the file of its class");
  command.add_option("FILE", *file, "the XML file").required();
  command.footer(
      "What the tool's words mean in the fab is then added by a person: "
      "docs/tool-description.md.\n"
      "Examples:\n"
      "  fabtwin import-tool etcher.xml > etcher.toml\n"
      "  fabtwin check etcher.toml");
  command.action([file] { return import_tool(*file); });
}

}  // namespace apps::fabtwin
