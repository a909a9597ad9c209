#include "twin/decide/alarms/annunciator.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::decide::alarms {
namespace {

// A heap whose first is the one with the least (at, seq).
constexpr auto Later = [](const auto& a, const auto& b) {
  return std::tie(a.at, a.seq) > std::tie(b.at, b.seq);
};

std::vector<double> severities(const std::vector<AlarmKind>& kinds) {
  std::vector<double> out;
  for (const AlarmKind& k : kinds) out.push_back(k.severity);
  return out;
}

}  // namespace

Annunciator::Annunciator(CauseTree tree, std::vector<AlarmKind> kinds,
                         const AnnunciatorOptions& options)
    : tree_(std::move(tree)), kinds_(std::move(kinds)), options_(options) {
  if (tree_.size() == 0 || kinds_.empty())
    throw core::Error("no causes or no kinds of alarms (needs at least one of each)");
  for (const AlarmKind& k : kinds_) {
    if (k.response.empty()) {
      throw core::Error("alarm '" + k.name +
                        "' has no response (an alarm needs one); make it a notification?");
    }
    if (k.on_delay < 0 || k.off_delay < 0)
      throw core::Error("a delay of alarm '" + k.name + "' is negative");
  }
  if (options.minute <= 0 || options.together < 2 || options.hourly <= options.hourly_high ||
      options.daily <= options.daily_high ||
      options.flood_ends_below > options.flood_begins_above) {
    throw core::Error(
        "options of the annunciator cannot be meant (a minute above 0 ticks, at least 2 together, "
        "budgets above what is kept for high priorities, a flood that ends below "
        "where it begins)");
  }
  priorities_ = priorities_of(severities(kinds_));
  alarms_.resize(tree_.size() * kinds_.size());
  nodes_.resize(tree_.size());
}

void Annunciator::need_known(AlarmName a) const {
  if (a.cause < tree_.size() && a.kind < kinds_.size()) return;
  throw core::Error("alarm of cause " + std::to_string(a.cause) + ", kind " +
                    std::to_string(a.kind) + " (there are " + std::to_string(tree_.size()) +
                    " causes and " + std::to_string(kinds_.size()) + " kinds)");
}

void Annunciator::later(core::Tick at, std::uint32_t alarm) {
  due_.push_back({at, seq_++, alarm, alarms_[alarm].turn});
  std::ranges::push_heap(due_, Later);
}

std::vector<Announcement> Annunciator::take(const AlarmEvent& event) {
  need_known({event.cause, event.kind});
  std::vector<Announcement> out;
  if (event.at < now_) ++totals_.late;
  run_due(std::max(event.at, now_), out);
  const std::uint32_t i = index({event.cause, event.kind});
  Alarm& a = alarms_[i];
  const AlarmKind& kind = kinds_[event.kind];
  if (event.change == Change::Set) {
    ++totals_.sets;
    Node& node = nodes_[group_of(event.cause)];
    ++node.landed;
    ++node.count;  // of the group that is open, or of the next to open there
    ++a.sets;
    if (a.set == 0) {
      // The third time within the time: it chatters.
      if (a.rises >= 2 && now_ - a.before[1] <= minutes(options_.chatter_within)) a.chatters = 1;
      a.before = {now_, a.before[0]};
      ++a.rises;
      a.set = 1;
      ++a.turn;
      if (a.active == 0) later(now_ + kind.on_delay, i);
    }
  } else if (a.set != 0) {
    a.set = 0;
    ++a.turn;
    const core::Tick quiet = a.chatters != 0 ? minutes(options_.chatter_quiet) : 0;
    if (a.active != 0 || a.chatters != 0) later(now_ + std::max(kind.off_delay, quiet), i);
  }
  run_due(now_, out);
  return out;
}

std::vector<Announcement> Annunciator::advance(core::Tick to) {
  std::vector<Announcement> out;
  if (to >= now_) run_due(to, out);
  return out;
}

