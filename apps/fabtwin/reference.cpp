#include "apps/fabtwin/reference.hpp"

#include <fmt/format.h>

#include <sstream>

#include "apps/fabtwin/command_line.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/layout.hpp"
#include "twins/fab/rules/dispatching.hpp"

namespace apps::fabtwin {
namespace {

using ReferenceRows = std::vector<std::vector<std::string>>;

constexpr std::string_view Made =
    "<!-- Made by `fabtwin man --markdown docs/reference`; change what it is made from. -->\n";

// A footer: what stands under a title is indented and becomes a block, the rest are paragraphs.
std::string footer_text(const std::string& footer) {
  std::string out;
  bool block = false;
  std::istringstream lines(footer);
  for (std::string line; std::getline(lines, line);) {
    const bool indented = line.starts_with("  ");
    if (block && !indented) out += "```\n\n";
    if (!block && indented) out += "```\n";
    block = indented;
    out += indented ? line.substr(2) + "\n" : line + "\n\n";
  }
  return block ? out + "```\n" : out;
}

std::string option_table(const Command& command) {
  ReferenceRows rows;
  for (const OptionWords& option : command.options()) {
    const bool by_place = option.flags.empty();
    rows.push_back({code(by_place ? option.name : fmt::format("{}", fmt::join(option.flags, ", "))),
                    by_place ? std::string() : code(option.value), option.text,
                    code(option.standard)});
  }
  return markdown_table({"option", "value", "meaning", "default"}, rows);
}

std::string commands_page(const Command& program) {
  std::string text = "# Commands and options\n\n" + program.text() + "\n\n";
  for (const auto& command : program.commands())
    text += fmt::format("- [{0}](#fabtwin-{0}): {1}\n", command->name(), command->text());
  text += "\n" + option_table(program) + "\n" + footer_text(program.footer());
  for (const auto& command : program.commands()) {
    std::string words;
    for (const OptionWords& option : command->options())
      if (option.flags.empty()) words += " " + option.name;
    text += fmt::format("\n## fabtwin {0}\n\n{1}.\n\n```\nfabtwin {0}{2} [options]\n```\n\n",
                        command->name(), command->text(), words);
    text += option_table(*command) + "\n" + footer_text(command->footer());
  }
  return text;
}

// The smallest fab: one tool group GROUP in one area AREA, so that the parameters name themselves.
std::shared_ptr<const twins::fab::Layout> nameless_fab() {
  twins::fab::Description fab;
  fab.tool_groups.resize(1);
  fab.tool_groups[0].name = "GROUP";
  fab.tool_groups[0].area = "AREA";
  fab.tool_groups[0].rank = {twins::fab::Criterion::Fifo};
  twins::fab::Step step;
  step.group = 0;
  step.process.mean_ms = twins::fab::MinuteMs;
  fab.routes.push_back({"route", {step}});
  fab.products.push_back({"product", "product", 0});
  twins::fab::ListedLot lot;
  lot.product = 0;
  fab.lots.push_back(lot);
  return twins::fab::compile(fab);
}

std::string parameters_page() {
  std::string text =
      "# Parameters: the uncertain numbers of a fab\n\n"
      "A fab has one parameter of each name below for every tool group (`GROUP`, `STNFAM` in the "
      "data set) or area\n(`AREA`, `STNGRP`), and one for transport. `--set NAME=VALUE` sets one, "
      "`--theta FILE` reads\n`{\"NAME\": VALUE, ...}`; what is not named keeps its default.\n\n";
  ReferenceRows rows;
  for (const auto& p : nameless_fab()->parameters())
    rows.push_back({code(p.name), p.unit, fmt::format("{}", p.nominal),
                    fmt::format("{} to {}", p.lower, p.upper), p.source});
  return text + markdown_table({"name", "unit", "default", "bounds", "meaning"}, rows) +
         "\nUnit 1: a pure number. An area without a name is the empty one: `mtbf.`. What is drawn "
         "already and under way keeps\nits draw.\n";
}

std::string rules_page() {
  ReferenceRows rows;
  for (const auto& rule : twins::fab::rule_names())
    rows.push_back(
        {code(rule.name), std::string(rule.text),
         code(fmt::format("{}", fmt::join(twins::fab::rule_parameters(rule.name), ", ")))});
  ReferenceRows any;
  for (const auto& p : twins::fab::DispatchingParameters)
    any.push_back({code(p.text), std::string(p.meaning)});
  ReferenceRows entering;
  for (const auto& p : twins::fab::ReleaseParameters)
    entering.push_back({code(p.text), std::string(p.meaning)});
  ReferenceRows qualified;
  for (const auto& p : twins::fab::QualificationParameters)
    qualified.push_back({code(p.text), std::string(p.meaning)});
  ReferenceRows planned;
  for (const auto& p : twins::fab::PlanParameters)
    planned.push_back({code(p.text), std::string(p.meaning)});
  return "# Dispatching rules\n\n"
         "A rule gives each waiting lot a value; the smallest goes first, after priority and least "
         "setup. Parameters stand\nbehind the name: `--rule atcs:k1=2,k2=0.5`. Upper and lower "
         "case "
         "are one.\n\n" +
         markdown_table({"rule", "meaning", "parameters and their defaults"}, rows) +
         "\nAny rule takes these beside its own, as in `--rule spt:setups=avoid,batch=mcb`; "
         "unsaid, the "
         "data set decides for\neach step and tool group:\n\n" +
         markdown_table({"parameter", "meaning"}, any) +
         "\nAnd these, which keep lots that are due outside until there is room; several hold "
         "together. Cycle times and tardiness\ncount from the scheduled release all the same, and "
         "WIP counts who waits outside:\n\n" +
         markdown_table({"parameter", "meaning"}, entering) +
         "\nAnd these, of single tools. NAME is a product, a step (`r_3/13`) or a setup; a lot "
         "that "
         "is bound to a tool by its\ndedication goes on there:\n\n" +
         markdown_table({"parameter", "meaning"}, qualified) +
         "\nAnd plans of single tools. Where some of a job's lots are there, the tool waits for "
         "the "
         "others until its latest time; from\nthen on, and for lots of no plan, the rule "
         "decides:\n\n" +
         markdown_table({"parameter", "meaning"}, planned) +
         "\nRules that weigh setups themselves (`atcs`, `batcs`) take no `setups`. A hot lot still "
         "goes before any batch where the\ngroup ranks priority. The laws and their sources stand "
         "in `twins/fab/rules`, one file a rule.\n";
}

}  // namespace

std::string made_page(const std::string& page) { return std::string(Made) + page; }

std::string code(std::string_view text) {
  return text.empty() ? std::string() : fmt::format("`{}`", text);
}

std::string markdown_table(const std::vector<std::string_view>& titles, const ReferenceRows& rows) {
  std::string text = fmt::format("| {} |\n|", fmt::join(titles, " | "));
  for (std::size_t i = 0; i < titles.size(); ++i) text += "---|";
  text += "\n";
  for (const auto& row : rows) {
    text += "|";
    for (const std::string& cell : row) {
      text += cell.empty() ? "" : " ";
      for (const char c : cell) text += c == '|' ? std::string("\\|") : std::string(1, c);
      text += " |";
    }
    text += "\n";
  }
  return text;
}

std::map<std::string, std::string> reference_pages(const Command& program) {
  std::map<std::string, std::string> pages = {
      {"README.md",
       "# Reference\n\n"
       "Every page is made from the program itself, so it says what this version does.\n\n"
       "- [Commands and options](commands.md)\n"
       "- [Parameters](parameters.md): the uncertain numbers of a fab, for `--set` and `--theta`\n"
       "- [Dispatching rules](rules.md): for `--rule`\n"
       "- [Results](results.md): the columns of the CSV files and the names in the JSON\n"
       "- [Events](events.md): the fields, kinds and units of the event log\n"
       "- [Experiments](experiments.md): the keys, models and methods of `fabtwin assimilate`\n\n"
       "By hand: [the data of a fab](../data-format.md), [the files of the event "
       "log](../event-log.md),\n[the fab's events](../fab-events.md), [the tutorial]"
       "(../tutorial.md).\n"},
      {"commands.md", commands_page(program)},
      {"parameters.md", parameters_page()},
      {"rules.md", rules_page()},
      {"results.md", results_page()},
      {"events.md", events_page()}};
  for (auto& [name, text] : pages) text = made_page(text);
  return pages;
}

}  // namespace apps::fabtwin
