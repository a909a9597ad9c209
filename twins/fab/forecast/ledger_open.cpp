// What a ledger takes down of a forecast when it is made: each number that will be scored, and what the rules of thumb
// say of it.
#include <algorithm>
#include <numeric>

#include "twin/core/expect.hpp"
#include "twins/fab/forecast/ledger.hpp"

namespace twins::fab::forecast {

namespace {

constexpr Tick LedgerOpenHour = 3'600'000;
constexpr std::uint32_t LedgerOpenDayHours = 24;
constexpr float CountLeast = 10.0F;             // median of a count that is scored
constexpr std::uint32_t RatesKept = 64;         // counts
constexpr Tick RateOver = 24 * LedgerOpenHour;  // a flow "lately" is over a day or more

std::vector<float> sorted_part(const std::vector<float>& all, std::size_t series,
                               std::size_t members, float most = Beyond) {
  std::vector<float> part(all.begin() + static_cast<std::ptrdiff_t>(series * members),
                          all.begin() + static_cast<std::ptrdiff_t>((series + 1) * members));
  for (float& v : part) v = std::min(v, most);
  std::sort(part.begin(), part.end());
  return part;
}

// Member by member over `parts` series, from the one at `first` on.
std::vector<float> sorted_sum(const std::vector<float>& all, std::size_t first, std::size_t parts,
                              std::size_t members) {
  std::vector<float> sum(members, 0.0F);
  for (std::size_t i = 0; i < parts * members; ++i) sum[i % members] += all[first * members + i];
  std::sort(sum.begin(), sum.end());
  return sum;
}

std::uint64_t sum_of_ledger_open(const std::vector<std::uint64_t>& values) {
  return std::accumulate(values.begin(), values.end(), std::uint64_t{0});
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

}  // namespace

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
          static_cast<float>(wip_of_area(m, known, a)));
    const auto part = [&](std::vector<float> Moment::*of, std::uint32_t i) {
      return theirs != nullptr ? sorted_part(theirs->*of, i, nominal->members)
                               : std::vector<float>{};
    };
    const auto flow = [&](std::uint64_t now, std::uint64_t then) {
      if (before == nullptr) return NoRule;
      return static_cast<float>(static_cast<double>(now - then) * ScoredHours[h] * LedgerOpenHour /
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
    // One product, or all of them where p is their number.
    const auto out_flow = [&](std::uint32_t p) {
      if (before == nullptr) return NoRule;
      if (p < products) return flow(known.out[p], before->out[p]);
      return flow(sum_of_ledger_open(known.out), sum_of_ledger_open(before->out));
    };
    const auto out_part = [&](const std::vector<float>& values, std::size_t day, std::uint32_t p,
                              std::size_t of) {
      const bool all = p == products;
      return sorted_sum(values, day * products + (all ? 0 : p), all ? products : 1, of);
    };
    put(Quantity::FabOut, 0, out_part(ours.out, 0, products, members),
        theirs != nullptr ? out_part(theirs->out, 0, products, nominal->members)
                          : std::vector<float>{},
        out_flow(products));
    const std::uint32_t days = ScoredHours[h] / LedgerOpenDayHours;
    for (std::uint32_t d = h == 0 ? 1 : ScoredHours[h - 1] / LedgerOpenDayHours; d < days; ++d)
      for (std::uint32_t p = 0; p <= products; ++p) {
        const float rule = out_flow(p);
        put(Quantity::OutDay, d * (products + 1) + p,
            out_part(ahead.members.out_days, d, p, members),
            nominal != nullptr ? out_part(nominal->out_days, d, p, nominal->members)
                               : std::vector<float>{},
            rule < 0.0F ? NoRule : rule / static_cast<float>(days));
      }
  }
}

bool Ledger::wants(Tick now) const {
  return open_.size() < options_.open_max &&
         (open_.empty() ||
          now - open_.back().now >= static_cast<Tick>(options_.apart_hours) * LedgerOpenHour);
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
  if (!wants(ahead.forecast.now)) return Opened::Near;
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

}  // namespace twins::fab::forecast
