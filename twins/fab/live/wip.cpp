#include "twins/fab/live/wip.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "twin/event/iso_time.hpp"
#include "twins/fab/floor.hpp"
#include "twins/fab/import/cell.hpp"
#include "twins/fab/import/message.hpp"
#include "twins/fab/import/text.hpp"
#include "twins/fab/wafer_marks.hpp"

namespace twins::fab::live {

using import::Cell;
using import::Column;
using import::did_you_mean;
using import::quote;
using import::Row;
using twin::core::Never;
using twin::event::Event;
using twin::event::Kind;

namespace {

const std::vector<std::string> Places = {"moving", "waiting", "in tool", "held"};

struct WipColumns {
  Column what, name, place, product, step, visit, tool, job, place_in_job, wafers, priority,
      initial, hold, release, due, since, location, window_step, window_from, kept_tools, entered,
      setup_started, load_started, process_started, process_ended, setup, run_left, down, pm,
      pm_pending, wafers_done, wafers_due;
};

WipColumns columns_of(const import::Table& table, std::vector<std::string>& warnings) {
  import::Header h(table);
  WipColumns c;
  c.what = h.need("what");
  c.name = h.need("name");
  for (const auto& [column, name] : std::initializer_list<std::pair<Column*, std::string_view>>{
           {&c.place, "place"},
           {&c.product, "product"},
           {&c.step, "step"},
           {&c.visit, "visit"},
           {&c.tool, "tool"},
           {&c.job, "job"},
           {&c.place_in_job, "place_in_job"},
           {&c.wafers, "wafers"},
           {&c.priority, "priority"},
           {&c.initial, "initial"},
           {&c.hold, "hold"},
           {&c.release, "release"},
           {&c.due, "due"},
           {&c.since, "since"},
           {&c.location, "location"},
           {&c.window_step, "window_step"},
           {&c.window_from, "window_from"},
           {&c.kept_tools, "kept_tools"},
           {&c.entered, "entered"},
           {&c.setup_started, "setup_started"},
           {&c.load_started, "load_started"},
           {&c.process_started, "process_started"},
           {&c.process_ended, "process_ended"},
           {&c.setup, "setup"},
           {&c.run_left, "run_left"},
           {&c.down, "down"},
           {&c.pm, "pm"},
           {&c.pm_pending, "pm_pending"},
           {&c.wafers_done, "wafers_done"},
           {&c.wafers_due, "wafers_due"}})
    *column = h.maybe(name);
  h.finish(warnings);
  return c;
}

std::uint32_t whole(const Cell& cell, std::uint32_t most) {
  const double n = cell.not_negative();
  if (n != std::floor(n) || n > most)
    cell.fail(quote(cell.text()) + " is out of range",
              "a whole number up to " + std::to_string(most));
  return static_cast<std::uint32_t>(n);
}

std::int32_t signed_whole(const Cell& cell) {
  constexpr double Most = 1e9;
  const double n = cell.number();
  if (n != std::floor(n) || std::abs(n) > Most)
    cell.fail(quote(cell.text()) + " is out of range", "a whole number within 1e9 of 0");
  return static_cast<std::int32_t>(n);
}

// Index of the cell's word among names.
std::uint32_t named(const Cell& cell, const std::vector<std::string>& names,
                    std::string_view what) {
  const auto at = std::find(names.begin(), names.end(), cell.required());
  if (at == names.end())
    cell.fail(quote(cell.text()) + " is no " + std::string(what),
              "the data set has none of that name", did_you_mean(cell.text(), names));
  return static_cast<std::uint32_t>(at - names.begin());
}

std::vector<std::string_view> parts(std::string_view text, char at) {
  std::vector<std::string_view> all;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(at), text.size());
    if (end != 0) all.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return all;
}

class WipReader {
 public:
  WipReader(const AnyFab& fab, const import::Table& table, const WipMoment& moment,
            Dialect& dialect, std::vector<std::string>& missing)
      : m_(fab.layout()),
        table_(table),
        moment_(moment),
        dialect_(dialect),
        missing_(missing),
        mirror_(fab),
        x_(mirror_.start()),
        floor_(fab, x_),
        now_(moment.at_ms - moment.time_zero_ms),
        c_(columns_of(table, missing)) {
    for (const Product& p : m_.description.products) products_.push_back(p.name);
    for (const Setup& s : m_.description.setups) setups_.push_back(s.name);
    for (std::uint32_t t = 0; t < m_.tools(); ++t) tools_.push_back(m_.tool_name(t));
  }

