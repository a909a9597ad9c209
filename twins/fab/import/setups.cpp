// setup.txt: what a change of setup takes. setupgrp.txt: how many lots a setup is kept for.
#include <fmt/core.h>

#include <set>
#include <utility>

#include "twins/fab/import/message.hpp"
#include "twins/fab/import/reading.hpp"

namespace twins::fab::import {
namespace {

std::uint32_t setup_of(Reading& reading, const Cell& cell) {
  const std::uint32_t i = reading.setups.add(cell.name(), cell.line());
  if (i == reading.fab.setups.size()) {
    reading.fab.setups.push_back({reading.setups.name(i), 0});
    reading.has_entry.push_back(0);
  }
  return i;
}

// Columns that would make a setup time random: the model's are constant.
void expect_constant(const Cell& law, const Cell& half_width) {
  if (!law.blank() && law.text() != "constant") {
    law.fail("unsupported law " + quote(law.text()), "setup times are constant");
  }
  if (!half_width.blank()) half_width.fail("unsupported half-width", "setup times are constant");
}

}  // namespace

void read_setup_groups(Reading& reading) {
  if (reading.files.setup_groups.empty()) return;
  const Table table = open(reading, reading.files.setup_groups);
  Header h(table);
  const Column group = h.need("SETUPGRP");
  const Column setup = h.need("SETUP");
  const Column run = h.need("MINRUN");
  const Column others[] = {h.maybe("MINQUEUE"), h.maybe("MAXQUEUE"), h.maybe("MINNUMSTN"),
                           h.maybe("MAXNUMSTN")};
  h.finish(reading.fab.warnings);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const Row row{&table, i};
    for (const Column c : others) {
      if (!row[c].blank()) row[c].fail("unsupported criterion", "only MINRUN is modelled");
    }
    if (!row[group].blank()) {
      static_cast<void>(define(row[group], reading.setup_groups, "setup group"));
      reading.kept_setups.emplace_back();
    } else if (reading.kept_setups.empty()) {
      row[group].fail("missing value", "the first row must name a setup group");
    }
    if (reading.setups.find(row[setup].required()) != None) {
      row[setup].fail("setup " + quote(row[setup].text()) + " appears twice",
                      "it can have one minimum run");
    }
    const std::uint32_t s = setup_of(reading, row[setup]);
    reading.fab.setups[s].minimum_run = static_cast<std::uint32_t>(row[run].count(MaxWafers));
    reading.kept_setups.back().push_back(s);
  }
}

void read_setup_changes(Reading& reading) {
  if (reading.files.setups.empty()) return;
  const Table table = open(reading, reading.files.setups);
  Header h(table);
  const Column from = h.need("CURSETUP");
  const Column to = h.need("NEWSETUP");
  const Column time = h.need("STIME");
  const Column unit = h.need("STUNITS");
  const Column law = h.maybe("SDIST");
  const Column half_width = h.maybe("STIME2");
  h.finish(reading.fab.warnings);
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const Row row{&table, i};
    expect_constant(row[law], row[half_width]);
    SetupChange change;
    if (!row[from].blank()) change.from = setup_of(reading, row[from]);
    change.to = setup_of(reading, row[to]);
    if (change.from == change.to) {
      row[to].fail("a change from " + quote(row[to].text()) + " into itself",
                   "NEWSETUP must differ from CURSETUP");
    }
    if (!seen.emplace(change.from, change.to).second) {
      row[to].fail("this change of setup appears twice", "one time must hold");
    }
    change.ms = time_ms(row[time], row[unit]);
    reading.has_entry[change.to] = 1;
    reading.fab.setup_changes.push_back(change);
  }
}

}  // namespace twins::fab::import
