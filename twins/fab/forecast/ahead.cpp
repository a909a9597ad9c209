#include "twins/fab/forecast/ahead.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>

#include "twin/core/expect.hpp"
#include "twin/core/parallel.hpp"
#include "twins/fab/ahead.hpp"
#include "twins/fab/decide/rank_anew.hpp"
#include "twins/fab/forecast/sightings.hpp"
#include "twins/fab/kpi.hpp"
#include "twins/fab/load.hpp"

namespace twins::fab::forecast {

namespace {

constexpr Tick Hour = 3'600'000;
constexpr std::uint32_t DayHours = 24;

// One number of each member, over and over: [series][member]. Members write to places of their own.
template <class T>
class Table {
 public:
  Table(std::size_t series, std::size_t members) : members_(members), at_(series * members) {}
  T& operator()(std::size_t series, std::size_t member) { return at_[series * members_ + member]; }
  [[nodiscard]] std::span<const T> of(std::size_t series) const {
    return std::span(at_).subspan(series * members_, members_);
  }
  [[nodiscard]] std::size_t size() const { return members_ == 0 ? 0 : at_.size() / members_; }

 private:
  std::size_t members_;
  std::vector<T> at_;
};

float hours_ahead(Tick t) { return static_cast<float>(static_cast<double>(t) / HourMs); }

// The groups with the highest load under the posterior's medians.
std::vector<std::uint32_t> bottlenecks_of(const Layout& m,
                                          const std::vector<calibrate::Posterior>& posterior,
                                          std::uint32_t count) {
  const FabLoad load = fab_load(m.description);
  std::vector<std::uint32_t> groups(m.groups.size());
  std::iota(groups.begin(), groups.end(), 0U);
  std::vector<double> loads(groups.size());
  for (const std::uint32_t g : groups)
    loads[g] = load.groups[g].load *
               (posterior.empty() ? 1.0 : posterior[m.theta_map.process(g)].median());
  std::stable_sort(groups.begin(), groups.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return loads[a] > loads[b]; });
  groups.resize(std::min<std::size_t>(groups.size(), count));
  return groups;
}

struct LotAt {
  std::uint32_t id = None, slot = None;
};

struct Gathering {
  const AnyFab& fab;
  const State& x;
  const std::vector<calibrate::Posterior>& posterior;
  const Asked& asked;
  const Layout& m = fab.layout();
  std::size_t members = asked.budget.members;
  std::uint32_t horizon = asked.budget.horizon_hours;
  std::size_t days = (horizon + DayHours - 1) / DayHours;
  std::size_t groups = m.groups.size(), products = m.description.products.size();
  std::vector<LotAt> lots{};     // by serial number
  std::vector<LotAt> windows{};  // those under a queue-time limit
  std::vector<std::uint32_t> bottlenecks = bottlenecks_of(m, posterior, asked.budget.bottlenecks);
  std::vector<bool> bottleneck = std::vector<bool>(groups, false);

  // [..][member]
  Table<std::uint16_t> wip{(horizon + 1) * groups, members}, queue{(horizon + 1) * groups, members},
      able{(horizon + 1) * groups, members};  // [hour][group]
  Table<std::uint16_t> fab_wip{horizon + 1, members};
  Table<std::uint32_t> moves{days * groups, members};  // [day][group]
  Table<std::uint16_t> out{days * products, members}, starts{days * products, members};
  Table<float> able_day{m.tools(), members}, able_horizon{m.tools(), members};  // [tool]
  Table<Tick> closed{0, 0};                                                     // [window]
  Table<float> next_start{0, 0};                                                // [lot]
  Members kept{};