  State read() {
    std::vector<std::size_t> tool_rows;
    for (std::size_t r = 0; r < table_.rows(); ++r) {
      const Row row{&table_, r};
      if (row[c_.what].one_of(std::vector<std::string>{"lot", "tool"}) == 0)
        read_lot(row);
      else
        tool_rows.push_back(r);
    }
    std::stable_sort(in_tools_.begin(), in_tools_.end(), [](const Inside& a, const Inside& b) {
      return std::tie(a.tool, a.job, a.place) < std::tie(b.tool, b.job, b.place);
    });
    for (std::size_t k = 0; k < in_tools_.size(); ++k) enter(in_tools_[k], k);
    std::vector<bool> told(m_.tools(), false);
    for (const std::size_t r : tool_rows) {
      const Row row{&table_, r};
      const std::uint32_t t = named(row[c_.name], tools_, "tool");
      if (told[t])
        row[c_.name].fail(quote(row[c_.name].text()) + " stands twice", "one row a tool");
      told[t] = true;
      read_tool(row, t);
    }
    const auto untold = std::count(told.begin(), told.end(), false);
    if (untold != 0)
      missing_.push_back("the snapshot does not say how " + std::to_string(untold) + " of " +
                         std::to_string(told.size()) + " tools are: taken to be up");
    x_.now = now_;
    return std::move(x_);
  }

 private:
  struct Inside {
    std::size_t row = 0;
    std::uint32_t slot = 0, tool = 0, job = 0, place = 0;
  };

  [[nodiscard]] Tick time(const Cell& cell, Tick otherwise) const {
    if (cell.blank()) return otherwise;
    const auto ms = twin::event::parse_iso_time(cell.text());
    if (!ms)
      cell.fail(quote(cell.text()) + " is no time", "ISO 8601 with its offset",
                "such as 2026-01-31T06:00:00.000Z");
    return *ms - moment_.time_zero_ms;
  }
  [[nodiscard]] Tick past(const Cell& cell, Tick otherwise) const {
    const Tick at = time(cell, otherwise);
    if (at > now_ && at != Never)
      cell.fail(quote(cell.text()) + " is after the snapshot", "it tells what has been");
    return at;
  }

