#include "twins/fab/track/member.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "twin/core/parallel.hpp"
#include "twins/fab/mirror.hpp"

namespace twins::fab::track {

using twin::event::Event;
using twin::event::Kind;

namespace {

const Whereabouts& drawn_member(const std::vector<Whereabouts>& places, double u) {
  double held = 0.0;
  for (const Whereabouts& place : places) {
    held += place.weight;
    if (u < held) return place;
  }
  return places.back();
}

// The first lot of a job, and where it was drawn.
struct Lead {
  Sighting seen;
  Whereabouts place;
};

// A job's lots stay together. Its own draw where their routes part.
Whereabouts beside(const Lead& lead, const Sighting& seen, const Whereabouts& own) {
  if (!in_tool(lead.place.phase) && lead.seen.step != seen.step) return own;
  Whereabouts place = lead.place;
  place.visit = seen.visit + (lead.place.visit - lead.seen.visit);
  if (lead.seen.step != seen.step) place.step = seen.step;
  if (lead.place.visit == lead.seen.visit) place.location = seen.location;
  return place;
}

// The fab that events of one instant each would bring about: a lot comes, stands where it was drawn, and its job is
// where it was drawn.
class Imputed {
 public:
  Imputed(const AnyFab& fab, const Tracker& tracker, Tick at)
      : m_(fab.layout()), tracker_(tracker), mirror_(fab), x_(mirror_.start()), at_(at) {
    room_.resize(m_.tools());
    for (std::uint32_t t = 0; t < m_.tools(); ++t) {
      room_[t] = m_.groups[m_.tool_group[t]].slots;
      x_.tools[t].setup = tracker.tools()[t].setup;
    }
  }

  void stop(const ToolBelief& tool) {
    Event& e =
        put(tool.since, tool.mode == ToolSeen::Mode::Down ? Kind::ToolDown : Kind::PmStarted);
    const GroupInfo& group = m_.groups[m_.tool_group[tool.tool]];
    const std::uint32_t cause = tracker_.tools()[tool.tool].cause;
    const bool down = tool.mode == ToolSeen::Mode::Down;
    e.tool = tool.tool;
    if (cause != None && cause < (down ? group.breakdowns : group.pms))
      e.item = down ? tracker_.names().breakdown_item[group.first_breakdown + cause]
                    : tracker_.names().pm_item[group.first_pm + cause];
    room_[tool.tool] = 0;
  }

  void stand(const LotBelief& lot, const Whereabouts& place, std::uint32_t index) {
    const Sighting& s = lot.last;
    std::uint32_t product = s.product;
    for (std::uint32_t p = 0; product == None && p < m_.description.products.size(); ++p)
      if (m_.description.products[p].route == s.route) product = p;
    if (product == None) {
      ++member_.left_out;
      return;
    }
    Event& released = put_lot(s, place, s.release, Kind::LotReleased);
    released.item = tracker_.names().product_item[product];
    if (s.due >= 0) {
      released.value = static_cast<double>(s.due);
      released.unit = twin::event::Unit::Tick;
    }
    if (s.priority != usual_priority(m_, product))
      put_lot(s, place, s.release, Kind::PriorityChanged).value = s.priority;
    put_lot(s, place, place.since, Kind::Moved);
    lots_.push_back({s.lot, index, place});
    if (place.phase == Phase::Moving) return;
    put_lot(s, place, place.since, Kind::ArrivedAtQueue);
    if (place.phase == Phase::Held) put_lot(s, place, place.since, Kind::Held);
    if (in_tool(place.phase)) inside_.push_back({&lot, place});
  }

  Member finish() {
    place_jobs();
    std::ranges::stable_sort(events_, {}, &Event::at);
    for (const Event& e : events_) {
      const Applied applied = mirror_.apply(x_, e);
      if (e.kind == Kind::LotReleased && applied == Applied::Moved) remember(e.lot);
      member_.squeezed += applied != Applied::Moved && e.kind == Kind::BatchFormed ? 1U : 0U;
    }
    x_.now = at_;
    member_.x = std::move(x_);
    return std::move(member_);
  }

 private:
  struct Placed {
    std::uint32_t lot, index;  // number; in Tracker::lots
    Whereabouts place;
  };
  struct Inside {
    const LotBelief* lot;
    Whereabouts place;
  };

  // What the lot brings along from steps before; its queue depends on it.
  void remember(std::uint32_t lot) {
    const auto placed = std::ranges::lower_bound(lots_, lot, {}, &Placed::lot);
    const std::uint32_t slot = find_lot(x_, lot);
    x_.lots[slot].location = placed->place.location;
    for (std::size_t d = 0; d < m_.dedication_slots; ++d)
      x_.dedication[std::size_t{slot} * m_.dedication_slots + d] =
          tracker_.dedication()[std::size_t{placed->index} * m_.dedication_slots + d];
  }

