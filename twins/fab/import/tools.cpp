// tool.txt: one row per tool group; in the release's form a row without STNFAM goes on with the
// queue order of the group above.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "twins/fab/import/message.hpp"
#include "twins/fab/import/reading.hpp"

namespace twins::fab::import {
namespace {

constexpr std::string_view ActionList =
    "Custom_actlist_ASISemiOpersDuringSetupAndAdditionalLoadUnload";

struct ToolsColumns {
  Column name, rule, rank, wake, batch, batch_per, load, load_unit, unload, unload_unit, slots,
      tools, area, actions, location, pre_rule, setup_group;
  ToolsColumns(Header h, std::vector<std::string>& warnings)
      : name(h.need("STNFAM")),
        rule(h.maybe("RULE")),
        rank(h.maybe("FWLRANK")),
        wake(h.maybe("WAKERESRANK")),
        batch(h.maybe("BATCHCRITF")),
        batch_per(h.maybe("BATCHPER")),
        load(h.maybe("LTIME")),
        load_unit(h.maybe("LTUNITS")),
        unload(h.maybe("ULTIME")),
        unload_unit(h.maybe("ULTUNITS")),
        slots(h.maybe("STNCAP")),
        tools(h.need("STNQTY")),
        area(h.maybe("STNGRP")),
        actions(h.maybe("STNFAMSTEP_ACTLIST")),
        location(h.maybe("STNFAMLOC")),
        pre_rule(h.maybe("PRERULERWL")),
        setup_group(h.maybe("SETUPGRP")) {
    h.skip({"STN"});
    h.finish(warnings);
  }
};

void add_criterion(const Cell& cell, std::string_view word, std::vector<Criterion>& rank) {
  static const std::array<std::string, 4> Words = {"rank_HP", "rank_RSETUP", "rank_FIFO",
                                                   "rank_CR"};
  const auto it = std::find(Words.begin(), Words.end(), word);
  if (it == Words.end()) {
    cell.fail("unknown rank " + quote(word),
              "known are rank_HP, rank_RSETUP, rank_FIFO and rank_CR", did_you_mean(word, Words));
  }
  const auto criterion = static_cast<Criterion>(it - Words.begin());
  const auto has = [&](Criterion c) {
    return std::find(rank.begin(), rank.end(), c) != rank.end();
  };
  if (has(criterion))
    cell.fail("rank " + quote(word) + " appears twice", "each criterion decides once");
  rank.push_back(criterion);
  if (has(Criterion::Fifo) && has(Criterion::CriticalRatio)) {
    cell.fail("both rank_FIFO and rank_CR", "no tie is left for the second to decide");
  }
}

void add_rank(const Cell& cell, std::vector<Criterion>& rank) {
  const std::string_view list = cell.text();
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(';', at), list.size());
    add_criterion(cell, list.substr(at, end - at), rank);
    at = end + 1;
  }
}

// The columns that only name what the model does anyway, or what it can't do.
void expect_modelled(const Row& row, const ToolsColumns& c) {
  static const std::array<std::string, 1> Wake = {"wake_LeastSetupTime"};
  const Cell actions = row[c.actions];
  if (!actions.blank() && actions.text() != ActionList) {
    actions.fail("unknown action list " + quote(actions.text()),
                 fmt::format("only {} is modelled", ActionList));
  }
  if (row[c.pre_rule].yes())
    row[c.pre_rule].fail("unsupported value 'yes'", "no rule runs before the ranking");
  if (!row[c.wake].blank()) static_cast<void>(row[c.wake].one_of(Wake));
}