// All that falls due up to `to`, in its order: delays, shelves, and room in the budget.
void Annunciator::run_due(core::Tick to, std::vector<Announcement>& out) {
  for (;;) {
    core::Tick next = due_.empty() ? core::Never : due_.front().at;
    std::size_t shelf = shelves_.size();
    for (std::size_t s = 0; s < shelves_.size(); ++s) {
      if (shelves_[s].until < next) next = shelves_[s].until, shelf = s;
    }
    bool room = false;
    if (!waiting_.empty()) {
      Priority best = Priority::Low;
      for (const std::uint32_t c : waiting_) best = std::max(best, nodes_[c].priority);
      const core::Tick at = std::max(room_at(best), now_);
      if (at < next) next = at, room = true;
    }
    bool ebbs = false;
    if (flood_ && flood_end() < next) next = flood_end(), ebbs = true;
    if (next > to) break;
    const core::Tick before = now_;
    now_ = std::max(now_, next);
    if (flood_) totals_.in_flood += now_ - before;
    look_at_flood();
    if (ebbs) continue;
    if (room) {
      announce(out);
    } else if (shelf < shelves_.size()) {
      const AlarmName alarm = shelves_[shelf].alarm;
      shelves_.erase(shelves_.begin() + static_cast<std::ptrdiff_t>(shelf));
      alarms_[index(alarm)].shelved = 0;
      if (alarms_[index(alarm)].active != 0) begin(index(alarm));
    } else {
      std::ranges::pop_heap(due_, Later);
      const Due d = due_.back();
      due_.pop_back();
      Alarm& a = alarms_[d.alarm];
      if (d.turn != a.turn) continue;  // it changed since
      if (a.set != 0 && a.active == 0) {
        a.active = 1;
        a.since = now_;
        if (a.shelved == 0) begin(d.alarm);
      } else if (a.set == 0) {
        const bool was = a.active != 0;
        a.active = a.chatters = 0;
        if (was && a.shelved == 0) end(d.alarm);
      }
    }
  }
  if (flood_) totals_.in_flood += to - now_;
  now_ = to;
  look_at_flood();
}

// The group that an alarm of this cause belongs to: the topmost that is open, and from there, or from the
// alarm itself, on up as long as what is above is lit.
std::uint32_t Annunciator::group_of(std::uint32_t cause) const {
  std::uint32_t group = cause;
  for (std::uint32_t c = cause;; c = tree_.above(c)) {
    if (nodes_[c].open != 0) group = c;
    if (tree_.root(c)) break;
  }
  while (!tree_.root(group) && nodes_[tree_.above(group)].lit != 0) group = tree_.above(group);
  return group;
}

void Annunciator::light(std::uint32_t cause) {
  for (std::uint32_t c = cause;; c = tree_.above(c)) {
    Node& n = nodes_[c];
    const std::uint32_t need = std::min(options_.together, tree_.below(c));
    const std::uint8_t lit = n.own > 0 || (need > 0 && n.lit_below >= need) ? 1 : 0;
    if (lit == n.lit) return;
    n.lit = lit;
    if (tree_.root(c)) return;
    nodes_[tree_.above(c)].lit_below += lit != 0 ? 1U : ~0U;
  }
}

// An alarm counts from now on.
void Annunciator::begin(std::uint32_t alarm) {
  const AlarmName a = name(alarm);
  ++nodes_[a.cause].own;
  for (std::uint32_t c = a.cause;; c = tree_.above(c)) {
    ++nodes_[c].active;
    if (tree_.root(c)) break;
  }
  light(a.cause);
  activated(alarm);
}

