#include "twins/fab/decide/what_if.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/parallel.hpp"
#include "twins/fab/ahead.hpp"
#include "twins/fab/decide/rank_anew.hpp"

namespace twins::fab::decide {

namespace {

constexpr double MostStarts = 10'000.0;  // [lots/day]
constexpr std::uint32_t MostBought = 100;
constexpr std::size_t QueuesTold = 10;

double hours(Tick at, Tick now) { return static_cast<double>(at - now) / HourMs; }

Tick end_of(const WhatIfAsked& asked) {
  return asked.now + static_cast<Tick>(asked.horizon_hours * HourMs);
}

std::string tool_text(const Layout& m, std::uint32_t tool) {
  return tool < m.tools() ? m.tool_name(tool) : fmt::format("tool {}", tool);
}
std::string group_text(const Layout& m, std::uint32_t g) {
  return g < m.groups.size() ? m.description.tool_groups[g].name : fmt::format("group {}", g);
}
std::string product_text(const Layout& m, std::uint32_t p) {
  const auto& products = m.description.products;
  return p < products.size() ? products[p].name : fmt::format("product {}", p);
}

std::optional<std::string> why_not_down(const Layout& m, const Down& d, const WhatIfAsked& asked) {
  if (d.tool >= m.tools()) return fmt::format("tool {} (there are {})", d.tool, m.tools());
  const std::string what = fmt::format("{} down from {:.2f} h to {:.2f} h", m.tool_name(d.tool),
                                       hours(d.from, asked.now), hours(d.until, asked.now));
  if (d.until <= d.from) return what + " (must end after it begins)";
  if (d.from < asked.now) return what + " (begins before now)";
  if (d.from >= end_of(asked)) return what + " (begins behind the horizon)";
  return std::nullopt;
}

std::optional<std::string> why_not_mix(const Layout& m, const Mix& mix, const WhatIfAsked& asked) {
  if (mix.product >= m.description.products.size())
    return fmt::format("product {} (there are {})", mix.product, m.description.products.size());
  if (!(mix.starts_per_day >= 0.0 && mix.starts_per_day <= MostStarts))
    return fmt::format("{} lots of {} a day (must be 0 to {})", mix.starts_per_day,
                       product_text(m, mix.product), MostStarts);
  if (starts_of(m, mix.product, asked.now).streams.empty())
    return fmt::format("product {} (nothing releases it again and again)",
                       product_text(m, mix.product));
  return std::nullopt;
}

std::optional<std::string> why_not_bought(const Layout& m, const Bought& b,
                                          const WhatIfAsked& asked) {
  if (b.group >= m.groups.size())
    return fmt::format("tool group {} (there are {})", b.group, m.groups.size());
  if (b.count < 1 || b.count > MostBought)
    return fmt::format("{} tools more in {} (must be 1 to {})", b.count, group_text(m, b.group),
                       MostBought);
  if (b.from < asked.now)
    return fmt::format("tools more in {} (come before now)", group_text(m, b.group));
  if (b.from >= end_of(asked))
    return fmt::format("tools more in {} (come behind the horizon)", group_text(m, b.group));
  return std::nullopt;
}

}  // namespace

std::vector<std::string> texts_of(const Layout& m, const WhatIf& what_if, Tick now) {
  std::vector<std::string> texts;
  for (const Act& act : what_if.acts) texts.push_back(text_of(m, act, now));
  for (const Down& d : what_if.downs)
    texts.push_back(fmt::format("{} down from {:.1f} h to {:.1f} h", tool_text(m, d.tool),
                                hours(d.from, now), hours(d.until, now)));
  for (const Mix& mix : what_if.mixes)
    texts.push_back(fmt::format("{:.2f} lots of {} a day instead of {:.2f}", mix.starts_per_day,
                                product_text(m, mix.product),
                                starts_of(m, mix.product, now).per_day));
  for (const Bought& b : what_if.bought)
    texts.push_back(fmt::format(
        "{} {} more in {}{}", b.count, b.count == 1 ? "tool" : "tools", group_text(m, b.group),
        b.from <= now ? std::string() : fmt::format(" from {:.1f} h on", hours(b.from, now))));
  if (!what_if.rule.empty()) texts.push_back(fmt::format("{} from now on", what_if.rule));
  return texts;
}

std::optional<std::string> why_not(const Layout& m, const State& x, const WhatIf& what_if,
                                   const WhatIfAsked& asked) {
  for (const Act& act : what_if.acts)
    if (auto why = why_not(m, x, act)) return why;
  for (const Down& d : what_if.downs)
    if (auto why = why_not_down(m, d, asked)) return why;
  std::size_t streams = 0;
  for (std::size_t i = 0; i < what_if.mixes.size(); ++i) {
    const Mix& mix = what_if.mixes[i];
    if (auto why = why_not_mix(m, mix, asked)) return why;
    for (std::size_t j = 0; j < i; ++j)
      if (what_if.mixes[j].product == mix.product)
        return fmt::format("product {} (is there twice)", product_text(m, mix.product));
    streams += starts_of(m, mix.product, asked.now).streams.size();
  }
  if (streams > MostStreams)
    return fmt::format("a mix of {} streams (must be {} or fewer)", streams, MostStreams);
  for (const Bought& b : what_if.bought)
    if (auto why = why_not_bought(m, b, asked)) return why;
  return std::nullopt;
}

TwoLives::TwoLives(std::shared_ptr<const Layout> layout, State x,
                   std::vector<calibrate::Posterior> posterior, WhatIf what_if, WhatIfAsked asked)
    : x_(std::move(x)),
      posterior_(std::move(posterior)),
      what_if_(std::move(what_if)),
      asked_(std::move(asked)) {
  TWIN_EXPECT(x_.now <= asked_.now, x_.now, asked_.now);
  TWIN_EXPECT(asked_.horizon_hours > 0.0 && !asked_.outlook.paces.empty(), asked_.horizon_hours);
  TWIN_EXPECT(asked_.pairs > 0 && asked_.threads > 0, asked_.pairs, asked_.threads);
  if (const auto why = why_not(*layout, x_, what_if_, asked_)) throw twin::core::Error(*why);
  as_it_is_ = make_fab(layout, asked_.standing);
  const std::string& otherwise = what_if_.rule.empty() ? asked_.standing : what_if_.rule;
  otherwise_ = make_fab(with_bought(layout, what_if_.bought), otherwise);
  for (const std::string& rule : {asked_.standing, otherwise})
    if (with_rule(layout->options, rule).setup_lines && !layout->options.setup_lines)
      throw twin::core::Error(fmt::format(
          "rule '{}' (needs queue lines by setup, and this fab was set up without)", rule));
  paced_ = paced(*layout, what_if_.mixes, asked_.now);
}

void TwoLives::live(std::uint64_t member, Ends& ends) const {
  const twin::core::Draw draw{asked_.seed, static_cast<std::uint32_t>(member)};
  const Layout& m = as_it_is();
  const std::vector<double> theta =
      posterior_.empty() ? m.nominal_theta() : calibrate::draw_theta(m, posterior_, draw);
  ends.start = with_future(*as_it_is_, x_, theta, draw);
  rank_anew(*as_it_is_, ends.start);  // the mirror may rank its queues by another rule
  as_it_is_->advance(ends.start, theta, asked_.now, draw);
  ends.as_it_is = ends.start;
  live_on(Life::AsItIs, ends.as_it_is, theta, draw, ends.marks_as_it_is);
  ends.otherwise = ends.start;
  carry_over(*otherwise_, what_if_.bought, ends.otherwise, theta, draw);
  if (!what_if_.rule.empty()) rank_anew(*otherwise_, ends.otherwise);
  take_down(ends.otherwise, what_if_.downs);
  live_on(Life::Otherwise, ends.otherwise, theta, draw, ends.marks_otherwise);
}

// The streams of the mix are released from outside in both lives, so that their lots have the same numbers in both.
void TwoLives::live_on(Life life, State& x, std::span<const double> theta, twin::core::Draw draw,
                       std::vector<Ends::Mark>& marks) const {
  const AnyFab& fab = life == Life::AsItIs ? *as_it_is_ : *otherwise_;
  std::vector<Paced> streams = paced_;
  if (life == Life::AsItIs)
    for (Paced& p : streams) p.stretch = 1.0;
  Starts starts(fab, x, theta, draw, std::move(streams));
  Doing doing(fab, x, theta, draw);
  if (life == Life::Otherwise) doing.begin(what_if_.acts);
  const Tick end = end_of(asked_);
  const auto mark = [&] {
    Ends::Mark m{.wip = static_cast<double>(x.wip)};
    for (const ClassTally& c : x.class_tally) m.finished += static_cast<double>(c.finished);
    marks.push_back(m);
  };
  marks.clear();
  const std::uint32_t points = asked_.course_points;
  if (points != 0) mark();
  const auto next_mark = [&] {
    return points == 0 || marks.size() >= points
               ? end
               : asked_.now + (end - asked_.now) * static_cast<Tick>(marks.size()) / points;
  };
  for (Tick next = std::min({doing.next(), starts.next(), next_mark()}); next < end;
       next = std::min({doing.next(), starts.next(), next_mark()})) {
    fab.advance(x, theta, next, draw);
    if (next_mark() == next) mark();
    if (doing.next() == next) doing.at();
    if (starts.next() == next) starts.at();
  }
  fab.advance(x, theta, end, draw);
  if (points != 0) mark();
}

namespace {

struct Pair {
  Outcome as_it_is, otherwise;
  std::vector<std::uint32_t> waits_as_it_is, waits_otherwise;  // [group] lots at the horizon
  std::vector<TwoLives::Ends::Mark> marks_as_it_is, marks_otherwise;
};

std::vector<std::uint32_t> waiting(const State& x) {
  std::vector<std::uint32_t> lots;
  for (const Group& g : x.groups) lots.push_back(g.waiting);
  return lots;
}

template <class F>
Changed changed(const std::vector<Pair>& pairs, const F& of) {
  std::vector<double> as_it_is, otherwise;
  for (const Pair& p : pairs) {
    const auto [a, b] = of(p);
    as_it_is.push_back(static_cast<double>(a));
    otherwise.push_back(static_cast<double>(b));
  }
  return {twin::math::interval_of(as_it_is).mean, twin::math::interval_of(otherwise).mean,
          twin::math::paired_interval(otherwise, as_it_is, WhatIfConfidence)};
}

WhatIfResult result_of(const std::vector<Pair>& pairs, std::size_t groups, double horizon_hours) {
  const auto of = [&](double Outcome::*field) {
    return changed(pairs,
                   [&](const Pair& p) { return std::pair(p.as_it_is.*field, p.otherwise.*field); });
  };
  WhatIfResult r;
  r.pairs = pairs.size();
  r.tardy_hours = of(&Outcome::tardy_hours);
  r.weighted_tardy_hours = of(&Outcome::weighted_tardy_hours);
  r.hot_tardy_hours = of(&Outcome::hot_tardy_hours);
  r.cycle_hours = of(&Outcome::cycle_hours);
  r.out = of(&Outcome::out);
  r.wip = of(&Outcome::wip);
  r.outside = of(&Outcome::outside);
  r.violations = of(&Outcome::violations);
  const std::size_t marks = pairs.empty() ? 0 : pairs.front().marks_as_it_is.size();
  for (std::size_t k = 0; k < marks; ++k) {
    CoursePoint point;
    point.hours = horizon_hours * static_cast<double>(k) / static_cast<double>(marks - 1);
    point.wip = changed(pairs, [k](const Pair& p) {
      return std::pair(p.marks_as_it_is[k].wip, p.marks_otherwise[k].wip);
    });
    point.out = changed(pairs, [k](const Pair& p) {
      return std::pair(p.marks_as_it_is[k].finished - p.marks_as_it_is[0].finished,
                       p.marks_otherwise[k].finished - p.marks_otherwise[0].finished);
    });
    r.course.push_back(point);
  }
  for (std::uint32_t g = 0; g < groups; ++g) {
    const Changed c = changed(
        pairs, [g](const Pair& p) { return std::pair(p.waits_as_it_is[g], p.waits_otherwise[g]); });
    if (c.as_it_is != c.otherwise) r.queues.push_back({g, c});
  }
  std::stable_sort(r.queues.begin(), r.queues.end(),
                   [](const QueueChanged& a, const QueueChanged& b) {
                     return std::abs(a.lots.by.mean) > std::abs(b.lots.by.mean);
                   });
  if (r.queues.size() > QueuesTold) r.queues.resize(QueuesTold);
  return r;
}

}  // namespace

WhatIfResult compare(const TwoLives& lives, const Going& going) {
  const WhatIfAsked& asked = lives.asked();
  const std::uint64_t at_a_time = std::uint64_t{4} * asked.threads;
  std::vector<Pair> pairs;
  while (pairs.size() < asked.pairs) {
    if (going && !pairs.empty() && !going(2 * pairs.size())) break;
    const std::size_t first = pairs.size();
    pairs.resize(std::min<std::uint64_t>(first + at_a_time, asked.pairs));
    twin::core::for_each_member(pairs.size() - first, asked.threads, [&](std::size_t n) {
      TwoLives::Ends ends;
      lives.live(first + n, ends);
      const auto came_to = [&](const Layout& m, const State& x) {
        return outcome_of(m, asked.outlook, ends.start, x);
      };
      pairs[first + n] = {came_to(lives.as_it_is(), ends.as_it_is),
                          came_to(lives.otherwise(), ends.otherwise),
                          waiting(ends.as_it_is),
                          waiting(ends.otherwise),
                          std::move(ends.marks_as_it_is),
                          std::move(ends.marks_otherwise)};
    });
  }
  return result_of(pairs, lives.as_it_is().groups.size(), asked.horizon_hours);
}

WhatIfResult compare(std::shared_ptr<const Layout> layout, State x,
                     std::vector<calibrate::Posterior> posterior, WhatIf what_if,
                     WhatIfAsked asked) {
  return compare(TwoLives(std::move(layout), std::move(x), std::move(posterior), std::move(what_if),
                          std::move(asked)));
}

}  // namespace twins::fab::decide
