#include "apps/fabtwin/commands.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

#include "apps/fabtwin/files.hpp"
#include "twin/core/error.hpp"
#include "twin/core/nearest.hpp"

namespace apps::fabtwin {
namespace {

std::string guess(const std::string& word, const std::vector<std::string>& known) {
  const auto near = twin::core::nearest(word, known);
  return near ? " did you mean " + *near + "?" : std::string();
}

bool is_flag(const std::string& word) { return word.size() > 1 && word.front() == '-'; }

bool is_number(const std::string& word) {
  return word.find_first_not_of("+-.0123456789eE") == std::string::npos;
}

// CLI11's help with descriptions broken into lines.
class Help : public CLI::Formatter {
 public:
  std::string make_option_desc(const CLI::Option* option) const override {
    constexpr std::size_t Width = 64;  // [columns] beside the names
    const std::string text = CLI::Formatter::make_option_desc(option);
    std::string out;
    std::size_t column = 0;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(' ', at), text.size());
      const std::size_t length = end - at;
      if (column > 0) {
        const bool fits = column + 1 + length <= Width;
        out += fits ? ' ' : '\n';
        column = fits ? column + 1 : 0;
      }
      out += text.substr(at, length);
      column += length;
      at = end + 1;
    }
    return out;
  }
};

}  // namespace

void describe(CLI::App& program, Action& chosen) {
  program.name("fabtwin");
  program.description("fabtwin: a digital twin of chip making. A fab is a folder of text files.");
  const auto help = std::make_shared<Help>();
  help->column_width(34);
  program.formatter(help);
  program.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  program.set_help_flag("-h,--help", "this text");
  program.set_version_flag("--version", "fabtwin " FABTWIN_VERSION, "the version");
  program.require_subcommand(1);
  add_simulate(program, chosen);
  add_compare(program, chosen);
  add_sweep(program, chosen);
  add_check(program, chosen);
  add_calibrate(program, chosen);
  add_track(program, chosen);
  add_assimilate(program, chosen);
  add_validate(program, chosen);
  add_serve(program, chosen);
  add_plant(program, chosen);
  add_torture(program, chosen);
  add_verify(program, chosen);
  add_replay(program, chosen);
  add_export(program, chosen);
  add_backup(program, chosen);
  add_restore(program, chosen);
  add_fork(program, chosen);
  add_index(program, chosen);
  add_import_tool(program, chosen);
  add_generate(program, chosen);
  add_rules(program, chosen);
  add_bench(program, chosen);
  add_completion(program, chosen);
  add_manual(program, chosen);
  program.footer(
      "Examples:\n"
      "  fabtwin check data/example-fab\n"
      "  fabtwin simulate data/example-fab --days 365 --replications 5\n"
      "  fabtwin compare data/example-fab --rule fifo --rule cr\n"
      "  fabtwin simulate --help\n"
      "Exit status:\n"
      "  0    done\n"
      "  1    the run failed, or a result could not be written\n"
      "  2    wrong usage\n"
      "  3    a data set or a saved run is missing, broken or does not fit\n"
      "  130  interrupted (Ctrl-C, SIGTERM); the results are those of what there was");
}

std::string unknown_word(const CLI::App& program, const std::vector<std::string>& words) {
  const CLI::App* command = nullptr;
  for (const std::string& word : words) {
    if (word == "--") return {};
    if (!is_flag(word)) {
      if (command != nullptr) continue;
      std::vector<std::string> known;
      for (const CLI::App* c : program.get_subcommands([](const CLI::App*) { return true; })) {
        known.push_back(c->get_name());
        if (c->get_name() == word) command = c;
      }
      if (command == nullptr)
        return fmt::format("unknown command '{}' (see fabtwin --help){}", word, guess(word, known));
      continue;
    }
    if (is_number(word)) continue;
    const CLI::App& at = command != nullptr ? *command : program;
    const std::string flag = word.substr(0, word.find('='));
    std::vector<std::string> known;
    for (const CLI::Option* option : at.get_options([](const CLI::Option*) { return true; })) {
      for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
      for (const std::string& name : option->get_snames()) known.push_back("-" + name);
    }
    if (std::ranges::find(known, flag) != known.end()) continue;
    return fmt::format("unknown flag '{}' (see fabtwin {}--help){}", flag,
                       command != nullptr ? command->get_name() + " " : std::string(),
                       guess(flag, known));
  }
  return {};
}

Exit run_program(const std::vector<std::string>& words) {
  CLI::App program;
  Action chosen;
  describe(program, chosen);
  const auto end = [](Exit exit, const std::string& message) {
    fmt::print(stderr, "fabtwin: {}\n", message);
    return exit;
  };
  try {
    const std::string wrong = unknown_word(program, words);
    if (!wrong.empty()) return end(Exit::Usage, wrong);
    std::vector<std::string> reversed(words.rbegin(), words.rend());  // as CLI11 wants it
    program.parse(reversed);
    return chosen();
  } catch (const CLI::CallForHelp&) {
    const auto parsed = program.get_subcommands();
    print(parsed.empty() ? program.help() : parsed.front()->help("fabtwin"));
    return Exit::Ok;
  } catch (const CLI::CallForVersion& version) {
    print(std::string(version.what()) + "\n");
    return Exit::Ok;
  } catch (const CLI::ParseError& e) {
    const auto parsed = program.get_subcommands();
    return end(Exit::Usage, fmt::format("{} (see fabtwin {}--help)", e.what(),
                                        parsed.empty() ? "" : parsed.front()->get_name() + " "));
  } catch (const Failure& failure) {
    return end(failure.exit(), failure.what());
  } catch (const std::exception& e) {
    return end(Exit::Failed, e.what());
  }
}

}  // namespace apps::fabtwin
