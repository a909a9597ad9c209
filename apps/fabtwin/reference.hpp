// The reference, made from what the program is: its commands and options, the model's parameters and
// rules, the columns and names of the results, the words of the event log. docs/reference holds the
// pages; a test says that they are these.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace apps::fabtwin {

class Command;

// [file name] Markdown; without experiments.md, which fabtwin-assimilate makes
std::map<std::string, std::string> reference_pages(const Command& program);

std::string results_page();                      // CSV and JSON
std::string events_page();                       // fields, kinds, units
std::string made_page(const std::string& page);  // below the line that says what it is made by

// A table in Markdown; a bar in a cell is escaped.
std::string markdown_table(const std::vector<std::string_view>& titles,
                           const std::vector<std::vector<std::string>>& rows);

std::string code(std::string_view text);  // `text`; nothing for nothing

}  // namespace apps::fabtwin
