#include "apps/fabtwin/command_line.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>

#include "apps/fabtwin/files.hpp"
#include "twin/core/nearest.hpp"

namespace apps::fabtwin {
namespace {

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

std::string on_one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

// A check on a number, which says in the help and in its message what it wants. What is no number is left to the
// conversion, whose message is better.
template <class Holds>
CLI::Validator number_that(const std::string& wanted, Holds holds) {
  return {[wanted, holds](std::string& input) {
            double value = 0.0;
            const char* const end = input.data() + input.size();
            const auto [stopped, failed] = std::from_chars(input.data(), end, value);
            if (failed != std::errc() || stopped != end || holds(value)) return std::string();
            return fmt::format("{} (must be {})", input, wanted);
          },
          wanted};
}

std::string guess(const std::string& word, const std::vector<std::string>& known) {
  const auto near = twin::core::nearest(word, known);
  return near ? " did you mean " + *near + "?" : std::string();
}

bool is_flag(const std::string& word) { return word.size() > 1 && word.front() == '-'; }

bool is_number(const std::string& word) {
  return word.find_first_not_of("+-.0123456789eE") == std::string::npos;
}

}  // namespace

Option Option::required() const {
  option_->required();
  return *this;
}
Option Option::type_name(const std::string& name) const {
  option_->type_name(name);
  return *this;
}
Option Option::shows_default() const {
  option_->capture_default_str();
  return *this;
}
Option Option::shows_default(const std::string& as) const {
  option_->default_str(as);
  return *this;
}
Option Option::within(double low, double high) const {
  option_->check(number_that(fmt::format("{} to {}", low, high),
                             [low, high](double v) { return v >= low && v <= high; }));
  return *this;
}
Option Option::above(double low) const {
  option_->check(number_that(fmt::format("above {}", low), [low](double v) { return v > low; }));
  return *this;
}
Option Option::one_of(const std::vector<std::string>& words) const {
  option_->check([words](const std::string& word) {
    if (std::ranges::find(words, word) != words.end()) return std::string();
    return fmt::format("'{}' (one of {})", word, fmt::join(words, ", "));
  });
  return *this;
}
Option Option::comma_separated() const {
  option_->delimiter(',');
  return *this;
}
Option Option::repeatable() const {
  option_->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
  return *this;
}
Option Option::excludes(const Option& other) const {
  option_->excludes(other.option_);
  return *this;
}
bool Option::given() const { return option_->count() > 0; }

Command& Command::add_command(const std::string& name, const std::string& text) {
  CLI::App* const app = app_.add_subcommand(name, text);
  return *commands_.emplace_back(std::make_unique<Command>(*app, line_));
}

Option Command::add_option(const std::string& name, std::string& value, const std::string& text) {
  return Option(*app_.add_option(name, value, text));
}
Option Command::add_option(const std::string& name, double& value, const std::string& text) {
  return Option(*app_.add_option(name, value, text));
}
Option Command::add_option(const std::string& name, int& value, const std::string& text) {
  return Option(*app_.add_option(name, value, text));
}
Option Command::add_option(const std::string& name, std::uint32_t& value, const std::string& text) {
  return Option(*app_.add_option(name, value, text));
}
Option Command::add_option(const std::string& name, std::uint64_t& value, const std::string& text) {
  return Option(*app_.add_option(name, value, text));
}
Option Command::add_option(const std::string& name, std::optional<int>& value,
                           const std::string& text) {
  return Option(*app_.add_option(name, value, text));
}
Option Command::add_option(const std::string& name, std::optional<std::uint32_t>& value,
                           const std::string& text) {
  return Option(*app_.add_option(name, value, text));
}
Option Command::add_option(const std::string& name, std::optional<std::uint64_t>& value,
                           const std::string& text) {
  return Option(*app_.add_option(name, value, text));
}
Option Command::add_option(const std::string& name, std::vector<double>& value,
                           const std::string& text) {
  return Option(*app_.add_option(name, value, text));
}
Option Command::add_option(const std::string& name, std::vector<std::string>& value,
                           const std::string& text) {
  return Option(*app_.add_option(name, value, text));
}
Option Command::add_flag(const std::string& name, bool& value, const std::string& text) {
  return Option(*app_.add_flag(name, value, text));
}
void Command::remove_option(const std::string& name) { app_.remove_option(app_.get_option(name)); }

void Command::describe(const std::string& text) { app_.description(text); }
void Command::footer(const std::string& text) { app_.footer(text); }
void Command::action(Action action) {
  app_.callback([this, action = std::move(action)] { line_.chosen = action; });
}

std::string Command::name() const { return app_.get_name(); }
std::string Command::text() const { return on_one_line(app_.get_description()); }
std::string Command::footer() const { return app_.get_footer(); }

std::vector<OptionWords> Command::options() const {
  std::vector<OptionWords> all;
  for (const CLI::Option* option : std::as_const(app_).get_options()) {
    OptionWords words;
    words.name = option->get_name();
    for (const std::string& name : option->get_snames()) words.flags.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) words.flags.push_back("--" + name);
    if (option->get_items_expected_max() > 0) words.value = option->get_type_name();
    words.text = on_one_line(option->get_description());
    words.standard = option->get_default_str();
    all.push_back(std::move(words));
  }
  return all;
}

