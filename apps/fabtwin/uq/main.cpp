// fabtwin-uq: carries out `fabtwin uq`. A program of its own, since Eigen and the samplers take long to build.
#include <fmt/format.h>

#include <filesystem>

#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/interrupt.hpp"
#include "apps/fabtwin/uq/carry_out.hpp"
#include "apps/fabtwin/uq/um_bridge_server.hpp"
#include "apps/fabtwin/uq_flags.hpp"

namespace apps::fabtwin {
namespace {

Exit run_uq(const UqFlags& flags) {
  uq::Study study =
      or_fail(Exit::BadInput, [&] { return uq::read_study(read_text(flags.file), flags.file); });
  if (!flags.folder.empty()) study.folder = flags.folder;
  const unsigned threads = flags.threads.value_or(study.threads);
  if (!flags.report.empty()) or_fail(Exit::Failed, [&] { expect_writable(flags.report); });
  const Interrupt interrupt;
  if (flags.serve) {
    uq::serve_model(study, {.port = static_cast<int>(*flags.serve), .at_once = threads},
                    interrupt.asked());
    return Exit::Ok;
  }
  const uq::CarriedOut done =
      or_fail(Exit::Failed, [&] { return uq::carry_out(study, threads, interrupt.asked()); });
  if (done.stopped)
    throw Failure(Exit::Interrupted,
                  fmt::format("stopped after {} runs{}", done.status.done,
                              study.model.cheap ? ""
                                                : ", which are kept in " + study.folder +
                                                      " (the same command goes on)"));
  print(flags.json ? json_of(study, done, threads).dump(1) + "\n" : as_text(done.answer));
  if (!flags.report.empty())
    write_file(flags.report,
               std::string_view(as_page(study.title, done.answer, facts_of(study, done))));
  return Exit::Ok;
}

}  // namespace
}  // namespace apps::fabtwin

int main(int count, char** words) {
  using namespace apps::fabtwin;
  CommandLine line("fabtwin", FABTWIN_VERSION);
  line.program().describe("fabtwin-uq: what fabtwin uq is carried out by");
  add_uq(line.program(), run_uq);
  return static_cast<int>(run(line, std::vector<std::string>(words + 1, words + count)));
}
