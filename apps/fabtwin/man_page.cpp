#include "apps/fabtwin/man_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <sstream>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/companion.hpp"
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

std::string option_entry(const OptionWords& option) {
  std::string head = "\\fI" + troff(option.name) + "\\fR";
  if (!option.flags.empty()) {
    head = fmt::format("\\fB{}\\fR", troff(fmt::format("{}", fmt::join(option.flags, ", "))));
    if (!option.value.empty()) head += " \\fI" + troff(option.value) + "\\fR";
  }
  std::string text = option.text;
  if (!option.standard.empty()) text += " (default: " + option.standard + ")";
  return ".TP\n" + head + "\n" + troff(text) + "\n";
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

std::string man_page(const Command& program) {
  std::string text = fmt::format(
      ".\\\" Made by `fabtwin man`; change the program's description instead.\n"
      ".TH FABTWIN 1 \"\" \"fabtwin {}\" \"User Commands\"\n"
      ".SH NAME\nfabtwin \\- a digital twin of chip making\n"
      ".SH SYNOPSIS\n",
      FABTWIN_VERSION);
  for (const auto& command : program.commands()) {
    text += fmt::format(".br\n\\fBfabtwin {}\\fR", troff(command->name()));
    for (const OptionWords& option : command->options()) {
      if (option.flags.empty()) text += " \\fI" + troff(option.name) + "\\fR";
    }
    text += " [\\fIoptions\\fR]\n";
  }
  text += ".SH DESCRIPTION\n" + troff(program.text()) + "\n";
  for (const OptionWords& option : program.options()) text += option_entry(option);
  text += ".SH COMMANDS\n";
  for (const auto& command : program.commands()) {
    text += fmt::format(".SS fabtwin {}\n{}\n", troff(command->name()), troff(command->text()));
    for (const OptionWords& option : command->options()) {
      if (option.name != "--help") text += option_entry(option);
    }
    text += footer_entry(command->footer(), ".PP\n.B");
  }
  return text + footer_entry(program.footer(), ".SH");
}

void add_manual(Command& program) {
  const auto folder = std::make_shared<std::string>();
  Command& command =
      program.add_command("man", "Print the man page, in troff, or write the whole reference");
  command
      .add_option("--markdown", *folder,
                  "write the reference instead, as pages of Markdown: commands, parameters, rules, "
                  "results, events")
      .type_name("DIR");
  command.footer(
      "Examples:\n"
      "  fabtwin man | man -l -\n"
      "  fabtwin man --markdown docs/reference");
  command.action([folder, &program]() -> Exit {
    if (folder->empty()) {
      print(man_page(program));
      return Exit::Ok;
    }
    make_folder(*folder);
    for (const auto& [name, text] : reference_pages(program))
      write_file(std::filesystem::path(*folder) / name, std::string_view(text));
    become("assimilate", {"reference", *folder});
  });
}

}  // namespace apps::fabtwin
