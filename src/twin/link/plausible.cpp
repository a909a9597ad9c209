#include "twin/link/plausible.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace twin::link {
namespace {

using core::Never;
using core::Tick;
using event::Event;
using event::Kind;
using event::None;
using event::Table;

constexpr std::array<std::string_view, 4> PhaseWords = {"loaded", "started", "ended", "unloaded"};

std::optional<std::size_t> phase_of(Kind kind) {
  switch (kind) {
    case Kind::LoadStarted: return 0;
    case Kind::ProcessingStarted: return 1;
    case Kind::ProcessingEnded: return 2;
    case Kind::Unloaded: return 3;
    default: return std::nullopt;
  }
}

// One lot of one tool at a time goes through these; all others may come in bulk.
bool is_move(Kind kind) {
  return phase_of(kind) || kind == Kind::Finished || kind == Kind::ReworkDecided ||
         kind == Kind::Scrapped || kind == Kind::Split || kind == Kind::Merged;
}

std::size_t rate_place(Kind kind) {
  const auto kinds = event::kinds();
  const auto found = std::ranges::lower_bound(kinds, kind, {}, &event::Word<Kind>::value);
  return static_cast<std::size_t>(found - kinds.begin());
}

std::int64_t second_of(Tick at) { return at >= 0 ? at / 1'000 : (at - 999) / 1'000; }

std::size_t cell_of(std::int64_t second, std::size_t cells) {
  return static_cast<std::size_t>(static_cast<std::uint64_t>(second)) % cells;
}

std::string stay_words(const Event& e, const event::Names& names) {
  return fmt::format("lot {} in tool {}, visit {}", event::label(names, Table::Lot, e.lot),
                     event::label(names, Table::Tool, e.tool), e.visit);
}

bool speaks_of_stay(const Event& e) {
  return phase_of(e.kind) && e.lot != None && e.tool != None && e.visit != None;
}

}  // namespace

Tick Plausible::Stay::first() const { return *std::ranges::min_element(at); }

Tick Plausible::Stay::last() const {
  Tick last = Never;
  for (const Tick t : at) {
    if (t != Never) last = last == Never ? t : std::max(last, t);
  }
  return last;
}

Finding Plausible::rate(std::span<const Event> events, const event::Names& names,
                        const QualityOptions& options) {
  seconds_.clear();
  for (const Event& e : events) seconds_.emplace_back(rate_place(e.kind), second_of(e.at));
  std::ranges::sort(seconds_);
  for (std::size_t i = 0, end = 0; i < seconds_.size(); i = end) {
    while (end < seconds_.size() && seconds_[end] == seconds_[i]) ++end;
    const auto [place, second] = seconds_[i];
    const std::uint32_t source = events.front().source;
    std::uint32_t before = 0;
    if (source < rates_.size() && place < rates_[source].size()) {
      const Rate& r = rates_[source][place];
      const auto cell = cell_of(second, Cells);
      if (r.second[cell] == second) before = r.count[cell];
    }
    const Kind kind = event::kinds()[place].value;
    const std::uint32_t most =
        is_move(kind) ? options.moves_per_second_max : options.others_per_second_max;
    if (before + (end - i) > most) {
      return {Fault::TooFast, fmt::format("{} {} in the second {} from {} (at most {})",
                                          before + (end - i), event::to_string(kind), second,
                                          event::label(names, Table::Source, source), most)};
    }
  }
  return {};
}

Finding Plausible::stay(const Event& e, const event::Names& names,
                        const QualityOptions& options) const {
  if (!speaks_of_stay(e) || e.lot >= lots_.size()) return {};
  const std::size_t phase = *phase_of(e.kind);
  for (const Stay& s : lots_[e.lot].stays) {
    if (s.visit == None || s.last() == Never) continue;
    if (s.visit == e.visit) {
      if (s.tool != e.tool) {
        return {Fault::TwoTools,
                fmt::format("{}, but that visit is in tool {}", stay_words(e, names),
                            event::label(names, Table::Tool, s.tool))};
      }
      for (std::size_t other = 0; other < Phases; ++other) {
        if (other == phase || s.at[other] == Never) continue;
        const Tick early = other < phase ? e.at : s.at[other];
        const Tick late = other < phase ? s.at[other] : e.at;
        if (late - early <= options.order_ms_max) continue;
        return {Fault::EndedBeforeStarted,
                fmt::format("{}: {} {} ms before it was {}", stay_words(e, names),
                            PhaseWords[std::max(phase, other)], late - early,
                            PhaseWords[std::min(phase, other)])};
      }
      const Tick longest = std::max(s.last(), e.at) - std::min(s.first(), e.at);
      if (longest > options.stay_ms_max) {
        return {Fault::TooLong, fmt::format("{}: {} ms (at most {})", stay_words(e, names), longest,
                                            options.stay_ms_max)};
      }
      continue;
    }
    // A lot makes its visits one after the other.
    const Tick overlap = s.visit < e.visit ? s.last() - e.at : e.at - s.first();
    if (overlap <= options.overlap_ms_max) continue;
    return {s.tool == e.tool ? Fault::EndedBeforeStarted : Fault::TwoTools,
            fmt::format("{}: {} ms within visit {} in tool {}", stay_words(e, names), overlap,
                        s.visit, event::label(names, Table::Tool, s.tool))};
  }
  return {};
}

Finding Plausible::check(std::span<const Event> events, const event::Names& names,
                         const QualityOptions& options) {
  if (events.empty()) return {};
  if (Finding f = rate(events, names, options); !f.good()) return f;
  if (events.size() == 1) return stay(events.front(), names, options);
  // Each event must agree with those before it in the message, too.
  std::vector<std::pair<std::uint32_t, Lot>> undo;
  Finding found;
  const std::size_t lots = lots_.size();
  for (const Event& e : events) {
    found = stay(e, names, options);
    if (!found.good()) break;
    if (!speaks_of_stay(e)) continue;
    if (e.lot >= lots_.size()) lots_.resize(e.lot + std::size_t{1});
    undo.emplace_back(e.lot, lots_[e.lot]);
    learn_stay(e);
  }
  for (auto u = undo.rbegin(); u != undo.rend(); ++u) lots_[u->first] = u->second;
  lots_.resize(lots);
  return found;
}

void Plausible::learn_stay(const Event& e) {
  if (e.lot >= lots_.size()) lots_.resize(e.lot + std::size_t{1});
  Stay& s = lots_[e.lot].stays[e.visit % StaysKept];
  if (s.visit != e.visit) {
    if (s.visit != None && s.visit > e.visit) return;
    s = {.visit = e.visit, .tool = e.tool, .at = {Never, Never, Never, Never}};
  }
  if (s.tool == e.tool) s.at[*phase_of(e.kind)] = e.at;
}

void Plausible::learn(std::span<const Event> events) {
  for (const Event& e : events) {
    if (e.source != None) {
      if (e.source >= rates_.size()) rates_.resize(e.source + std::size_t{1});
      auto& rates = rates_[e.source];
      const std::size_t place = rate_place(e.kind);
      if (place >= rates.size()) rates.resize(place + 1);
      Rate& r = rates[place];
      const std::int64_t second = second_of(e.at);
      const auto cell = cell_of(second, Cells);
      if (r.second[cell] < second) {
        r.second[cell] = second;
        r.count[cell] = 0;
      }
      if (r.second[cell] == second) ++r.count[cell];
    }
    if (speaks_of_stay(e)) learn_stay(e);
  }
}

}  // namespace twin::link
