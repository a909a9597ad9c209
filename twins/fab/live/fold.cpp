#include "twins/fab/live/fold.hpp"

#include <algorithm>

#include "twins/fab/live/bridge.hpp"

namespace twins::fab::live {

using twin::core::Never;
using twin::event::Event;
using twin::event::Kind;

namespace {

// Could other events of the neighbourhood make it fit?
bool may_fit_later(Applied outcome) {
  switch (outcome) {
    case Applied::UnknownLot:
    case Applied::WrongPlace:
    case Applied::WrongStep:
    case Applied::TwoTools:
    case Applied::ToolBusy:
    case Applied::ToolStopped:
    case Applied::OutOfOrder: return true;
    default: return false;
  }
}

bool about_one(const Event& a, const Event& b) {
  const auto names = [](const Event& e, std::uint32_t lot) {
    return lot != None && e.item == lot && item_table(e.kind) == twin::event::Table::Lot;
  };
  return (a.lot != None && a.lot == b.lot) || (a.tool != None && a.tool == b.tool) ||
         names(b, a.lot) || names(a, b.lot);
}

// What a source says of one lot is believed in its order, and so is what it says of one tool: in
// which slot a job stands, and how long a minimum run still is, follow from the order alone. Its
// times do not tell that order: events of one instant get times that differ by how late each came.
bool must_follow(const Told& b, const Told& a) {
  const Event &x = a.event, &y = b.event;
  if (x.source != y.source || a.said() > b.said()) return false;
  return (x.lot != None && x.lot == y.lot) || (x.tool != None && x.tool == y.tool);
}

Tick deadline(const Told& told, Tick patience) { return told.event.at + patience; }

}  // namespace

// As of now: the State has gone on since, or has not come so far.
Applied Folder::try_now(Fold& fold, const Told& told) {
  Event e = told.event;
  e.at = std::max(e.at, fold.x.now);
  return mirror_.apply(fold.x, e);
}

// `waits` is to be taken in before it: its source said it earlier. One of a lot that the fab neither
// has nor is about to get (a false one) holds up nobody.
bool Folder::holds_up(const Fold& fold, const Told& waits, const Told& told) const {
  if (!must_follow(told, waits) || waits == told) return false;
  const std::uint32_t lot = waits.event.lot;
  return lot == None || lot == told.event.lot || find_lot(fold.x, lot) != None ||
         comes_into_being(fold, waits);
}

bool Folder::held_up(const Fold& fold, const Told& told) const {
  return std::any_of(fold.waiting.begin(), fold.waiting.end(),
                     [&](const Told& waits) { return holds_up(fold, waits, told); });
}

bool Folder::comes_into_being(const Fold& fold, const Told& of) const {
  const Tick last = deadline(of, patience_);
  const auto makes_it = [&](const Told& t) {
    const Event& e = t.event;
    return t.believed() && ((e.kind == Kind::LotReleased && e.lot == of.event.lot) ||
                            (e.kind == Kind::Split && e.item == of.event.lot));
  };
  const auto end = std::find_if(coming_.begin(), coming_.end(),
                                [&](const Told& t) { return t.event.at > last; });
  return std::any_of(fold.waiting.begin(), fold.waiting.end(), makes_it) ||
         std::any_of(coming_.begin(), end, makes_it);
}

void Folder::advance(Fold& fold, std::span<const Told> events, Tick until) {
  if (until <= fold.until) return;
  const auto first = std::lower_bound(events.begin(), events.end(), fold.until,
                                      [](const Told& t, Tick at) { return t.event.at < at; });
  around_ = events;
  coming_ = events.subspan(static_cast<std::size_t>(first - events.begin()));
  for (auto it = first; it != events.end() && it->event.at < until; ++it) {
    if (!fold.waiting.empty()) expire(fold, it->event.at);
    if (!fold.ahead.empty()) {
      const auto done = std::lower_bound(fold.ahead.begin(), fold.ahead.end(), *it, before);
      if (done != fold.ahead.end() && !before(*it, *done)) {
        fold.ahead.erase(done);
        continue;
      }
    }
    const auto later = events.subspan(static_cast<std::size_t>(it - events.begin()) + 1);
    coming_ = later;
    precede(fold, *it, later);
    take(fold, *it, later);
  }
  if (!fold.waiting.empty()) expire(fold, until);
  fold.until = until;
}

void Folder::take(Fold& fold, const Told& told, std::span<const Told> later) {
  const auto wait = [&] {
    fold.waiting.insert(std::upper_bound(fold.waiting.begin(), fold.waiting.end(), told, before),
                        told);
  };
  if (!told.believed()) {
    ++fold.unbelieved;
    return cast_doubt(fold, told, Doubt::Why::Unbelieved);
  }
  if (held_up(fold, told)) return wait();
  Applied outcome = try_now(fold, told);
  if (may_fit_later(outcome) && subject_of(told.event.kind) == Subject::Lot &&
      pull(fold, told, later))
    outcome = try_now(fold, told);
  if (may_fit_later(outcome)) return wait();
  if (outcome != Applied::Moved && outcome != Applied::NotAMove)
    return give_up(fold, told, outcome);
  ++fold.counts[static_cast<std::size_t>(outcome)];
  if (told.event.kind == Kind::ToolStateChanged) hear_state(fold, told);
  if (outcome != Applied::Moved) return;
  reassure(fold, told);
  if (!fold.waiting.empty()) retry(fold, told);
}

// A lot is said to move on while the mirror has it in a tool: the tool's clock may be behind. If it
// tells within patience that the lot was unloaded, what it tells up to then is taken in now.
bool Folder::pull(Fold& fold, const Told& needs, std::span<const Told> later) {
  const Tick last = needs.event.at + patience_;
  std::size_t u = 0;
  for (; u < later.size() && later[u].event.at <= last; ++u) {
    const Event& e = later[u].event;
    if (e.lot != needs.event.lot || !later[u].believed()) continue;
    if (e.kind == Kind::Unloaded) break;
    // The next move of the same source comes after this one: an unload behind it is another.
    if (e.source == needs.event.source && subject_of(e.kind) == Subject::Lot) return false;
  }
  if (u == later.size() || later[u].event.at > last) return false;
  const Told& unloaded = later[u];
  if (std::binary_search(fold.ahead.begin(), fold.ahead.end(), unloaded, before)) return false;
  precede(fold, unloaded, later);
  fold.ahead.insert(std::upper_bound(fold.ahead.begin(), fold.ahead.end(), unloaded, before),
                    unloaded);
  take(fold, unloaded, {});
  return true;
}

// What its source said before it comes before it, even if its time is said to be later, within
// patience. Nearly always the next number in turn: nothing to look for.
void Folder::precede(Fold& fold, const Told& by, std::span<const Told> later) {
  const std::uint32_t source = by.event.source;
  if (source >= SourcesMax) return;
  if (source >= fold.places.size()) fold.places.resize(source + 1);
  Place& place = fold.places[source];
  const std::uint64_t seq = by.event.source_seq;
  const bool in_turn = place.epoch == by.epoch && (seq == place.seq || seq == place.seq + 1) &&
                       (seq == place.seq ? by.index == place.index + 1 : by.index == 0);
  const bool first =
      place.epoch == None || by.said() > std::tuple(place.epoch, place.seq, place.index);
  if (first) {
    place.seq = seq;
    place.epoch = by.epoch;
    place.index = by.index;
  }
  if (by.event.tool < layout_.tools()) {
    place.several |= place.tool != None && place.tool != by.event.tool;
    place.tool = by.event.tool;
  }
  if (in_turn) return;
  const Tick last = by.event.at + patience_;
  std::vector<Told> earlier;
  for (const Told& t : later) {
    if (t.event.at > last) break;
    if (t.event.source != source || t.said() >= by.said()) continue;
    if (!std::binary_search(fold.ahead.begin(), fold.ahead.end(), t, before)) earlier.push_back(t);
  }
  std::sort(earlier.begin(), earlier.end(),
            [](const Told& a, const Told& b) { return a.said() < b.said(); });
  for (const Told& t : earlier) {
    fold.ahead.insert(std::upper_bound(fold.ahead.begin(), fold.ahead.end(), t, before), t);
    take(fold, t, {});
  }
}

// Something has moved: those that waited for it, in their order, until nothing moves any more. Each
// round but the last takes one out, so there are no more rounds than events that wait.
void Folder::retry(Fold& fold, const Told& moved) {
  std::vector<Event> news = {moved.event};
  for (bool again = true; again;) {
    again = false;
    for (std::size_t k = 0; k < fold.waiting.size(); ++k) {
      const Event& waits = fold.waiting[k].event;
      const bool concerned = std::any_of(news.begin(), news.end(),
                                         [&](const Event& e) { return about_one(e, waits); });
      if (!concerned) continue;
      const Told told = fold.waiting[k];
      const auto here = fold.waiting.begin() + static_cast<std::ptrdiff_t>(k);
      if (held_up(fold, told)) continue;
      if (try_now(fold, told) != Applied::Moved) continue;
      ++fold.counts[static_cast<std::size_t>(Applied::Moved)];
      fold.waiting.erase(here);
      reassure(fold, told);
      news.push_back(told.event);
      again = true;
      break;
    }
  }
}

// Those whose patience ends before `until`, earliest first: what others inferred may have helped.
void Folder::expire(Fold& fold, Tick until) {
  while (!fold.waiting.empty() && deadline(fold.waiting.front(), patience_) < until) {
    // Times of one instant differ by how late each came: what its source said before goes first.
    auto next = fold.waiting.begin();
    for (auto it = next; it != fold.waiting.end();) {
      it = std::find_if(fold.waiting.begin(), fold.waiting.end(), [&](const Told& waits) {
        return waits.said() < next->said() && holds_up(fold, waits, *next);
      });
      if (it != fold.waiting.end()) next = it;
    }
    const Told told = *next;
    fold.waiting.erase(next);
    Applied outcome = try_now(fold, told);
    if (may_fit_later(outcome)) {
      const bool reconciling = told.event.at < fold.reconcile_until;
      Bridge bridge{*this, fold, told, std::max(fold.x.now, deadline(told, patience_))};
      if (bridge.known()) {
        ++fold.counts[static_cast<std::size_t>(outcome)];
        ++fold.reconciled;
        continue;
      }
      if (!reconciling && (bridge.plausible() || bridge.agreed())) outcome = bridge.cross(outcome);
    }
    if (outcome != Applied::Moved) {
      give_up(fold, told, outcome);
      continue;
    }
    ++fold.counts[static_cast<std::size_t>(Applied::Moved)];
    retry(fold, told);
  }
}

void Folder::give_up(Fold& fold, const Told& told, Applied why) {
  ++fold.counts[static_cast<std::size_t>(why)];
  if (told.event.at < fold.reconcile_until) {
    ++fold.reconciled;
    return;
  }
  ++fold.anomalous;
  cast_doubt(fold, told, Doubt::Why::Refused);
  fold.anomalies.push_back({told, why});
  if (fold.anomalies.size() > Fold::AnomaliesKept) fold.anomalies.erase(fold.anomalies.begin());
  if (told.event.lot == None) return;
  const auto same = std::find_if(fold.suspected.begin(), fold.suspected.end(),
                                 [&](const Told& s) { return s.event.lot == told.event.lot; });
  (same == fold.suspected.end() ? fold.suspected.emplace_back() : *same) = told;
}

}  // namespace twins::fab::live
