// downcal.txt, pmcal.txt: how often tools fail and are maintained. attach.txt: which tools.
#include <fmt/core.h>

#include <array>
#include <set>
#include <utility>

#include "twins/fab/import/message.hpp"
#include "twins/fab/import/reading.hpp"

namespace twins::fab::import {
namespace {

constexpr double MaxPieces = 1e9;  // [wafers] between two maintenances

// The calendars of one kind, before they are attached.
template <class T>
struct CalendarRows {
  Names names;
  std::vector<T> items;        // [name]
  std::vector<char> attached;  // [name]
};

void expect_lasting(const Cell& cell, const Duration& d) {
  if (d.mean_ms < 1)
    cell.fail(quote(cell.text()) + " is too short", "an interval lasts 1 ms or more");
}

CalendarRows<Breakdown> read_breakdowns(Reading& reading) {
  static const std::array<std::string, 1> Types = {"mttf_by_cal"};
  CalendarRows<Breakdown> calendars;
  if (reading.files.breakdowns.empty()) return calendars;
  const Table table = open(reading, reading.files.breakdowns);
  Header h(table);
  const Column name = h.need("DOWNCALNAME"), type = h.need("DOWNCALTYPE");
  const Column law = h.maybe("MTTFDIST"), time = h.need("MTTF"), half = h.maybe("MTTF2"),
               unit = h.need("MTTFUNITS");
  const Column repair_law = h.maybe("MTTRDIST"), repair = h.need("MTTR");
  const Column repair_half = h.maybe("MTTR2"), repair_unit = h.need("MTTRUNITS");
  h.finish(reading.fab.warnings);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const Row row{&table, i};
    static_cast<void>(define(row[name], calendars.names, "calendar"));
    static_cast<void>(row[type].one_of(Types));
    Breakdown b;
    b.name = row[name].name();
    b.time_to_failure = duration({row[law], row[time], row[half], row[unit]});
    expect_lasting(row[time], b.time_to_failure);
    b.time_to_repair = duration({row[repair_law], row[repair], row[repair_half], row[repair_unit]});
    calendars.items.push_back(std::move(b));
    calendars.attached.push_back(0);
  }
  return calendars;
}

// [wafers] A count of wafers, which need not be whole.
double pieces(const Cell& cell) {
  const double value = cell.not_negative();
  if (value > MaxPieces)
    cell.fail(quote(cell.text()) + " is too large", "at most a billion wafers");
  return value;
}

CalendarRows<Maintenance> read_maintenances(Reading& reading) {
  static const std::array<std::string, 2> Types = {"mtbpm_by_cal", "mtbpm_by_pieces"};
  static const std::array<std::string, 1> Pieces = {"pieces"};
  CalendarRows<Maintenance> calendars;
  if (reading.files.maintenances.empty()) return calendars;
  const Table table = open(reading, reading.files.maintenances);
  Header h(table);
  const Column name = h.need("PMCALNAME"), type = h.need("PMCALTYPE");
  const Column interval = h.need("MTBPM"), unit = h.need("MTBPMUNITS");
  const Column law = h.maybe("MTTRDIST"), time = h.need("MTTR"), half = h.maybe("MTTR2"),
               time_unit = h.need("MTTRUNITS");
  h.finish(reading.fab.warnings);
  for (std::size_t i = 0; i < table.rows(); ++i) {
    const Row row{&table, i};
    static_cast<void>(define(row[name], calendars.names, "calendar"));
    Maintenance m;
    m.name = row[name].name();
    m.trigger = static_cast<Maintenance::Trigger>(row[type].one_of(Types));
    if (m.trigger == Maintenance::Trigger::Wafers) {
      static_cast<void>(row[unit].one_of(Pieces));
      m.interval = pieces(row[interval]);
      if (m.interval < 1)
        row[interval].fail(quote(row[interval].text()) + " is too small", "at least 1 wafer");
    } else {
      m.interval = interval_ms(row[interval], row[unit]);
    }
    m.duration = duration({row[law], row[time], row[half], row[time_unit]});
    if (m.trigger == Maintenance::Trigger::Calendar && m.duration.mean_ms >= m.interval) {
      row[time].fail("maintenance takes as long as its interval", "the tool would never be up");
    }
    calendars.items.push_back(std::move(m));
    calendars.attached.push_back(0);
  }
  return calendars;
}

struct Columns {
  Column calendar, type, resource_type, resource, law, first, unit, half;
  Columns(Header h, std::vector<std::string>& warnings)
      : calendar(h.need("CALNAME")),
        type(h.need("CALTYPE")),
        resource_type(h.need("RESTYPE")),
        resource(h.need("RESNAME")),
        law(h.maybe("FOADIST")),
        first(h.need("FOA")),
        unit(h.maybe("FOAUNITS")),
        half(h.maybe("FOA2")) {
    h.finish(warnings);
  }
};

// The tool groups that a row of attach.txt names: one group, or all of an area.
std::vector<std::uint32_t> resources(const Reading& reading, const Row& row, const Columns& c) {
  static const std::array<std::string, 2> Types = {"stnfam", "stngrp"};
  if (row[c.resource_type].one_of(Types) == 0) {
    return {find(row[c.resource], reading.groups, "tool group", reading.files.tools)};
  }
  const std::uint32_t area = find(row[c.resource], reading.areas, "area", reading.files.tools);
  std::vector<std::uint32_t> groups;
  for (std::uint32_t g = 0; g < reading.fab.tool_groups.size(); ++g) {
    if (reading.fab.tool_groups[g].area == reading.areas.name(area)) groups.push_back(g);
  }
  return groups;
}

double first_maintenance(const Row& row, const Columns& c, const Maintenance& m) {
  static const std::array<std::string, 1> Pieces = {"pieces"};
  if (!row[c.law].blank() && row[c.law].text() != "constant") {
    row[c.law].fail("unsupported law " + quote(row[c.law].text()),
                    "a first maintenance has a fixed date");
  }
  if (m.trigger == Maintenance::Trigger::Calendar) return time_ms(row[c.first], row[c.unit]);
  if (!row[c.unit].blank()) static_cast<void>(row[c.unit].one_of(Pieces));
  return pieces(row[c.first]);
}

template <class T>
void warn_unattached(Reading& reading, const std::string& file, const CalendarRows<T>& calendars) {
  for (std::uint32_t i = 0; i < calendars.names.size(); ++i) {
    if (calendars.attached[i] != 0) continue;
    reading.fab.warnings.push_back(fmt::format("{}:{}: calendar {} is attached to nothing", file,
                                               calendars.names.line(i),
                                               quote(calendars.names.name(i))));
  }
}

}  // namespace

