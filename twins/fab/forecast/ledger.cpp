#include "twins/fab/forecast/ledger.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "twin/core/draw.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/distributions.hpp"
#include "twin/score/crps.hpp"
#include "twin/score/log_score.hpp"

namespace twins::fab::forecast {

namespace {

constexpr Tick LedgerHour = 3'600'000;
constexpr std::size_t ErrorsLeast = 8;  // below it a rule is a single value
constexpr std::uint32_t LedgerDayHours = 24;
constexpr std::uint32_t WhatTie =
    0x8000'0002U;  // named randomness: the place of what came among equals

std::size_t place(Quantity q, std::size_t horizon) {
  return static_cast<std::size_t>(q) * ScoredHours.size() + horizon;
}

std::vector<double> doubles(const std::vector<float>& v) { return {v.begin(), v.end()}; }

double crps_of(const std::vector<double>& members, double came) {
  return members.size() > 1 ? twin::score::fair_crps_of_sorted(members, came)
                            : std::abs(members.front() - came);
}

template <class T>
double sum_of(const std::vector<T>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0,
                         [](double s, T v) { return s + static_cast<double>(v); });
}

}  // namespace

std::string_view to_string(Quantity quantity) {
  switch (quantity) {
    case Quantity::Completion: return "lot completion";
    case Quantity::Wip: return "WIP";
    case Quantity::Out: return "lots out";
    case Quantity::Moves: return "moves";
    case Quantity::FabOut: return "lots out of the fab";
    case Quantity::OutDay: return "lots out by day";
  }
  return "";
}

Ledger::Ledger(const LedgerOptions& options) : options_(options) {
  pits_.fill(twin::score::PitHistogram(20));
  taught_.fill(-1);
}

Tick Ledger::Open::next() const {
  return now + static_cast<Tick>(looked * LedgerDayHours) * LedgerHour;
}

// At `now` and at the end of each day up to the last horizon, all of which are whole days.
std::uint32_t Ledger::Open::looks() const {
  return 1 + (horizons == 0 ? 0 : ScoredHours[horizons - 1] / LedgerDayHours);
}

std::optional<Tick> Ledger::next_look() const {
  std::optional<Tick> next;
  for (const Open& o : open_)
    if (!next || o.next() < *next) next = o.next();
  return next;
}

void Ledger::left(std::uint32_t lot, Tick at) {
  if (open_.empty()) return;
  gone_.push_back(lot);
  gone_at_.push_back(at);
}

void Ledger::look(const Layout& m, const Count& count) {
  for (Open& open : open_) {
    if (open.next() > count.at) continue;
    TWIN_EXPECT(open.next() == count.at, open.next(), count.at);
    open.out.push_back(count.out);
    if (open.looked == 0) open.start = count;
    if (open.looked == 1) watch(open, count);
    for (std::uint8_t h = 0; h < open.horizons; ++h)
      if (ScoredHours[h] == open.looked * LedgerDayHours) score(m, open, h, count);
    ++open.looked;
  }
  std::erase_if(open_, [](const Open& o) { return o.looked == o.looks(); });
  forget();
}

void Ledger::miss() {
  const auto at = next_look();
  TWIN_EXPECT(at.has_value());
  for (const Open& open : open_)
    if (open.next() == *at)
      for (std::uint32_t h = 0; h < open.horizons; ++h)
        missed_ += ScoredHours[h] >= open.looked * LedgerDayHours;
  std::erase_if(open_, [&](const Open& o) { return o.next() == *at; });
  forget();
}

// Lots that left before the first open forecast was made say nothing any more.
void Ledger::forget() {
  Tick first = std::numeric_limits<Tick>::max();
  for (const Open& o : open_) first = std::min(first, o.now);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < gone_.size(); ++i)
    if (gone_at_[i] > first - 24 * LedgerHour && !open_.empty()) {
      gone_[kept] = gone_[i];
      gone_at_[kept++] = gone_at_[i];
    }
  gone_.resize(kept);
  gone_at_.resize(kept);
  if (windows_.size() > options_.windows_max)
    windows_.erase(windows_.begin(),
                   windows_.end() - static_cast<std::ptrdiff_t>(options_.windows_max));
}