void Annunciator::activated(std::uint32_t alarm) {
  const AlarmName a = name(alarm);
  const Priority priority = priorities_[a.kind];
  ++totals_.activations;
  ++totals_.by_priority[static_cast<std::size_t>(priority)];
  recent_.push_back(now_);
  if (recent_.size() > options_.flood_begins_above + 1U) recent_.erase(recent_.begin());
  const std::uint32_t group = group_of(a.cause);
  Node& g = nodes_[group];
  const bool fresh = g.open == 0;
  if (fresh) {
    g.open = 1;
    g.announced = 0;
    g.acknowledged = {};
    g.opened = now_;
    g.priority = priority;
    // Groups below are part of it now; so is what landed there and opened none.
    std::vector<std::uint8_t> inside(nodes_.size(), 0);
    inside[group] = 1;
    for (std::uint32_t c = group + 1; c < nodes_.size(); ++c) {
      inside[c] = inside[tree_.above(c)];
      if (inside[c] == 0) continue;
      g.count += nodes_[c].count;
      nodes_[c].count = 0;
      if (nodes_[c].open == 0) continue;
      g.priority = std::max(g.priority, nodes_[c].priority);
      nodes_[c].open = 0;
      std::erase(waiting_, c);
    }
  }
  const bool worse = !fresh && priority > g.priority;
  g.priority = std::max(g.priority, priority);
  if (fresh || (worse && g.announced != 0)) {
    g.announced = 0;
    g.acknowledged = {};
    waiting_.push_back(group);
  }
}

void Annunciator::end(std::uint32_t alarm) {
  const AlarmName a = name(alarm);
  TWIN_ENSURE(nodes_[a.cause].own > 0, a.cause, a.kind);
  --nodes_[a.cause].own;
  light(a.cause);
  for (std::uint32_t c = a.cause;; c = tree_.above(c)) {
    if (--nodes_[c].active == 0) closed(c);
    if (tree_.root(c)) break;
  }
}

void Annunciator::closed(std::uint32_t cause) {
  Node& n = nodes_[cause];
  if (n.open == 0) return;
  if (std::erase(waiting_, cause) > 0) ++totals_.passed;
  n.open = 0;
  n.count = 0;
}

void Annunciator::look_at_flood() {
  const core::Tick from = now_ - minutes(10);
  std::erase_if(recent_, [&](core::Tick t) { return t <= from; });
  if (!flood_ && recent_.size() > options_.flood_begins_above) {
    flood_ = true;
    ++totals_.floods;
  } else if (flood_ && recent_.size() < options_.flood_ends_below) {
    flood_ = false;
  }
}

// When fewer than it takes will have come within 10 minutes, if no more come.
core::Tick Annunciator::flood_end() const {
  const std::size_t n = recent_.size(), need = options_.flood_ends_below;
  if (need == 0) return core::Never;
  return n < need ? now_ : recent_[n - need] + minutes(10);
}