void read_batching(Reading& reading, const Row& row, const ToolsColumns& c, ToolGroup& group) {
  static const std::array<std::string, 2> Criteria = {"crit_sameroutestep",
                                                      "crit_samepartfam|crit_samestepname"};
  static const std::array<std::string, 1> Per = {"piece"};
  const Cell criterion = row[c.batch];
  group.batch = !criterion.blank();
  reading.shares_by_family.push_back(group.batch && criterion.one_of(Criteria) == 1 ? 1 : 0);
  if (group.batch) {
    static_cast<void>(row[c.batch_per].one_of(Per));
  } else if (!row[c.batch_per].blank()) {
    row[c.batch_per].fail("BATCHPER without BATCHCRITF", "the group's batches have no criterion");
  }
  if (group.batch && group.job_slots == 2) {
    row[c.slots].fail("a cascading batch tool", "STNCAP 2 and BATCHCRITF exclude each other");
  }
}

void read_rule(const Reading& reading, const Row& row, const ToolsColumns& c, ToolGroup& group) {
  static const std::array<std::string, 2> Rules = {"rule_HotLotFIRST", "rule_LSSU"};
  const Cell rule = row[c.rule];
  const Cell setups = row[c.setup_group];
  group.keeps_minimum_run = !rule.blank() && rule.one_of(Rules) == 1;
  if (group.keeps_minimum_run) {
    if (setups.blank()) setups.fail("rule_LSSU without SETUPGRP", "it keeps the setups of a group");
    group.min_run_setups = reading.kept_setups[find(
        setups, reading.setup_groups, "setup group",
        reading.files.setup_groups.empty() ? "setupgrp.txt" : reading.files.setup_groups)];
  } else if (!setups.blank()) {
    setups.fail("SETUPGRP without rule_LSSU", "only that rule keeps minimum runs",
                "is RULE rule_LSSU meant?");
  }
}

ToolGroup read_group(Reading& reading, const Row& row, const ToolsColumns& c) {
  expect_modelled(row, c);
  ToolGroup group;
  group.name = row[c.name].name();
  if (!row[c.area].blank()) group.area = row[c.area].name();
  if (!row[c.location].blank()) group.location = row[c.location].name();
  group.tools = static_cast<std::uint32_t>(row[c.tools].count(MaxTools));
  group.job_slots = row[c.slots].blank() ? 1 : static_cast<std::uint32_t>(row[c.slots].count(2));
  if (!row[c.load].blank()) group.load_ms = time_ms(row[c.load], row[c.load_unit]);
  if (!row[c.unload].blank()) group.unload_ms = time_ms(row[c.unload], row[c.unload_unit]);
  read_batching(reading, row, c, group);
  read_rule(reading, row, c, group);
  group.wakes_least_setup = !row[c.wake].blank();
  add_rank(row[c.rank], group.rank);
  return group;
}

}  // namespace

void read_tool_groups(Reading& reading) {
  const Table table = open(reading, reading.files.tools);
  const ToolsColumns c(Header(table), reading.fab.warnings);
  auto& groups = reading.fab.tool_groups;
  std::uint64_t tools = 0;
  std::uint64_t links = 0;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const Row row{&table, i};
    if (row[c.name].blank()) {
      if (groups.empty() || row[c.rank].blank() || !row[c.tools].blank()) {
        row[c.name].fail("missing value", "only a row that goes on with FWLRANK has no STNFAM");
      }
      add_rank(row[c.rank], groups.back().rank);
      continue;
    }
    static_cast<void>(define(row[c.name], reading.groups, "tool group"));
    groups.push_back(read_group(reading, row, c));
    const ToolGroup& group = groups.back();
    if (!group.area.empty()) reading.areas.add(group.area, row.line());
    if (!group.location.empty()) reading.locations.add(group.location, row.line());
    tools += group.tools;
    links += group.min_run_setups.size();
    if (tools > MaxTools) row[c.tools].fail("too many tools", "at most 1 million in a fab");
    if (links > MaxLinks)
      row[c.setup_group].fail("too many setups", "at most 1 million kept by groups");
  }
  for (ToolGroup& group : groups) {
    if (group.rank.empty()) group.rank.push_back(Criterion::Fifo);
  }
}

}  // namespace twins::fab::import