CommandLine::CommandLine(const std::string& name, const std::string& version)
    : app_(std::make_unique<CLI::App>()), program_(*app_, line_) {
  app_->name(name);
  const auto help = std::make_shared<Help>();
  help->column_width(34);
  app_->formatter(help);
  app_->option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  app_->set_help_flag("-h,--help", "this text");
  app_->set_version_flag("--version", name + " " + version, "the version");
  app_->require_subcommand(1);
}

CommandLine::~CommandLine() = default;

Parsed CommandLine::parse(const std::vector<std::string>& words) {
  line_ = {words, {}};
  const std::string wrong = unknown_word(program_, words);
  if (!wrong.empty()) return {Exit::Usage, wrong, {}};
  try {
    std::vector<std::string> reversed(words.rbegin(), words.rend());  // as CLI11 wants it
    app_->parse(reversed);
    return {Exit::Ok, {}, line_.chosen};
  } catch (const CLI::CallForHelp&) {
    const auto parsed = app_->get_subcommands();
    return {Exit::Ok, parsed.empty() ? app_->help() : parsed.front()->help(program_.name()), {}};
  } catch (const CLI::CallForVersion& version) {
    return {Exit::Ok, std::string(version.what()) + "\n", {}};
  } catch (const CLI::ParseError& e) {
    const auto parsed = app_->get_subcommands();
    return {Exit::Usage,
            fmt::format("{} (see {} {}--help)", e.what(), program_.name(),
                        parsed.empty() ? "" : parsed.front()->get_name() + " "),
            {}};
  }
}

Exit run(CommandLine& line, const std::vector<std::string>& words) {
  const auto end = [&](Exit exit, const std::string& message) {
    fmt::print(stderr, "{}: {}\n", line.program().name(), message);
    return exit;
  };
  const Parsed parsed = line.parse(words);
  if (parsed.exit != Exit::Ok) return end(parsed.exit, parsed.text);
  try {
    if (parsed.action) return parsed.action();
    print(parsed.text);
    return Exit::Ok;
  } catch (const Failure& failure) {
    return end(failure.exit(), failure.what());
  } catch (const std::exception& e) {
    return end(Exit::Failed, e.what());
  }
}

std::string unknown_word(const Command& program, const std::vector<std::string>& words) {
  const Command* command = nullptr;
  for (const std::string& word : words) {
    if (word == "--") return {};
    if (!is_flag(word)) {
      if (command != nullptr) continue;
      std::vector<std::string> known;
      for (const auto& c : program.commands()) {
        known.push_back(c->name());
        if (c->name() == word) command = c.get();
      }
      if (command == nullptr)
        return fmt::format("unknown command '{}' (see {} --help){}", word, program.name(),
                           guess(word, known));
      continue;
    }
    if (is_number(word)) continue;
    const Command& at = command != nullptr ? *command : program;
    const std::string flag = word.substr(0, word.find('='));
    std::vector<std::string> known;
    for (const OptionWords& option : at.options())
      known.insert(known.end(), option.flags.begin(), option.flags.end());
    if (std::ranges::find(known, flag) != known.end()) continue;
    return fmt::format("unknown flag '{}' (see {} {}--help){}", flag, program.name(),
                       command != nullptr ? command->name() + " " : std::string(),
                       guess(flag, known));
  }
  return {};
}

}  // namespace apps::fabtwin
