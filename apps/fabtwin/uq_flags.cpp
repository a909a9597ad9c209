#include "apps/fabtwin/uq_flags.hpp"

#include <memory>
#include <utility>

namespace apps::fabtwin {

void add_uq(Command& program, std::function<Exit(const UqFlags&)> does) {
  const auto flags = std::make_shared<UqFlags>();
  Command& command = program.add_command(
      "uq", "Propagate, rank, emulate, find rare events, invert or design: a study of a model");
  command.add_option("FILE", flags->file, "the study (TOML; see docs/studies.md)").required();
  command
      .add_option("--folder", flags->folder,
                  "where its runs are kept, instead of the file's; who begins again goes on there")
      .type_name("DIR");
  command
      .add_option("--threads", flags->threads, "runs at once, instead of the file's; results stay")
      .within(1, 1024)
      .type_name("N");
  command.add_flag("--json", flags->json, "print everything as JSON");
  command.add_option("--report", flags->report, "write a page with plots (HTML)").type_name("FILE");
  command
      .add_option("--serve", flags->serve,
                  "offer the study's model to others by UM-Bridge on this port, and do no study; "
                  "0: any that is free")
      .within(0, 65535)
      .type_name("PORT");
  command.footer(
      "A study that was interrupted or killed goes on where it was when it is begun again.\n"
      "Examples:\n"
      "  fabtwin uq data/studies/ishigami.toml --report ishigami.html\n"
      "  fabtwin uq data/studies/minifab.toml --threads 2 --json\n"
      "  fabtwin uq data/studies/membrane.toml --serve 4242");
  command.action([flags, does = std::move(does)] { return does(*flags); });
}

}  // namespace apps::fabtwin
