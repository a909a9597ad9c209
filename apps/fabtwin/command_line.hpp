// A command line as data: commands, their options and texts, said without a template. command_line.cpp alone knows the
// library that parses (CLI11: its header costs more to compile than most commands; docs/decisions/0020). One
// description serves the parser, --help, the man page, the reference and the completion.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/fabtwin/exit.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace apps::fabtwin {

using Action = std::function<Exit()>;

// What is said about an option, for help and manual.
struct OptionWords {
  std::string name;                // "DIR", "--days"
  std::vector<std::string> flags;  // "-h", "--help", short ones first; empty: known by its place
  std::string value;               // what stands for the value, "FILE"; empty: it takes none
  std::string text;                // on one line
  std::string standard;            // the default shown; empty: none
};

// An option that was added; a handle, valid as long as its CommandLine.
class Option {
 public:
  Option required() const;
  Option type_name(const std::string& name) const;
  Option shows_default() const;  // the value that its variable has now
  Option shows_default(const std::string& as) const;
  // What is not among these is refused.
  Option within(double low, double high) const;  // both included
  Option above(double low) const;
  Option one_of(const std::vector<std::string>& words) const;
  Option comma_separated() const;
  Option repeatable() const;  // one value each time
  Option excludes(const Option& other) const;

  [[nodiscard]] bool given() const;  // on the line that was parsed

 private:
  friend class Command;
  explicit Option(CLI::Option& option) : option_(&option) {}
  CLI::Option* option_;
};

// The program, or one of its commands. What an option is added for must live until the action has run.
class Command {
 public:
  // What a parsed line says of all its commands together.
  struct Line {
    std::vector<std::string> words;
    Action chosen;
  };
  Command(CLI::App& app, Line& line) : app_(app), line_(line) {}
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  Command& add_command(const std::string& name, const std::string& text);

  // "DIR": known by its place; "--days": a flag with a value.
  Option add_option(const std::string& name, std::string& value, const std::string& text);
  Option add_option(const std::string& name, double& value, const std::string& text);
  Option add_option(const std::string& name, int& value, const std::string& text);
  Option add_option(const std::string& name, std::uint32_t& value, const std::string& text);
  Option add_option(const std::string& name, std::uint64_t& value, const std::string& text);
  Option add_option(const std::string& name, std::optional<int>& value, const std::string& text);
  Option add_option(const std::string& name, std::optional<std::uint32_t>& value,
                    const std::string& text);
  Option add_option(const std::string& name, std::optional<std::uint64_t>& value,
                    const std::string& text);
  Option add_option(const std::string& name, std::vector<double>& value, const std::string& text);
  Option add_option(const std::string& name, std::vector<std::string>& value,
                    const std::string& text);
  Option add_flag(const std::string& name, bool& value, const std::string& text);
  void remove_option(const std::string& name);

  void describe(const std::string& text);
  void footer(const std::string& text);  // "Examples:" and what else follows the options
  void action(Action action);            // what it does when it is the one on the line

  [[nodiscard]] const std::vector<std::string>& words() const { return line_.words; }  // parsed
  [[nodiscard]] std::string name() const;
  [[nodiscard]] std::string text() const;  // on one line
  [[nodiscard]] std::string footer() const;
  [[nodiscard]] const std::vector<std::unique_ptr<Command>>& commands() const { return commands_; }
  [[nodiscard]] std::vector<OptionWords> options() const;  // in the order in which they were added

 private:
  CLI::App& app_;
  Line& line_;
  std::vector<std::unique_ptr<Command>> commands_;
};

struct Parsed {
  Exit exit = Exit::Ok;
  std::string text;  // to be printed: help or version where exit is Ok, else what is wrong
  Action action;     // of the command; empty: there is nothing to do but print
};

class CommandLine {
 public:
  CommandLine(const std::string& name, const std::string& version);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  [[nodiscard]] Command& program() { return program_; }
  // Never throws for what a user writes.
  Parsed parse(const std::vector<std::string>& words);

 private:
  std::unique_ptr<CLI::App> app_;
  Command::Line line_;
  Command program_;
};

// The whole program but its process: what the words ask for, and how it ended. Complaints go to standard error, one
// line each.
Exit run(CommandLine& line, const std::vector<std::string>& words);

// What is wrong with the words of a command line before they are parsed: an unknown command or flag,
// with the nearest known one. Empty: nothing.
std::string unknown_word(const Command& program, const std::vector<std::string>& words);

}  // namespace apps::fabtwin
