// What is on its way to the host and not yet acknowledged, and what is kept for it while it is away:
// s_.waiting while it communicates, s_.spool when it does not. Order is kept throughout.
#include <algorithm>

#include "twin/link/gem/equipment.hpp"
#include "twin/link/secs/codec.hpp"

namespace twin::link::gem {

using secs::Item;
using secs::Message;
using tool::Moment;
using tool::Role;

namespace {

constexpr std::size_t SingleBlock = 244;  // [bytes] of a body that SECS-I sends in one block

}  // namespace

bool Equipment::spoolable(const Message& m) const {
  if (const Item* enabled = constant(Role::EnableSpooling)) {
    if (enabled->as_bool() == false) return false;
  }
  return s_.spooled_kinds.contains({m.stream, m.function}) ||
         s_.spooled_kinds.contains({m.stream, std::uint8_t{0}});
}

void Equipment::deliver(Message message, Tick now) {
  ++s_.counts.reported;
  const bool there = s_.communication == Communication::Communicating;
  if (!there || s_.spool_active || s_.waiting.size() >= options_.waiting_max) {
    keep(std::move(message), now);
    return tell_spool(now);
  }
  const bool ask = options_.multiblock == Multiblock::Asks && message.body &&
                   secs::encoded_size(*message.body) > SingleBlock;
  s_.waiting.push_back({.message = std::move(message), .ticket = 0, .granted = !ask});
  send_waiting();
}

// Into the spool, if this message is for it and it has room.
void Equipment::keep(Message message, Tick now) {
  const auto lose = [&] {
    ++s_.counts.lost;
    tell_owner({.what = Happening::What::Lost});
  };
  if (!spoolable(message)) return lose();
  if (!s_.spool_active) {
    s_.spool_active = true;
    s_.spool_since = clock(now);
    s_.spool_full = 0;
    s_.spool_total = 0;
    s_.spool_told = false;
  }
  ++s_.spool_total;
  if (s_.spool.size() >= options_.spool_max) {
    if (s_.spool_full == 0) s_.spool_full = clock(now);
    const Item* overwrite = constant(Role::OverwriteSpool);
    const bool oldest_goes = overwrite != nullptr && overwrite->as_bool() == true;
    lose();
    if (!oldest_goes || s_.unload_sent || s_.spool.empty()) return;
    s_.spool.pop_front();
  }
  ++s_.counts.spooled;
  s_.spool.push_back(std::move(message));
}

// The event that it spools stands in the spool itself, behind what was the first to need it.
void Equipment::tell_spool(Tick now) {
  if (!s_.spool_active || s_.spool_told) return;
  s_.spool_told = true;
  if (const auto e = model_->description.event(Moment::SpoolOn); e != None) raise(e, now);
}

void Equipment::send_waiting() {
  if (s_.communication != Communication::Communicating) return;
  std::uint32_t under_way = 0;
  for (Waiting& w : s_.waiting) {
    if (under_way >= options_.window) return;
    ++under_way;
    if (w.ticket != 0) continue;
    if (!w.granted) {
      if (under_way > 1) return;  // a question about a message goes alone
      w.ticket = ask(Asked::Grant,
                     secs::primary(6, 5, secs::Reply::Wanted,
                                   secs::list(*w.message.at(0),
                                              secs::u4(secs::encoded_size(*w.message.body)))));
      return;
    }
    w.ticket = ask(Asked::Report, w.message);
  }
}

void Equipment::acknowledged(const Open& open, const Message& reply, Tick now) {
  if (open.what == Asked::Spooled) {
    ++s_.counts.acknowledged;
    s_.unload_sent = false;
    if (!s_.spool.empty()) s_.spool.pop_front();
    if (s_.unloading && *s_.unloading != 0 && --*s_.unloading == 0) s_.unloading.reset();
    if (!s_.spool.empty()) return unload();
    s_.unloading.reset();
    s_.spool_active = false;
    if (const auto e = model_->description.event(Moment::SpoolOff); e != None) raise(e, now);
    return;
  }
  const auto it = std::ranges::find(s_.waiting, open.ticket, &Waiting::ticket);
  if (it == s_.waiting.end()) return;
  if (open.what == Asked::Grant) {
    const auto grant = reply.body ? reply.body->as_u64() : std::nullopt;
    if (grant != 0U) return fail(open, now);  // it does not want it now
    it->granted = true;
    it->ticket = 0;
    return send_waiting();
  }
  ++s_.counts.acknowledged;
  s_.waiting.erase(it);
  send_waiting();
}

void Equipment::unload() {
  if (!s_.unloading || s_.unload_sent || s_.spool.empty()) return;
  s_.unload_sent = true;
  ask(Asked::Spooled, s_.spool.front());
}

Equipment::Answered Equipment::s6f23(const Message& m, Body& reply, Tick now) {
  const auto code = m.body ? m.body->as_u64() : std::nullopt;
  if (!code || *code > 1) return Answered::Illegal;
  Rsda answer = Rsda::Ok;
  if (s_.unloading || s_.unload_sent) {
    answer = Rsda::Busy;
  } else if (!s_.spool_active) {
    answer = Rsda::Empty;
  } else if (*code == 1) {
    s_.spool.clear();
    s_.spool_active = false;
    if (const auto e = model_->description.event(Moment::SpoolOff); e != None) raise(e, now);
  }
  reply = secs::binary(static_cast<int>(answer));
  if (answer != Rsda::Ok || *code == 1) return Answered::Yes;
  // The reply goes first, then what was kept.
  if (m.wants_reply) s_.outbox.put({.message = secs::reply_to(m, reply)});
  const Item* most = constant(Role::MaxSpoolTransmit);
  const auto number = most == nullptr ? std::nullopt : most->as_u64();
  s_.unloading = number ? static_cast<std::uint32_t>(std::min<std::uint64_t>(*number, None)) : 0;
  unload();
  return Answered::Later;
}

Equipment::Answered Equipment::s2f43(const Message& m, Body& reply, Tick) {
  if (!m.body || !m.body->is_list()) return Answered::Illegal;
  std::set<std::pair<std::uint8_t, std::uint8_t>> kinds;
  Item faults = secs::list();
  for (const Item& one : m.body->items()) {
    const Item* stream = one.at(0);
    const Item* functions = one.at(1);
    const auto number = stream == nullptr ? std::nullopt : stream->as_u64();
    if (one.count() != 2 || !number || !functions->is_list()) return Answered::Illegal;
    // What an equipment sends of itself; 1: not allowed, 2: unknown stream, 3: unknown function.
    int code = 0;
    if (*number == 1) code = 1;
    if (code == 0 && *number != 5 && *number != 6 && *number != 10) code = 2;
    Item bad = secs::list();
    const auto s = static_cast<std::uint8_t>(*number & 0x7F);
    if (code == 0 && functions->empty()) kinds.insert({s, std::uint8_t{0}});
    for (const Item& f : functions->items()) {
      const auto function = f.as_u64();
      if (!function || *function > 255) return Answered::Illegal;
      const bool sent = (s == 5 && *function == 1) ||
                        (s == 6 && (*function == 1 || *function == 11)) ||
                        (s == 10 && *function == 1);
      if (sent) {
        kinds.insert({s, static_cast<std::uint8_t>(*function)});
      } else {
        bad.add(f);
        if (code == 0) code = 3;
      }
    }
    if (code != 0) faults.add(secs::list(*stream, secs::binary(code), std::move(bad)));
  }
  const bool good = faults.empty();
  if (good) s_.spooled_kinds = std::move(kinds);
  reply = secs::list(secs::binary(good ? 0 : 1), std::move(faults));
  return Answered::Yes;
}

}  // namespace twin::link::gem
