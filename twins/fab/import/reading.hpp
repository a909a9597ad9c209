// A data set half read: what the readers of the single files leave for one another. They run in the
// order of their declaration here, each adds its part to `fab`.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "twins/fab/description.hpp"
#include "twins/fab/import/cell.hpp"
#include "twins/fab/import/file_list.hpp"
#include "twins/fab/import/folder.hpp"
#include "twins/fab/import/names.hpp"
#include "twins/fab/import/table.hpp"

namespace twins::fab::import {

// Sizes beyond which a file is taken for a mistake, so that none can exhaust the memory.
inline constexpr std::uint64_t MaxTools = 1'000'000;
inline constexpr std::uint64_t MaxSteps = 1'000'000;
inline constexpr std::uint64_t MaxLots = 5'000'000;
inline constexpr std::uint64_t MaxStreams = 100'000;
inline constexpr std::uint64_t MaxLinks = 1'000'000;  // attached calendars; setups kept by groups
inline constexpr std::uint64_t MaxWafers = 10'000;    // of one lot or one batch

struct Reading {
  const Folder* folder = nullptr;
  FileList files;
  Description fab;
  Names groups, areas, locations, setups, setup_groups, products, routes, calendars;
  std::vector<std::vector<std::uint32_t>> kept_setups;  // [setup group] -> index into fab.setups
  std::vector<char> has_entry;         // [setup] some row of the setup file leads to it
  std::vector<char> shares_by_family;  // [tool group] its batches mix routes of one family
  Names batch_keys;                 // tool group, family and step name of steps that share batches
  std::vector<Table> route_tables;  // [route]
  std::vector<std::string> route_files,
      route_families;  // [route] file; family of its first product
};

Table open(const Reading& reading, const std::string& file);  // with at least one row
std::uint32_t find(const Cell& cell, const Names& names, std::string_view kind,
                   std::string_view source);  // index of the name in the cell, or an error
// Adds the name in the cell to the names; an error where it is there already.
std::uint32_t define(const Cell& cell, Names& names, std::string_view kind);

void read_setup_groups(Reading& reading);
void read_tool_groups(Reading& reading);
void read_setup_changes(Reading& reading);
void read_products(Reading& reading);  // and their routes
std::uint32_t read_route(Reading& reading, const std::string& file, const std::string& name,
                         const std::string& family);
void read_orders(Reading& reading);
void read_calendars(Reading& reading);
void read_transports(Reading& reading);
void check(Reading& reading);  // what takes several files to see; fills the warnings

}  // namespace twins::fab::import
