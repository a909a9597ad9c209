// What the equipment watches by itself: traces (S2F23, S6F1) and limits of variables (S2F45, F47).
#include <algorithm>

#include "twin/link/gem/equipment.hpp"

namespace twin::link::gem {

using secs::Item;
using secs::Message;
using tool::Moment;
using tool::Role;

namespace {

constexpr std::size_t SignalsMax = 1'000;     // of a trace
constexpr std::uint64_t GroupMax = 10'000;    // samples in a message
constexpr std::uint64_t LimitIdMax = 7;       // E30: limits 1 to 7 of a variable
constexpr std::uint64_t SamplesBehind = 100;  // of a trace whose equipment was not woken for long

bool is_number(secs::Kind kind) {
  using secs::Kind;
  return kind != Kind::List && kind != Kind::Ascii && kind != Kind::Jis && kind != Kind::Localized;
}

// "hhmmss" or "hhmmsscc" [ms]; nothing for what is neither.
std::optional<Tick> period_of(std::string_view text) {
  if (text.size() != 6 && text.size() != 8) return std::nullopt;
  if (!std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
  const auto two = [&](std::size_t at) {
    return Tick{text[at] - '0'} * 10 + Tick{text[at + 1] - '0'};
  };
  if (two(2) > 59 || two(4) > 59) return std::nullopt;
  const Tick ms = ((two(0) * 60 + two(2)) * 60 + two(4)) * 1'000;
  return ms + (text.size() == 8 ? two(6) * 10 : 0);
}

}  // namespace

Tiaack Equipment::trace(const Message& m, Tick now) {
  const Item& id = *m.at(0);
  const secs::Key key = *id.as_key();
  const auto period = m.at(1)->as_text() ? period_of(*m.at(1)->as_text()) : std::nullopt;
  const auto total = m.at(2)->as_u64();
  const auto group = m.at(3)->as_u64();
  const auto same = [&](const TraceState& t) { return t.id == key; };
  if (total == 0U) {
    std::erase_if(s_.traces, same);
    return Tiaack::Ok;
  }
  if (!period || *period < 10) return Tiaack::BadPeriod;
  if (!group || *group == 0 || *group > GroupMax || !total || *group > *total) {
    return Tiaack::BadGroup;
  }
  if (m.at(4)->count() > SignalsMax) return Tiaack::TooManyVariables;
  TraceState t{.id = key,
               .period = *period,
               .next = now + *period,
               .total = static_cast<std::uint32_t>(std::min<std::uint64_t>(*total, None)),
               .group = static_cast<std::uint32_t>(*group),
               .taken = 0};
  for (const Item& one : m.at(4)->items()) {
    const auto vid = one.as_key();
    const std::uint32_t v = vid ? model_->hearing.variable(*vid) : None;
    if (v == None || model_->description.variables[v].is == tool::Class::Constant) {
      return Tiaack::UnknownVariable;
    }
    t.variables.push_back(v);
  }
  if (t.variables.empty()) return Tiaack::UnknownVariable;
  const auto old = std::ranges::find_if(s_.traces, same);
  if (old == s_.traces.end() && s_.traces.size() >= options_.traces_max)
    return Tiaack::NoMoreTraces;
  if (old != s_.traces.end()) {
    *old = std::move(t);
  } else {
    s_.traces.push_back(std::move(t));
  }
  return Tiaack::Ok;
}

Equipment::Answered Equipment::s2f23(const Message& m, Body& reply, Tick now) {
  const Item* variables = m.at(4);
  if (variables == nullptr || m.body->count() != 5 || !variables->is_list() || !m.at(0)->as_key()) {
    return Answered::Illegal;
  }
  reply = secs::binary(static_cast<int>(trace(m, now)));
  return Answered::Yes;
}

void Equipment::sample(Tick now) {
  for (std::size_t k = 0; k < s_.traces.size();) {
    TraceState& t = s_.traces[k];
    // One that was not served for long goes on from now: old samples cannot be taken any more.
    if (t.next<now&& static_cast<std::uint64_t>((now - t.next) / t.period)> SamplesBehind) {
      t.next = now;
    }
    while (t.next <= now && t.taken < t.total) {
      for (const std::uint32_t v : t.variables) t.samples.push_back(current(v, t.next));
      ++t.taken;
      if (t.taken % t.group == 0 || t.taken == t.total) {
        const auto& formats = model_->description.formats;
        const auto id = secs::item_of(t.id.is_text() ? secs::Kind::Ascii : formats.trid, t.id);
        Item body =
            secs::list(id ? *id : *secs::item_of(secs::Kind::I8, t.id), secs::u4(t.taken),
                       secs::ascii(time_text(clock(t.next))), secs::list(std::move(t.samples)));
        t.samples = {};
        if (is_online(s_.control)) {
          deliver(secs::primary(6, 1, secs::Reply::Wanted, std::move(body)), now);
        }
      }
      t.next += t.period;
    }
    if (t.taken >= t.total) {
      s_.traces.erase(s_.traces.begin() + static_cast<std::ptrdiff_t>(k));
    } else {
      ++k;
    }
  }
}

// --- limits ---------------------------------------------------------------------------------------

// A dead band: above `upper` it is above, below `lower` below, between them where it was.
void Equipment::watch(std::uint32_t variable, Tick now) {
  const auto found = s_.limits.find(variable);
  if (found == s_.limits.end()) return;
  const auto value = s_.values[variable].as_f64();
  if (!value) return;
  const auto& d = model_->description;
  for (auto& [id, limit] : found->second) {
    const int zone = *value > limit.upper ? 1 : *value < limit.lower ? -1 : limit.zone;
    const bool crossed = limit.zone != 0 && zone != limit.zone;
    limit.zone = zone;
    if (!crossed) continue;
    const auto put = [&](Role role, Item item) {
      if (const std::uint32_t v = d.variable(role); v != None) s_.values[v] = std::move(item);
    };
    put(Role::LimitVariable, id_of(variable));
    put(Role::LimitCrossed, secs::binary(id));
    put(Role::LimitDirection, secs::u1(zone > 0 ? 0 : 1));
    if (const auto e = d.event(Moment::LimitCrossed); e != None) raise(e, now);
  }
}

// {DATAID, Ln {VID, Ln {LIMITID, {UPPERDB, LOWERDB}}}}; an empty {} takes the limit away, an empty
// list all limits of the variable.
Equipment::Answered Equipment::s2f45(const Message& m, Body& reply, Tick now) {
  const Item* all = m.at(1);
  if (all == nullptr || m.body->count() != 2 || !all->is_list()) return Answered::Illegal;
  auto limits = s_.limits;
  if (all->empty()) limits.clear();
  Item faults = secs::list();
  for (const Item& one : all->items()) {
    const Item* id = one.at(0);
    const Item* list = one.at(1);
    if (one.count() != 2 || !list->is_list()) return Answered::Illegal;
    const auto key = id->as_key();
    const std::uint32_t v = key ? model_->hearing.variable(*key) : None;
    int variable_code = v == None ? 1 : 0;  // 1: no such variable, 2: it has no limits
    if (v != None && !is_number(model_->description.variables[v].format)) variable_code = 2;
    Item limit_fault = secs::list();
    if (list->empty() && variable_code == 0) limits.erase(v);
    for (const Item& l : list->items()) {
      const auto limit_id = l.at(0) == nullptr ? std::nullopt : l.at(0)->as_u64();
      const Item* band = l.at(1);
      if (l.count() != 2 || !limit_id || !band->is_list()) return Answered::Illegal;
      if (variable_code != 0) continue;
      if (band->empty()) {
        limits[v].erase(*limit_id);
        continue;
      }
      const auto upper = band->at(0)->as_f64();
      const auto lower = band->at(1) == nullptr ? std::nullopt : band->at(1)->as_f64();
      const auto& bounds = model_->description.variables[v];
      int code = 0;
      if (*limit_id < 1 || *limit_id > LimitIdMax) {
        code = 1;
      } else if (!upper || !lower) {
        code = 5;
      } else if (bounds.most && *upper > *bounds.most) {
        code = 2;
      } else if (bounds.least && *lower < *bounds.least) {
        code = 3;
      } else if (*upper < *lower) {
        code = 4;
      }
      if (code == 0) {
        limits[v][*limit_id] = {.upper = *upper, .lower = *lower, .zone = 0};
      } else {
        variable_code = 4;
        limit_fault = secs::list(secs::binary(*limit_id & 0xFF), secs::binary(code));
      }
    }
    if (variable_code != 0) {
      faults.add(secs::list(*id, secs::binary(variable_code), std::move(limit_fault)));
    }
  }
  const bool good = faults.empty();
  if (good) {
    s_.limits = std::move(limits);
    for (const auto& [v, limit] : s_.limits) watch(v, now);
  }
  reply = secs::list(secs::binary(good ? 0 : 1), std::move(faults));
  return Answered::Yes;
}

Equipment::Answered Equipment::s2f47(const Message& m, Body& reply, Tick) {
  if (!m.body || !m.body->is_list()) return Answered::Illegal;
  const auto& d = model_->description;
  reply = secs::list();
  const auto add = [&](const Item& id, std::uint32_t v) {
    if (v == None) return reply->add(secs::list(id, secs::list()));
    Item set = secs::list();
    if (const auto found = s_.limits.find(v); found != s_.limits.end()) {
      for (const auto& [limit_id, limit] : found->second) {
        set.add(secs::list(secs::binary(limit_id), secs::f8(limit.upper), secs::f8(limit.lower)));
      }
    }
    const auto bound = [](const std::optional<double>& b) { return b ? secs::f8(*b) : secs::f8(); };
    const auto& variable = d.variables[v];
    reply->add(secs::list(id, secs::list(secs::ascii(variable.units), bound(variable.least),
                                         bound(variable.most), std::move(set))));
  };
  if (m.body->empty()) {
    for (const auto& [v, limit] : s_.limits) add(id_of(v), v);
  }
  for (const Item& id : m.body->items()) {
    const auto key = id.as_key();
    add(id, key ? model_->hearing.variable(*key) : None);
  }
  return Answered::Yes;
}

}  // namespace twin::link::gem
