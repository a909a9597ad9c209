// The page on the data of a fab against its readers: every column that is read is explained, and none
// that is not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/tree.hpp"

namespace tests {
namespace {

using Names = std::set<std::string>;

Names matches(const std::string& text, const std::regex& pattern) {
  Names names;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), pattern);
       it != std::sregex_iterator(); ++it)
    names.insert((*it)[1]);
  return names;
}

// The names that a reader asks a table's header for.
Names columns_read(const std::string& source) {
  static const std::regex Asked("(?:need|maybe)\\(\"([^\"]+)\"\\)");
  static const std::regex Skipped("skip\\((\\{[^}]*\\})\\)");
  static const std::regex Quoted("\"([^\"]+)\"");
  Names names = matches(source, Asked);
  for (const std::string& list : matches(source, Skipped)) names.merge(matches(list, Quoted));
  return names;
}

struct Section {
  Names first_cells;  // names in ticks in the first cell of a table's row
  Names all;          // names in ticks anywhere
};

// The sections whose title begins with one of these.
Section section_of(const File& page, const std::vector<std::string>& titles) {
  static const std::regex Ticked("`([^`]+)`");
  Section section;
  bool inside = false;
  for (const std::string& line : page.lines) {
    if (line.starts_with("## ")) {
      inside = false;
      for (const std::string& title : titles) inside = inside || line.starts_with("## " + title);
    }
    if (!inside) continue;
    section.all.merge(matches(line, Ticked));
    if (line.starts_with("| `"))
      section.first_cells.merge(matches(line.substr(0, line.find('|', 1)), Ticked));
  }
  return section;
}

const File& file_at(const Files& files, const std::string& path) {
  for (const File& file : files)
    if (file.path == path) return file;
  ADD_FAILURE() << "no file " << path;
  return files.front();
}

Names without(Names all, const Names& some) {
  std::erase_if(all, [&](const std::string& one) { return some.contains(one); });
  return all;
}

// Whoever brings a fab would not find a column that is read, or fill one that is not.
TEST(DataFormat, ExplainsTheColumnsThatAreRead) {
  const Files files = read_tree(".");
  const File& page = file_at(files, "docs/data-format.md");
  const std::vector<std::pair<std::string, std::vector<std::string>>> readers = {
      {"tools", {"`tool.txt`"}},
      {"products", {"`part.txt`"}},
      {"routes", {"Route files"}},
      {"orders", {"`order.txt`", "`WIP.txt`"}},
      {"setups", {"`setup.txt`", "`setupgrp.txt`"}},
      {"calendars", {"`downcal.txt`", "`pmcal.txt`", "`attach.txt`"}},
      {"transports", {"`fromto.txt`"}},
  };
  for (const auto& [reader, titles] : readers) {
    const Names read = columns_read(file_at(files, "twins/fab/import/" + reader + ".cpp").text);
    const Section section = section_of(page, titles);
    EXPECT_GE(read.size(), 4U) << reader;
    EXPECT_EQ(without(read, section.all), Names{}) << reader << ": read, not explained";
    EXPECT_EQ(without(section.first_cells, read), Names{}) << reader << ": explained, not read";
  }
}

// The check above would find nothing, whatever stands there.
TEST(DataFormat, FindsColumns) {
  EXPECT_EQ(columns_read("h.need(\"A\"), h.maybe(\"B#\"); h.skip({\"C\", \"D\"});"),
            (Names{"A", "B#", "C", "D"}));
  const File page = file_of("a.md", "## `x.txt`: x\n| `A`, `B` | `no` |\n## y\n| `C` | |\n");
  const Section section = section_of(page, {"`x.txt`"});
  EXPECT_EQ(section.first_cells, (Names{"A", "B"}));
  EXPECT_EQ(section.all, (Names{"A", "B", "no", "x.txt"}));
}

}  // namespace
}  // namespace tests
