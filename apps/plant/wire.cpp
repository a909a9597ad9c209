#include "apps/plant/wire.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "apps/plant/chance.hpp"
#include "twin/core/expect.hpp"

namespace apps::plant {

using twin::core::Never;
using twin::core::uniform_of;

namespace {

constexpr double WireDayMs = 86'400'000.0, WireMinuteMs = 60'000.0;

}  // namespace

Wire::Wire(std::uint32_t sources, WireOptions options, OnFault on_fault)
    : options_(std::move(options)),
      on_fault_(std::move(on_fault)),
      draw_{options_.seed, PlantMember},
      lines_(sources) {
  TWIN_EXPECT(options_.window > 0 && options_.retry_ms > 0, options_.window, options_.retry_ms);
  const Faults& f = options_.faults;
  linger_ =
      30 * f.latency_ms + (f.delay > 0.0 ? f.delay_ms : 0) + (f.reorder > 0.0 ? f.reorder_ms : 0);
  for (std::uint32_t s = 0; s < sources; ++s) plan_cut(s);
}

void Wire::push(Happening what) {
  what.order = order_++;
  heap_.push_back(what);
  std::push_heap(heap_.begin(), heap_.end(), [](const Happening& a, const Happening& b) {
    return std::tie(a.at, a.order) > std::tie(b.at, b.order);
  });
}

void Wire::say(Fault::Kind kind, std::uint32_t source, const Message* m, double value) const {
  if (!on_fault_) return;
  Fault fault{.kind = kind, .at = now_, .source = source, .value = value};
  if (m != nullptr) {
    fault.epoch = m->epoch;
    fault.seq = m->seq;
  }
  on_fault_(fault);
}

void Wire::offer(Message message) {
  TWIN_EXPECT(message.at >= now_, message.at, now_);
  TWIN_EXPECT(offered_.empty() || message.at >= offered_.back().at, message.at);
  TWIN_EXPECT(message.source < lines_.size(), message.source);
  offered_.push_back(std::move(message));
}

void Wire::run_until(Tick until, const Receive& receive) {
  TWIN_EXPECT(until >= now_, until, now_);
  for (;;) {
    const Tick said = offered_.empty() ? Never : offered_.front().at;
    const Tick next = heap_.empty() ? Never : heap_.front().at;
    if (std::min(said, next) > until) break;
    if (said <= next) {  // at one time the sources first
      now_ = said;
      const std::uint32_t source = offered_.front().source;
      Line& line = lines_[source];
      if (line.waiting >= options_.spool_max) {
        say(Fault::Kind::SpoolFull, source, &offered_.front());
        ++counts_.lost_spool;
      } else {
        line.spool.push_back({std::move(offered_.front())});
        ++line.waiting;
        ++waiting_;
      }
      offered_.pop_front();
      send_on(source);
      continue;
    }
    std::pop_heap(heap_.begin(), heap_.end(), [](const Happening& a, const Happening& b) {
      return std::tie(a.at, a.order) > std::tie(b.at, b.order);
    });
    const Happening h = heap_.back();
    heap_.pop_back();
    now_ = h.at;
    handle(h, receive);
  }
  now_ = until;
}

void Wire::handle(const Happening& h, const Receive& receive) {
  Line& line = lines_[h.source];
  const bool same_line = h.line == line.line && line.up;
  switch (h.does) {
    case Does::Deliver: {
      if (!same_line || h.index < line.first) return;
      ++counts_.delivered;
      receive({.at = now_,
               .message = &line.spool[h.index - line.first].message,
               .corrupt = h.corrupt,
               .damage = h.damage,
               .ticket = {h.source, h.line, h.index}});
      return;
    }
    case Does::Ack:
      if (same_line) take_ack(h);
      return;
    case Does::Retry: {
      if (!same_line || h.index < line.first) return;
      const Kept& kept = line.spool[h.index - line.first];
      if (!kept.done && kept.sent + kept.wait <= now_) transmit(h.source, h.index);
      return;
    }
    case Does::Down: {
      const auto words = draw_.block(static_cast<std::uint32_t>(Chance::Cut), h.source, line.cuts);
      const Tick lasts =
          exponential(options_.faults.cut_minutes * WireMinuteMs, uniform_of(words[2], words[3]));
      ++line.cuts;
      if (line.up) say(Fault::Kind::Cut, h.source, nullptr, static_cast<double>(lasts));
      go_down(h.source, now_ + lasts);
      plan_cut(h.source);
      return;
    }
    case Does::Up:
      if (line.up || now_ < line.cut_until) return;
      line.up = true;
      say(Fault::Kind::Restored, h.source, nullptr);
      return send_on(h.source);
  }
}

void Wire::plan_cut(std::uint32_t source) {
  const double per_day = options_.faults.cuts_per_day;
  if (!(per_day > 0.0)) return;
  const auto words =
      draw_.block(static_cast<std::uint32_t>(Chance::Cut), source, lines_[source].cuts);
  push({.at = std::max(now_, lines_[source].cut_until) +
              exponential(WireDayMs / per_day, uniform_of(words[0], words[1])),
        .source = source,
        .does = Does::Down});
}

// All that is under way is lost; it is sent again from the first that is not acknowledged.
void Wire::go_down(std::uint32_t source, Tick back) {
  Line& line = lines_[source];
  line.cut_until = std::max(line.cut_until, back);
  push({.at = line.cut_until, .source = source, .does = Does::Up});
  if (!line.up) return;
  line.up = false;
  ++line.line;
  line.next = line.first;
  line.under_way = 0;
}

void Wire::hang_up(Tick at, Tick back) {
  TWIN_EXPECT(at >= now_ && back >= at, at, now_, back);
  for (std::uint32_t s = 0; s < lines_.size(); ++s) go_down(s, back);
}

void Wire::send_on(std::uint32_t source) {
  Line& line = lines_[source];
  while (line.up && line.under_way < options_.window &&
         line.next < line.first + line.spool.size()) {
    const std::uint64_t index = line.next++;
    if (line.spool[index - line.first].done) continue;
    ++line.under_way;
    line.spool[index - line.first].wait = 0;  // on this line for the first time
    transmit(source, index);
  }
}

// A way takes half of the mean at least, and the rest by chance.
Tick Wire::way(std::uint32_t word) const {
  const auto mean = static_cast<double>(options_.faults.latency_ms);
  return static_cast<Tick>(mean * 0.5) + exponential(mean * 0.5, uniform_of(word));
}

void Wire::transmit(std::uint32_t source, std::uint64_t index) {
  const Faults& f = options_.faults;
  Line& line = lines_[source];
  Kept& kept = line.spool[index - line.first];
  kept.sent = now_;
  kept.wait = std::min(std::max(2 * kept.wait, options_.retry_ms),
                       options_.retry_ms * WireOptions::RetryMost);
  ++counts_.sent;
  const std::uint32_t n = line.sent++;
  const auto words = [&](Chance what) {
    return draw_.block(static_cast<std::uint32_t>(what), source, n);
  };
  Happening h{.index = index, .source = source, .line = line.line};
  h.does = Does::Retry;
  h.at = now_ + kept.wait;
  push(h);
  h.does = Does::Deliver;
  const auto first = words(Chance::Way);
  const bool lost = uniform_of(first[0]) < f.drop;
  if (lost) say(Fault::Kind::Dropped, source, &kept.message);
  Tick takes = way(first[1]);
  if (uniform_of(first[2]) < f.delay) {
    const auto by = static_cast<Tick>(uniform_of(first[3]) * static_cast<double>(f.delay_ms));
    takes += by;
    if (!lost) say(Fault::Kind::Delayed, source, &kept.message, static_cast<double>(by));
  }
  const auto second = words(Chance::WayTwo);
  if (uniform_of(second[2]) < f.reorder) {
    const auto by = static_cast<Tick>(uniform_of(second[3]) * static_cast<double>(f.reorder_ms));
    takes += by;
    if (!lost) say(Fault::Kind::Reordered, source, &kept.message, static_cast<double>(by));
  }
  if (f.corrupt > 0.0) {
    const auto third = words(Chance::WayThree);
    h.corrupt = uniform_of(third[0]) < f.corrupt;
    h.damage = third[1];
    if (h.corrupt && !lost) say(Fault::Kind::Corrupted, source, &kept.message);
  }
  h.at = now_ + takes;
  if (!lost) push(h);
  if (uniform_of(second[0]) >= f.twice) return;
  say(Fault::Kind::Doubled, source, &kept.message);
  h.corrupt = false;
  h.at = now_ + takes + way(second[1]);
  push(h);
}

void Wire::acknowledge(const Ticket& ticket, Tick at) {
  TWIN_EXPECT(at >= now_, at, now_);
  Line& line = lines_[ticket.source];
  if (ticket.line != line.line || !line.up) return;
  const auto words =
      draw_.block(static_cast<std::uint32_t>(Chance::AckWay), ticket.source, line.acks++);
  if (uniform_of(words[0]) < options_.faults.drop) {
    say(Fault::Kind::AckDropped, ticket.source, nullptr);
    return;
  }
  push({.at = at + way(words[1]),
        .index = ticket.index,
        .source = ticket.source,
        .line = ticket.line,
        .does = Does::Ack});
}

void Wire::take_ack(const Happening& h) {
  Line& line = lines_[h.source];
  if (h.index < line.first || h.index >= line.first + line.spool.size()) return;
  Kept& kept = line.spool[h.index - line.first];
  if (kept.done) return;
  kept.done = true;
  ++counts_.acknowledged;
  --line.waiting;
  --waiting_;
  if (line.under_way > 0) --line.under_way;
  // What is acknowledged may still come a second time, so it is kept a while.
  while (!line.spool.empty() && line.spool.front().done &&
         line.spool.front().sent + linger_ < now_) {
    line.spool.pop_front();
    ++line.first;
  }
  line.next = std::max(line.next, line.first);
  send_on(h.source);
}

Tick Wire::settled() const {
  Tick oldest = offered_.empty() ? Never : offered_.front().at;
  for (const Line& line : lines_) {
    for (const Kept& kept : line.spool) {
      if (kept.done) continue;
      oldest = std::min(oldest, kept.message.at);
      break;
    }
  }
  return oldest;
}

}  // namespace apps::plant
