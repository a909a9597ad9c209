// The table of a State, for read_wip.
#include <algorithm>

#include "twin/event/iso_time.hpp"
#include "twins/fab/live/wip.hpp"
#include "twins/fab/wafer_marks.hpp"

namespace twins::fab::live {

using twin::core::Never;

namespace {

constexpr std::string_view Head =
    "what\tname\tplace\tproduct\tstep\tvisit\ttool\tjob\tplace_in_job\twafers\tpriority\tinitial\t"
    "hold\trelease\tdue\tsince\tlocation\twindow_step\twindow_from\tkept_tools\tentered\t"
    "setup_started\tload_started\tprocess_started\tprocess_ended\tsetup\trun_left\tdown\tpm\t"
    "pm_pending\twafers_done\twafers_due\n";
constexpr std::size_t ToolCells = 7, JobCells = 5;  // at the end of the line

class WipWriterLine {
 public:
  WipWriterLine(std::string& text, twin::event::IsoTime& iso) : text_(text), iso_(iso) {}
  void cell(std::string_view word) {
    if (!first_) text_ += '\t';
    first_ = false;
    text_ += word;
  }
  void number(std::int64_t n) { cell(std::to_string(n)); }
  void time(Tick at) {
    char shown[twin::event::IsoTimeLength];
    const bool known = at != Never && iso_.write(at, shown);
    cell(known ? std::string_view(shown, sizeof shown) : std::string_view{});
  }
  void blank(std::size_t n) {
    for (std::size_t k = 0; k < n; ++k) cell({});
  }
  void end() { text_ += '\n'; }

 private:
  std::string& text_;
  twin::event::IsoTime& iso_;
  bool first_ = true;
};

void list(std::string& to, const std::string& word) { to += (to.empty() ? "" : ";") + word; }

void write_lot(WipWriterLine line, const Layout& m, const State& x, std::uint32_t slot,
               const Dialect& d) {
  const Lot& lot = x.lots[slot];
  const bool inside = lot.place == LotPlace::Processing;
  const LotClass& lot_class = m.classes[lot.lot_class];
  const Job* job = nullptr;
  std::uint32_t entry = 0, place_in_job = 0;
  if (inside) {
    for (std::uint32_t e = 0; e < 2; ++e) {
      std::uint32_t place = 1;
      for (std::uint32_t l = x.tools[lot.tool].jobs[e].first_lot; l != None; l = x.lots[l].next) {
        if (l == slot) {
          job = &x.tools[lot.tool].jobs[e];
          entry = e + 1;
          place_in_job = place;
        }
        ++place;
      }
    }
  }
  line.cell("lot");
  line.cell(lot.id < d.lots.size() ? d.lots[lot.id] : "L" + std::to_string(lot.id));
  line.cell(inside                          ? "in tool"
            : lot.place == LotPlace::Queued ? "waiting"
            : lot.place == LotPlace::Held   ? "held"
                                            : "moving");
  line.cell(m.description.products[lot_class.product].name);
  line.number(m.steps[lot.step].index);
  line.number(lot.visit);
  if (inside) {
    line.cell(m.tool_name(lot.tool));
    line.number(entry);
    line.number(place_in_job);
  } else {
    line.blank(3);
  }
  line.number(lot.wafers);
  line.number(lot.priority);
  line.cell(lot_class.initial ? "yes" : "no");
  line.cell(lot.hold_requested ? "yes" : "no");
  line.time(lot.release);
  line.time(lot.due);
  line.time(lot.since);
  line.cell(lot.location == None ? std::string{} : m.locations[lot.location]);
  line.cell(lot.window_step == None ? std::string{}
                                    : std::to_string(m.steps[lot.window_step].index));
  line.time(lot.window_open ? lot.window_from : Never);
  std::string kept;
  for (std::uint32_t k = 0; k < m.dedication_slots; ++k) {
    const std::uint32_t tool = x.dedication[slot * m.dedication_slots + k];
    if (tool != None) list(kept, std::to_string(k) + "=" + m.tool_name(tool));
  }
  line.cell(kept);
  if (job == nullptr) {
    line.blank(JobCells);
  } else {
    line.time(job->start);
    line.time(job->setup_start);
    line.time(job->setup_end);
    line.time(job->process_start);
    line.time(job->process_end);
  }
  line.blank(ToolCells);
  line.end();
}

void write_tool(WipWriterLine line, const Layout& m, const State& x, std::uint32_t t) {
  const Tool& tool = x.tools[t];
  const GroupInfo& group = m.groups[m.tool_group[t]];
  const auto& calendars = m.description.tool_groups[m.tool_group[t]].maintenances;
  line.cell("tool");
  line.cell(m.tool_name(t));
  line.blank(13);
  const bool stopped = tool.breakdowns != 0 || tool.pm != 0xff;
  line.time(stopped ? tool.stopped_at : Never);
  line.blank(4 + JobCells);
  line.cell(tool.setup == None ? std::string{} : m.description.setups[tool.setup].name);
  line.number(tool.run_left);
  line.number(tool.breakdowns);
  line.cell(tool.pm == 0xff ? std::string{} : calendars[tool.pm].name);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> asked;  // order, calendar
  std::string due, pending;
  for (std::uint32_t k = 0; k < group.pms; ++k) {
    const PmClock& clock = x.pms[t * m.max_pms + k];
    if (clock.asked != 0) asked.emplace_back(clock.asked, k);
    if (m.pms[group.first_pm + k].trigger == Maintenance::Trigger::Wafers)
      list(due, calendars[k].name + "=" + std::to_string(clock.mark));
  }
  std::sort(asked.begin(), asked.end());
  for (const auto& [order, k] : asked) list(pending, calendars[k].name);
  line.cell(pending);
  line.number(wafers_done(tool));
  line.cell(due);
  line.end();
}

}  // namespace

std::string write_wip(const AnyFab& fab, const State& x, const Dialect& dialect,
                      std::int64_t time_zero_ms) {
  const Layout& m = fab.layout();
  twin::event::IsoTime iso(time_zero_ms);
  std::string text(Head);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> lots;  // serial number, slot
  for (std::uint32_t slot = 0; slot < x.lots.size(); ++slot) {
    const LotPlace place = x.lots[slot].place;
    if (place != LotPlace::Free && place != LotPlace::Finished)
      lots.emplace_back(x.lots[slot].serial, slot);
  }
  std::sort(lots.begin(), lots.end());
  for (const auto& [serial, slot] : lots) write_lot(WipWriterLine(text, iso), m, x, slot, dialect);
  for (std::uint32_t t = 0; t < m.tools(); ++t) write_tool(WipWriterLine(text, iso), m, x, t);
  return text;
}

}  // namespace twins::fab::live
