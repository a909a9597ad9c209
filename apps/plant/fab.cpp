#include "apps/plant/fab.hpp"

#include <algorithm>
#include <cmath>

#include "twin/core/archive.hpp"
#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/distributions.hpp"
#include "twins/fab/decide/rank_anew.hpp"

namespace apps::plant {

using twin::core::Never;
using twins::fab::DayMs;
using twins::fab::HourMs;
using twins::fab::Intervened;
using twins::fab::Layout;
using twins::fab::LotPlace;
using twins::fab::State;
using twins::fab::ThetaMap;

namespace {

constexpr auto Hour = static_cast<Tick>(HourMs);

// What is drawn once: theta around the data set. Bounds are the parameters' own.
std::vector<double> drawn_theta(const Layout& m, const Hidden& hidden, twin::core::Draw draw) {
  std::vector<double> theta = m.nominal_theta();
  const auto parameters = m.parameters();
  const auto set = [&](std::size_t at, double deviation) {
    const double u =
        draw.uniform(static_cast<std::uint32_t>(Chance::Theta), static_cast<std::uint32_t>(at), 0);
    theta[at] = std::clamp(twin::math::lognormal(u, 0.0, deviation), parameters[at].lower,
                           parameters[at].upper);
  };
  const ThetaMap& map = m.theta_map;
  for (std::uint32_t g = 0; g < map.groups; ++g) set(map.process(g), hidden.process);
  for (std::uint32_t a = 0; a < map.areas; ++a) {
    set(map.mtbf(a), hidden.mtbf);
    set(map.mttr(a), hidden.mttr);
    set(map.rework(a), hidden.rework);
    set(map.sampling(a), hidden.sampling);
  }
  set(map.transport(), hidden.transport);
  return theta;
}

// What changes little by little does so at whole hours, wherever a run pauses or begins again.
Tick hour_of(Tick now, Tick from) { return std::max(now / Hour * Hour, from); }

double days_between(Tick from, Tick until) { return static_cast<double>(until - from) / DayMs; }

// Which class of the data set's layout counts a lot of this class of the plant's.
std::vector<std::uint32_t> nominal_classes(const Layout& own, const Layout& nominal) {
  std::vector<std::uint32_t> to;
  for (const twins::fab::LotClass& k : own.classes) {
    to.push_back(twins::fab::class_of_lot(
        nominal, k.product, k.priority,
        k.initial ? twins::fab::Origin::InitialWip : twins::fab::Origin::Released));
  }
  return to;
}

struct SavedFab {
  State x;
  twins::fab::LogCursor cursor;
  std::vector<double> offset;
  std::vector<std::uint32_t> holds;
  std::vector<Tick> next_hold;
  std::vector<std::uint32_t> held_lot;
  std::vector<Tick> held_until;
  std::string rule;
  bool operator==(const SavedFab&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("x", self.x);
    a("cursor", self.cursor);
    a("offset", self.offset);
    a("holds", self.holds);
    a("next_hold", self.next_hold);
    a("held_lot", self.held_lot);
    a("held_until", self.held_until);
    a("rule", self.rule);
  }
};

}  // namespace

Fab::Fab(const std::shared_ptr<const Layout>& layout, const FabOptions& options)
    : nominal_(layout),
      layout_(layout_with(layout, options.scenario)),
      options_(options),
      rule_(options.rule),
      fab_(twins::fab::make_fab(layout_, options.rule)),
      draw_{options.seed, PlantMember},
      hidden_(drawn_theta(*layout_, options.hidden, draw_)),
      nominal_class_(nominal_classes(*layout_, *nominal_)),
      x_(fab_->initial(hidden_, draw_)),
      offset_(layout_->tools(), 1.0),
      holds_(options.scenario.operators.size(), 0) {
  for (std::size_t o = 0; o < holds_.size(); ++o) {
    const Operator& who = options_.scenario.operators[o];
    next_hold_.push_back(who.from + after(Chance::NextHold, o, 0, who.every));
  }
  log_.emplace(*layout_, x_, [this](std::span<const twin::event::Event> e) { (*receive_)(e); });
  set_laws();
}

Tick Fab::after(Chance what, std::size_t who, std::uint32_t k, Tick mean) const {
  const double u =
      draw_.uniform(static_cast<std::uint32_t>(what), static_cast<std::uint32_t>(who), k);
  return exponential(static_cast<double>(mean), u);
}

void Fab::set_laws() {
  const ThetaMap& map = layout_->theta_map;
  const Tick now = x_.now;
  theta_ = hidden_;
  theta_.insert(theta_.end(), offset_.begin(), offset_.end());
  for (const Drift& d : options_.scenario.drifts) {
    if (now < d.from) continue;
    const double grown =
        1.0 + d.per_day * days_between(d.from, now < d.until ? hour_of(now, d.from) : d.until);
    theta_[map.process(d.group)] *= std::clamp(grown, 0.05, 20.0);
  }
  for (const SlowTool& s : options_.scenario.slow_tools) {
    if (now < s.from || now >= s.until) continue;
    theta_[map.pace(s.tool)] *=
        std::min(s.factor + s.per_day * days_between(s.from, hour_of(now, s.from)), 20.0);
  }
  for (const LongRepairs& r : options_.scenario.repairs)
    if (now >= r.from && now < r.until) theta_[map.mttr_group(r.group)] *= r.factor;
}

Tick Fab::next_change() const {
  Tick next = Never;
  const auto at = [&](Tick t) {
    if (t > x_.now) next = std::min(next, t);
  };
  const Tick hour = (x_.now / Hour + 1) * Hour;
  for (const Drift& d : options_.scenario.drifts) {
    at(d.from), at(d.until);
    if (x_.now >= d.from && x_.now < d.until) at(hour);
  }
  for (const SlowTool& s : options_.scenario.slow_tools) {
    at(s.from), at(s.until);
    if (x_.now >= s.from && x_.now < s.until && s.per_day > 0.0) at(hour);
  }
  for (const LongRepairs& r : options_.scenario.repairs) at(r.from), at(r.until);
  for (const Tick t : next_hold_) at(t);
  for (const OnHold& h : on_hold_) at(h.until);
  return next;
}

void Fab::advance(Tick until, const Receive& receive) {
  TWIN_EXPECT(until >= x_.now, until, x_.now);
  receive_ = &receive;
  for (;;) {
    const Tick change_at = next_change();
    run(std::min(until, change_at));
    if (change_at > until) break;
    change();
    run(x_.now);  // what the change calls for at this instant
  }
  told_ = true;
  receive_ = nullptr;
}

void Fab::run(Tick until) { fab_->advance(x_, theta_, until, draw_, *log_); }

void Fab::change() {
  twins::fab::Interventions people(*fab_, x_, &*log_);
  std::ranges::sort(on_hold_, {}, [](const OnHold& h) { return std::pair(h.until, h.lot); });
  while (!on_hold_.empty() && on_hold_.front().until <= x_.now) {
    static_cast<void>(people.release(on_hold_.front().lot));  // a command may have let it go
    on_hold_.erase(on_hold_.begin());
  }
  for (std::size_t o = 0; o < next_hold_.size(); ++o)
    if (next_hold_[o] <= x_.now) hold_some_lot(o);
  set_laws();
}

void Fab::hold_some_lot(std::size_t o) {
  const Operator& who = options_.scenario.operators[o];
  const std::uint32_t k = holds_[o]++;
  next_hold_[o] = x_.now + after(Chance::NextHold, o, k + 1, who.every);
  if (next_hold_[o] >= who.until) next_hold_[o] = Never;
  std::vector<std::uint32_t> waiting;
  for (const twins::fab::Lot& lot : x_.lots) {
    if (lot.place != LotPlace::Queued) continue;
    if (who.group == twins::fab::None || layout_->steps[lot.step].group == who.group)
      waiting.push_back(lot.id);
  }
  if (waiting.empty()) return;
  std::ranges::sort(waiting);
  const double u =
      draw_.uniform(static_cast<std::uint32_t>(Chance::HeldLot), static_cast<std::uint32_t>(o), k);
  const std::uint32_t lot =
      waiting[static_cast<std::size_t>(u * static_cast<double>(waiting.size()))];
  if (!was_done(twins::fab::Interventions(*fab_, x_, &*log_).hold(lot))) return;
  on_hold_.push_back({lot, x_.now + after(Chance::HoldTime, o, k, who.hold)});
}

Obeyed Fab::obey(const Command& c) {
  told_ = false;
  twins::fab::Interventions people(*fab_, x_, &*log_);
  const auto said = [](Intervened outcome) {
    return Obeyed{was_done(outcome), std::string(to_string(outcome))};
  };
  switch (c.kind) {
    case Command::Kind::Hold: return said(people.hold(c.lot));
    case Command::Kind::Release: return said(people.release(c.lot));
    case Command::Kind::Priority:
      if (!(c.value >= -1000.0 && c.value <= 1000.0 && c.value == std::floor(c.value)))
        return {false, "a priority must be a whole number from -1000 to 1000"};
      return said(people.set_priority(c.lot, static_cast<std::int32_t>(c.value)));
    case Command::Kind::StartPm: return said(people.start_pm(c.tool, c.item));
    case Command::Kind::RecipeOffset:
      if (c.tool >= layout_->tools()) return said(Intervened::UnknownTool);
      if (!(c.value >= -50.0 && c.value <= 100.0))
        return {false, "a recipe offset must be -50 to 100 %"};
      offset_[c.tool] = 1.0 + c.value / 100.0;
      log_->recipe_changed(x_, c.tool, c.value);
      set_laws();
      return said(Intervened::Now);
    case Command::Kind::Rule: return dispatch_by(c.rule);
  }
  return {false, "no such command"};
}

Obeyed Fab::dispatch_by(const std::string& rule) {
  try {
    if (twins::fab::with_rule(layout_->options, rule).setup_lines && !layout_->options.setup_lines)
      return {false, "this fab was set up without queue lines by setup, which the rule needs"};
    fab_ = twins::fab::make_fab(layout_, rule);
  } catch (const twin::core::Error& e) {
    return {false, e.what()};
  }
  rule_ = rule;
  twins::fab::decide::rank_anew(*fab_, x_);
  return {true, "dispatches by " + rule};
}

twins::fab::View Fab::view() const {
  twins::fab::View view = twins::fab::observe(*layout_, twins::fab::Mirror(*fab_).follow(x_));
  for (twins::fab::LotView& lot : view.lots) lot.lot_class = nominal_class_[lot.lot_class];
  return view;
}

std::vector<std::byte> Fab::save() const {
  TWIN_EXPECT(told_, x_.now);
  SavedFab saved{x_, log_->cursor(), offset_, holds_, next_hold_, {}, {}, rule_};
  for (const OnHold& h : on_hold_) {
    saved.held_lot.push_back(h.lot);
    saved.held_until.push_back(h.until);
  }
  return twin::core::save(saved);
}

void Fab::load(std::span<const std::byte> bytes) {
  auto saved = twin::core::load<SavedFab>(bytes);
  const bool fits =
      saved.x.tools.size() == x_.tools.size() && saved.x.lines.size() == x_.lines.size() &&
      saved.offset.size() == offset_.size() && saved.next_hold.size() == next_hold_.size() &&
      saved.holds.size() == holds_.size() && saved.held_lot.size() == saved.held_until.size();
  if (!fits) throw twin::core::Error("a saved plant of another fab or scenario");
  if (saved.rule != rule_) fab_ = twins::fab::make_fab(layout_, saved.rule);
  rule_ = std::move(saved.rule);
  x_ = std::move(saved.x);
  offset_ = std::move(saved.offset);
  holds_ = std::move(saved.holds);
  next_hold_ = std::move(saved.next_hold);
  on_hold_.clear();
  for (std::size_t i = 0; i < saved.held_lot.size(); ++i)
    on_hold_.push_back({saved.held_lot[i], saved.held_until[i]});
  log_.emplace(
      *layout_, x_, [this](std::span<const twin::event::Event> e) { (*receive_)(e); },
      std::move(saved.cursor));
  set_laws();
}

}  // namespace apps::plant