  Event& put(Tick at, Kind kind) {
    Event& e = events_.emplace_back();
    e.at = e.arrived = std::clamp<Tick>(at, 0, at_);
    e.kind = kind;
    return e;
  }

  Event& put_lot(const Sighting& s, const Whereabouts& place, Tick at, Kind kind) {
    Event& e = put(at, kind);
    e.lot = s.lot;
    e.route = s.route;
    e.step = m_.steps[place.step].index;
    e.visit = kind == Kind::LotReleased ? None : place.visit - 1;
    e.wafers = s.wafers;
    return e;
  }

  // Those whose tool is known first, job by job; then the others, into what room is left.
  void place_jobs() {
    std::ranges::stable_sort(inside_, {}, [](const Inside& i) {
      const Sighting& s = i.lot->last;
      const bool known = i.place.tool != None && s.job != None;
      return std::tuple(i.place.tool, known ? s.job : None, known ? 0U : s.lot);
    });
    for (std::size_t first = 0; first < inside_.size();) {
      std::size_t end = first + 1;
      const auto mate = [&](const Inside& i) {
        const Inside& lead = inside_[first];
        return lead.place.tool != None && lead.lot->last.job != None &&
               i.place.tool == lead.place.tool && i.lot->last.job == lead.lot->last.job &&
               i.place.since == lead.place.since && i.place.phase == lead.place.phase;
      };
      while (end < inside_.size() && mate(inside_[end])) ++end;
      enter(std::span(inside_).subspan(first, end - first));
      first = end;
    }
  }

  void enter(std::span<const Inside> job) {
    const Whereabouts& lead = job.front().place;
    std::uint32_t tool = lead.tool;
    if (tool == None) {
      const GroupInfo& group = m_.groups[m_.steps[lead.step].group];
      for (std::uint32_t t = group.first_tool; t < group.first_tool + group.tools && tool == None;
           ++t)
        if (room_[t] != 0) tool = t;
    }
    if (tool == None || room_[tool] == 0) {
      member_.squeezed += static_cast<std::uint32_t>(job.size());
      return;
    }
    --room_[tool];
    const auto tell = [&](Kind kind) {
      for (const Inside& i : job) put_lot(i.lot->last, i.place, i.place.since, kind).tool = tool;
    };
    tell(Kind::BatchFormed);
    if (lead.phase >= Phase::Loading) tell(Kind::LoadStarted);
    if (lead.phase >= Phase::Processing) tell(Kind::ProcessingStarted);
    if (lead.phase >= Phase::Unloading) tell(Kind::ProcessingEnded);
  }

  const Layout& m_;
  const Tracker& tracker_;
  Mirror mirror_;
  State x_;
  Tick at_;
  Member member_;
  std::vector<std::uint32_t> room_;  // [tool] jobs that still fit
  std::vector<Event> events_;
  std::vector<Placed> lots_;
  std::vector<Inside> inside_;
};

}  // namespace

std::vector<Member> members(const AnyFab& fab, const Tracker& tracker,
                            std::span<const LotBelief> beliefs, std::span<const ToolBelief> stopped,
                            Tick at, const MemberOptions& options) {
  std::map<std::uint32_t, std::uint32_t> index;  // lot number to place in Tracker::lots
  for (std::uint32_t l = 0; l < tracker.lots().size(); ++l) index[tracker.lots()[l].lot] = l;
  std::vector<Member> all(options.count);
  twin::core::for_each_member(all.size(), options.threads, [&](std::size_t i) {
    const twin::core::Draw draw{options.seed, options.first + static_cast<std::uint32_t>(i)};
    Imputed fabric(fab, tracker, at);
    for (const ToolBelief& tool : stopped)
      if (draw.uniform(DrawMember, tool.tool, 1) < tool.still) fabric.stop(tool);
    std::map<std::pair<std::uint32_t, std::uint32_t>, Lead> jobs;  // by tool and number
    for (const LotBelief& lot : beliefs) {
      Whereabouts place = drawn_member(lot.places, draw.uniform(DrawMember, lot.last.lot, 0));
      if (lot.last.tool != None && lot.last.job != None) {
        const auto lead = jobs.try_emplace({lot.last.tool, lot.last.job}, Lead{lot.last, place});
        if (!lead.second) place = beside(lead.first->second, lot.last, place);
      }
      if (place.phase != Phase::Left) fabric.stand(lot, place, index.at(lot.last.lot));
    }
    all[i] = fabric.finish();
  });
  return all;
}

}  // namespace twins::fab::track
