// fabtwin serve: the live twin of a site.
#include "apps/fabtwin/serve/server.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>

#include "apps/fabtwin/api_client.hpp"
#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/interrupt.hpp"
#include "apps/fabtwin/serve/heap.hpp"

namespace apps::fabtwin {
namespace {

using std::chrono::milliseconds;

struct ServeFlags {
  std::string file, log, first_token;
  double seconds = 0.0;  // 0: until it is stopped
  double every = 10.0;   // [s] between lines where there is no terminal
};

std::size_t terminal_width() {
  winsize size = {};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 100;
  return size.ws_col;
}

struct CloseFile {
  void operator()(std::FILE* file) const { (void)std::fclose(file); }
};

Exit run_serve(const ServeFlags& flags) {
  serve::return_large_blocks();
  std::unique_ptr<std::FILE, CloseFile> log_file;
  if (!flags.log.empty()) {
    log_file.reset(std::fopen(flags.log.c_str(), "a"));
    if (!log_file) throw Failure(Exit::BadInput, "--log " + flags.log + " (cannot be written)");
  }
  const auto server = or_fail(Exit::BadInput, [&] {
    return std::make_unique<serve::Server>(serve::read_site(std::filesystem::path(flags.file)),
                                           serve::ServerOptions{.log = log_file.get()});
  });
  // Of one use, and never shown again: where the first admin comes in.
  if (const auto token = server->first_token()) {
    if (flags.first_token.empty()) {
      (void)std::fprintf(stderr, "The first admin comes in with this token, once:\n%s\n",
                         token->c_str());
    } else {
      keep_token(flags.first_token, *token);
    }
  }
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  const Interrupt interrupt;
  using Clock = std::chrono::steady_clock;
  const auto begun = Clock::now();
  auto next = begun;
  bool well = true;
  if (terminal) print("\x1b[2J");
  while (well && !interrupt.asked()) {
    well = server->turn(milliseconds(5));
    const auto now = Clock::now();
    if (flags.seconds > 0.0 && std::chrono::duration<double>(now - begun).count() > flags.seconds) {
      break;
    }
    if (now < next) continue;
    if (terminal) {
      print("\x1b[H" +
            serve::picture_text(server->picture(), terminal_width(), serve::Colours::Ansi) +
            "\x1b[J");
      next = now + milliseconds(1'000);
    } else {
      print(serve::picture_line(server->picture()) + "\n");
      next = now + milliseconds(static_cast<std::int64_t>(flags.every * 1e3));
    }
    (void)std::fflush(stdout);
  }
  // As it was while the links were up: to close them takes plant hours where the plant is fast.
  const std::string last =
      terminal ? "" : serve::picture_text(server->picture(), 200, serve::Colours::No);
  server->stop();
  print(last);
  if (!well) {
    throw Failure(Exit::Failed, "the record is broken (" + server->living().journal().trouble() +
                                    "); what was acknowledged is kept");
  }
  return interrupt.asked() ? Exit::Interrupted : Exit::Ok;
}

}  // namespace

void add_serve(Command& program) {
  const auto flags = std::make_shared<ServeFlags>();
  Command& command = program.add_command(
      "serve", "The live twin of a site: follow it, forecast, score the forecasts");
  command.add_option("SITE", flags->file, "the site's settings: a TOML file (docs/site.md)")
      .required()
      .type_name("FILE");
  command.add_option("--log", flags->log, "append a line of JSON for each thing that happens")
      .type_name("FILE");
  command
      .add_option(
          "--first-token", flags->first_token,
          "where the first admin's token is written, at the first start (default: it is shown)")
      .type_name("FILE");
  command.add_option("--seconds", flags->seconds, "end after so many real seconds; 0: never")
      .shows_default()
      .within(0, 1e9);
  command
      .add_option("--every", flags->every,
                  "seconds between lines of the picture where there is no terminal")
      .shows_default()
      .above(0);
  command.footer(
      "Examples:\n"
      "  fabtwin serve site.toml\n"
      "  fabtwin serve site.toml --seconds 60 --log twin.jsonl");
  command.action([flags] { return run_serve(*flags); });
}

}  // namespace apps::fabtwin