core::Tick Annunciator::room_at(Priority p) const {
  const bool high = p == Priority::High;
  const auto within = [&](std::uint64_t most, std::uint64_t span_minutes) {
    if (announcements_.size() < most) return std::numeric_limits<core::Tick>::min();
    // Room again when the most-th last one is so long ago.
    return announcements_[announcements_.size() - most] + minutes(span_minutes);
  };
  return std::max(within(options_.hourly - (high ? 0 : options_.hourly_high), 60),
                  within(options_.daily - (high ? 0 : options_.daily_high), 1'440));
}

void Annunciator::announce(std::vector<Announcement>& out) {
  const auto best = std::ranges::max_element(waiting_, {}, [&](std::uint32_t c) {
    return nodes_[c].priority;  // of equals the first, who waited longest
  });
  Node& g = nodes_[*best];
  g.announced = 1;
  out.push_back({now_, *best, g.priority, g.count, g.active});
  ++totals_.announced;
  announcements_.push_back(now_);
  std::erase_if(announcements_, [&](core::Tick t) { return t <= now_ - minutes(1'440); });
  waiting_.erase(best);
}

std::vector<Announcement> Annunciator::shelve(const Shelf& shelf) {
  need_known(shelf.alarm);
  if (shelf.who.empty() || shelf.reason.empty())
    throw core::Error("shelving without a name or a reason (both are kept with it)");
  if (shelf.until <= now_ || shelf.until - now_ > minutes(options_.shelved_at_most)) {
    throw core::Error("shelved until " + std::to_string(shelf.until) + " (now is " +
                      std::to_string(now_) + ", at most " +
                      std::to_string(options_.shelved_at_most) + " minutes ahead)");
  }
  const auto at = std::ranges::lower_bound(shelves_, shelf.alarm, {}, &Shelf::alarm);
  if (at != shelves_.end() && at->alarm == shelf.alarm) {
    *at = shelf;
  } else {
    shelves_.insert(at, shelf);
    Alarm& a = alarms_[index(shelf.alarm)];
    a.shelved = 1;
    if (a.active != 0) end(index(shelf.alarm));
  }
  std::vector<Announcement> out;
  run_due(now_, out);
  return out;
}

std::vector<Announcement> Annunciator::unshelve(AlarmName alarm) {
  need_known(alarm);
  std::vector<Announcement> out;
  const auto at = std::ranges::lower_bound(shelves_, alarm, {}, &Shelf::alarm);
  if (at == shelves_.end() || at->alarm != alarm) return out;
  shelves_.erase(at);
  alarms_[index(alarm)].shelved = 0;
  if (alarms_[index(alarm)].active != 0) begin(index(alarm));
  run_due(now_, out);
  return out;
}

void Annunciator::acknowledge(std::uint32_t cause, Priority seen, const std::string& who) {
  need_known({cause, 0});
  if (who.empty()) throw core::Error("an alarm acknowledged by nobody (a name is kept with it)");
  Node& n = nodes_[cause];
  if (n.open == 0)
    throw core::Error("'" + tree_.name(cause) + "' has no open group of alarms to acknowledge");
  if (n.priority > seen)
    throw core::Error("the alarms of '" + tree_.name(cause) + "' have become worse since");
  if (!n.acknowledged.who.empty()) return;
  n.acknowledged = {who, now_};
  ++totals_.acknowledged;
}

std::vector<AlarmGroup> Annunciator::groups() const {
  std::vector<AlarmGroup> out;
  for (std::uint32_t c = 0; c < nodes_.size(); ++c) {
    const Node& n = nodes_[c];
    if (n.open != 0) {
      out.push_back({c, n.opened, n.count, n.active, n.priority, n.announced != 0, n.acknowledged});
    }
  }
  std::ranges::stable_sort(out, [](const AlarmGroup& a, const AlarmGroup& b) {
    return std::tuple(!a.announced, -static_cast<int>(a.priority), a.opened, a.cause) <
           std::tuple(!b.announced, -static_cast<int>(b.priority), b.opened, b.cause);
  });
  return out;
}

std::vector<AlarmName> Annunciator::active(std::uint32_t cause) const {
  need_known({cause, 0});
  std::vector<std::uint8_t> inside(nodes_.size(), 0);
  inside[cause] = 1;
  for (std::uint32_t c = cause + 1; c < nodes_.size(); ++c) inside[c] = inside[tree_.above(c)];
  std::vector<AlarmName> out;
  for (std::uint32_t i = 0; i < alarms_.size(); ++i) {
    const bool counts = alarms_[i].active != 0 && alarms_[i].shelved == 0;
    if (counts && inside[name(i).cause] != 0) out.push_back(name(i));
  }
  return out;
}

std::vector<AlarmName> Annunciator::stale() const {
  std::vector<AlarmName> out;
  for (std::uint32_t i = 0; i < alarms_.size(); ++i) {
    if (alarms_[i].active != 0 && now_ - alarms_[i].since > minutes(options_.stale_after))
      out.push_back(name(i));
  }
  return out;
}

std::vector<AlarmName> Annunciator::chattering() const {
  std::vector<AlarmName> out;
  for (std::uint32_t i = 0; i < alarms_.size(); ++i) {
    if (alarms_[i].chatters != 0) out.push_back(name(i));
  }
  return out;
}

std::vector<std::pair<AlarmName, std::uint64_t>> Annunciator::loudest(std::size_t n) const {
  std::vector<std::pair<AlarmName, std::uint64_t>> out;
  for (std::uint32_t i = 0; i < alarms_.size(); ++i) {
    if (alarms_[i].sets > 0) out.emplace_back(name(i), alarms_[i].sets);
  }
  std::ranges::stable_sort(out, [](const auto& a, const auto& b) { return a.second > b.second; });
  out.resize(std::min(n, out.size()));
  return out;
}

}  // namespace twin::decide::alarms
