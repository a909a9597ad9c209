// What the fold says of itself: of which lots and tools it is not sure, and until when.
#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include "twins/fab/live/fold.hpp"

namespace twins::fab::live {

using twin::event::Event;
using twin::event::Kind;

namespace {

// A lot that the fab does not have may still come; after so long it was a false name. [tick]
constexpr Tick AbsentDoubted = 86'400'000;

// In how many of its arrivals a lot must fit until what the kind says makes no difference any more.
std::uint8_t arrivals_of(Kind kind) {
  switch (kind) {
    case Kind::Held:  // at the lot's next arrival, perhaps
    case Kind::ReleasedFromHold: return 2;
    case Kind::LotReleased:
    case Kind::Split:
    case Kind::Merged:
    case Kind::Scrapped:
    case Kind::PriorityChanged: return Doubt::Lasting;
    default: return 1;
  }
}

// A job tells nothing of a maintenance that is due or not.
bool of_maintenance(Kind kind) { return kind == Kind::PmDue || kind == Kind::PmStarted; }

void sort_once(std::vector<std::uint32_t>& all) {
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
}

}  // namespace

std::string_view to_string(Doubt::Why why) {
  constexpr std::array Words = {"inferred", "refused", "unbelieved", "alone", "waiting", "inside"};
  return Words[static_cast<std::size_t>(why)];
}

// Lots of which the event could be, if it is not of the one that it names.
std::vector<std::uint32_t> Folder::lots_that_fit(const State& x, const Event& event) {
  std::vector<std::uint32_t> found;
  if (subject_of(event.kind) == Subject::Tool || event.kind == Kind::LotReleased) return found;
  if (event.lot != None && find_lot(x, event.lot) != None) return found;
  Event e = event;
  e.at = std::max(e.at, x.now);
  std::optional<State>
      then;  // a State of a big fab is a megabyte: copied anew only where one fitted
  for (const Lot& lot : x.lots) {
    if (lot.place == LotPlace::Free || lot.place == LotPlace::Finished) continue;
    if (e.route != None && e.route != layout_.steps[lot.step].route) continue;
    // Lot::visit counts the step it stands at, the event those before it.
    if (e.visit != None && e.visit != lot.visit && e.visit + 1 != lot.visit) continue;
    if (!then) then.emplace(x);
    e.lot = lot.id;
    if (mirror_.apply(*then, e) != Applied::Moved) continue;  // it stays as it is
    found.push_back(lot.id);
    then.reset();
  }
  return found;
}

// All that the event may be about.
void Folder::doubt_of(const Fold& fold, const Told& told, const Doubt& doubt,
                      std::vector<Doubt>& into) {
  const Event& e = told.event;
  const Subject subject = subject_of(e.kind);
  if (subject == Subject::Nothing) return;
  const auto add = [&](std::uint32_t lot, std::uint32_t tool) {
    Doubt d = doubt;
    d.lot = lot;
    d.tool = tool;
    if (lot != None || tool != None) into.push_back(d);
  };
  const std::uint32_t tool = e.tool < layout_.tools() ? e.tool : None;
  add(subject == Subject::Tool ? None : e.lot, tool);
  if (e.kind == Kind::Split || e.kind == Kind::Merged) add(e.item, None);
  for (const std::uint32_t lot : lots_that_fit(fold.x, e)) add(lot, None);
  if (subject == Subject::Lot || tool != None || e.source >= fold.places.size()) return;
  const Place& place = fold.places[e.source];  // who says so speaks of its own tools
  if (place.tool == None) return;
  const GroupInfo& group = layout_.groups[layout_.tool_group[place.tool]];
  for (std::uint32_t k = 0; k < group.tools; ++k)
    if (place.several || group.first_tool + k == place.tool) add(None, group.first_tool + k);
}

void Folder::cast_doubt(Fold& fold, const Told& told, Doubt::Why why) {
  std::erase_if(fold.doubts, [&](const Doubt& d) {
    return d.lot != None && d.tool == None && d.since + AbsentDoubted < told.event.at &&
           find_lot(fold.x, d.lot) == None;
  });
  const Kind kind = told.event.kind;
  std::vector<Doubt> more;
  doubt_of(fold, told,
           {.since = told.event.at,
            .kind = kind,
            .visit = told.event.visit == None ? 0 : told.event.visit + 1,
            .why = why,
            .arrivals = arrivals_of(kind)},
           more);
  for (const Doubt& d : more) {
    const auto same = std::find_if(fold.doubts.begin(), fold.doubts.end(), [&](const Doubt& o) {
      return std::tie(o.lot, o.tool, o.kind, o.why) == std::tie(d.lot, d.tool, d.kind, d.why);
    });
    (same == fold.doubts.end() ? fold.doubts.emplace_back() : *same) = d;
  }
}

namespace {

// The lot has come to a later step than the one that is in doubt. At one instant what tools say comes
// first, so that times alone do not tell.
bool comes_after(const Event& arrived, const Doubt& doubt) {
  if (arrived.visit == None) return arrived.at > doubt.since;
  return arrived.at >= doubt.since && arrived.visit + 1 > doubt.visit;
}

}  // namespace

// It fitted without help: what was doubted of its lot and tool is so no more.
void Folder::reassure(Fold& fold, const Told& told) const {
  const Event& e = told.event;
  if (!fold.suspected.empty() && e.lot != None)
    std::erase_if(fold.suspected, [&](const Told& s) { return s.event.lot == e.lot; });
  const bool arrives = e.kind == Kind::ArrivedAtQueue, leaves = e.kind == Kind::Finished;
  const bool pm = e.kind == Kind::PmStarted, starts = e.kind == Kind::ProcessingStarted;
  if (!fold.doubts.empty() && (arrives || leaves || pm || starts)) {
    std::erase_if(fold.doubts, [&](Doubt& d) {
      if (d.since > e.at) return false;
      if (d.lot == e.lot && leaves) d.lot = None;
      if (d.lot == e.lot && arrives && comes_after(e, d) && d.arrivals != Doubt::Lasting &&
          --d.arrivals == 0)
        d.lot = None;
      if (d.tool == e.tool && (pm || (starts && !of_maintenance(d.kind)))) d.tool = None;
      return d.lot == None && d.tool == None;
    });
  }
  if (e.kind == Kind::LotReleased)
    fold.doubts.push_back(
        {.lot = e.lot, .since = e.at, .kind = e.kind, .why = Doubt::Why::Alone, .arrivals = 1});
}

Doubted Folder::doubted(const Fold& fold) {
  Doubted found{.because = fold.doubts};
  std::vector<Doubt>& all = found.because;
  for (const Told& told : fold.waiting) {
    const Doubt waits{.since = told.event.at, .kind = told.event.kind, .why = Doubt::Why::Waiting};
    doubt_of(fold, told, waits, all);
  }
  for (const Doubt& d : all) {
    if (d.lot != None) found.lots.push_back(d.lot);
    if (d.tool != None) found.tools.push_back(d.tool);
  }
  sort_once(found.lots);
  const std::size_t own = all.size();
  for (const Lot& lot : fold.x.lots) {
    if (lot.place != LotPlace::Processing ||
        !std::binary_search(found.lots.begin(), found.lots.end(), lot.id))
      continue;
    found.tools.push_back(lot.tool);
    for (std::size_t k = 0; k < own; ++k) {
      if (all[k].lot != lot.id || all[k].tool == lot.tool) continue;
      Doubt inside = all[k];
      inside.tool = lot.tool;
      inside.why = Doubt::Why::Inside;
      all.push_back(inside);
    }
  }
  sort_once(found.tools);
  return found;
}

}  // namespace twins::fab::live
