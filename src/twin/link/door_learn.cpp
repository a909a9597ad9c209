// What the door remembers of an entry of the record, the same whether it wrote it or reads it again.
#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "twin/core/error.hpp"
#include "twin/link/door.hpp"
#include "twin/link/note_text.hpp"

namespace twin::link {
namespace {

using core::Tick;
using event::Table;

Sequence& sequence_of(SourceMemory& source, std::uint32_t epoch) {
  auto at = std::ranges::lower_bound(source.epochs, epoch, {}, &EpochMemory::epoch);
  if (at == source.epochs.end() || at->epoch != epoch)
    at = source.epochs.insert(at, EpochMemory{.epoch = epoch});
  return at->met;
}

// The part of a hole that is left when one of its numbers came; true where a noted one is closed.
bool fill(std::vector<OpenHole>& holes, std::uint32_t epoch, std::uint64_t seq) {
  const auto hole = std::ranges::find_if(holes, [&](const OpenHole& h) {
    return h.epoch == epoch && h.missing.first <= seq && seq <= h.missing.last;
  });
  if (hole == holes.end()) return false;
  const OpenHole was = *hole;
  if (was.missing.first == was.missing.last) {
    holes.erase(hole);
    return was.noted != 0;
  }
  if (seq == was.missing.first) {
    ++hole->missing.first;
  } else if (seq == was.missing.last) {
    --hole->missing.last;
  } else {
    hole->missing.last = seq - 1;
    OpenHole rest = was;
    rest.missing.first = seq + 1;
    holes.insert(hole + 1, rest);
  }
  return false;
}

}  // namespace

Tick put_right(SourceMemory& memory, const core::Observation& o, const ClockOptions& options) {
  const bool newest =
      memory.epochs.empty() || memory.epochs.back().epoch < o.epoch ||
      (memory.epochs.back().epoch == o.epoch && memory.epochs.back().met.leads(o.sensor_seq));
  return newest ? memory.clock.put_right(o.clock, o.arrived, o.sensor_seq, o.epoch, options)
                : memory.clock.put_right_late(o.clock, o.arrived, o.sensor_seq, o.epoch);
}

// Everything but the clock, which was put right before the entry could be written. The events of
// the message are in events_.
void Door::remember(const core::Observation& o, Fault fault) {
  SourceMemory& memory = source_memory(o.sensor);
  memory.last_arrived = std::max(memory.last_arrived, o.arrived);
  if (fault == Fault::None) {
    ++memory.accepted;
    memory_.plausible.learn(events_);
  } else {
    ++memory.quarantined;
  }
  const Sequence::Meeting meeting = sequence_of(memory, o.epoch).meet(o.sensor_seq);
  switch (meeting.met) {
    case Sequence::Met::Jump: ++memory.jumps; break;
    case Sequence::Met::Hole:
      counts_.gaps_opened += meeting.hole.last - meeting.hole.first + 1;
      if (memory.holes.size() < SourceMemory::HolesKept) {
        memory.holes.push_back(
            {.epoch = o.epoch, .missing = meeting.hole, .since = o.arrived, .noted = 0});
      }
      break;
    case Sequence::Met::Filled:
      ++counts_.gaps_closed;
      if (fill(memory.holes, o.epoch, o.sensor_seq))
        closed_holes_.push_back(
            {o.sensor, {.epoch = o.epoch, .missing = {o.sensor_seq, o.sensor_seq}}});
      break;
    default: break;
  }
}

void Door::restore(DoorMemory memory) {
  memory_ = std::move(memory);
  duplicates_.assign(memory_.sources.size(), 0);
  numbers_.clear();
  closed_holes_.clear();
  durable_ = recorder_.durable();
}

void Door::learn(const core::Entry& entry) {
  const std::uint64_t index = memory_.entries++;
  const DoorCounts counts = counts_;  // they are of what comes, not of what was
  if (const auto* n = std::get_if<core::Note>(&entry)) learn_note(*n, index);
  if (const auto* c = std::get_if<core::Correction>(&entry)) {
    events_.clear();
    if (packer_.unpack(c->now.event, events_)) memory_.plausible.learn(events_);
  }
  if (const auto* o = std::get_if<core::Observation>(&entry)) {
    if (o->sensor >= memory_.names.of(Table::Source).size()) {  // not by the hundred million
      throw core::Error(
          fmt::format("entry {} is of source {}, which no entry before it names "
                      "(is it the record of a site?)",
                      index, o->sensor));
    }
    const bool aside = o->event.empty() && learn_aside(*o, index);
    events_.clear();
    static_cast<void>(packer_.unpack(o->event, events_));
    if (!aside && !trusted(o->sensor))
      static_cast<void>(put_right(source_memory(o->sensor), *o, options_.clock));
    remember(*o, aside ? Fault::Unreadable : Fault::None);
  }
  counts_ = counts;
  closed_holes_.clear();
}

// Whether a Note has set this message aside, which is then complete.
bool Door::learn_aside(const core::Observation& o, std::uint64_t index) {
  auto& quarantine = memory_.quarantine;
  const auto q = std::find_if(quarantine.rbegin(), quarantine.rend(), [&](const Quarantined& one) {
    return !one.observation && one.reason != to_string(Fault::Unreadable) && one.epoch == o.epoch &&
           one.seq == o.sensor_seq && one.source == memory_.names.name(Table::Source, o.sensor);
  });
  if (q == quarantine.rend()) return false;
  q->observation = index;
  return true;
}

void Door::learn_note(const core::Note& note, std::uint64_t index) {
  if (note.kind == "names") return learn_names(memory_.names, note.text);
  if (note.kind == "quarantine") return learn_quarantine(note, index);
  const auto fields = fields_of(note.text);
  if (note.kind == "release" && fields.size() == 3) {
    for (Quarantined& q : memory_.quarantine)
      if (q.observation && q.observation == number_of<std::uint64_t>(fields[0])) q.released = true;
    return;
  }
  const std::size_t name_at = note.kind == "alarm" ? 1 : 0;
  if (fields.size() <= name_at) return;
  const auto source = memory_.names.find(Table::Source, fields[name_at]);
  if (!source) return;
  SourceMemory& memory = source_memory(*source);
  if (note.kind == "alarm" && fields.size() == 4 && fields[0] == "skew") {
    memory.raised = fields[2] == "raised" ? 1 : 0;
  } else if (note.kind == "clock" && fields.size() == 4) {
    const auto asked = number_of<Tick>(fields[1]), answered = number_of<Tick>(fields[2]),
               clock = number_of<Tick>(fields[3]);
    if (asked && answered && clock)
      memory.clock.answered({*asked, *answered, *clock}, options_.clock);
  } else if (note.kind == "gap" && fields.size() == 5 && fields[4] == "open") {
    for (OpenHole& hole : memory.holes) {
      if (number_of<std::uint32_t>(fields[1]) == hole.epoch &&
          number_of<std::uint64_t>(fields[2]) == hole.missing.first)
        hole.noted = 1;
    }
  }
}

void Door::learn_quarantine(const core::Note& note, std::uint64_t index) {
  const auto fields = fields_of(note.text);
  if (fields.size() != 6) return;
  if (memory_.quarantine.size() >= DoorMemory::QuarantineListed) memory_.quarantine.pop_front();
  ++memory_.quarantined;
  memory_.quarantine.push_back({.note = index,
                                .arrived = note.at,
                                .source = std::string(fields[0]),
                                .reason = std::string(fields[3]),
                                .words = std::string(fields[4]),
                                .epoch = number_of<std::uint32_t>(fields[1]).value_or(0),
                                .seq = number_of<std::uint64_t>(fields[2]).value_or(0)});
}

void Door::pass(Tick now) {
  const auto closed = std::exchange(closed_holes_, {});
  for (const auto& [source, hole] : closed) {
    static_cast<void>(note(
        {.at = now,
         .kind = "gap",
         .text = fmt::format("{}\t{}\t{}\t{}\tclosed", memory_.names.name(Table::Source, source),
                             hole.epoch, hole.missing.first, hole.missing.last)}));
  }
  for (std::uint32_t source = 0; source < memory_.sources.size(); ++source) pass(source, now);
}

void Door::pass(std::uint32_t source, Tick now) {
  SourceMemory& memory = memory_.sources[source];
  const std::string name(memory_.names.name(Table::Source, source));
  for (OpenHole& hole : memory.holes) {
    if (hole.noted != 0 || now - hole.since < options_.gap_grace_ms) continue;
    const bool noted = note({.at = now,
                             .kind = "gap",
                             .text = fmt::format("{}\t{}\t{}\t{}\topen", name, hole.epoch,
                                                 hole.missing.first, hole.missing.last)});
    if (!noted) return;
  }
  const bool skewed = !trusted(source) && memory.clock.skewed(now, options_.clock);
  if (skewed == (memory.raised != 0)) return;
  static_cast<void>(
      note({.at = now,
            .kind = "alarm",
            .text = fmt::format("skew\t{}\t{}\t{}", name, skewed ? "raised" : "cleared",
                                memory.clock.offset())}));
}

void Door::clock_answer(std::string_view source, const ClockAnswer& answer) {
  const std::string name(source);
  if (!check_name(Table::Source, name, options_.quality).good()) return;
  static_cast<void>(source_memory(source_number(name)));
  if (!note_names(answer.answered)) return;
  static_cast<void>(note(
      {.at = answer.answered,
       .kind = "clock",
       .text = fmt::format("{}\t{}\t{}\t{}", name, answer.asked, answer.answered, answer.clock)}));
}

std::vector<Gap> Door::gaps(std::size_t most) const {
  std::vector<Gap> gaps;
  for (std::uint32_t source = 0; source < memory_.sources.size(); ++source) {
    for (const OpenHole& hole : memory_.sources[source].holes) {
      if (gaps.size() >= most) return gaps;
      gaps.push_back({.source = std::string(memory_.names.name(Table::Source, source)),
                      .epoch = hole.epoch,
                      .missing = hole.missing,
                      .since = hole.since});
    }
  }
  return gaps;
}

SourceState Door::state_of(std::uint32_t source, Tick now) const {
  const SourceMemory& memory = memory_.sources[source];
  SourceState state{.name = std::string(memory_.names.name(Table::Source, source)),
                    .last_heard = memory.last_arrived,
                    .age_ms = now - memory.last_arrived,
                    .stale = now - memory.last_arrived > options_.stale_after_ms,
                    .offset_ms = trusted(source) ? 0 : memory.clock.offset(),
                    .skewed = !trusted(source) && memory.clock.skewed(now, options_.clock),
                    .accepted = memory.accepted,
                    .quarantined = memory.quarantined,
                    .duplicates = source < duplicates_.size() ? duplicates_[source] : 0,
                    .jumps = memory.jumps};
  for (const EpochMemory& epoch : memory.epochs) state.missing += epoch.met.missing();
  return state;
}

std::vector<SourceState> Door::sources(Tick now) const {
  std::vector<SourceState> states;
  for (std::uint32_t source = 0; source < memory_.sources.size(); ++source)
    states.push_back(state_of(source, now));
  return states;
}

std::optional<SourceState> Door::source(std::string_view name, Tick now) const {
  const auto source = memory_.names.find(Table::Source, name);
  if (!source || *source >= memory_.sources.size()) return std::nullopt;
  return state_of(*source, now);
}

}  // namespace twin::link
