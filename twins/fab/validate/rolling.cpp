#include "twins/fab/validate/rolling.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "twin/core/error.hpp"
#include "twin/core/parallel.hpp"
#include "twins/fab/ahead.hpp"
#include "twins/fab/invariants.hpp"

namespace twins::fab::validate {

using twin::core::Draw;
using twin::core::Never;
using twin::score::vvuq::Occasion;
using twin::score::vvuq::QuantityInput;

namespace {

constexpr double StepDays = 0.25;  // completions are timed to this

enum class What : std::uint32_t { Tie = 1 };  // of the validation's own draws, apart from the fab's

Tick ticks_rolling(double days_rolling) {
  return static_cast<Tick>(std::llround(days_rolling * DayMs));
}
double days_rolling(Tick t) { return static_cast<double>(t) / DayMs; }

// When a lot is seen to be gone, at the steps that a forecast looks at; at the horizon if later.
double gone_by(Tick origin, Tick gone, double horizon_days) {
  if (gone == Never) return horizon_days;
  return std::min(std::max(std::ceil(days_rolling(gone - origin) / StepDays), 1.0) * StepDays,
                  horizon_days);
}

}  // namespace

void check_options(const RollingOptions& o) {
  const auto refuse = [](const std::string& text) { throw twin::core::Error(text); };
  if (o.horizons_days.empty()) refuse("no horizon (how many days ahead is to be forecast?)");
  for (const double h : o.horizons_days)
    if (!(h > 0.0 && h <= 365.0))
      refuse("a horizon of " + std::to_string(h) + " days (must be above 0 and at most 365)");
  if (!(o.every_days >= 0.01 && o.every_days <= 365.0))
    refuse("an origin every " + std::to_string(o.every_days) + " days (must be 0.01 to 365)");
  if (!(o.from_days <= 36500.0))
    refuse("the first origin after " + std::to_string(o.from_days) +
           " days (must be at most 36500)");
  if (o.members < 2 || o.members > 10'000)
    refuse("members = " + std::to_string(o.members) + " (must be 2 to 10000)");
  if (o.threads < 1 || o.threads > 1024)
    refuse("threads = " + std::to_string(o.threads) + " (must be 1 to 1024)");
}

Rolling::Rolling(const AnyFab& fab, const RollingOptions& options, Tick begin, Tick until)
    : fab_(fab),
      options_(options),
      begin_(begin),
      until_(until),
      mirror_(fab),
      x_(mirror_.start()) {
  check_options(options);
  for (const double h : options.horizons_days) horizons_.push_back(ticks_rolling(h));
  std::sort(horizons_.begin(), horizons_.end());
  horizons_.erase(std::unique(horizons_.begin(), horizons_.end()), horizons_.end());
  const Tick every = ticks_rolling(options.every_days);
  const Tick first =
      begin + (options.from_days < 0.0 ? horizons_.back() : ticks_rolling(options.from_days));
  std::set<Tick> times = {until};
  for (Tick at = first; at + horizons_.front() <= until; at += every) origin_times_.push_back(at);
  if (origin_times_.empty())
    throw twin::core::Error(
        "no forecast can be judged (the log has " + std::to_string(days_rolling(until - begin)) +
        " days, the first origin is after " + std::to_string(days_rolling(first - begin)) +
        ", the shortest horizon " + std::to_string(days_rolling(horizons_.front())) + ")");
  for (Tick at = first - (first - begin) / every * every; at <= origin_times_.back(); at += every)
    grid_.push_back(at);
  for (const Tick at : grid_) {
    times.insert(at);
    for (const Tick h : horizons_)
      if (at - h >= begin) times.insert(at - h);
  }
  for (const Tick at : origin_times_)
    for (const Tick h : horizons_)
      if (at + h <= until) times.insert(at + h);
  times_.assign(times.begin(), times.end());
}

void Rolling::saw(const twin::event::Event& event) {
  while (next_time_ < times_.size() && event.at > times_[next_time_]) stop_at(times_[next_time_++]);
  ++counts_.events;
  const Applied outcome = mirror_.apply(x_, event);
  ++counts_.applied[static_cast<std::size_t>(outcome)];
  if (outcome != Applied::Moved) return;
  const bool gone = event.kind == twin::event::Kind::Finished ||
                    (event.kind == twin::event::Kind::Scrapped && find_lot(x_, event.lot) == None);
  if (!gone) return;
  if (event.lot >= gone_.size()) gone_.resize(event.lot + 1, Never);
  gone_[event.lot] = event.at;
}

void Rolling::stop_at(Tick time) {
  x_.now = std::max(x_.now, time);
  snapshots_.push_back(snapshot(fab_.layout(), x_));
  if (std::binary_search(origin_times_.begin(), origin_times_.end(), time)) mark_origin(time);
}

void Rolling::mark_origin(Tick time) {
  const Layout& m = fab_.layout();
  Origin origin{time, x_, {}, {}};
  std::vector<std::pair<double, std::uint32_t>> left;  // [day], lot number
  for (const Lot& lot : x_.lots) {
    if (lot.place == LotPlace::Free || lot.place == LotPlace::Held) continue;
    const StepInfo& s = m.steps[lot.step];
    left.emplace_back((s.remaining_fixed_ms + s.remaining_wafer_ms * lot.wafers) / DayMs, lot.id);
  }
  std::sort(left.begin(), left.end());
  // Evenly among those that could be done within the longest horizon.
  const auto reach = static_cast<std::size_t>(
      std::lower_bound(left.begin(), left.end(), std::pair{days_rolling(horizons_.back()), 0U}) -
      left.begin());
  const std::size_t lots = std::min<std::size_t>(reach, options_.lots);
  for (std::size_t k = 0; k < lots; ++k) {
    const auto& [raw, id] = left[(2 * k + 1) * reach / (2 * lots)];
    origin.lots.push_back(id);
    origin.raw_days.push_back(raw);
  }
  origins_.push_back(std::move(origin));
}

const Snapshot* Rolling::seen(Tick at) const {
  const auto i =
      static_cast<std::size_t>(std::lower_bound(times_.begin(), times_.end(), at) - times_.begin());
  return i < snapshots_.size() && times_[i] == at ? &snapshots_[i] : nullptr;
}

Rolling::Ran Rolling::run(const Origin& origin, std::span<const double> theta, Draw draw) const {
  Ran out;
  State x = with_future(fab_, origin.x, theta, draw);
  if (draw.member % options_.members == 0) out.broken_rules = check_state(fab_.layout(), x).size();
  out.gone_days.assign(origin.lots.size(), INFINITY);
  std::vector<std::uint32_t> slots;
  for (const std::uint32_t id : origin.lots) slots.push_back(find_lot(x, id));
  const Tick step = ticks_rolling(StepDays);
  Tick seen_until = origin.at;
  const auto look = [&] {
    for (std::size_t k = 0; k < slots.size(); ++k) {
      const Lot& lot = x.lots[slots[k]];
      if (std::isfinite(out.gone_days[k]) ||
          (lot.id == origin.lots[k] && lot.place != LotPlace::Free))
        continue;
      out.gone_days[k] = days_rolling(x.now - origin.at);
    }
  };
  for (const Tick h : horizons_) {
    while (seen_until + step < origin.at + h) {
      seen_until += step;
      fab_.advance(x, theta, seen_until, draw);
      look();
    }
    fab_.advance(x, theta, origin.at + h, draw);
    if (seen_until + step == origin.at + h) {
      seen_until += step;
      look();
    }
    out.at.push_back(snapshot(fab_.layout(), x));
  }
  return out;
}

Rolled Rolling::finish(const Assumed& assumed) {
  while (next_time_ < times_.size() && times_[next_time_] <= until_) stop_at(times_[next_time_++]);
  TWIN_EXPECT(assumed.theta.size() == 1 || assumed.theta.size() == options_.members,
              assumed.theta.size(), options_.members);
  const std::size_t members = options_.members;
  std::vector<Ran> ours(origins_.size() * members), nominal;
  const bool with_nominal = assumed.theta.size() > 1 || assumed.theta.front() != assumed.nominal;
  if (with_nominal) nominal.resize(ours.size());
  twin::core::for_each_member(ours.size() + nominal.size(), options_.threads, [&](std::size_t i) {
    const bool is_nominal = i >= ours.size();
    const std::size_t k = is_nominal ? i - ours.size() : i;
    const std::vector<double>& theta =
        is_nominal ? assumed.nominal : assumed.theta[assumed.theta.size() == 1 ? 0 : k % members];
    (is_nominal ? nominal : ours)[k] =
        run(origins_[k / members], theta, {options_.seed, static_cast<std::uint32_t>(k)});
  });
  Rolled out = counts_;
  for (const Ran& r : ours) out.broken_rules += r.broken_rules;
  for (const Origin& origin : origins_) out.origins.push_back(*seen(origin.at));
  out.now = snapshots_.back();
  judge_figures(out, ours, nominal);
  judge_completion(out, ours, nominal);
  return out;
}

void Rolling::judge_figures(Rolled& out, const std::vector<Ran>& ours,
                            const std::vector<Ran>& nominal) const {
  const Layout& m = fab_.layout();
  const std::size_t members = options_.members;
  std::vector<std::uint32_t> groups(m.groups.size());
  std::iota(groups.begin(), groups.end(), 0U);
  const Snapshot &first = snapshots_.front(), &last = snapshots_.back();
  const auto utilisation = [&](std::uint32_t g) {
    const double able = last.able[g] - first.able[g];
    return able > 0.0 ? (last.busy[g] - first.busy[g]) / able : 0.0;
  };
  std::stable_sort(groups.begin(), groups.end(), [&](std::uint32_t a, std::uint32_t b) {
    return utilisation(a) > utilisation(b);
  });
  groups.resize(std::min<std::size_t>(groups.size(), options_.groups));
  std::uint32_t number = 0;
  for (const Figure& f : figures(m, groups)) {
    for (std::size_t h = 0; h < horizons_.size(); ++h, ++number) {
      QuantityInput q;
      q.name = f.name;
      q.unit = f.unit;
      q.horizon = days_rolling(horizons_[h]);
      q.overlap = static_cast<std::size_t>(
          std::max<Tick>((horizons_[h] - 1) / ticks_rolling(options_.every_days), 1));
      q.references = {"persistence", "climatology"};
      if (!nominal.empty()) {
        q.references.emplace_back("nominal theta");
        q.chance_alone = 2;
      }
      for (std::size_t i = 0; i < origins_.size(); ++i) {
        const Tick at = origins_[i].at;
        const Snapshot* const start = seen(at);
        const Snapshot* const end = seen(at + horizons_[h]);
        if (end == nullptr || at + horizons_[h] > until_) continue;
        Occasion o;
        o.at = days_rolling(at + horizons_[h]);
        o.u = Draw{options_.seed, static_cast<std::uint32_t>(i)}.uniform(
            0x80000000U + static_cast<std::uint32_t>(What::Tie), number, 0);
        const auto came = value_of(f, *start, *end);
        std::vector<double> reference;
        bool whole = came.has_value();
        for (std::size_t k = i * members; k < (i + 1) * members; ++k) {
          const auto v = value_of(f, *start, ours[k].at[h]);
          const auto n = nominal.empty() ? v : value_of(f, *start, nominal[k].at[h]);
          whole = whole && v && n;
          if (!whole) break;
          o.members.push_back(*v);
          reference.push_back(*n);
        }
        if (!whole) {
          ++q.missing;
          continue;
        }
        o.came = *came;
        std::vector<double> past;
        for (const Tick g : grid_) {
          const Snapshot* const a = f.level() ? seen(g) : seen(g - horizons_[h]);
          if (g > at || a == nullptr || g - horizons_[h] < begin_) continue;
          if (const auto v = value_of(f, *a, *seen(g))) past.push_back(*v);
        }
        const Snapshot* const before = seen(at - horizons_[h]);
        const auto persists = f.level()           ? value_of(f, *start, *start)
                              : before != nullptr ? value_of(f, *before, *start)
                                                  : std::optional<double>{};
        o.references.push_back(persists ? std::vector<double>{*persists} : std::vector<double>{});
        o.references.push_back(past.size() < 2 ? std::vector<double>{} : past);
        if (!nominal.empty()) o.references.push_back(reference);
        q.occasions.push_back(std::move(o));
      }
      out.quantities.push_back(std::move(q));
    }
  }
}

// Completion times are cut at the horizon, for reality and members alike: what lies beyond cannot be compared.
void Rolling::judge_completion(Rolled& out, const std::vector<Ran>& ours,
                               const std::vector<Ran>& nominal) const {
  const std::size_t members = options_.members;
  for (std::size_t h = 0; h < horizons_.size(); ++h) {
    QuantityInput q;
    q.name = "Completion of lots";
    q.unit = "day";
    q.horizon = days_rolling(horizons_[h]);
    q.overlap = options_.lots * static_cast<std::size_t>(
                                    (horizons_[h] - 1) / ticks_rolling(options_.every_days) + 1);
    q.references = {"raw process time"};
    if (!nominal.empty()) {
      q.references.emplace_back("nominal theta");
      q.chance_alone = 1;
    }
    for (std::size_t i = 0; i < origins_.size(); ++i) {
      const Origin& origin = origins_[i];
      if (origin.at + horizons_[h] > until_) continue;
      for (std::size_t l = 0; l < origin.lots.size(); ++l) {
        const std::uint32_t id = origin.lots[l];
        Occasion o;
        o.at = days_rolling(origin.at + horizons_[h]);
        o.u = Draw{options_.seed, static_cast<std::uint32_t>(i)}.uniform(
            0x80000000U + static_cast<std::uint32_t>(What::Tie), id,
            1 + static_cast<std::uint32_t>(h));
        const auto cut = [&](double v) { return std::min(v, q.horizon); };
        o.came = gone_by(origin.at, id < gone_.size() ? gone_[id] : Never, q.horizon);
        o.references.push_back({cut(origin.raw_days[l])});
        if (!nominal.empty()) o.references.emplace_back();
        for (std::size_t k = i * members; k < (i + 1) * members; ++k) {
          o.members.push_back(cut(ours[k].gone_days[l]));
          if (!nominal.empty()) o.references[1].push_back(cut(nominal[k].gone_days[l]));
        }
        q.occasions.push_back(std::move(o));
      }
    }
    out.quantities.push_back(std::move(q));
  }
}

}  // namespace twins::fab::validate
