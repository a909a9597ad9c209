// A route file: one row per process step, numbered 1, 2, 3, ...
#include <fmt/core.h>

#include <array>

#include "twins/fab/import/message.hpp"
#include "twins/fab/import/reading.hpp"

namespace twins::fab::import {
namespace {

struct RoutesColumns {
  Column route, step, desc, group, law, time, half_width, unit, per, batch_min, batch_max, setup,
      when, setup_time, setup_unit, setup_law, setup_half_width, keeps, for_step, lot_interval,
      lot_unit, piece_interval, piece_unit, rework_step, rework, rework_type, percent, exit, limit,
      limit_unit;
  RoutesColumns(Header h, std::vector<std::string>& warnings)
      : route(h.maybe("ROUTE")),
        step(h.need("STEP")),
        desc(h.maybe("DESC")),
        group(h.need("STNFAM")),
        law(h.maybe("PDIST")),
        time(h.need("PTIME")),
        half_width(h.maybe("PTIME2")),
        unit(h.need("PTUNITS")),
        per(h.need("PTPER")),
        batch_min(h.maybe("BATCHMN")),
        batch_max(h.maybe("BATCHMX")),
        setup(h.maybe("SETUP")),
        when(h.maybe("WHEN")),
        setup_time(h.maybe("STIME")),
        setup_unit(h.maybe("STUNITS")),
        setup_law(h.maybe("SDIST")),
        setup_half_width(h.maybe("STIME2")),
        keeps(h.maybe("SVESTN")),
        for_step(h.maybe("FORSTEP")),
        lot_interval(h.maybe("BatchInterval")),
        lot_unit(h.maybe("BatchIntUnits")),
        piece_interval(h.maybe("PartInterval")),
        piece_unit(h.maybe("PartIntUnits")),
        rework_step(h.maybe("RWKSTEP")),
        rework(h.maybe("REWORK")),
        rework_type(h.maybe("RWKTYPE")),
        percent(h.maybe("StepPercent")),
        exit(h.maybe("STEP_CQT")),
        limit(h.maybe("CQT")),
        limit_unit(h.maybe("CQTUNITS")) {
    h.finish(warnings);
  }
};

// A cell that has a meaning only beside another one.
void expect_blank(const Cell& cell, std::string_view without) {
  if (!cell.blank())
    cell.fail(fmt::format("{} without {}", cell.column(), without), "it would have no effect");
}

// The number of another step of this route, as an index.
std::uint32_t step_index(const Cell& cell) {
  const std::size_t steps = cell.table().rows();
  const std::uint64_t number = cell.count(MaxSteps);
  if (number > steps)
    cell.fail("no step " + quote(cell.text()), fmt::format("the route has {} steps", steps));
  return static_cast<std::uint32_t>(number - 1);
}

void read_batch(const Row& row, const RoutesColumns& c, const ToolGroup& group, Step& step) {
  const bool by_batch = step.per == Step::Per::Batch;
  if (by_batch && !group.batch) {
    row[c.per].fail("per_batch on a tool group without batches",
                    fmt::format("{} has no BATCHCRITF", quote(group.name)));
  }
  if (!by_batch && group.batch) {
    row[c.per].fail(quote(row[c.per].text()) + " on a batch tool group",
                    fmt::format("{} has BATCHCRITF", quote(group.name)), "did you mean per_batch?");
  }
  if (!by_batch) {
    expect_blank(row[c.batch_min], "per_batch");
    expect_blank(row[c.batch_max], "per_batch");
    return;
  }
  step.batch_min = static_cast<std::uint32_t>(row[c.batch_min].count(MaxWafers));
  step.batch_max = static_cast<std::uint32_t>(row[c.batch_max].count(MaxWafers));
  if (step.batch_max < step.batch_min) {
    row[c.batch_max].fail(
        fmt::format("maximum {} below the minimum {}", step.batch_max, step.batch_min),
        "no batch could start", "are BATCHMN and BATCHMX swapped?");
  }
}

void read_cascade(const Row& row, const RoutesColumns& c, const ToolGroup& group, Step& step) {
  const bool per_lot = step.per == Step::Per::Lot;
  const Cell value = row[per_lot ? c.lot_interval : c.piece_interval];
  const Cell other = row[per_lot ? c.piece_interval : c.lot_interval];
  if (!other.blank()) {
    other.fail(fmt::format("{} with {}", other.column(), row[c.per].text()),
               "PartInterval goes with per_piece, BatchInterval with per_lot");
  }
  if (group.job_slots != 2) {
    if (!value.blank()) {
      value.fail(fmt::format("{} on a tool group without cascading", value.column()),
                 fmt::format("STNCAP of {} is not 2", quote(group.name)));
    }
    return;
  }
  if (value.blank()) {
    value.fail(fmt::format("missing {}", value.column()),
               fmt::format("tool group {} is cascading: STNCAP 2", quote(group.name)));
  }
  step.cascade_interval_ms = interval_ms(value, row[per_lot ? c.lot_unit : c.piece_unit]);
  if (step.process.law == Duration::Law::Exponential) {
    row[c.law].fail("exponential time on a cascading tool group",
                    "it can be shorter than its interval");
  }
  if (step.cascade_interval_ms > step.process.mean_ms - step.process.half_width_ms) {
    value.fail(fmt::format("interval {} exceeds the shortest process time", quote(value.text())),
               "a wafer would leave before the next may enter");
  }
}

void read_setup(Reading& reading, const Row& row, const RoutesColumns& c, Step& step) {
  static const std::array<std::string, 2> When = {"need", "always"};
  const Cell setup = row[c.setup];
  if (setup.blank()) {
    for (const Column other : {c.when, c.setup_time, c.setup_law, c.setup_half_width}) {
      expect_blank(row[other], "SETUP");
    }
    return;
  }
  if (!row[c.setup_law].blank() && row[c.setup_law].text() != "constant") {
    row[c.setup_law].fail("unsupported law " + quote(row[c.setup_law].text()),
                          "setup times are constant");
  }
  if (!row[c.setup_half_width].blank()) {
    row[c.setup_half_width].fail("unsupported half-width", "setup times are constant");
  }
  step.setup_always = !row[c.when].blank() && row[c.when].one_of(When) == 1;
  if (!row[c.setup_time].blank()) step.setup_ms = time_ms(row[c.setup_time], row[c.setup_unit]);
  const std::uint32_t known = reading.setups.find(setup.text());
  if (step.setup_ms < 0 && (known == None || reading.has_entry[known] == 0)) {
    setup.fail("setup without an entry: " + quote(setup.text()),
               "there is no STIME here and no row of setup.txt leads to it",
               known == None ? did_you_mean(setup.text(), reading.setups.all()) : std::string{});
  }
  step.setup = reading.setups.add(setup.name(), row.line());
  if (step.setup == reading.fab.setups.size()) {
    reading.fab.setups.push_back({setup.name(), 0});
    reading.has_entry.push_back(0);
  }
}

void read_rework(const Row& row, const RoutesColumns& c, std::uint32_t here, Step& step) {
  static const std::array<std::string, 1> Types = {"lot"};
  if (row[c.rework_step].blank()) {
    expect_blank(row[c.rework], "RWKSTEP");
    expect_blank(row[c.rework_type], "RWKSTEP");
    return;
  }
  if (!row[c.rework_type].blank()) static_cast<void>(row[c.rework_type].one_of(Types));
  step.rework = row[c.rework].percent();
  if (step.rework >= 1) row[c.rework].fail("rework of 100 %", "the lot would never go on");
  step.rework_to = step_index(row[c.rework_step]);
  if (step.rework_to > here) {
    row[c.rework_step].fail(fmt::format("rework to the later step {}", step.rework_to + 1),
                            "it goes back, never forward");
  }
}

void read_later_steps(const Row& row, const RoutesColumns& c, std::uint32_t here, Step& step) {
  if (row[c.keeps].yes()) {
    step.dedicates = step_index(row[c.for_step]);
    if (step.dedicates <= here) {
      row[c.for_step].fail(fmt::format("step {} is not later", step.dedicates + 1),
                           fmt::format("step {} keeps its tool for a later one", here + 1));
    }
  } else {
    expect_blank(row[c.for_step], "SVESTN yes");
  }
  if (!row[c.exit].blank()) {
    step.queue_time_exit = step_index(row[c.exit]);
    if (step.queue_time_exit <= here) {
      row[c.exit].fail(
          fmt::format("step {} is not later", step.queue_time_exit + 1),
          fmt::format("the window that opens at step {} ends at a later one", here + 1));
    }
    step.queue_time_ms = interval_ms(row[c.limit], row[c.limit_unit]);
  } else {
    expect_blank(row[c.limit], "STEP_CQT");
  }
}

Step read_step(Reading& reading, const Row& row, const RoutesColumns& c, std::uint32_t here) {
  static const std::array<std::string, 3> Per = {"per_lot", "per_piece", "per_batch"};
  const std::uint64_t number = row[c.step].count(MaxSteps);
  if (number != here + 1) {
    row[c.step].fail(fmt::format("step {} where {} must stand", number, here + 1),
                     "steps are numbered 1, 2, 3, ... in their order");
  }
  Step step;
  step.name = row[c.desc].blank() ? std::string(row[c.step].text()) : row[c.desc].name();
  step.group = find(row[c.group], reading.groups, "tool group", reading.files.tools);
  const ToolGroup& group = reading.fab.tool_groups[step.group];
  step.per = static_cast<Step::Per>(row[c.per].one_of(Per));
  step.process = duration({row[c.law], row[c.time], row[c.half_width], row[c.unit]});
  read_batch(row, c, group, step);
  read_cascade(row, c, group, step);
  read_setup(reading, row, c, step);
  if (!row[c.percent].blank()) step.sampling = row[c.percent].percent();
  read_rework(row, c, here, step);
  read_later_steps(row, c, here, step);
  return step;
}

// A dedicated step has the group of the step that dedicates it, no batches, and one such step only.
void check_dedications(const Table& table, const RoutesColumns& c, const Reading& reading,
                       const Route& route) {
  std::vector<std::uint32_t> dedicated_by(route.steps.size(), None);
  for (std::uint32_t s = 0; s < route.steps.size(); ++s) {
    const std::uint32_t to = route.steps[s].dedicates;
    if (to == None) continue;
    const Cell cell = Row{&table, s}[c.for_step];
    const auto group = [&](std::uint32_t step) {
      return quote(reading.fab.tool_groups[route.steps[step].group].name);
    };
    if (reading.fab.tool_groups[route.steps[s].group].batch) {
      cell.fail("dedication on a batch tool group",
                group(s) + " has BATCHCRITF: lots of one batch could be kept for different tools");
    }
    if (route.steps[to].group != route.steps[s].group) {
      cell.fail(fmt::format("step {} runs on another tool group", to + 1),
                fmt::format("{} there, {} here", group(to), group(s)));
    }
    if (dedicated_by[to] != None) {
      cell.fail(fmt::format("step {} has two dedications", to + 1),
                fmt::format("step {} keeps its tool for it already", dedicated_by[to] + 1));
    }
    dedicated_by[to] = s;
  }
}

}  // namespace

std::uint32_t read_route(Reading& reading, const std::string& file, const std::string& name,
                         const std::string& family) {
  Table table = open(reading, file);
  const RoutesColumns c(Header(table), reading.fab.warnings);
  std::uint64_t steps = table.rows();
  for (const Route& r : reading.fab.routes) steps += r.steps.size();
  if (steps > MaxSteps) {
    throw twin::core::Error({file, 0, {}},
                            sentence("too many steps", "at most 1 million in a fab"));
  }
  Route route;
  route.name = name;
  route.steps.reserve(table.rows());
  for (std::uint32_t i = 0; i < table.rows(); ++i) {
    const Row row{&table, i};
    if (!row[c.route].blank() && row[c.route].text() != name) {
      row[c.route].fail("route " + quote(row[c.route].text()) + " in the file of " + quote(name),
                        reading.files.products + " names it so");
    }
    Step step = read_step(reading, row, c, i);
    if (reading.shares_by_family[step.group] != 0) {
      step.batch_key = reading.batch_keys.add(
          fmt::format("{}\n{}\n{}", step.group, family, step.name), row.line());
    }
    route.steps.push_back(std::move(step));
  }
  check_dedications(table, c, reading, route);
  const std::uint32_t index = reading.routes.add(name, 1);
  reading.fab.routes.push_back(std::move(route));
  reading.route_files.push_back(file);
  reading.route_families.push_back(family);
  reading.route_tables.push_back(std::move(table));
  return index;
}

}  // namespace twins::fab::import