  void read_lot(const Row& row) {
    const std::uint32_t product = named(row[c_.product], products_, "product");
    const std::uint32_t route = m_.description.products[product].route;
    const RouteInfo& info = m_.routes[route];
    const std::uint32_t step = whole(row[c_.step], info.steps - 1);
    const std::int32_t priority =
        row[c_.priority].blank() ? usual_priority(m_, product) : signed_whole(row[c_.priority]);
    const Tick release = past(row[c_.release], now_);
    const bool initial = row[c_.initial].yes() || row[c_.release].blank();
    const std::uint32_t lot_class =
        class_of_lot(m_, product, priority, initial ? Origin::InitialWip : Origin::Released);
    if (lot_class == None)
      row[c_.product].fail(quote(row[c_.product].text()) + " has no lots", "no stream releases it");
    const auto stream = std::find_if(m_.streams.begin(), m_.streams.end(),
                                     [&](const StreamInfo& s) { return s.lot_class == lot_class; });
    const bool known = stream != m_.streams.end();
    const std::uint32_t number = dialect_.number_lot(row[c_.name].name());
    if (find_lot(x_, number) != None)
      row[c_.name].fail(quote(row[c_.name].text()) + " stands twice", "one row a lot");
    const std::uint32_t wafers =
        row[c_.wafers].blank() ? m_.classes[lot_class].wafers : whole(row[c_.wafers], 1'000'000);
    x_.now = release;
    const std::uint32_t next = x_.next_lot_id;
    const std::uint32_t slot =
        floor_.laws().create_lot(lot_class, info.first_step + step, wafers, priority,
                                 time(row[c_.due], release + (known ? stream->due_offset : 0)),
                                 known ? stream->weight : 1.0);
    x_.next_lot_id = std::max(next, number + 1);
    Lot& lot = x_.lots[slot];
    lot.id = number;
    lot.reserves = known && stream->reserves;
    lot.visit = row[c_.visit].blank() ? step + 1 : whole(row[c_.visit], 1'000'000'000);
    lot.since = past(row[c_.since], now_);
    lot.place = LotPlace::Moving;
    lot.hold_requested = row[c_.hold].yes();
    if (!row[c_.location].blank()) lot.location = named(row[c_.location], m_.locations, "location");
    if (!row[c_.window_step].blank()) {
      lot.window_step = info.first_step + whole(row[c_.window_step], info.steps - 1);
      lot.window_open = !row[c_.window_from].blank();
      lot.window_from = past(row[c_.window_from], 0);
    }
    for (const std::string_view kept : parts(row[c_.kept_tools].text(), ';')) {
      const auto both = parts(kept, '=');
      const auto at = both.size() == 2 ? import::parse_number(both[0]) : std::nullopt;
      const auto tool = std::find(tools_.begin(), tools_.end(), both.back());
      if (!at || *at != std::floor(*at) || *at < 0 || *at >= m_.dedication_slots ||
          tool == tools_.end())
        row[c_.kept_tools].fail(quote(kept) + " is no number=tool",
                                "which tool the lot must come back to");
      x_.dedication[slot * m_.dedication_slots + static_cast<std::size_t>(*at)] =
          static_cast<std::uint32_t>(tool - tools_.begin());
    }
    place(row, slot);
  }

  void place(const Row& row, std::uint32_t slot) {
    Lot& lot = x_.lots[slot];
    const std::size_t where = row[c_.place].one_of(Places);
    if (where == 0) return;
    if (where == 3) {
      lot.place = LotPlace::Held;
      return;
    }
    x_.now = lot.since;
    lot.place = LotPlace::Queued;
    floor_.laws().enqueue(slot);
    if (where == 2)
      in_tools_.push_back(
          {row.index, slot, named(row[c_.tool], tools_, "tool"),
           row[c_.job].blank() ? 0 : whole(row[c_.job], 1'000'000'000),
           row[c_.place_in_job].blank() ? 0 : whole(row[c_.place_in_job], 1'000'000)});
  }

  void enter(const Inside& inside, std::size_t k) {
    const Row row{&table_, inside.row};
    Lot& lot = x_.lots[inside.slot];
    const Tick since = lot.since;
    Event e;
    e.kind = Kind::BatchFormed;
    e.lot = lot.id;
    e.tool = inside.tool;
    const Inside* before = k == 0 ? nullptr : &in_tools_[k - 1];
    const bool joins =
        before != nullptr && before->tool == inside.tool && before->job == inside.job;
    // Lots of one job have one moment; jobs of one tool must not.
    e.at = x_.now = joins ? x_.now : std::max(x_.now, now_) + 1;
    const bool hold = std::exchange(lot.hold_requested, false);
    const Applied outcome = mirror_.apply(x_, e);
    if (outcome != Applied::Moved)
      row[c_.tool].fail(
          "lot " + quote(row[c_.name].text()) + " cannot be in " + quote(row[c_.tool].text()),
          std::string(to_string(outcome)));
    lot.hold_requested = hold;
    lot.since = since;
    for (Job& job : x_.tools[inside.tool].jobs) {
      if (job.first_lot != inside.slot) continue;  // its first lot tells of the job
      job.start = past(row[c_.entered], since);
      job.setup_start = past(row[c_.setup_started], Never);
      job.setup_end = past(row[c_.load_started], Never);
      job.load_end = job.process_start = past(row[c_.process_started], Never);
      job.process_end = past(row[c_.process_ended], Never);
      // A phase that is not told of, before one that is, took no time.
      if (job.process_start == Never) job.load_end = job.process_start = job.process_end;
      if (job.setup_end == Never) job.setup_end = job.process_start;
      if (job.setup_start == Never && job.setup_end != Never) job.setup_start = job.start;
      if (!(job.start <= job.setup_start && job.setup_start <= job.setup_end &&
            job.setup_end <= job.process_start && job.process_start <= job.process_end))
        row[c_.name].fail("the times of lot " + quote(row[c_.name].text()) + " are out of order",
                          "entered, setup_started, load_started, process_started, process_ended");
      started_.emplace_back(&job, job);
      job.start = x_.now;  // until the others of its batch have joined
      job.setup_start = job.setup_end = Never;
    }
    const bool last = k + 1 == in_tools_.size() || in_tools_[k + 1].tool != inside.tool ||
                      in_tools_[k + 1].job != inside.job;
    if (!last || started_.empty()) return;
    auto& [job, as_told] = started_.back();
    job->start = as_told.start;
    job->setup_start = as_told.setup_start;
    job->setup_end = as_told.setup_end;
    started_.clear();
  }

  void read_tool(const Row& row, std::uint32_t t) {
    Tool& tool = x_.tools[t];
    const GroupInfo& group = m_.groups[m_.tool_group[t]];
    std::vector<std::string> calendars;
    for (const auto& pm : m_.description.tool_groups[m_.tool_group[t]].maintenances)
      calendars.push_back(pm.name);
    x_.now = now_;
    if (!row[c_.setup].blank())
      tool.setup = named(row[c_.setup], setups_, "setup");
    else
      tool.setup = None;
    if (!row[c_.run_left].blank()) tool.run_left = whole(row[c_.run_left], 1'000'000);
    if (!row[c_.wafers_done].blank()) {
      tool.mark = whole(row[c_.wafers_done], 1'000'000'000);
      tool.wafers_to_mark = 0;
    }
    for (const std::string_view due : parts(row[c_.wafers_due].text(), ';')) {
      const auto both = parts(due, '=');
      const auto calendar = std::find(calendars.begin(), calendars.end(), both.front());
      const auto mark = both.size() == 2 ? import::parse_number(both[1]) : std::nullopt;
      if (!mark || *mark < 0.0 || *mark > 1e9 || calendar == calendars.end())
        row[c_.wafers_due].fail(quote(due) + " is no maintenance=wafers", "when it is due",
                                did_you_mean(both.front(), calendars));
      x_.pms[t * m_.max_pms + static_cast<std::size_t>(calendar - calendars.begin())].mark = *mark;
    }
    set_mark(m_, x_, t);
    if (!row[c_.down].blank())
      tool.breakdowns =
          static_cast<std::uint8_t>(whole(row[c_.down], std::max(group.breakdowns, 1U)));
    if (!row[c_.pm].blank()) {
      if (tool.jobs_inside != 0 || tool.breakdowns != 0)
        row[c_.pm].fail("maintenance of " + quote(row[c_.name].text()),
                        "it is down or has lots inside");
      tool.pm = static_cast<std::uint8_t>(named(row[c_.pm], calendars, "maintenance of this tool"));
    }
    if (tool.breakdowns != 0 || tool.pm != 0xff) tool.stopped_at = past(row[c_.since], now_);
    for (const std::string_view name : parts(row[c_.pm_pending].text(), ';')) {
      const auto calendar = std::find(calendars.begin(), calendars.end(), name);
      if (calendar == calendars.end())
        row[c_.pm_pending].fail(quote(name) + " is no maintenance of this tool",
                                "the data set has none of that name",
                                did_you_mean(name, calendars));
      PmClock& clock =
          x_.pms[t * m_.max_pms + static_cast<std::size_t>(calendar - calendars.begin())];
      if (clock.asked != 0)
        row[c_.pm_pending].fail(quote(name) + " stands twice", "it is due once");
      clock.asked = ++tool.pms_asked;
      ++tool.pms_pending;
    }
    floor_.laws().refresh(t);
  }

  const Layout& m_;
  const import::Table& table_;
  const WipMoment& moment_;
  Dialect& dialect_;
  std::vector<std::string>& missing_;
  Mirror mirror_;
  State x_;
  Floor floor_;
  Tick now_;
  WipColumns c_;
  std::vector<std::string> products_, setups_, tools_;
  std::vector<Inside> in_tools_;
  std::vector<std::pair<Job*, Job>> started_;
};

}  // namespace

State read_wip(const AnyFab& fab, std::string_view table, const WipMoment& moment, Dialect& dialect,
               std::vector<std::string>& missing) {
  const import::Table rows(moment.file, table);
  return WipReader(fab, rows, moment, dialect, missing).read();
}

}  // namespace twins::fab::live