  void prepare();
  void run(std::size_t member);
  void tools(State& now, std::size_t member, Table<float>& to, std::vector<Tick>& stopped,
             Tick length);
  [[nodiscard]] Forecast reduced();
};

void Gathering::prepare() {
  for (const std::uint32_t g : bottlenecks) bottleneck[g] = true;
  for (std::uint32_t slot = 0; slot < x.lots.size(); ++slot)
    if (x.lots[slot].place != LotPlace::Free && x.lots[slot].place != LotPlace::Finished)
      lots.push_back({x.lots[slot].id, slot});
  std::sort(lots.begin(), lots.end(), [](const LotAt& a, const LotAt& b) { return a.id < b.id; });
  for (const LotAt& lot : lots)
    if (x.lots[lot.slot].window_open) windows.push_back(lot);
  closed = {windows.size(), members};
  next_start = {lots.size(), members};
  kept.members = asked.budget.members;
  for (const LotAt& lot : lots) kept.lots.push_back(lot.id);
  kept.done_hours.resize(lots.size() * members);
  kept.out_days.resize(horizon / DayHours * products * members);
  for (const std::uint32_t h : ScoredHours) {
    if (h > horizon) continue;
    Moment& at = kept.moments.emplace_back();
    at.hours = h;
    at.wip.resize(groups * members);
    at.moves.resize(groups * members);
    at.out.resize(products * members);
  }
}

// Share of the time since the last call that each tool was neither down nor maintained.
void Gathering::tools(State& now, std::size_t member, Table<float>& to, std::vector<Tick>& stopped,
                      Tick length) {
  for (std::uint32_t t = 0; t < m.tools(); ++t) {
    const auto times = tool_times_now(m, now, t);
    const Tick lost = times[static_cast<std::size_t>(ToolTime::Down)] +
                      times[static_cast<std::size_t>(ToolTime::Pm)];
    if (length > 0)
      to(t, member) = static_cast<float>(1.0 - static_cast<double>(lost - stopped[t]) /
                                                   static_cast<double>(length));
    else
      stopped[t] = lost;
  }
}

void Gathering::run(std::size_t member) {
  const twin::core::Draw draw{asked.seed, static_cast<std::uint32_t>(member)};
  const std::vector<double> theta =
      posterior.empty() ? m.nominal_theta() : calibrate::draw_theta(m, posterior, draw);
  State now = with_future(fab, x, theta, draw);
  if (asked.queues == Queues::RankAnew) decide::rank_anew(fab, now);
  Sightings sightings(now, bottleneck);
  fab.advance(now, theta, asked.now, draw, sightings);
  Count first, day, at;
  count(m, now, first);
  day = first;
  std::vector<Tick> stopped(m.tools());
  tools(now, member, able_day, stopped, 0);
  std::size_t moment = 0;
  for (std::uint32_t h = 0; h <= horizon; ++h) {
    if (h > 0) fab.advance(now, theta, asked.now + h * Hour, draw, sightings);
    count(m, now, at);
    fab_wip(h, member) = static_cast<std::uint16_t>(std::min(now.wip, 65535U));
    for (std::size_t g = 0; g < groups; ++g) {
      wip(h * groups + g, member) = static_cast<std::uint16_t>(std::min(at.wip[g], 65535U));
      queue(h * groups + g, member) = static_cast<std::uint16_t>(std::min(at.queue[g], 65535U));
      able(h * groups + g, member) = static_cast<std::uint16_t>(std::min(at.able[g], 65535U));
    }
    if (h == std::min(DayHours, horizon)) tools(now, member, able_day, stopped, h * Hour);
    if (h == horizon) tools(now, member, able_horizon, stopped, h * Hour);
    if (h > 0 && (h % DayHours == 0 || h == horizon)) {
      const std::size_t d = (h - 1) / DayHours;
      for (std::size_t g = 0; g < groups; ++g)
        moves(d * groups + g, member) = static_cast<std::uint32_t>(at.moves[g] - day.moves[g]);
      for (std::size_t p = 0; p < products; ++p) {
        out(d * products + p, member) = static_cast<std::uint16_t>(at.out[p] - day.out[p]);
        starts(d * products + p, member) = static_cast<std::uint16_t>(at.starts[p] - day.starts[p]);
        if (h % DayHours == 0)
          kept.out_days[(d * products + p) * members + member] = out(d * products + p, member);
      }
      day = at;
    }
    if (moment < kept.moments.size() && kept.moments[moment].hours == h) {
      Moment& to = kept.moments[moment++];
      for (std::size_t g = 0; g < groups; ++g) {
        to.wip[g * members + member] = static_cast<float>(at.wip[g]);
        to.moves[g * members + member] = static_cast<float>(at.moves[g] - first.moves[g]);
      }
      for (std::size_t p = 0; p < products; ++p)
        to.out[p * members + member] = static_cast<float>(at.out[p] - first.out[p]);
    }
  }
  for (std::size_t l = 0; l < lots.size(); ++l) {
    const Sightings::Seen& seen = sightings.of_slot(lots[l].slot);
    const auto told = [&](Tick t) {
      return t == Sightings::NotYet ? Beyond : hours_ahead(t - asked.now);
    };
    kept.done_hours[l * members + member] = told(seen.finished);
    next_start(l, member) = told(seen.bottleneck);
  }
  for (std::size_t w = 0; w < windows.size(); ++w)
    closed(w, member) = sightings.of_slot(windows[w].slot).window_closed;
}

template <class T>
Quantiles quantiles(std::span<const T> values, std::vector<float>& room) {
  room.assign(values.begin(), values.end());
  std::sort(room.begin(), room.end());
  return quantiles_of_sorted(room);
}

// Sums over `parts` series that lie `stride` apart, member by member.
template <class T>
Quantiles quantiles_of_sum(const Table<T>& table, std::size_t first, std::size_t parts,
                           std::size_t members, std::vector<float>& room) {
  room.assign(members, 0.0F);
  for (std::size_t p = 0; p < parts; ++p) {
    const std::span<const T> of = table.of(first + p);
    for (std::size_t k = 0; k < members; ++k) room[k] += static_cast<float>(of[k]);
  }
  std::sort(room.begin(), room.end());
  return quantiles_of_sorted(room);
}

double mean(std::span<const float> values) {
  double sum = 0.0;
  for (const float v : values) sum += static_cast<double>(v);
  return sum / static_cast<double>(values.size());
}

Forecast Gathering::reduced() {
  Forecast f;
  f.now = asked.now;
  f.known = x.now;
  f.seed = asked.seed;
  f.budget = asked.budget;
  f.learnt = !posterior.empty();
  f.bottlenecks = bottlenecks;
  f.groups.resize(groups);
  f.products.resize(products);
  f.lots.resize(lots.size());
  const auto n = static_cast<float>(members);
  const Tick end = asked.now + horizon * Hour;
  twin::core::for_each_member(groups, asked.threads, [&](std::size_t g) {
    std::vector<float> room;
    GroupForecast& to = f.groups[g];
    for (std::size_t h = 0; h <= horizon; ++h) {
      to.wip.push_back(quantiles(wip.of(h * groups + g), room));
      to.queue.push_back(quantiles(queue.of(h * groups + g), room));
      to.able.push_back(quantiles(able.of(h * groups + g), room));
    }
    for (std::size_t d = 0; d < days; ++d)
      to.moves.push_back(quantiles(moves.of(d * groups + g), room));
  });
  twin::core::for_each_member(lots.size(), asked.threads, [&](std::size_t l) {
    std::vector<float> room;
    const Lot& lot = x.lots[lots[l].slot];
    LotForecast& to = f.lots[l];
    to.lot = lot.id;
    to.product = m.classes[lot.lot_class].product;
    to.release = lot.release;
    to.due = lot.due;
    to.step = lot.step;
    const auto done = std::span<const float>(kept.done_hours).subspan(l * members, members);
    to.done_hours = quantiles(done, room);
    const auto by = [&](float hour) {
      return static_cast<float>(std::upper_bound(room.begin(), room.end(), hour) - room.begin()) /
             n;
    };
    to.within_horizon = by(static_cast<float>(horizon));
    to.on_time = by(hours_ahead(std::min(lot.due, end) - asked.now));
    to.bottleneck_hours = quantiles(next_start.of(l), room);
  });
  std::vector<float> room;
  for (std::size_t p = 0; p < products; ++p)
    for (std::size_t d = 0; d < days; ++d) {
      f.products[p].out.push_back(quantiles(out.of(d * products + p), room));
      f.products[p].starts.push_back(quantiles(starts.of(d * products + p), room));
    }
  for (const Moment& moment : kept.moments) {
    std::vector<float> all(members, 0.0F);
    for (std::size_t p = 0; p < products; ++p) {
      const auto of = std::span<const float>(moment.out).subspan(p * members, members);
      f.products[p].out_until.push_back(quantiles(of, room));
      for (std::size_t k = 0; k < members; ++k) all[k] += of[k];
    }
    f.out_until.push_back(quantiles(std::span<const float>(all), room));
  }
  for (std::size_t h = 0; h <= horizon; ++h) f.wip.push_back(quantiles(fab_wip.of(h), room));
  for (std::size_t d = 0; d < days; ++d) {
    f.out.push_back(quantiles_of_sum(out, d * products, products, members, room));
    f.starts.push_back(quantiles_of_sum(starts, d * products, products, members, room));
  }
  for (std::uint32_t t = 0; t < m.tools(); ++t)
    f.tools.push_back(
        {static_cast<float>(mean(able_day.of(t))), static_cast<float>(mean(able_horizon.of(t)))});
  for (std::size_t w = 0; w < windows.size(); ++w) {
    const Lot& lot = x.lots[windows[w].slot];
    const StepInfo& opened = m.steps[lot.window_step];
    WindowRisk risk{lot.id, lot.window_step, opened.window_exit,
                    lot.window_from + opened.window_limit};
    std::uint32_t violated = 0, undecided = 0;
    for (const Tick closed_at : closed.of(w)) {
      const bool late =
          closed_at != Sightings::NotYet ? closed_at > risk.limit_at : risk.limit_at < end;
      violated += late;
      undecided += closed_at == Sightings::NotYet && !late;
    }
    risk.violated = static_cast<float>(violated) / n;
    risk.undecided = static_cast<float>(undecided) / n;
    f.windows.push_back(risk);
  }
  std::stable_sort(
      f.windows.begin(), f.windows.end(),
      [](const WindowRisk& a, const WindowRisk& b) { return a.violated > b.violated; });
  return f;
}

}  // namespace

Ahead ahead(const AnyFab& fab, const State& x, const std::vector<calibrate::Posterior>& posterior,
            const Asked& asked) {
  check(asked.budget);
  TWIN_EXPECT(x.now <= asked.now, x.now, asked.now);
  TWIN_EXPECT(asked.threads > 0, asked.threads);
  const auto run = [&](Gathering& gathering) {
    gathering.prepare();
    twin::core::for_each_member(gathering.members, asked.threads,
                                [&](std::size_t member) { gathering.run(member); });
  };
  Gathering gathering{fab, x, posterior, asked};
  run(gathering);
  Ahead made{gathering.reduced(), std::move(gathering.kept)};
  if (asked.nominal_members == 0) return made;
  Asked beside = asked;
  beside.budget.members = asked.nominal_members;
  check(beside.budget);
  const std::vector<calibrate::Posterior> own;
  Gathering nominal{fab, x, own, beside};
  run(nominal);
  made.nominal = std::move(nominal.kept);
  return made;
}

}  // namespace twins::fab::forecast
