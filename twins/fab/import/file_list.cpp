// The form of options.def follows the description of the SMT2020 release's .asd folders in
// github.com/code-gihan/academic-semiconductor-fab (SIMULATION.md, section 3.2): lines of a key and
// its values, a blank key continues the one before, `file NAME` names an active file, ~ takes it
// out.
// No sample of the file itself was at hand: unverified.
#include "twins/fab/import/file_list.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "twin/core/error.hpp"
#include "twins/fab/import/message.hpp"
#include "twins/fab/import/text.hpp"

namespace twins::fab::import {
namespace {

using twin::core::Error;
using twin::core::Place;

struct Entry {
  std::string key;
  std::vector<std::string> values;
  std::size_t line = 0;
};

std::vector<Entry> entries_of(const std::string& text, const std::string& file) {
  std::vector<Entry> entries;
  std::size_t line = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    ++line;
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view whole = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    Entry entry{{}, {}, line};
    bool first = true;
    for (std::size_t at = 0; at <= whole.size();) {
      const std::size_t tab = std::min(whole.find('\t', at), whole.size());
      const std::string_view cell = trim(whole.substr(at, tab - at));
      at = tab + 1;
      if (first) {
        first = false;
        entry.key = cell;
        if (cell == "COMMENT_CHARACTER") {
          if (trim(whole.substr(std::min(at, whole.size()))).starts_with('~')) break;
          throw Error(Place{file, line, entry.key},
                      sentence("unsupported comment character", "only ~ is read"));
        }
      } else if (!cell.empty() && !cell.starts_with('~')) {
        entry.values.emplace_back(cell);
        continue;
      }
      if (cell.starts_with('~')) break;
    }
    if (entry.key.starts_with('~') || (entry.key.empty() && entry.values.empty())) continue;
    if (entry.key.empty()) {
      if (entries.empty()) {
        throw Error(Place{file, line, {}},
                    sentence("value without a key", "no line above names one"));
      }
      entry.key = entries.back().key;
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

void expect_file(const Folder& folder, const std::string& name, const Place& place) {
  if (folder.files.contains(name)) return;
  std::vector<std::string> present;
  for (const auto& [file, bytes] : folder.files) present.push_back(file);
  throw Error(place,
              sentence("no file " + name, "the data set needs it", did_you_mean(name, present)));
}

// The files a key lists. Values are pairs "file NAME"; "file" alone (its name commented out) and
// "none" list nothing.
std::vector<std::string> files_of(const std::vector<Entry>& entries, std::string_view key,
                                  const Folder& folder) {
  std::vector<std::string> files;
  for (const Entry& e : entries) {
    if (e.key != key || e.values.empty()) continue;
    const Place place{std::string(OptionsFile), e.line, e.key};
    const bool lists = e.values[0] == "file" && e.values.size() == 2;
    if (!lists && !(e.values.size() == 1 && (e.values[0] == "file" || e.values[0] == "none"))) {
      throw Error(place, sentence("unknown value " + quote(e.values[0]),
                                  "it must be 'file NAME' or 'none'"));
    }
    if (!lists) continue;
    expect_file(folder, e.values[1], place);
    files.push_back(e.values[1]);
  }
  return files;
}

void read_listed(FileList& list, const std::vector<Entry>& entries, const Folder& folder) {
  const std::array<std::pair<std::string_view, std::string*>, 8> parts = {{
      {"STATION_FILES", &list.tools},
      {"PRODUCT_FILES", &list.products},
      {"SETUP_FILES", &list.setups},
      {"SETUPGROUP_FILES", &list.setup_groups},
      {"DOWNCAL_FILES", &list.breakdowns},
      {"PMCAL_FILES", &list.maintenances},
      {"ATTACH_FILES", &list.attachments},
      {"FROMTO_FILES", &list.transports},
  }};
  for (const auto& [key, part] : parts) {
    const std::vector<std::string> files = files_of(entries, key, folder);
    if (files.size() > 1) {
      throw Error(
          Place{std::string(OptionsFile), 0, std::string(key)},
          sentence("two active files: " + files[0] + " and " + files[1], "only one can be read"));
    }
    if (!files.empty()) *part = files[0];
  }
  list.orders = files_of(entries, "ORDER_FILES", folder);
}

// Settings of the release that the model's semantics presuppose.
void expect_settings(const std::vector<Entry>& entries) {
  for (const Entry& e : entries) {
    const std::string value = e.values.empty() ? std::string{} : e.values[0];
    const Place place{std::string(OptionsFile), e.line, e.key};
    if (e.key == "SEQ_ADDS_SETUP_DELAYS" && value != "N") {
      throw Error(place, sentence("unsupported value " + quote(value), "only N is modelled"));
    }
    if (e.key == "USE_CALENDARS(Y/N)" && value != "Y") {
      throw Error(place, sentence("unsupported value " + quote(value), "only Y is modelled"));
    }
  }
}

// Dates may come as one cell or as a cell for the day and one for the time.
std::int64_t zero_of(const std::vector<Entry>& entries) {
  for (const Entry& e : entries) {
    if (e.key != "SIM_START") continue;
    std::string date;
    for (const std::string& v : e.values) date += (date.empty() ? "" : " ") + v;
    const auto zero = parse_date(date);
    if (!zero) {
      throw Error(
          Place{std::string(OptionsFile), e.line, e.key},
          sentence(quote(date) + " is not a date", "MM/DD/YY HH:MM:SS in the years 2000 to 2099"));
    }
    return *zero;
  }
  return *parse_date(TimeZero);
}

void read_fixed(FileList& list, const Folder& folder) {
  const auto present = [&](std::string_view name) {
    return folder.files.contains(name) ? std::string(name) : std::string{};
  };
  const std::string release = present("tool.txt.1l");
  const std::string plain = present("tool.txt");
  if (!release.empty() && !plain.empty()) {
    throw Error(Place{plain, 0, {}}, sentence("two tool files", "there is a tool.txt.1l as well",
                                              "can one be removed?"));
  }
  list.tools = release.empty() ? plain : release;
  list.products = present("part.txt");
  list.setups = present("setup.txt");
  list.setup_groups = present("setupgrp.txt");
  list.breakdowns = present("downcal.txt");
  list.maintenances = present("pmcal.txt");
  list.attachments = present("attach.txt");
  list.transports = present("fromto.txt");
  for (const char* name : {"WIP.txt", "order.txt"}) {
    if (!present(name).empty()) list.orders.emplace_back(name);
  }
}

}  // namespace

FileList file_list(const Folder& folder) {
  FileList list;
  list.zero_s = *parse_date(TimeZero);
  if (const auto it = folder.files.find(OptionsFile); it != folder.files.end()) {
    const std::string file(OptionsFile);
    const std::vector<Entry> entries = entries_of(decode(it->second, file), file);
    expect_settings(entries);
    list.zero_s = zero_of(entries);
    list.listed = std::any_of(entries.begin(), entries.end(),
                              [](const Entry& e) { return e.key.ends_with("_FILES"); });
    if (list.listed) read_listed(list, entries, folder);
  }
  if (!list.listed) read_fixed(list, folder);
  const auto need = [&](const std::string& part, const std::string& name, std::string_view key) {
    if (!part.empty()) return;
    if (list.listed) {
      throw Error(Place{std::string(OptionsFile), 0, std::string(key)},
                  sentence("no active file", "the data set needs one"));
    }
    expect_file(folder, name, Place{folder.name, 0, {}});
  };
  need(list.tools, "tool.txt", "STATION_FILES");
  need(list.products, "part.txt", "PRODUCT_FILES");
  need(list.orders.empty() ? std::string{} : list.orders[0], "order.txt", "ORDER_FILES");
  return list;
}

}  // namespace twins::fab::import
