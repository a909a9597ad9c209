#include "twin/link/door.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "twin/core/expect.hpp"
#include "twin/link/note_text.hpp"

namespace twin::link {
namespace {

using core::Tick;
using Outcome = record::Receipt::Outcome;
using event::Event;
using event::None;
using event::Table;

constexpr std::size_t UnreadableKept = 65'536;  // [bytes] of a message

const EpochMemory* find_epoch(const SourceMemory& source, std::uint32_t epoch) {
  const auto found = std::ranges::lower_bound(source.epochs, epoch, {}, &EpochMemory::epoch);
  return found != source.epochs.end() && found->epoch == epoch ? &*found : nullptr;
}

}  // namespace

DoorOptions at_speed(DoorOptions options, double speed) {
  TWIN_EXPECT(speed > 0.0, speed);
  for (Tick* limit :
       {&options.clock.resolution_ms, &options.clock.window_ms, &options.clock.alarm_ms,
        &options.clock.suspect_ms, &options.clock.answer_ms, &options.gap_grace_ms,
        &options.stale_after_ms, &options.quality.overlap_ms_max}) {
    *limit = static_cast<Tick>(static_cast<double>(*limit) * std::max(speed, 1.0));
  }
  return options;
}

Door::Door(record::Recorder& recorder, DoorOptions options)
    : recorder_(recorder), options_(std::move(options)), durable_(recorder.durable()) {}

Sink Door::inlet(const event::Names& names) {
  return [this, &names](Arrival&& arrival, Done done) {
    take(std::move(arrival), names, std::move(done));
  };
}

Taken Door::take(Arrival&& arrival, const event::Names& names, Done done) {
  if (closed_ || full()) return refuse(std::move(done));
  const Finding name = check_name(Table::Source, arrival.source, options_.quality);
  if (!name.good()) {  // without a number of its own there is nothing to be exactly once
    unreadable(arrival, name.words);
    return answer(Taken::Quarantined, std::move(done));
  }
  const std::uint32_t source = source_number(arrival.source);
  if (const EpochMemory* epoch = find_epoch(source_memory(source), arrival.epoch);
      epoch != nullptr && epoch->met.contains(arrival.seq)) {
    ++counts_.duplicates;
    ++duplicates_[source];
    return answer(Taken::Duplicate, std::move(done));
  }
  Finding finding = check_message(arrival, names, options_.quality);
  if (Finding f = translate(arrival, names, source); finding.good()) finding = std::move(f);
  if (finding.good()) finding = memory_.plausible.check(events_, memory_.names, options_.quality);
  if (!note_names(arrival.arrived)) return refuse(std::move(done));
  if (finding.good()) return accept(std::move(arrival), source, std::move(done));
  return set_aside(std::move(arrival), source, finding, std::move(done));
}

Taken Door::refuse(Done done) {
  ++counts_.refused;
  if (done) done(Taken::Refused);
  return Taken::Refused;
}

// The events by our numbers, their times put right by what is known so far. What cannot be numbered
// is None; the first reason is answered.
Finding Door::translate(const Arrival& arrival, const event::Names& names, std::uint32_t source) {
  Finding finding;
  if (arrival.events.size() > options_.quality.events_max) {
    events_.clear();
    return finding;
  }
  events_ = arrival.events;
  const Tick offset = trusted(source) ? 0 : source_memory(source).clock.offset();
  for (Event& e : events_) {
    // Unsigned, since a time that is refused for being absurd must not overflow.
    e.at = static_cast<Tick>(static_cast<std::uint64_t>(e.at) + static_cast<std::uint64_t>(offset));
    e.arrived = arrival.arrived;
    e.source = source;
    e.source_seq = arrival.seq;
    e.raw_offset = 0;
    e.raw_length = 0;
    const auto put = [&](Table table, std::uint32_t& id) {
      if (id == None) return;
      Finding f = number(table, id, names);
      if (finding.good()) finding = std::move(f);
    };
    put(Table::Lot, e.lot);
    put(Table::Carrier, e.carrier);
    put(Table::Tool, e.tool);
    put(Table::Chamber, e.chamber);
    put(Table::Route, e.route);
    put(Table::Recipe, e.recipe);
    put(event::item_table(e.kind), e.item);
  }
  return finding;
}

Finding Door::number(Table table, std::uint32_t& id, const event::Names& names) {
  auto& known = numbers_[&names][static_cast<std::size_t>(table)];
  const std::string_view given = names.name(table, id);
  // The name is compared, since another adapter's names may stand where one's have stood before.
  if (id < known.size() && known[id].fault == Fault::None && known[id].ours != None &&
      memory_.names.name(table, known[id].ours) == given) {
    id = known[id].ours;
    return {};
  }
  // What has no name is called by its number, as in every text format: "#12".
  const std::string name = given.empty() ? event::label(names, table, id) : std::string(given);
  Finding finding = check_name(table, name, options_.quality);
  const auto ours = memory_.names.find(table, name);
  const bool room = memory_.names.of(table).size() < options_.quality.names_max;
  if (finding.good() && !ours && !room) {
    finding = {Fault::BadName,
               fmt::format("the {} '{}' is one too many (at most {})", event::to_string(table),
                           name, options_.quality.names_max)};
  }
  if (finding.fault == Fault::BadName || (!ours && !room)) {
    id = None;
    return finding;
  }
  const std::uint32_t theirs = id;
  id = ours ? *ours : memory_.names.add(table, name);
  if (!ours) memory_.unnoted += fmt::format("{}\t{}\t{}\n", event::to_string(table), id, name);
  if (!given.empty()) {  // others may still be named
    if (theirs >= known.size()) known.resize(theirs + std::size_t{1});
    known[theirs] = {.ours = id, .fault = finding.fault};
  }
  return finding;
}

std::uint32_t Door::source_number(const std::string& name) {
  if (const auto known = memory_.names.find(Table::Source, name)) return *known;
  const std::uint32_t source = memory_.names.add(Table::Source, name);
  memory_.unnoted += fmt::format("{}\t{}\t{}\n", event::to_string(Table::Source), source, name);
  return source;
}

SourceMemory& Door::source_memory(std::uint32_t source) {
  if (source >= memory_.sources.size()) memory_.sources.resize(source + std::size_t{1});
  if (source >= duplicates_.size()) duplicates_.resize(source + std::size_t{1});
  return memory_.sources[source];
}

bool Door::trusted(std::uint32_t source) const {
  return !options_.replayed_prefix.empty() &&
         memory_.names.name(Table::Source, source).starts_with(options_.replayed_prefix);
}

bool Door::note_names(Tick at) {
  if (memory_.unnoted.empty()) return true;
  const record::Receipt receipt =
      recorder_.append(core::Note{.at = at, .kind = "names", .text = memory_.unnoted});
  if (receipt.outcome != Outcome::Appended) return false;
  memory_.entries = receipt.index + 1;
  memory_.unnoted.clear();
  return true;
}

bool Door::note(core::Note note) {
  const record::Receipt receipt = recorder_.append(note);
  if (receipt.outcome != Outcome::Appended) return false;
  memory_.entries = receipt.index + 1;
  learn_note(note, receipt.index);
  return true;
}

Taken Door::accept(Arrival&& arrival, std::uint32_t source, Done done) {
  SourceMemory& memory = source_memory(source);
  core::Observation o{.at = arrival.clock,
                      .arrived = arrival.arrived,
                      .clock = arrival.clock,
                      .sensor = source,
                      .epoch = arrival.epoch,
                      .sensor_seq = arrival.seq,
                      .raw = std::move(arrival.raw)};
  clock_before_ = memory.clock;
  if (!trusted(source)) {
    const Tick offset = memory.clock.offset();
    o.at = put_right(memory, o, options_.clock);
    const Tick shift = o.at - o.clock - offset;
    for (Event& e : events_) e.at += shift;
  }
  if (!events_.empty()) packer_.pack(events_, o.event);
  const core::Observation kept{.at = o.at,
                               .arrived = o.arrived,
                               .clock = o.clock,
                               .sensor = o.sensor,
                               .epoch = o.epoch,
                               .sensor_seq = o.sensor_seq};
  const record::Receipt receipt = recorder_.append(o);
  if (receipt.outcome != Outcome::Appended) {
    memory.clock = clock_before_;
    if (receipt.outcome == Outcome::Refused) return refuse(std::move(done));
    ++counts_.duplicates;
    ++duplicates_[source];
    return answer(Taken::Duplicate, std::move(done));
  }
  memory_.entries = receipt.index + 1;
  remember(kept, Fault::None);
  ++counts_.accepted;
  waiting_.push_back({receipt.index + 1, Taken::Accepted, std::move(done)});
  return Taken::Accepted;
}

// The reason is in the record before the message, so that what is set aside is never without one.
Taken Door::set_aside(Arrival&& arrival, std::uint32_t source, const Finding& finding, Done done) {
  const SourceMemory& memory = source_memory(source);
  std::vector<std::uint8_t> packed;
  packer_.pack(events_, packed);
  const bool noted = note(
      {.at = arrival.arrived,
       .kind = "quarantine",
       .text = fmt::format("{}\t{}\t{}\t{}\t{}\t{}", arrival.source, arrival.epoch, arrival.seq,
                           to_string(finding.fault), one_field(finding.words), hex_of(packed))});
  core::Observation o{.at = arrival.arrived,
                      .arrived = arrival.arrived,
                      .clock = arrival.clock,
                      .sensor = source,
                      .epoch = arrival.epoch,
                      .sensor_seq = arrival.seq,
                      .raw = std::move(arrival.raw)};
  const bool of_now = finding.fault != Fault::BeforeSite && finding.fault != Fault::FarFuture;
  if (of_now && trusted(source)) o.at = o.clock;
  if (of_now && !trusted(source))
    o.at = memory.clock.put_right_late(o.clock, o.arrived, o.sensor_seq, o.epoch);
  const core::Observation kept{.at = o.at,
                               .arrived = o.arrived,
                               .clock = o.clock,
                               .sensor = source,
                               .epoch = o.epoch,
                               .sensor_seq = o.sensor_seq};
  const record::Receipt receipt = noted ? recorder_.append(o) : record::Receipt{};
  if (receipt.outcome == Outcome::Refused) return refuse(std::move(done));
  if (receipt.outcome == Outcome::Duplicate) return answer(Taken::Duplicate, std::move(done));
  memory_.entries = receipt.index + 1;
  events_.clear();
  memory_.quarantine.back().observation = receipt.index;
  remember(kept, finding.fault);
  ++counts_.quarantined;
  waiting_.push_back({receipt.index + 1, Taken::Quarantined, std::move(done)});
  return Taken::Quarantined;
}

void Door::unreadable(const Arrival& arrival, std::string_view why) {
  ++counts_.unreadable;
  if (bursts_.size() > 10'000) bursts_.clear();
  const std::string source = one_field(std::string_view(arrival.source).substr(0, 256));
  Burst& burst = bursts_[source];
  if (arrival.arrived / 1'000 != burst.second)
    burst = {.second = arrival.arrived / 1'000, .count = 0};
  const auto shown = std::span(arrival.raw).first(std::min(arrival.raw.size(), UnreadableKept));
  if (closed_ || burst.count >= options_.unreadable_per_second_max ||
      !note({.at = arrival.arrived,
             .kind = "quarantine",
             .text = fmt::format("{}\t{}\t{}\t{}\t{}\t{}", source, arrival.epoch, arrival.seq,
                                 to_string(Fault::Unreadable), one_field(why), hex_of(shown))})) {
    ++counts_.unreadable_dropped;
    return;
  }
  ++burst.count;
}

Taken Door::answer(Taken taken, Done done) {
  if (!done) return taken;
  if (waiting_.empty() && recorder_.size() <= durable_) {
    done(taken);
  } else {
    waiting_.push_back({recorder_.size(), taken, std::move(done)});
  }
  return taken;
}

void Door::on_durable(std::uint64_t entries) {
  durable_ = std::max(durable_, entries);
  while (!waiting_.empty() && waiting_.front().entries <= durable_) {
    const Waiting first = std::move(waiting_.front());
    waiting_.pop_front();  // before the call, which may bring the next message
    if (first.done) first.done(first.taken);
  }
}

void Door::close() {
  closed_ = true;
  while (!waiting_.empty()) {
    const Waiting first = std::move(waiting_.front());
    waiting_.pop_front();
    if (first.done) first.done(Taken::Refused);
  }
}

Release Door::release(const Releasing& releasing, const EntryAt& entry_at) {
  const auto q = std::ranges::find(memory_.quarantine, std::optional(releasing.observation),
                                   &Quarantined::observation);
  if (q == memory_.quarantine.end()) return Release::Unknown;
  if (q->released) return Release::Already;
  const auto entry = entry_at(releasing.observation);
  const auto reason = entry_at(q->note);
  const auto* o = entry ? std::get_if<core::Observation>(&*entry) : nullptr;
  const auto* why = reason ? std::get_if<core::Note>(&*reason) : nullptr;
  if (o == nullptr || why == nullptr) return Release::Unknown;
  const auto packed = bytes_of(fields_of(why->text).back());
  if (!packed || packed->empty()) return Release::NoEvents;
  core::Correction correction{.amends = releasing.observation, .now = *o};
  correction.now.event = *packed;
  if (!note({.at = releasing.now,
             .kind = "release",
             .text = fmt::format("{}\t{}\t{}", releasing.observation, one_field(releasing.who),
                                 one_field(releasing.why))})) {
    return Release::Full;
  }
  const record::Receipt receipt = recorder_.append(correction);
  if (receipt.outcome != Outcome::Appended) return Release::Full;
  memory_.entries = receipt.index + 1;
  events_.clear();
  if (packer_.unpack(*packed, events_)) memory_.plausible.learn(events_);
  return Release::Made;
}

}  // namespace twin::link
