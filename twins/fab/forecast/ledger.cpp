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

constexpr Tick Hour = 3'600'000;
constexpr float CountLeast = 10.0F;      // median of a count that is scored
constexpr std::size_t ErrorsLeast = 8;   // below it a rule is a single value
constexpr std::uint32_t RatesKept = 64;  // counts
constexpr Tick RateOver = 24 * Hour;     // a flow "lately" is over a day or more
constexpr std::uint32_t WhatTie =
    0x8000'0002U;  // named randomness: the place of what came among equals

std::size_t place(Quantity q, std::size_t horizon) {
  return static_cast<std::size_t>(q) * ScoredHours.size() + horizon;
}

std::vector<float> sorted_part(const std::vector<float>& all, std::size_t series,
                               std::size_t members, float most = Beyond) {
  std::vector<float> part(all.begin() + static_cast<std::ptrdiff_t>(series * members),
                          all.begin() + static_cast<std::ptrdiff_t>((series + 1) * members));
  for (float& v : part) v = std::min(v, most);
  std::sort(part.begin(), part.end());
  return part;
}

// Member by member over the groups of one area.
std::vector<float> area_sum(const Layout& m, const std::vector<float>& wip, std::uint32_t area,
                            std::size_t members) {
  std::vector<float> sum(members, 0.0F);
  for (std::size_t g = 0; g < m.groups.size(); ++g)
    if (m.groups[g].area == area)
      for (std::size_t k = 0; k < members; ++k) sum[k] += wip[g * members + k];
  std::sort(sum.begin(), sum.end());
  return sum;
}

float area_wip(const Layout& m, const Count& c, std::uint32_t area) {
  float sum = 0.0F;
  for (std::size_t g = 0; g < m.groups.size(); ++g)
    if (m.groups[g].area == area) sum += static_cast<float>(c.wip[g]);
  return sum;
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
  }
  return "";
}

Ledger::Ledger(const LedgerOptions& options) : options_(options) {
  pits_.fill(twin::score::PitHistogram(20));
  taught_.fill(-1);
}

Tick Ledger::Open::next() const {
  return looked == 0 ? now : now + static_cast<Tick>(ScoredHours[looked - 1]) * Hour;
}

void Ledger::expect_lots(const Layout& m, const State& x, const Ahead& ahead,
                         const Members* nominal, Open& to) const {
  const std::size_t members = ahead.members.members;
  std::vector<const Lot*> of(ahead.members.lots.size(), nullptr);
  for (const Lot& lot : x.lots) {
    if (lot.place == LotPlace::Free || lot.place == LotPlace::Finished) continue;
    const auto at = std::lower_bound(ahead.members.lots.begin(), ahead.members.lots.end(), lot.id);
    if (at != ahead.members.lots.end() && *at == lot.id)
      of[static_cast<std::size_t>(at - ahead.members.lots.begin())] = &lot;
  }
  for (std::size_t l = 0; l < of.size(); ++l) {
    if (of[l] == nullptr || of[l]->place == LotPlace::Held) continue;
    const float latest = ahead.forecast.lots[l].done_hours.back();
    std::uint8_t h = 0;
    while (h < to.horizons && latest > static_cast<float>(ScoredHours[h])) ++h;
    if (h == to.horizons) continue;
    const auto cut = static_cast<float>(ScoredHours[h]);
    Expected e{Quantity::Completion, h, ahead.members.lots[l], {}, {}, 0.0F};
    e.members = sorted_part(ahead.members.done_hours, l, members, cut);
    if (nominal != nullptr) e.nominal = sorted_part(nominal->done_hours, l, nominal->members, cut);
    const StepInfo& s = m.steps[of[l]->step];
    e.rule =
        static_cast<float>((s.remaining_fixed_ms + s.remaining_wafer_ms * of[l]->wafers) / HourMs);
    to.expected.push_back(std::move(e));
  }
}

void Ledger::expect_counts(const Layout& m, const Count& known, const Ahead& ahead,
                           const Members* nominal, Open& to) const {
  const auto areas = static_cast<std::uint32_t>(m.areas.size());
  const auto groups = static_cast<std::uint32_t>(m.groups.size());
  const auto products = static_cast<std::uint32_t>(known.out.size());
  const std::size_t members = ahead.members.members;
  const Count* before = nullptr;  // the latest that is a day old or more
  for (const Count& c : rates_.counts)
    if (c.at <= known.at - RateOver) before = &c;
  for (std::uint8_t h = 0; h < to.horizons; ++h) {
    const Moment& ours = ahead.members.moments[h];
    const Moment* const theirs = nominal != nullptr ? &nominal->moments[h] : nullptr;
    const auto put = [&](Quantity q, std::uint32_t about, std::vector<float> values,
                         std::vector<float> of_nominal, float rule) {
      if (quantile_of_sorted(values, 0.5) < CountLeast) return;
      to.expected.push_back({q, h, about, std::move(values), std::move(of_nominal), rule});
    };
    for (std::uint32_t a = 0; a < areas; ++a)
      put(Quantity::Wip, a, area_sum(m, ours.wip, a, members),
          theirs != nullptr ? area_sum(m, theirs->wip, a, nominal->members) : std::vector<float>{},
          area_wip(m, known, a));
    const auto part = [&](std::vector<float> Moment::*of, std::uint32_t i) {
      return theirs != nullptr ? sorted_part(theirs->*of, i, nominal->members)
                               : std::vector<float>{};
    };
    const auto flow = [&](std::uint64_t now, std::uint64_t then) {
      if (before == nullptr) return NoRule;
      return static_cast<float>(static_cast<double>(now - then) * ScoredHours[h] * Hour /
                                static_cast<double>(known.at - before->at));
    };
    for (std::uint32_t g = 0; g < groups; ++g) {
      put(Quantity::Wip, areas + g, sorted_part(ours.wip, g, members), part(&Moment::wip, g),
          static_cast<float>(known.wip[g]));
      put(Quantity::Moves, g, sorted_part(ours.moves, g, members), part(&Moment::moves, g),
          flow(known.moves[g], before != nullptr ? before->moves[g] : 0));
    }
    for (std::uint32_t p = 0; p < products; ++p)
      put(Quantity::Out, p, sorted_part(ours.out, p, members), part(&Moment::out, p),
          flow(known.out[p], before != nullptr ? before->out[p] : 0));
  }
}

