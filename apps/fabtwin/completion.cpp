#include "apps/fabtwin/completion.hpp"

#include <fmt/format.h>

#include <vector>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "twin/core/error.hpp"
#include "twins/fab/any_fab.hpp"

namespace apps::fabtwin {
namespace {

bool is_long(const std::string& flag) { return flag.starts_with("--"); }

std::vector<std::string> long_flags(const Command& command) {
  std::vector<std::string> flags;
  for (const OptionWords& option : command.options())
    for (const std::string& flag : option.flags)
      if (is_long(flag)) flags.push_back(flag);
  return flags;
}

std::string rule_names() {
  std::string names;
  for (const auto& rule : twins::fab::rule_names()) names += fmt::format(" {}", rule.name);
  return names.substr(1);
}

// Quotes for a word within single quotes, as all three shells read them ('\'' in bash and zsh).
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// zsh's _describe reads "word:text": a colon in the word is escaped.
std::string described(const std::string& word, const std::string& text) {
  std::string out;
  for (const char c : word) out += c == ':' ? std::string("\\:") : std::string(1, c);
  return quoted(out + ":" + text);
}

std::string bash(const Command& program) {
  std::string names, cases;
  for (const auto& command : program.commands()) {
    names += (names.empty() ? "" : " ") + command->name();
    cases += fmt::format("    {}) flags='{}' ;;\n", command->name(),
                         fmt::join(long_flags(*command), " "));
  }
  return fmt::format(
      "# bash completion of fabtwin: eval \"$(fabtwin completion bash)\"\n"
      "_fabtwin() {{\n"
      "  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} flags=\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
      "    COMPREPLY=($(compgen -W '{} {}' -- \"$word\"))\n"
      "    return\n"
      "  fi\n"
      "  case $before in\n"
      "    --rule) COMPREPLY=($(compgen -W '{}' -- \"$word\")); return ;;\n"
      "    --breakdowns) COMPREPLY=($(compgen -W 'after-job suspend' -- \"$word\")); return ;;\n"
      "    --wake) COMPREPLY=($(compgen -W 'cascading all never' -- \"$word\")); return ;;\n"
      "    completion) COMPREPLY=($(compgen -W 'bash zsh fish' -- \"$word\")); return ;;\n"
      "  esac\n"
      "  case ${{COMP_WORDS[1]}} in\n"
      "{}"
      "  esac\n"
      "  case $word in\n"
      "    -*) COMPREPLY=($(compgen -W \"$flags\" -- \"$word\")) ;;\n"
      "    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
      "  esac\n"
      "}}\n"
      "complete -o filenames -F _fabtwin fabtwin\n",
      names, fmt::join(long_flags(program), " "), rule_names(), cases);
}

std::string zsh(const Command& program) {
  std::string commands, cases;
  for (const auto& command : program.commands()) {
    commands += "    " + described(command->name(), command->text()) + "\n";
    std::string flags;
    for (const OptionWords& option : command->options()) {
      for (const std::string& flag : option.flags)
        if (is_long(flag)) flags += " " + described(flag, option.text);
    }
    cases += fmt::format("    {}) flags=({}) ;;\n", command->name(), flags.substr(1));
  }
  return fmt::format(
      "#compdef fabtwin\n"
      "# zsh completion of fabtwin: fabtwin completion zsh > _fabtwin, in a folder of $fpath\n"
      "_fabtwin() {{\n"
      "  local -a commands flags\n"
      "  commands=(\n{}  )\n"
      "  if (( CURRENT == 2 )); then\n"
      "    _describe 'command' commands\n"
      "    return\n"
      "  fi\n"
      "  case ${{words[CURRENT-1]}} in\n"
      "    --rule) compadd {}; return ;;\n"
      "    --breakdowns) compadd after-job suspend; return ;;\n"
      "    --wake) compadd cascading all never; return ;;\n"
      "    completion) compadd bash zsh fish; return ;;\n"
      "  esac\n"
      "  case ${{words[2]}} in\n"
      "{}"
      "  esac\n"
      "  if [[ ${{words[CURRENT]}} == -* ]]; then\n"
      "    _describe 'flag' flags\n"
      "  else\n"
      "    _files\n"
      "  fi\n"
      "}}\n"
      "if [[ ${{funcstack[1]}} == _fabtwin ]]; then _fabtwin \"$@\"; else compdef _fabtwin "
      "fabtwin; "
      "fi\n",
      commands, rule_names(), cases);
}

std::string fish(const Command& program) {
  const auto in_fish = [](const std::string& text) {  // fish escapes a quote by a backslash
    std::string out = "'";
    for (const char c : text) {
      if (c == '\'' || c == '\\') out += '\\';
      out += c;
    }
    return out + "'";
  };
  std::string text = "# fish completion of fabtwin: fabtwin completion fish | source\n";
  for (const auto& command : program.commands()) {
    text += fmt::format("complete -c fabtwin -n __fish_use_subcommand -f -a {} -d {}\n",
                        command->name(), in_fish(command->text()));
  }
  for (const auto& command : program.commands()) {
    for (const OptionWords& option : command->options()) {
      for (const std::string& flag : option.flags) {
        if (!is_long(flag)) continue;
        const std::string name = flag.substr(2);
        std::string values;
        if (name == "rule") values = " -x -a '" + rule_names() + "'";
        if (name == "breakdowns") values = " -x -a 'after-job suspend'";
        if (name == "wake") values = " -x -a 'cascading all never'";
        if (values.empty() && !option.value.empty()) values = " -r";
        text +=
            fmt::format("complete -c fabtwin -n '__fish_seen_subcommand_from {}' -l {}{} -d {}\n",
                        command->name(), name, values, in_fish(option.text));
      }
    }
  }
  return text +
         "complete -c fabtwin -n '__fish_seen_subcommand_from completion' -x -a 'bash zsh fish'\n";
}

}  // namespace

std::string completion_script(const Command& program, const std::string& shell) {
  if (shell == "bash") return bash(program);
  if (shell == "zsh") return zsh(program);
  if (shell == "fish") return fish(program);
  throw twin::core::Error("no completion for '" + shell + "' (one of bash, zsh, fish)");
}

void add_completion(Command& program) {
  const auto shell = std::make_shared<std::string>();
  Command& command =
      program.add_command("completion", "Print a completion script for bash, zsh or fish");
  command.add_option("SHELL", *shell, "bash, zsh or fish").required();
  command.footer(
      "Examples:\n"
      "  eval \"$(fabtwin completion bash)\"\n"
      "  fabtwin completion fish | source");
  command.action([shell, &program] {
    or_fail(Exit::Usage, [&] { print(completion_script(program, *shell)); });
    return Exit::Ok;
  });
}

}  // namespace apps::fabtwin
