#include "twins/fab/export/write_smt2020.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "twin/core/error.hpp"
#include "twins/fab/export/decimal.hpp"
#include "twins/fab/export/sheet.hpp"

namespace twins::fab {
namespace {

using twin::core::Error;

[[noreturn]] void no_place(const std::string& what, const std::string& why) {
  throw Error(fmt::format("{} can't be written in the SMT2020 form ({})", what, why));
}

// Groups whose minimum runs are the same setups share one setup group: its index among the distinct
// ones.
std::vector<std::vector<std::uint32_t>> setup_groups(const Description& fab) {
  std::vector<std::vector<std::uint32_t>> distinct;
  for (const ToolGroup& g : fab.tool_groups) {
    if (!g.keeps_minimum_run) continue;
    if (std::find(distinct.begin(), distinct.end(), g.min_run_setups) == distinct.end()) {
      distinct.push_back(g.min_run_setups);
    }
  }
  return distinct;
}

std::string setup_group_name(const Description& fab, const ToolGroup& group) {
  const auto all = setup_groups(fab);
  return fmt::format("SetupGroup_{}",
                     std::find(all.begin(), all.end(), group.min_run_setups) - all.begin() + 1);
}

bool batches_by_family(const Description& fab, std::uint32_t group) {
  for (const Route& route : fab.routes) {
    for (const Step& s : route.steps) {
      if (s.group == group && s.batch_key != None) return true;
    }
  }
  return false;
}

Sheet tools(const Description& fab) {
  static constexpr std::array<const char*, 4> Ranks = {"rank_HP", "rank_RSETUP", "rank_FIFO",
                                                       "rank_CR"};
  Sheet sheet({"STNFAM", "STN", "RULE", "FWLRANK", "WAKERESRANK", "BATCHCRITF", "BATCHPER", "LTIME",
               "LTUNITS", "ULTIME", "ULTUNITS", "STNCAP", "STNQTY", "STNGRP", "STNFAMSTEP_ACTLIST",
               "STNFAMLOC", "PRERULERWL", "SETUPGRP"});
  for (std::uint32_t i = 0; i < fab.tool_groups.size(); ++i) {
    const ToolGroup& g = fab.tool_groups[i];
    if (g.initial_setup != None)
      no_place("the initial setup of " + g.name, "tools start without one");
    if (g.rank.empty()) no_place("the queue order of " + g.name, "it must have a criterion");
    std::string rank;
    for (const Criterion c : g.rank)
      rank += (rank.empty() ? "" : ";") + std::string(Ranks[static_cast<std::size_t>(c)]);
    sheet.row();
    sheet.name("STNFAM", g.name).set("STN", g.name).set("FWLRANK", rank);
    sheet.set("RULE", g.keeps_minimum_run ? "rule_LSSU" : "rule_HotLotFIRST");
    if (g.wakes_least_setup) sheet.set("WAKERESRANK", "wake_LeastSetupTime");
    if (g.batch) {
      sheet.set("BATCHCRITF", batches_by_family(fab, i) ? "crit_samepartfam|crit_samestepname"
                                                        : "crit_sameroutestep");
      sheet.set("BATCHPER", "piece");
    }
    sheet.time("LTIME", "LTUNITS", g.load_ms).time("ULTIME", "ULTUNITS", g.unload_ms);
    if (g.job_slots > 1) sheet.set("STNCAP", std::uint64_t{g.job_slots});
    sheet.set("STNQTY", std::uint64_t{g.tools});
    if (!g.area.empty()) sheet.name("STNGRP", g.area);
    sheet.set("STNFAMSTEP_ACTLIST",
              "Custom_actlist_ASISemiOpersDuringSetupAndAdditionalLoadUnload");
    if (!g.location.empty()) sheet.name("STNFAMLOC", g.location);
    sheet.set("PRERULERWL", "no");
    if (g.keeps_minimum_run) sheet.set("SETUPGRP", setup_group_name(fab, g));
  }
  return sheet;
}

Sheet setup_group_rows(const Description& fab) {
  Sheet sheet({"SETUPGRP", "SETUP", "MINRUN"});
  const auto groups = setup_groups(fab);
  for (std::size_t k = 0; k < groups.size(); ++k) {
    for (std::size_t i = 0; i < groups[k].size(); ++i) {
      const Setup& setup = fab.setups[groups[k][i]];
      sheet.row();
      if (i == 0) sheet.set("SETUPGRP", fmt::format("SetupGroup_{}", k + 1));
      sheet.name("SETUP", setup.name).set("MINRUN", std::uint64_t{setup.minimum_run});
    }
  }
  return sheet;
}

Sheet setup_changes(const Description& fab) {
  Sheet sheet({"CURSETUP", "NEWSETUP", "STIME", "STUNITS"});
  for (const SetupChange& c : fab.setup_changes) {
    sheet.row();
    if (c.from != None) sheet.name("CURSETUP", fab.setups[c.from].name);
    sheet.name("NEWSETUP", fab.setups[c.to].name).time("STIME", "STUNITS", c.ms);
  }
  return sheet;
}

Sheet products(const Description& fab) {
  Sheet sheet({"PARTFAM", "PART", "ROUTEFILE", "ROUTE"});
  for (const Product& p : fab.products) {
    sheet.row();
    sheet.name("PARTFAM", p.family).name("PART", p.name);
    sheet.set("ROUTEFILE", fmt::format("route_{}.txt", p.route + 1))
        .name("ROUTE", fab.routes[p.route].name);
  }
  return sheet;
}

void set_later_steps(Sheet& sheet, const Step& s) {
  if (s.rework > 0.0) {
    sheet.set("RWKSTEP", std::uint64_t{s.rework_to} + 1)
        .set("REWORK", decimal_over(s.rework, 100.0))
        .set("RWKTYPE", "lot");
  }
  if (s.dedicates != None)
    sheet.set("SVESTN", "yes").set("FORSTEP", std::uint64_t{s.dedicates} + 1);
  if (s.queue_time_exit != None) {
    sheet.set("STEP_CQT", std::uint64_t{s.queue_time_exit} + 1)
        .set("CQT", decimal_times(s.queue_time_ms, HourMs));
    sheet.set("CQTUNITS", "hr");
  }
}

Sheet route_rows(const Description& fab, const Route& route) {
  static constexpr std::array<const char*, 3> Per = {"per_lot", "per_piece", "per_batch"};
  Sheet sheet({"ROUTE",        "STEP",    "DESC",          "STNFAM",        "PDIST",
               "PTIME",        "PTIME2",  "PTUNITS",       "PTPER",         "BATCHMN",
               "BATCHMX",      "SETUP",   "WHEN",          "STIME",         "STUNITS",
               "SVESTN",       "FORSTEP", "BatchInterval", "BatchIntUnits", "PartInterval",
               "PartIntUnits", "RWKSTEP", "REWORK",        "RWKTYPE",       "StepPercent",
               "STEP_CQT",     "CQT",     "CQTUNITS"});
  for (std::size_t i = 0; i < route.steps.size(); ++i) {
    const Step& s = route.steps[i];
    sheet.row();
    sheet.name("ROUTE", route.name).set("STEP", i + 1).name("DESC", s.name);
    sheet.set("STNFAM", fab.tool_groups[s.group].name)
        .set("PTPER", Per[static_cast<std::size_t>(s.per)]);
    sheet.duration({"PDIST", "PTIME", "PTIME2", "PTUNITS"}, s.process);
    if (s.per == Step::Per::Batch) {
      sheet.set("BATCHMN", std::uint64_t{s.batch_min}).set("BATCHMX", std::uint64_t{s.batch_max});
    }
    if (s.setup != None) {
      sheet.name("SETUP", fab.setups[s.setup].name).set("WHEN", s.setup_always ? "always" : "need");
      if (s.setup_ms >= 0.0) sheet.time("STIME", "STUNITS", s.setup_ms);
    }
    if (s.cascade_interval_ms > 0.0) {
      const bool per_lot = s.per == Step::Per::Lot;
      sheet.time(per_lot ? "BatchInterval" : "PartInterval",
                 per_lot ? "BatchIntUnits" : "PartIntUnits", s.cascade_interval_ms);
    }
    if (s.sampling != 1.0) sheet.set("StepPercent", decimal_over(s.sampling, 100.0));
    set_later_steps(sheet, s);
  }
  return sheet;
}

std::string date_cell(double ms, const std::string& whose) {
  std::string date = date_of(ms);
  if (date.empty()) no_place("the date of " + whose, "whole seconds in the years 2000 to 2099");
  return date;
}

Sheet wip(const Description& fab) {
  Sheet sheet({"LOT", "PART", "PRIOR", "PIECES", "START", "CURSTEP", "DUE", "ORDER", "HOTLOT"});
  for (const ListedLot& l : fab.lots) {
    if (l.step == None) continue;
    if (l.weight != 1.0) no_place("the weight of " + l.name, "it has no column");
    sheet.row();
    sheet.name("LOT", l.name)
        .set("PART", fab.products[l.product].name)
        .set("PRIOR", std::to_string(l.priority));
    sheet.set("PIECES", std::uint64_t{l.wafers}).set("START", date_cell(l.start_ms, l.name));
    sheet.set("CURSTEP", std::uint64_t{l.step} + 1).set("DUE", date_cell(l.due_ms, l.name));
    if (l.reserves) sheet.set("HOTLOT", "yes");
  }
  return sheet;
}

// All of a stream but what the form has columns for must be as it is by default: the reader will
// leave it so.
void expect_only_columns(const Stream& s) {
  Stream expressed;
  expressed.name = s.name;
  expressed.product = s.product;
  expressed.priority = s.priority;
  expressed.wafers = s.wafers;
  expressed.start_ms = s.start_ms;
  expressed.interval = s.interval;
  expressed.count = s.count;
  expressed.lots_per_release = s.lots_per_release;
  expressed.due_offset_ms = s.due_offset_ms;
  expressed.reserves = s.reserves;
  if (expressed != s) no_place("stream " + s.name, "weights and drawn due dates have no column");
}

Sheet orders(const Description& fab) {
  Sheet sheet({"LOT", "PART", "PRIOR", "PIECES", "START", "RDIST", "REPEAT", "RUNITS", "RPT#",
               "LOTSPERRPT", "DUE", "ORDER", "HOTLOT"});
  const auto common = [&](const auto& lot, double due_ms) {
    sheet.row();
    sheet.name("LOT", lot.name)
        .set("PART", fab.products[lot.product].name)
        .set("PRIOR", std::to_string(lot.priority));
    sheet.set("PIECES", std::uint64_t{lot.wafers}).set("START", date_cell(lot.start_ms, lot.name));
    sheet.set("DUE", date_cell(due_ms, lot.name))
        .set("ORDER", "O_" + lot.name)
        .set("HOTLOT", lot.reserves ? "yes" : "no");
  };
  for (const Stream& s : fab.streams) {
    expect_only_columns(s);
    common(s, s.start_ms + s.due_offset_ms);
    sheet.duration({"RDIST", "REPEAT", {}, "RUNITS"}, s.interval).set("RPT#", s.count);
    sheet.set("LOTSPERRPT", std::uint64_t{s.lots_per_release});
  }
  for (const ListedLot& l : fab.lots) {
    if (l.step != None) continue;
    if (l.weight != 1.0) no_place("the weight of " + l.name, "it has no column");
    common(l, l.due_ms);
  }
  return sheet;
}

Sheet transports(const Description& fab) {
  Sheet sheet({"FROMLOC", "TOLOC", "DDIST", "DTIME", "DTIME2", "DUNITS"});
  for (const Transport& t : fab.transports) {
    sheet.row();
    sheet.name("FROMLOC", t.from)
        .name("TOLOC", t.to)
        .duration({"DDIST", "DTIME", "DTIME2", "DUNITS"}, t.duration);
  }
  return sheet;
}

struct Calendars {
  Sheet breakdowns{"DOWNCALNAME", "DOWNCALTYPE", "MTTFDIST", "MTTF",  "MTTF2",
                   "MTTFUNITS",   "MTTRDIST",    "MTTR",     "MTTR2", "MTTRUNITS"};
  Sheet maintenances{"PMCALNAME", "PMCALTYPE", "MTBPM", "MTBPMUNITS",
                     "MTTRDIST",  "MTTR",      "MTTR2", "MTTRUNITS"};
  Sheet attachments{"CALNAME", "CALTYPE", "RESTYPE", "RESNAME",
                    "FOADIST", "FOA",     "FOA2",    "FOAUNITS"};
};

// Adds the calendar's row where its name is new; a name stands for one calendar only.
template <class T, class Write>
void define(std::map<std::string, T>& known, T calendar, const Write& write) {
  calendar.first = {};  // belongs to the attachment
  const auto [it, added] = known.emplace(calendar.name, calendar);
  if (added) return write(calendar);
  if (it->second != calendar)
    no_place("calendar " + calendar.name, "two different ones have that name");
}

Calendars calendars(const Description& fab) {
  Calendars c;
  std::map<std::string, Breakdown> breakdowns;
  std::map<std::string, Maintenance> maintenances;
  const auto attach = [&](const std::string& name, const char* kind, const char* resource_type,
                          const std::string& resource) {
    c.attachments.row();
    c.attachments.name("CALNAME", name)
        .set("CALTYPE", kind)
        .set("RESTYPE", resource_type)
        .name("RESNAME", resource);
  };
  std::vector<std::string> done;  // areas whose groups have the same breakdowns, attached by area
  for (const ToolGroup& g : fab.tool_groups) {
    const bool alike =
        !g.area.empty() &&
        std::all_of(fab.tool_groups.begin(), fab.tool_groups.end(), [&](const ToolGroup& o) {
          return o.area != g.area || o.breakdowns == g.breakdowns;
        });
    if (alike && std::find(done.begin(), done.end(), g.area) != done.end()) continue;
    if (alike) done.push_back(g.area);
    for (const Breakdown& b : g.breakdowns) {
      define(breakdowns, b, [&](const Breakdown& d) {
        c.breakdowns.row();
        c.breakdowns.name("DOWNCALNAME", d.name).set("DOWNCALTYPE", "mttf_by_cal");
        c.breakdowns.duration({"MTTFDIST", "MTTF", "MTTF2", "MTTFUNITS"}, d.time_to_failure);
        c.breakdowns.duration({"MTTRDIST", "MTTR", "MTTR2", "MTTRUNITS"}, d.time_to_repair);
      });
      attach(b.name, "down", alike ? "stngrp" : "stnfam", alike ? g.area : g.name);
      c.attachments.duration({"FOADIST", "FOA", "FOA2", "FOAUNITS"}, b.first);
    }
  }
  for (const ToolGroup& g : fab.tool_groups) {
    for (const Maintenance& m : g.maintenances) {
      const bool by_wafers = m.trigger == Maintenance::Trigger::Wafers;
      define(maintenances, m, [&](const Maintenance& d) {
        c.maintenances.row();
        c.maintenances.name("PMCALNAME", d.name)
            .set("PMCALTYPE", by_wafers ? "mtbpm_by_pieces" : "mtbpm_by_cal");
        c.maintenances.set("MTBPM", decimal_times(d.interval, by_wafers ? 1.0 : DayMs));
        c.maintenances.set("MTBPMUNITS", by_wafers ? "pieces" : "day");
        c.maintenances.duration({"MTTRDIST", "MTTR", "MTTR2", "MTTRUNITS"}, d.duration);
      });
      attach(m.name, "pm", "stnfam", g.name);
      c.attachments.set("FOADIST", "constant")
          .set("FOA", decimal_times(m.first, by_wafers ? 1.0 : DayMs));
      c.attachments.set("FOAUNITS", by_wafers ? "pieces" : "day");
    }
  }
  return c;
}

}  // namespace

std::map<std::string, std::string> smt2020_files(const Description& fab) {
  std::map<std::string, std::string> files;
  const auto add = [&files](const std::string& name, const Sheet& sheet) {
    if (!sheet.empty()) files[name] = sheet.text();
  };
  add("tool.txt.1l", tools(fab));
  add("setupgrp.txt", setup_group_rows(fab));
  add("setup.txt", setup_changes(fab));
  add("part.txt", products(fab));
  for (std::size_t r = 0; r < fab.routes.size(); ++r)
    add(fmt::format("route_{}.txt", r + 1), route_rows(fab, fab.routes[r]));
  add("WIP.txt", wip(fab));
  add("order.txt", orders(fab));
  const Calendars c = calendars(fab);
  add("downcal.txt", c.breakdowns);
  add("pmcal.txt", c.maintenances);
  add("attach.txt", c.attachments);
  add("fromto.txt", transports(fab));
  return files;
}

void write_smt2020(const Description& fab, const std::filesystem::path& folder) {
  const auto files = smt2020_files(fab);
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed)
    throw Error({folder.string(), 0, {}},
                fmt::format("the folder can't be made ({})", failed.message()));
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string extension = entry.path().extension().string();
    if (extension == ".txt" || extension == ".1l" || extension == ".def" || extension == ".asd") {
      throw Error(
          {entry.path().string(), 0, {}},
          "the folder holds a data set already (nothing is overwritten) is another folder meant?");
    }
  }
  for (const auto& [name, text] : files) {
    std::ofstream out(folder / name, std::ios::binary);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.close();
    if (!out)
      throw Error({(folder / name).string(), 0, {}},
                  "the file can't be written (is there space and permission?)");
  }
}

}  // namespace twins::fab
