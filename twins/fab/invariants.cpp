#include "twins/fab/invariants.hpp"

#include <map>
#include <set>

#include "twins/fab/engine/gate.hpp"
#include "twins/fab/interventions.hpp"
#include "twins/fab/occasions.hpp"

namespace twins::fab {

namespace {

struct Check {
  const Layout& m;
  const State& x;
  std::vector<std::string> wrong = {};
  std::vector<std::uint32_t> seen = {};   // [slot] how often met in a line or a job
  std::vector<std::uint32_t> taken = {};  // [tool] 1 while people have taken it down, else 0

  template <class... Text>
  void that(bool holds, const Text&... text) {
    if (holds) return;
    std::string line;
    const auto add = [&](const auto& part) {
      if constexpr (requires { std::to_string(part); }) {
        line += std::to_string(part);
      } else {
        line += part;
      }
    };
    (add(text), ...);
    wrong.push_back(std::move(line));
  }

  [[nodiscard]] bool is_slot(std::uint32_t slot) const { return slot < x.lots.size(); }

  [[nodiscard]] std::uint32_t deferred(std::uint32_t t) const;  // of its own breakdowns
  void storage();
  void people();
  void lines();
  void groups();
  void able(std::uint32_t g);
  void tools();
  void job(std::uint32_t t, const Job& job);
  void lots();
  void counters();
  void agenda(Future future);
};

void Check::storage() {
  std::size_t free = 0, listed = 0;
  for (const Lot& lot : x.lots) free += lot.place == LotPlace::Free;
  for (std::uint32_t s = x.free_lot; s != None && listed <= x.lots.size(); s = x.lots[s].next) {
    if (!is_slot(s)) return that(false, "free list leads to slot ", s);
    that(x.lots[s].place == LotPlace::Free, "slot ", s, " is in the free list but not free");
    ++listed;
  }
  that(free == listed, "free slots: ", free, ", in the free list: ", listed);
  that(x.dedication.size() == x.lots.size() * m.dedication_slots, "dedication has ",
       x.dedication.size(), " entries");
  that(x.touched.empty(), "groups left to dispatch: ", x.touched.size());
}

std::uint32_t Check::deferred(std::uint32_t t) const {
  std::uint32_t n = 0;
  for (std::uint32_t p = 0; p < m.groups[m.tool_group[t]].breakdowns; ++p)
    n += x.breakdowns[m.first_breakdown_clock[t] + p].deferred;
  return n;
}

// Of the tools that people take down, those have been whose end alone lies ahead.
void Check::people() {
  std::vector<std::uint32_t> begins(x.tools.size(), 0), ends(x.tools.size(), 0);
  for (const twin::des::Event& e : x.agenda.sorted()) {
    if (static_cast<Happens>(e.kind) == Happens::TakenDown) ++begins[e.who];
    if (static_cast<Happens>(e.kind) == Happens::PutBack) ++ends[e.who];
  }
  for (std::uint32_t t = 0; t < x.tools.size(); ++t) {
    that(ends[t] == begins[t] || ends[t] == begins[t] + 1, m.tool_name(t), " is taken down ",
         begins[t], " times and put back ", ends[t], " times");
    taken.push_back(ends[t] > begins[t] ? 1U : 0U);
  }
}

void Check::lines() {
  for (std::uint32_t n = 0; n < x.lines.size(); ++n) {
    const Line& line = x.lines[n];
    std::uint32_t count = 0, wafers = 0, before = None;
    for (std::uint32_t s = line.head; s != None; s = x.lots[s].next) {
      if (!is_slot(s) || ++count > x.lots.size())
        return that(false, "line ", n, " does not end or leads out of the fab");
      const Lot& lot = x.lots[s];
      ++seen[s];
      wafers += lot.wafers;
      that(lot.place == LotPlace::Queued, "lot ", lot.id, " stands in line ", n,
           " but is not queued");
      that(lot.line == n, "lot ", lot.id, " stands in line ", n, " but says ", lot.line);
      that(lot.prev == before, "lot ", lot.id, " in line ", n, " has the wrong lot before it");
      const StepInfo& step = m.steps[lot.step];
      const GroupInfo& info = m.groups[step.group];
      std::uint32_t home = step.line;
      if (step.dedication_in != None) {
        const std::uint32_t tool = x.dedication[s * m.dedication_slots + step.dedication_in];
        if (tool != None) home = info.dedicated_line + (tool - info.first_tool);
      }
      that(home == n, "lot ", lot.id, " belongs into line ", home, ", stands in ", n);
      if (before != None) {
        const Lot& ahead = x.lots[before];
        bool ordered = ahead.key != lot.key ? ahead.key < lot.key : ahead.serial < lot.serial;
        if (info.ranks_priority && ahead.priority != lot.priority)
          ordered = ahead.priority > lot.priority;
        that(ordered, "line ", n, ": lot ", ahead.id, " must not stand before lot ", lot.id);
      }
      before = s;
    }
    that(line.tail == before, "line ", n, " ends with another lot than its tail");
    that(line.count == count, "line ", n, " counts ", line.count, " lots, has ", count);
    that(line.wafers == wafers, "line ", n, " counts ", line.wafers, " wafers, has ", wafers);
  }
}

void Check::groups() {
  for (std::uint32_t g = 0; g < x.groups.size(); ++g) {
    const GroupInfo& info = m.groups[g];
    const Group& group = x.groups[g];
    std::uint32_t waiting = 0, dedicated = 0;
    for (std::uint32_t n = info.first_line; n < info.first_line + info.lines; ++n)
      waiting += x.lines[n].count;
    if (info.dedicated_line != None)
      for (std::uint32_t t = 0; t < m.tools(); ++t)
        if (m.tool_group[t] == g)
          dedicated += x.lines[info.dedicated_line + (t - info.first_tool)].count;
    const std::string& name = m.description.tool_groups[g].name;
    that(group.waiting == waiting + dedicated, name, " counts ", group.waiting, " waiting, has ",
         waiting + dedicated);
    that(group.waiting_dedicated == dedicated, name, " counts ", group.waiting_dedicated,
         " waiting for one tool, has ", dedicated);
    that(!group.touched, name, " is left to dispatch");
    that(x.group_tally[g].queue_ticks + static_cast<Tick>(group.waiting) * x.now >= 0, name,
         ": integral of its queue is negative");
    if (group.reserving_lot != None) {
      that(is_slot(group.reserving_lot) && x.lots[group.reserving_lot].reserved_group == g, name,
           " is reserved for a lot that does not know");
      if (group.reserving_tool != None)
        that(x.tools[group.reserving_tool].reserved_for == group.reserving_lot, name,
             ": the reserved tool is kept for another lot");
    }
    able(g);
  }
}

void Check::able(std::uint32_t g) {
  const GroupInfo& info = m.groups[g];
  const Group& group = x.groups[g];
  std::set<std::uint32_t> listed;
  std::uint32_t before = None;
  for (std::uint32_t t = group.able_head; t != None; t = x.tools[t].next) {
    if (t >= x.tools.size() || !listed.insert(t).second)
      return that(false, "list of able tools does not end in group ", g);
    that(m.tool_group[t] == g, m.tool_name(t), " stands in another group's list of able tools");
    that(x.tools[t].prev == before, m.tool_name(t), " has the wrong able tool before it");
    before = t;
  }
  that(group.able_tail == before, "list of able tools ends wrongly in group ", g);
  for (std::uint32_t t = 0; t < m.tools(); ++t) {  // those bought stand behind all others
    if (m.tool_group[t] != g) continue;
    const Tool& tool = x.tools[t];
    that(tool.able == (listed.count(t) != 0), m.tool_name(t), " is able and not listed, or so");
    bool works = tool.breakdowns == 0 && tool.breakdowns_pending == 0 && tool.pm == 0xff &&
                 tool.pms_pending == 0 && tool.jobs_inside < info.slots;
    if (tool.jobs_inside != 0 && m.options.cascade == LayoutOptions::Cascade::AtSlotFree)
      works = works && tool.slot1_free <= x.now;
    that(!tool.able || works, m.tool_name(t), " is able but cannot start a job");
    const bool kept = tool.reserved_for != None;  // even while it finishes another job
    that(tool.able || kept || !works, m.tool_name(t), " could start a job but is not able");
  }
}

void Check::tools() {
  for (std::uint32_t t = 0; t < x.tools.size(); ++t) {
    const Tool& tool = x.tools[t];
    const GroupInfo& info = m.groups[m.tool_group[t]];
    std::uint32_t inside = 0, asked = 0;
    for (const Job& j : tool.jobs) {
      if (j.first_lot == None) continue;
      ++inside;
      job(t, j);
    }
    that(tool.jobs_inside == inside, m.tool_name(t), " counts ", tool.jobs_inside, " jobs, has ",
         inside);
    that(inside <= info.slots, m.tool_name(t), " has more jobs than slots");
    that(tool.pm == 0xff || inside == 0, m.tool_name(t), " is maintained with a job inside");
    that(tool.pm == 0xff || tool.breakdowns == 0, m.tool_name(t), " is maintained while down");
    for (std::uint32_t k = 0; k < info.pms; ++k) asked += x.pms[t * m.max_pms + k].asked != 0;
    that(tool.pms_pending == asked, m.tool_name(t), " counts ", tool.pms_pending,
         " maintenances pending, has ", asked);
    const std::uint32_t waits = deferred(t);
    that(tool.breakdowns_pending >= waits && tool.breakdowns_pending <= waits + taken[t],
         m.tool_name(t), " counts ", tool.breakdowns_pending, " breakdowns pending, has ", waits);
  }
}

void Check::job(std::uint32_t t, const Job& job) {
  std::uint32_t lots = 0, wafers = 0;
  for (std::uint32_t s = job.first_lot; s != None; s = x.lots[s].next) {
    if (!is_slot(s) || ++lots > x.lots.size())
      return that(false, "a job in ", m.tool_name(t), " does not end");
    const Lot& lot = x.lots[s];
    ++seen[s];
    wafers += lot.wafers;
    that(lot.place == LotPlace::Processing && lot.tool == t, "lot ", lot.id, " is in a job of ",
         m.tool_name(t), " but does not know");
  }
  that(job.lots == lots, "a job in ", m.tool_name(t), " counts ", job.lots, " lots, has ", lots);
  that(job.wafers == wafers, "a job in ", m.tool_name(t), " counts ", job.wafers, " wafers, has ",
       wafers);
  that(job.start <= job.setup_start && job.setup_start <= job.setup_end &&
           job.setup_end <= job.load_end && job.load_end <= job.process_start &&
           job.process_start <= job.process_end && job.process_end <= job.end,
       "a job in ", m.tool_name(t), " has its phases out of order");
}

void Check::lots() {
  std::set<std::uint32_t> ids, serials;
  std::uint32_t wip = 0, outside = 0;
  for (std::uint32_t s = 0; s < x.lots.size(); ++s) {
    const Lot& lot = x.lots[s];
    if (lot.place == LotPlace::Free) {
      that(seen[s] == 0, "free slot ", s, " stands in a line or a job");
      continue;
    }
    if (lot.place == LotPlace::Finished) continue;  // left; waits for its last event
    ++wip;
    that(ids.insert(lot.id).second, "two lots have the number ", lot.id);
    const bool accepted = lot.id >= FirstAccepted && lot.serial == lot.id;
    that(accepted || (lot.id < x.next_lot_id && lot.serial < x.next_serial), "lot ", lot.id,
         " has a number that is still to be given");
    that(serials.insert(lot.serial).second, "two lots came into being as number ", lot.serial);
    that(lot.wafers != 0, "lot ", lot.id, " has no wafers");
    const bool somewhere = lot.place == LotPlace::Queued || lot.place == LotPlace::Processing;
    that(seen[s] == (somewhere ? 1U : 0U), "lot ", lot.id, " is in ", seen[s], " lines and jobs");
    that(lot.place == LotPlace::Queued || lot.line == None, "lot ", lot.id,
         " names a line and is not queued");
    that(lot.place == LotPlace::Processing || lot.tool == None, "lot ", lot.id,
         " names a tool and is not in it");
    that(!lot.hold_requested || lot.place == LotPlace::Moving ||
             lot.place == LotPlace::Processing || lot.place == LotPlace::Outside,
         "lot ", lot.id, " shall be held and could be");
    outside += lot.place == LotPlace::Outside ? 1U : 0U;
    that(lot.place != LotPlace::Outside || (lot.visit == 0 && lot.location == None), "lot ", lot.id,
         " waits outside and has been inside");
    const std::uint32_t product = m.classes[lot.lot_class].product;
    that(m.steps[lot.step].route == m.description.products[product].route, "lot ", lot.id,
         " is at a step of another product's route");
  }
  std::uint32_t in_row = 0;
  for (std::uint32_t s = Row(x).head(); is_slot(s) && in_row <= outside; s = x.lots[s].next)
    in_row += x.lots[s].place == LotPlace::Outside ? 1U : outside + 1;
  that(in_row == outside, outside, " lots wait outside, in the row are ", in_row);
  that(x.wip == wip, "WIP counter ", x.wip, ", lots in the fab ", wip);
}

void Check::counters() {
  std::vector<std::uint64_t> inside(m.classes.size(), 0);
  for (const Lot& lot : x.lots)
    if (lot.place != LotPlace::Free && lot.place != LotPlace::Finished) ++inside[lot.lot_class];
  for (std::size_t c = 0; c < m.classes.size(); ++c) {
    const ClassTally& k = x.class_tally[c];
    that(k.released == k.finished + k.scrapped + inside[c], m.classes[c].name, ": ", k.released,
         " released, ", k.finished, " finished, ", k.scrapped, " scrapped, ", inside[c], " inside");
    that(k.exit_ticks - k.release_ticks + static_cast<Tick>(inside[c]) * x.now >= 0,
         m.classes[c].name, ": integral of its WIP is negative");
  }
}

void Check::agenda(Future future) {
  if (future == Future::Unknown)
    return that(x.agenda.empty(), "a mirror has ", x.agenda.size(), " events ahead");
  std::map<std::uint32_t, std::uint32_t> arrivals, repairs, maintained;  // who -> events
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> ends;
  for (const twin::des::Event& e : x.agenda.sorted()) {
    that(e.at >= x.now, "an event of kind ", e.kind, " lies in the past");
    switch (static_cast<Happens>(e.kind)) {
      case Happens::Arrive: ++arrivals[e.who]; break;
      case Happens::Repair: ++repairs[e.who]; break;
      case Happens::PmDone: ++maintained[e.who]; break;
      case Happens::JobEnd: {
        const Tool& tool = x.tools[e.who];
        if ((e.arg >> 1) != (tool.epoch & 0x7fff)) break;  // void: suspended since
        const Job& job = tool.jobs[e.arg & 1U];
        that(job.first_lot != None && job.end == e.at, m.tool_name(e.who),
             " has an end of job without such a job");
        ++ends[{e.who, e.arg & 1U}];
        break;
      }
      default: break;
    }
  }
  for (std::uint32_t s = 0; s < x.lots.size(); ++s) {
    const bool on_its_way =
        x.lots[s].place == LotPlace::Moving || x.lots[s].place == LotPlace::Finished;
    that(arrivals[s] == (on_its_way ? 1U : 0U), "lot ", x.lots[s].id, " in slot ", s, " has ",
         arrivals[s], " arrivals ahead");
  }
  for (std::uint32_t t = 0; t < x.tools.size(); ++t) {
    const Tool& tool = x.tools[t];
    for (std::uint32_t e = 0; e < 2; ++e) {
      const bool running = tool.jobs[e].first_lot != None && tool.breakdowns == 0;
      that(ends[{t, e}] == (running ? 1U : 0U), m.tool_name(t), " has ", ends[{t, e}],
           " ends ahead of one job");
    }
    // What people took down stands still or waits for it.
    const std::uint32_t causes = tool.breakdowns + tool.breakdowns_pending - deferred(t);
    that(repairs[t] + taken[t] == causes, m.tool_name(t), " has ", repairs[t], " repairs ahead, ",
         causes - taken[t], " breakdowns");
    that(maintained[t] == (tool.pm != 0xff ? 1U : 0U), m.tool_name(t), " has ", maintained[t],
         " ends of maintenance ahead");
  }
}

}  // namespace

std::vector<std::string> check_state(const Layout& layout, const State& x, Future future) {
  Check check{layout, x};
  check.seen.assign(x.lots.size(), 0);
  check.storage();
  check.people();
  check.lines();
  check.groups();
  check.tools();
  check.lots();
  check.counters();
  check.agenda(future);
  return std::move(check.wrong);
}

}  // namespace twins::fab