void read_calendars(Reading& reading) {
  auto breakdowns = read_breakdowns(reading);
  auto maintenances = read_maintenances(reading);
  if (!reading.files.attachments.empty()) {
    static const std::array<std::string, 2> Types = {"down", "pm"};
    const Table table = open(reading, reading.files.attachments);
    const Columns c(Header(table), reading.fab.warnings);
    std::set<std::array<std::uint32_t, 3>> seen;  // kind, calendar, tool group
    for (std::size_t i = 0; i < table.rows(); ++i) {
      const Row row{&table, i};
      const bool down = row[c.type].one_of(Types) == 0;
      const Names& names = down ? breakdowns.names : maintenances.names;
      const std::string& file = down ? reading.files.breakdowns : reading.files.maintenances;
      const std::uint32_t calendar =
          find(row[c.calendar], names, down ? "breakdown calendar" : "PM calendar",
               !file.empty() ? file
               : down        ? "downcal.txt"
                             : "pmcal.txt");
      (down ? breakdowns.attached : maintenances.attached)[calendar] = 1;
      for (const std::uint32_t g : resources(reading, row, c)) {
        ToolGroup& group = reading.fab.tool_groups[g];
        if (!seen.insert({down ? 0U : 1U, calendar, g}).second) {
          row[c.calendar].fail("calendar " + quote(names.name(calendar)) + " attached twice",
                               "to tool group " + quote(group.name));
        }
        if (seen.size() > MaxLinks)
          row[c.calendar].fail("too many attached calendars", "at most 1 million");
        if (down) {
          group.breakdowns.push_back(breakdowns.items[calendar]);
          group.breakdowns.back().first =
              duration({row[c.law], row[c.first], row[c.half], row[c.unit]});
        } else {
          group.maintenances.push_back(maintenances.items[calendar]);
          group.maintenances.back().first = first_maintenance(row, c, maintenances.items[calendar]);
        }
      }
    }
  }
  warn_unattached(reading, reading.files.breakdowns, breakdowns);
  warn_unattached(reading, reading.files.maintenances, maintenances);
}

}  // namespace twins::fab::import
