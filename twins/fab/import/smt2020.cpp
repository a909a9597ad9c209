#include "twins/fab/import/smt2020.hpp"

#include <fmt/core.h>

#include "twins/fab/import/message.hpp"
#include "twins/fab/import/reading.hpp"

namespace twins::fab::import {

Table open(const Reading& reading, const std::string& file) {
  const auto it = reading.folder->files.find(file);
  if (it == reading.folder->files.end()) {
    throw twin::core::Error({file, 0, {}}, sentence("no such file", "the data set needs it"));
  }
  Table table(file, it->second);
  if (table.rows() == 0) {
    throw twin::core::Error({file, 0, {}},
                            sentence("empty table", "it has a header line and no rows"));
  }
  return table;
}

std::uint32_t find(const Cell& cell, const Names& names, std::string_view kind,
                   std::string_view source) {
  const std::string_view name = cell.required();
  const std::uint32_t i = names.find(name);
  if (i == None) {
    cell.fail(fmt::format("unknown {} {}", kind, quote(name)),
              fmt::format("{} has none of that name", source), did_you_mean(name, names.all()));
  }
  return i;
}

std::uint32_t define(const Cell& cell, Names& names, std::string_view kind) {
  const std::string name = cell.name();
  if (const std::uint32_t i = names.find(name); i != None) {
    cell.fail(fmt::format("{} {} appears twice", kind, quote(name)),
              fmt::format("first in line {}", names.line(i)));
  }
  return names.add(name, cell.line());
}

Description read_smt2020(const Folder& folder) {
  Reading reading;
  reading.folder = &folder;
  reading.files = file_list(folder);
  reading.fab.name = folder.name;
  read_setup_groups(reading);
  read_tool_groups(reading);
  read_setup_changes(reading);
  read_products(reading);
  read_orders(reading);
  read_calendars(reading);
  read_transports(reading);
  check(reading);
  return std::move(reading.fab);
}

Description read_smt2020(const std::filesystem::path& folder) {
  return read_smt2020(read_folder(folder));
}

}  // namespace twins::fab::import