// Where the latest errors of a rule are kept: lots of a horizon together, counts each by itself, days
// of a horizon alike.
std::vector<float>& Ledger::errors_of(const Layout& m, const Expected& e) {
  const std::size_t horizons = ScoredHours.size();
  const std::size_t wip = m.areas.size() + m.groups.size();
  std::size_t first = 0, width = 1;
  if (e.quantity == Quantity::Wip) first = 1, width = wip;
  if (e.quantity == Quantity::Out) first = 1 + wip, width = m.description.products.size();
  if (e.quantity == Quantity::Moves)
    first = 1 + wip + m.description.products.size(), width = m.groups.size();
  const std::size_t products = m.description.products.size();
  const std::size_t others = 1 + wip + products + m.groups.size();
  if (e.quantity == Quantity::FabOut) first = others;
  if (e.quantity == Quantity::OutDay) first = others + 1, width = products + 1;
  const std::size_t per_horizon = others + 1 + products + 1;
  errors_.resize(horizons * per_horizon);
  const std::size_t about = e.quantity == Quantity::Completion ? 0
                            : e.quantity == Quantity::OutDay   ? e.about % width
                                                               : e.about;
  TWIN_EXPECT(about < width, about, width);
  return errors_[e.horizon * per_horizon + first + about];
}

void Ledger::score(const Layout& m, const Open& open, std::uint8_t horizon, const Count& now) {
  std::array<Window, Quantities> windows{};
  std::array<std::array<double, Intervals.size()>, Quantities> below{}, above{};
  std::array<double, Quantities> off{};  // of the recalibrated medians
  std::vector<std::uint32_t> order(gone_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return gone_[a] < gone_[b]; });
  const auto areas = static_cast<std::uint32_t>(m.areas.size());
  const auto products = static_cast<std::uint32_t>(m.description.products.size());
  const auto came_of = [&](const Expected& e) -> float {
    switch (e.quantity) {
      case Quantity::Completion: {
        const auto at =
            std::lower_bound(order.begin(), order.end(), e.about,
                             [&](std::uint32_t i, std::uint32_t lot) { return gone_[i] < lot; });
        const auto cut = static_cast<float>(ScoredHours[horizon]);
        if (at == order.end() || gone_[*at] != e.about) return cut;
        return std::min(cut,
                        static_cast<float>(static_cast<double>(gone_at_[*at] - open.now) / HourMs));
      }
      case Quantity::Wip:
        return e.about < areas ? static_cast<float>(wip_of_area(m, now, e.about))
                               : static_cast<float>(now.wip[e.about - areas]);
      case Quantity::Out: return static_cast<float>(now.out[e.about] - open.start.out[e.about]);
      case Quantity::Moves:
        return static_cast<float>(now.moves[e.about] - open.start.moves[e.about]);
      case Quantity::FabOut: return static_cast<float>(sum_of(now.out) - sum_of(open.start.out));
      case Quantity::OutDay: {
        const std::uint32_t day = e.about / (products + 1), p = e.about % (products + 1);
        const auto &after = open.out[day + 1], &before = open.out[day];
        return static_cast<float>(p < products ? static_cast<double>(after[p] - before[p])
                                               : sum_of(after) - sum_of(before));
      }
    }
    return 0.0F;
  };
  const twin::core::Draw draw{open.seed, 0};
  std::vector<std::pair<std::vector<float>*, float>> lessons;  // after all were scored
  for (const Expected& e : open.expected) {
    if (e.horizon != horizon) continue;
    const auto q = static_cast<std::size_t>(e.quantity);
    Window& w = windows[q];
    const float came = came_of(e);
    const auto y = static_cast<double>(came);
    ++w.n;
    const std::vector<double> raw = doubles(e.members);
    std::vector<float> moved = e.members;
    open.said[place(e.quantity, horizon)].apply(moved);
    for (std::size_t i = 0; i < Intervals.size(); ++i) {
      const double tail = 0.5 * (1.0 - Intervals[i]);
      const auto held = [&](const std::vector<float>& of) {
        const float low = quantile_of_sorted(of, tail), high = quantile_of_sorted(of, 1.0 - tail);
        return came < low ? -1 : came > high ? 1 : 0;
      };
      w.raw[i] += held(e.members) == 0;
      const int side = held(moved);
      w.recalibrated[i] += side == 0;
      below[q][i] += side < 0;
      above[q][i] += side > 0;
    }
    const float middle = quantile_of_sorted(moved, 0.5);
    off[q] += came > middle ? 1.0 : came < middle ? -1.0 : 0.0;
    const double ours = crps_of(raw, y);
    const auto compare = [&](Scored kind, double crps) {
      const auto k = static_cast<std::size_t>(kind);
      ++w.compared[k];
      w.crps[k] += crps;
      w.ours[k] += ours;
    };
    compare(Scored::Raw, ours);
    compare(Scored::Recalibrated, crps_of(doubles(moved), y));
    if (!e.nominal.empty()) compare(Scored::Nominal, crps_of(doubles(e.nominal), y));
    std::vector<float>& errors = errors_of(m, e);
    const bool lot = e.quantity == Quantity::Completion;
    if (e.rule >= 0.0F && (!lot || (errors.size() >= ErrorsLeast && e.rule > 0.0F))) {
      const double rule = static_cast<double>(e.rule);
      std::vector<double> values;
      for (const float error : errors) {
        const auto d = static_cast<double>(error);
        values.push_back(lot ? std::min(rule * d, static_cast<double>(ScoredHours[horizon]))
                             : rule + d);
      }
      if (values.size() < ErrorsLeast) values = {rule};
      std::sort(values.begin(), values.end());
      compare(Scored::Rule, crps_of(values, y));
    }
    if (e.rule >= 0.0F && (!lot || e.rule > 0.0F))
      lessons.emplace_back(&errors, lot ? came / e.rule : came - e.rule);
    double mean = 0.0, square = 0.0;
    for (const double v : raw) mean += v / static_cast<double>(raw.size());
    for (const double v : raw) square += (v - mean) * (v - mean);
    const double deviation = std::sqrt(square / static_cast<double>(raw.size() - 1));
    if (deviation > 0.0) w.log_score += twin::score::normal_log_score(mean, deviation, y);
    const double pit = twin::score::ensemble_pit(
        raw, y,
        draw.uniform(WhatTie, e.about, static_cast<std::uint32_t>(Quantities * horizon + q)));
    pits_[place(e.quantity, horizon)].add(pit);
    const double z = twin::math::normal(pit);
    w.z += z;
    w.zz += z * z;
  }
  const std::size_t lots_kept = std::size_t{options_.errors_max} * 10;
  for (const auto& [errors, error] : lessons) {
    errors->push_back(error);
    const bool of_lots = (static_cast<std::size_t>(errors - errors_.data()) %
                          (errors_.size() / ScoredHours.size())) == 0;
    const std::size_t most = of_lots ? lots_kept : options_.errors_max;
    if (errors->size() > most)
      errors->erase(errors->begin(), errors->end() - static_cast<std::ptrdiff_t>(most));
  }
  for (std::size_t q = 0; q < Quantities; ++q) {
    Window& w = windows[q];
    if (w.n == 0) continue;
    w.now = open.now;
    w.quantity = static_cast<Quantity>(q);
    w.horizon = horizon;
    for (std::size_t i = 0; i < Intervals.size(); ++i) below[q][i] /= w.n, above[q][i] /= w.n;
    Tick& taught = taught_[place(w.quantity, horizon)];
    const double length = static_cast<double>(ScoredHours[horizon]) * HourMs;
    const double weight =
        taught < 0 ? 1.0 : std::clamp(static_cast<double>(open.now - taught) / length, 0.0, 1.0);
    taught = std::max(taught, open.now);
    recalibrations_[place(w.quantity, horizon)].learn(below[q], above[q], off[q] / w.n, weight);
    windows_.push_back(w);
  }
}

