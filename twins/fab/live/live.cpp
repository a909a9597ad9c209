#include "twins/fab/live/live.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "twin/core/archive.hpp"
#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/link/note_text.hpp"
#include "twins/fab/live/wip.hpp"

namespace twins::fab::live {

using twin::core::Advance;
using twin::core::Correction;
using twin::core::Error;
using twin::core::Never;
using twin::core::Note;
using twin::core::Observation;

namespace {

constexpr std::size_t SettleEvery = 8'192;  // events filed; bounds what waits unsorted
constexpr Tick FineRungs = 4;               // rungs back from the present that are all kept
constexpr Tick Coarse = 6;                  // of the older ones every sixth

bool earlier(const Told& told, Tick at) { return told.event.at < at; }

std::vector<Told>::iterator place_of(std::vector<Told>& in, Tick at) {
  return std::lower_bound(in.begin(), in.end(), at, earlier);
}

}  // namespace

Follower::Follower(const AnyFab& fab, FollowOptions options)
    : fab_(fab), options_(options), folder_(fab, options.patience) {
  if (options.watermark < 0 || options.patience < 0)
    throw Error("watermark and patience of a live twin must not be negative");
  if (options.rung <= 0 || options.reach < options.rung)
    throw Error("the reach of a live twin must be at least one rung, and a rung longer than 0");
}

// By a clock that is wrong a fab's first events may seem to be from before its time zero.
Live Follower::start() const {
  Live live = start(folder_.mirror().start());
  live.settled.until = live.rungs.front().until = -24 * options_.rung;
  return live;
}

Live Follower::start(State x) const {
  Live live;
  live.settled.until = live.newest = x.now;
  live.settled.x = std::move(x);
  live.rungs.push_back(live.settled);
  return live;
}

void Follower::absorb(Live& live, const twin::core::Entry& entry) {
  take(live, entry, Late::WithinReach);
  if (live.fresh.size() >= SettleEvery) settle(live);
}

void Follower::file(Live& live, const twin::core::Entry& entry) { take(live, entry, Late::Any); }

// Up to where the ladder would go if it were settled now: the base that `thin` leaves. What is older
// has no effect even where it could still be folded in, or the belief would depend on when somebody
// settled last.
Tick Follower::oldest(const Live& live, Late late) const {
  const Tick base = live.rungs.front().until;
  if (late == Late::Any) return base;
  const Tick coarse = Coarse * options_.rung;
  const Tick reach = settled_at(live) - options_.reach;
  return std::max(base, reach - ((reach % coarse) + coarse) % coarse);
}

void Follower::take(Live& live, const twin::core::Entry& entry, Late late) {
  ++live.ledger.entries;
  // A link is up and silent: what has not come has not happened.
  if (const auto* a = std::get_if<Advance>(&entry))
    live.newest = std::max(live.newest, tick(std::clamp(a->until, -LastTick, LastTick)));
  if (const auto* o = std::get_if<Observation>(&entry)) hear(live, *o, {.late = late});
  if (const auto* c = std::get_if<Correction>(&entry)) correct(live, *c, late);
  if (const auto* n = std::get_if<Note>(&entry)) note(live, *n, late);
}

void Follower::note(Live& live, const Note& n, Late late) {
  if (n.kind == "names") learn(live.dialect, names(), n.text);
  if (n.kind == "quarantine") set_aside(live, n, late);
  if (n.kind == "clock") clock_answer(live, n.text, late);
  if (n.kind != "wip") return;
  try {
    begin(live, n.text, {.file = "note", .at_ms = n.at, .time_zero_ms = options_.time_zero_ms});
  } catch (const Error& error) {
    live.missing = {error.what()};
  }
}

void Follower::begin(Live& live, std::string_view table, const WipMoment& moment) {
  Dialect dialect = live.dialect;
  std::vector<std::string> missing;
  Fold fold{.x = read_wip(fab_, table, moment, dialect, missing)};
  merge(live);  // with what has come before, so that what is left are events since
  live.dialect = std::move(dialect);
  live.missing = std::move(missing);
  fold.until = fold.x.now;
  fold.reconcile_until = fold.until + Overlap;
  live.newest = std::max(live.newest, fold.until);
  live.kept.erase(live.kept.begin(), place_of(live.kept, fold.until));
  live.rungs.assign(1, fold);
  live.settled = std::move(fold);
  live.begun = true;
}

// What a message says that the door has set aside is not believed, but what it speaks of may be
// otherwise than it seems. It stands at its time until a person releases it, which amends it.
void Follower::set_aside(Live& live, const Note& n, Late late) {
  using twin::link::number_of;
  const auto fields = twin::link::fields_of(n.text);
  if (fields.size() != 6) return;
  const std::uint32_t source = live.dialect.source(fields[0]);
  const auto epoch = number_of<std::uint32_t>(fields[1]);
  const auto seq = number_of<std::uint64_t>(fields[2]);
  const auto packed = twin::link::bytes_of(fields[5]);
  events_.clear();
  if (source == None || !epoch || !seq || !packed || !packer_.unpack(*packed, events_)) return;
  const auto is_here = [&](const Told& t) { return t.of_message(source, *epoch, *seq); };
  if (std::any_of(live.fresh.begin(), live.fresh.end(), is_here) ||
      std::any_of(live.kept.begin(), live.kept.end(), is_here))
    return;  // the process died between this note and its message, and so it was told again
  const Tick arrived = tick(std::clamp(n.at, -LastTick, LastTick));
  live.newest = std::max(live.newest, arrived);
  std::uint32_t index = 0;
  for (twin::event::Event& e : events_) {
    e.at = tick(std::clamp(e.at, -LastTick, LastTick));
    e.arrived = arrived;
    e.source = source;
    e.source_seq = *seq;
    e.raw_offset = e.raw_length = 0;
    e.quality = twin::event::Quality::Bad;
    translate(live.dialect, e);
    // Perhaps its time is what is wrong with it.
    if (e.at > arrived || e.at < oldest(live, late)) e.at = arrived;
    live.fresh.push_back({e, *epoch, index++});
  }
}

void Follower::clock_answer(Live& live, std::string_view text, Late late) const {
  using twin::link::number_of;
  const auto fields = twin::link::fields_of(text);
  if (fields.size() != 4) return;
  const std::uint32_t source = live.dialect.source(fields[0]);
  const auto asked = number_of<Tick>(fields[1]), answered = number_of<Tick>(fields[2]),
             clock = number_of<Tick>(fields[3]);
  if (source >= SourcesMax || !asked || !answered || !clock) return;
  for (const Tick t : {*asked, *answered, *clock})
    if (t < -LastTick || t > LastTick) return;
  if (source >= live.sources.size()) live.sources.resize(source + 1);
  live.sources[source].clock.hear(
      {tick(*asked), tick(*answered), *asked + (*answered - *asked) / 2 - *clock},
      oldest(live, late), options_.clocks);
}

Tick Follower::clock_error(const Live& live, std::uint32_t source, Tick at) const {
  return source < live.sources.size() ? live.sources[source].clock.at(at, options_.clocks)
                                      : ClockError{}.at(at, options_.clocks);
}

// An amendment speaks of the same message of the same source; what that said before is taken back.
void Follower::correct(Live& live, const Correction& c, Late late) {
  ++live.ledger.corrections;
  if (!c.amends) return hear(live, c.now, {.late = late});
  const Tick reach = oldest(live, late);
  const auto is_amended = [&](const Told& t) {
    return t.event.at >= reach && t.of_message(c.now.sensor, c.now.epoch, c.now.sensor_seq);
  };
  const auto first = std::find_if(live.kept.begin(), live.kept.end(), is_amended);
  if (first != live.kept.end()) {
    back_to(live, first->event.at);
    std::erase_if(live.kept, is_amended);
  }
  std::erase_if(live.fresh, is_amended);
  hear(live, c.now, {.late = late, .again = true});
}

// A message without events was set aside at the door: its number has come, its word does not count.
void Follower::hear(Live& live, const Observation& o, const HowHeard& how) {
  if (o.sensor >= SourcesMax) return;
  Ledger& ledger = live.ledger;
  ++ledger.messages;
  if (o.sensor >= live.sources.size()) live.sources.resize(o.sensor + 1);
  Hearing& source = live.sources[o.sensor];
  if (source.hear(o.epoch, o.sensor_seq) == Hearing::Heard::Repeated && !how.again) {
    ++ledger.repeated;
    return;
  }
  const Tick arrived = tick(std::clamp(o.arrived, -LastTick, LastTick));
  live.newest = std::max(live.newest, arrived);
  source.last_arrived = std::max(source.last_arrived, arrived);
  source.last_at = std::max(source.last_at, tick(std::clamp(o.at, -LastTick, LastTick)));
  events_.clear();
  if (!packer_.unpack(o.event, events_)) {
    ++ledger.unreadable;
    return;
  }
  const Tick on_time = live.newest - options_.watermark, reach = oldest(live, how.late);
  std::uint32_t index = 0;
  for (twin::event::Event& e : events_) {
    e.at = tick(std::clamp(e.at, -LastTick, LastTick));
    e.arrived = arrived;
    e.source = o.sensor;
    e.source_seq = o.sensor_seq;
    e.raw_offset = e.raw_length = 0;
    if (e.kind == twin::event::Kind::LotReleased && e.unit == twin::event::Unit::Tick)
      e.value -= static_cast<double>(options_.time_zero_ms);
    translate(live.dialect, e);
    if (e.at > arrived) {  // it cannot have been later
      e.at = arrived;
      ++ledger.early;
    }
    if (e.at < reach) {
      ++ledger.beyond;
      ledger.beyond_from = std::min(ledger.beyond_from, e.at);
    } else {
      ledger.late += e.at < on_time ? 1U : 0U;
      live.fresh.push_back({e, o.epoch, index});
    }
    ++index;
  }
}

// Sorts what is fresh into what is kept, and goes back to before the earliest of it.
void Follower::merge(Live& live) {
  if (live.fresh.empty()) return;
  std::sort(live.fresh.begin(), live.fresh.end(), before);
  const Tick from = live.fresh.front().event.at;
  const auto again =
      static_cast<std::uint64_t>(place_of(live.fresh, live.settled.until) - live.fresh.begin());
  if (again != 0) {
    live.ledger.revisions.push_back({from, live.newest, again});
    if (live.ledger.revisions.size() > Ledger::RevisionsKept)
      live.ledger.revisions.erase(live.ledger.revisions.begin());
  }
  back_to(live, from);
  const std::size_t sorted = live.kept.size();
  const auto where =
      std::lower_bound(live.kept.begin(), live.kept.end(), live.fresh.front(), before) -
      live.kept.begin();
  live.kept.insert(live.kept.end(), live.fresh.begin(), live.fresh.end());
  std::inplace_merge(live.kept.begin() + where,
                     live.kept.begin() + static_cast<std::ptrdiff_t>(sorted), live.kept.end(),
                     before);
  live.fresh.clear();
}

// What was folded up to a time has looked ahead by `patience`.
void Follower::back_to(Live& live, Tick from) {
  if (live.settled.until + options_.patience <= from) return;
  while (live.rungs.size() > 1 && live.rungs.back().until + options_.patience > from)
    live.rungs.pop_back();
  if (live.settled.until == live.rungs.back().until) return;
  if (from < live.settled.until) ++live.ledger.refolds;
  live.settled = live.rungs.back();
}

void Follower::climb(Live& live, Tick until) {
  while (true) {
    // The next multiple, also before time zero, where % is negative.
    const Tick beyond = (live.settled.until % options_.rung + options_.rung) % options_.rung;
    const Tick next = live.settled.until - beyond + options_.rung;
    if (next > until) break;
    folder_.advance(live.settled, live.kept, next);
    live.rungs.push_back(live.settled);
  }
  folder_.advance(live.settled, live.kept, until);
}

// Which rungs stay depends on the settled time alone, so that equal beliefs have equal ladders.
void Follower::thin(Live& live) const {
  const Tick until = live.settled.until, coarse = Coarse * options_.rung;
  const Tick fine_from = until - FineRungs * options_.rung;
  const auto is_coarse = [&](Tick at) { return at % coarse == 0; };
  // The newest coarse rung at or before the reach is the first that stays.
  std::size_t base = 0;
  for (std::size_t k = 0; k < live.rungs.size(); ++k)
    if (live.rungs[k].until <= until - options_.reach && is_coarse(live.rungs[k].until)) base = k;
  std::size_t kept = 0;
  for (std::size_t k = base; k < live.rungs.size(); ++k) {
    const Tick at = live.rungs[k].until;
    if (k != base && !is_coarse(at) && at <= fine_from) continue;
    if (kept != k) live.rungs[kept] = std::move(live.rungs[k]);
    ++kept;
  }
  live.rungs.erase(live.rungs.begin() + static_cast<std::ptrdiff_t>(kept), live.rungs.end());
  if (base != 0) live.kept.erase(live.kept.begin(), place_of(live.kept, live.rungs.front().until));
}

void Follower::settle(Live& live) {
  merge(live);
  climb(live, settled_at(live));
  thin(live);
}

Fold Follower::belief(const Live& live, std::optional<Tick> at) {
  TWIN_EXPECT(live.fresh.empty(), live.fresh.size());
  const Tick when = at.value_or(live.newest);
  const Fold* from = &live.settled;
  if (from->until > when + 1) {
    const auto above = std::upper_bound(live.rungs.begin(), live.rungs.end(), when + 1,
                                        [](Tick t, const Fold& rung) { return t < rung.until; });
    TWIN_EXPECT(above != live.rungs.begin(), when, live.rungs.front().until);
    from = &*std::prev(above);
  }
  Fold fold = *from;
  folder_.advance(fold, live.kept, when + 1);
  fold.x.now = std::max(fold.x.now, when);
  return fold;
}

std::uint64_t belief_hash(const Live& live) {
  twin::core::Writer<twin::core::HashSink> hash{twin::core::HashSink{}};
  hash.write(live.newest);
  hash.write(live.rungs);
  hash.write(live.settled);
  hash.write(live.kept);
  return hash.sink().hash.digest();
}

std::vector<std::string> missing(const Layout& layout, const Live& live) {
  std::vector<std::string> all;
  const auto say = [&](std::uint64_t n, const std::string& what) {
    if (n != 0) all.push_back(std::to_string(n) + " " + what);
  };
  all = live.missing;
  if (!live.begun && live.settled.x.wip == 0)
    all.emplace_back("no snapshot of the fab, and no lot has been heard of");
  std::uint64_t lost = 0, with_gaps = 0;
  for (const Hearing& h : live.sources) {
    lost += h.missing();
    with_gaps += h.missing() != 0 ? 1U : 0U;
  }
  say(lost, "messages missing, of " + std::to_string(with_gaps) + " sources");
  say(live.settled.doubts.size(),
      "lots or tools are doubted: something was inferred, or does not fit");
  say(live.ledger.beyond, "events older than the ladder reaches: fold the record again");
  std::vector<bool> named(layout.tools(), false);
  std::uint64_t strange = 0;
  for (const std::uint32_t t : live.dialect.tool) {
    if (t < named.size()) named[t] = true;
    strange += t == None ? 1U : 0U;
  }
  say(strange, "tools that the data set does not have");
  say(static_cast<std::uint64_t>(std::count(named.begin(), named.end(), false)),
      "tools of the data set that no source has named");
  return all;
}

}  // namespace twins::fab::live