Ledger::Opened Ledger::open(const Layout& m, const State& x, const Ahead& ahead,
                            const Members* nominal) {
  const Members& ours = ahead.members;
  TWIN_EXPECT(ours.lots.size() == ahead.forecast.lots.size(), ours.lots.size());
  TWIN_EXPECT(nominal == nullptr || nominal->lots == ours.lots, ours.lots.size());
  if (open_.size() >= options_.open_max) {
    ++refused_;
    return Opened::Full;
  }
  Count known;
  count(m, x, known);
  Open to;
  to.said = recalibrations_;
  to.now = ahead.forecast.now;
  to.seed = ahead.forecast.seed;
  to.horizons = static_cast<std::uint32_t>(ours.moments.size());
  if (nominal != nullptr)
    to.horizons = std::min(to.horizons, static_cast<std::uint32_t>(nominal->moments.size()));
  expect_lots(m, x, ahead, nominal, to);
  expect_counts(m, known, ahead, nominal, to);
  if (to.horizons > 0) {
    const std::size_t n = ours.members;
    to.whole.assign(3 * n, 0.0F);
    const Moment& day = ours.moments.front();
    const auto add = [&](const std::vector<float>& values, std::size_t row) {
      for (std::size_t i = 0; i < values.size(); ++i) to.whole[row * n + i % n] += values[i];
    };
    add(day.wip, 0), add(day.out, 1), add(day.moves, 2);
  }
  rates_.counts.push_back(std::move(known));
  if (rates_.counts.size() > RatesKept) rates_.counts.erase(rates_.counts.begin());
  open_.push_back(std::move(to));
  return Opened::Kept;
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
    while (open.looked <= open.horizons && open.next() <= count.at) {
      TWIN_EXPECT(open.next() == count.at, open.next(), count.at);
      if (open.looked == 0) {
        open.start = count;
      } else {
        if (open.looked == 1) watch(open, count);
        score(m, open, static_cast<std::uint8_t>(open.looked - 1), count);
      }
      ++open.looked;
      if (open.looked > open.horizons) break;
    }
  }
  std::erase_if(open_, [](const Open& o) { return o.looked > o.horizons; });
  forget();
}

// Lots that left before the first open forecast was made say nothing any more.
void Ledger::forget() {
  Tick first = std::numeric_limits<Tick>::max();
  for (const Open& o : open_) first = std::min(first, o.now);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < gone_.size(); ++i)
    if (gone_at_[i] > first - 24 * Hour && !open_.empty()) {
      gone_[kept] = gone_[i];
      gone_at_[kept++] = gone_at_[i];
    }
  gone_.resize(kept);
  gone_at_.resize(kept);
  if (windows_.size() > options_.windows_max)
    windows_.erase(windows_.begin(),
                   windows_.end() - static_cast<std::ptrdiff_t>(options_.windows_max));
}

// Where the latest errors of a rule are kept: lots of a horizon together, counts each by itself.
std::vector<float>& Ledger::errors_of(const Layout& m, const Expected& e) {
  const std::size_t horizons = ScoredHours.size();
  const std::size_t wip = m.areas.size() + m.groups.size();
  std::size_t first = 0, width = 1;
  if (e.quantity == Quantity::Wip) first = 1, width = wip;
  if (e.quantity == Quantity::Out) first = 1 + wip, width = m.description.products.size();
  if (e.quantity == Quantity::Moves)
    first = 1 + wip + m.description.products.size(), width = m.groups.size();
  const std::size_t per_horizon = 1 + wip + m.description.products.size() + m.groups.size();
  errors_.resize(horizons * per_horizon);
  const std::size_t about = e.quantity == Quantity::Completion ? 0 : e.about;
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
        return e.about < areas ? area_wip(m, now, e.about)
                               : static_cast<float>(now.wip[e.about - areas]);
      case Quantity::Out: return static_cast<float>(now.out[e.about] - open.start.out[e.about]);
      case Quantity::Moves:
        return static_cast<float>(now.moves[e.about] - open.start.moves[e.about]);
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
        raw, y, draw.uniform(WhatTie, e.about, static_cast<std::uint32_t>(4 * horizon + q)));
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
  if (watched_ >= 0 && open.now < watched_ + static_cast<Tick>(ScoredHours[0]) * Hour) return;
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