// Days that do not overlap: what came is then a fresh draw each time, if the forecasts are right.
void Ledger::watch(const Open& open, const Count& now) {
  if (watched_ >= 0 && open.now < watched_ + static_cast<Tick>(ScoredHours[0]) * LedgerHour) return;
  watched_ = open.now;
  const std::array<double, 3> came = {sum_of(now.wip), sum_of(now.out) - sum_of(open.start.out),
                                      sum_of(now.moves) - sum_of(open.start.moves)};
  const std::size_t n = open.whole.size() / 3;
  for (std::uint32_t i = 0; i < 3; ++i) {
    const auto first = open.whole.begin() + static_cast<std::ptrdiff_t>(i * n);
    const std::vector<double> members(first, first + static_cast<std::ptrdiff_t>(n));
    watches_[i].add(members, came[i], twin::core::Draw{open.seed, 0}.uniform(WhatTie, None, i));
  }
}

const Recalibration& Ledger::recalibration(Quantity quantity, std::size_t horizon) const {
  TWIN_EXPECT(horizon < ScoredHours.size(), horizon);
  return recalibrations_[place(quantity, horizon)];
}

const twin::score::PitHistogram& Ledger::pits(Quantity quantity, std::size_t horizon) const {
  TWIN_EXPECT(horizon < ScoredHours.size(), horizon);
  return pits_[place(quantity, horizon)];
}

bool Ledger::due() const {
  return std::any_of(watches_.begin(), watches_.end(), [](const auto& w) { return w.due(); });
}

void Ledger::validated() {
  for (auto& watch : watches_) watch.reset();
}

}  // namespace twins::fab::forecast
