#include "apps/fabtwin/man_page.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <sstream>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/reference.hpp"

namespace apps::fabtwin {
namespace {

// Text as troff takes it: a backslash and a leading dot or quote mean something, a hyphen is a
// minus.
std::string troff(const std::string& text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_begins = c == '\n';
  }
  return out;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string option_entry(const CLI::Option& option) {
  std::string head, value;
  if (option.get_positional() && !option.nonpositional()) {
    head = "\\fI" + troff(option.get_name()) + "\\fR";
  } else {
    for (const std::string& name : option.get_snames())
      head += (head.empty() ? "" : ", ") + troff("-" + name);
    for (const std::string& name : option.get_lnames())
      head += (head.empty() ? "" : ", ") + troff("--" + name);
    head = "\\fB" + head + "\\fR";
    if (option.get_items_expected_max() > 0)
      value = " \\fI" + troff(option.get_type_name()) + "\\fR";
  }
  std::string text = plain_text(option.get_description());
  if (!option.get_default_str().empty()) text += " (default: " + option.get_default_str() + ")";
  return ".TP\n" + head + value + "\n" + troff(text) + "\n";
}

// A footer: "Title:" lines become headings by the macro given, indented lines stay as they are.
std::string footer_entry(const std::string& footer, const char* heading) {
  std::string out;
  bool verbatim = false;
  std::istringstream lines(footer);
  for (std::string line; std::getline(lines, line);) {
    const bool indented = line.starts_with("  ");
    if (verbatim && !indented) out += ".EE\n";
    if (indented && !verbatim) out += ".EX\n";
    verbatim = indented;
    if (line.ends_with(':') && !indented) {
      out += fmt::format("{} {}\n", heading, upper(line.substr(0, line.size() - 1)));
    } else {
      out += troff(line) + "\n";
    }
  }
  if (verbatim) out += ".EE\n";
  return out;
}

}  // namespace

std::vector<const CLI::App*> commands_of(const CLI::App& program) {
  return program.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<const CLI::Option*> options_of(const CLI::App& command) {
  return command.get_options([](const CLI::Option*) { return true; });
}

std::string plain_text(const std::string& description) {
  std::string text = description;
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::string man_page(const CLI::App& program) {
  std::string text = fmt::format(
      ".\\\" Made by `fabtwin man`; change the program's description instead.\n"
      ".TH FABTWIN 1 \"\" \"fabtwin {}\" \"User Commands\"\n"
      ".SH NAME\nfabtwin \\- a digital twin of chip making\n"
      ".SH SYNOPSIS\n",
      FABTWIN_VERSION);
  for (const CLI::App* command : commands_of(program)) {
    text += fmt::format(".br\n\\fBfabtwin {}\\fR", troff(command->get_name()));
    for (const CLI::Option* option : options_of(*command)) {
      if (option->get_positional() && !option->nonpositional())
        text += " \\fI" + troff(option->get_name()) + "\\fR";
    }
    text += " [\\fIoptions\\fR]\n";
  }
  text += ".SH DESCRIPTION\n" + troff(plain_text(program.get_description())) + "\n";
  for (const CLI::Option* option : options_of(program)) text += option_entry(*option);
  text += ".SH COMMANDS\n";
  for (const CLI::App* command : commands_of(program)) {
    text += fmt::format(".SS fabtwin {}\n{}\n", troff(command->get_name()),
                        troff(plain_text(command->get_description())));
    for (const CLI::Option* option : options_of(*command)) {
      if (option->get_name() != "--help") text += option_entry(*option);
    }
    text += footer_entry(command->get_footer(), ".PP\n.B");
  }
  return text + footer_entry(program.get_footer(), ".SH");
}

void add_manual(CLI::App& program, Action& chosen) {
  const auto folder = std::make_shared<std::string>();
  CLI::App& command =
      *program.add_subcommand("man", "Print the man page, in troff, or write the whole reference");
  command
      .add_option("--markdown", *folder,
                  "write the reference instead, as pages of Markdown: commands, parameters, rules, "
                  "results, events")
      ->type_name("DIR");
  command.footer(
      "Examples:\n"
      "  fabtwin man | man -l -\n"
      "  fabtwin man --markdown docs/reference");
  command.callback([folder, &program, &chosen] {
    chosen = [folder, &program] {
      if (folder->empty()) {
        print(man_page(program));
        return Exit::Ok;
      }
      make_folder(*folder);
      for (const auto& [name, text] : reference_pages(program))
        write_file(std::filesystem::path(*folder) / name, std::string_view(text));
      return Exit::Ok;
    };
  });
}

}  // namespace apps::fabtwin
