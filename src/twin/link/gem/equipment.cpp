// The equipment's communication and control, and which message is answered by what.
#include "twin/link/gem/equipment.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::link::gem {

using secs::Item;
using secs::Message;
using secs::Reply;
using tool::Moment;
using tool::Role;

Equipment::Equipment(const EquipmentModel& model, EquipmentOptions options)
    : model_(&model), options_(std::move(options)) {
  s_.epoch = options_.epoch;
  const tool::Description& d = model.description;
  TWIN_EXPECT(is_online(options_.online) && options_.window > 0, options_.window);
  for (const auto& v : d.variables) s_.values.push_back(v.initial);
  s_.events.resize(d.events.size());
  s_.alarm_set.resize(d.alarms.size(), 0);
  s_.alarm_enabled.resize(d.alarms.size(), options_.reports == Reports::AsFile ? 1 : 0);
  if (options_.reports == Reports::AsFile) {
    for (const auto& report : d.reports) s_.reports[report.id] = report.variables;
    for (std::size_t e = 0; e < d.events.size(); ++e) {
      for (const std::uint32_t r : d.events[e].reports) {
        s_.events[e].reports.push_back(d.reports[r].id);
      }
      s_.events[e].enabled = true;
    }
  }
  s_.spooled_kinds.insert(options_.spooled.begin(), options_.spooled.end());
  s_.wants_online = options_.start == Start::Online;
  if (options_.start == Start::HostOffline) s_.control = s_.control_told = Control::HostOffline;
}

Equipment::Equipment(const EquipmentModel& model, EquipmentOptions options, EquipmentMemory memory)
    : model_(&model), options_(std::move(options)), s_(std::move(memory)) {
  const tool::Description& d = model.description;
  const auto variables = [&](const std::vector<std::uint32_t>& all) {
    return std::ranges::all_of(all, [&](std::uint32_t v) { return v < d.variables.size(); });
  };
  const bool fits =
      s_.values.size() == d.variables.size() && s_.events.size() == d.events.size() &&
      s_.alarm_set.size() == d.alarms.size() && s_.alarm_enabled.size() == d.alarms.size() &&
      std::ranges::all_of(s_.reports, [&](const auto& r) { return variables(r.second); }) &&
      std::ranges::all_of(s_.traces, [&](const auto& t) { return variables(t.variables); }) &&
      std::ranges::all_of(s_.limits, [&](const auto& l) { return l.first < d.variables.size(); });
  if (!fits)
    throw core::Error("the saved state of an equipment is of another class than '" + d.name +
                      "'; was its file changed?");
}

const std::vector<Equipment::Route>& Equipment::routes() {
  using enum Route::Allowed;
  static const std::vector<Route> all = {
      {1, 1, &Equipment::s1f1, Online},   {1, 3, &Equipment::s1f3, Online},
      {1, 11, &Equipment::s1f11, Online}, {1, 13, &Equipment::s1f13, Always},
      {1, 15, &Equipment::s1f15, Online}, {1, 17, &Equipment::s1f17, Always},
      {1, 21, &Equipment::s1f21, Online}, {1, 23, &Equipment::s1f23, Online},
      {2, 13, &Equipment::s2f13, Online}, {2, 15, &Equipment::s2f15, Online},
      {2, 17, &Equipment::s2f17, Online}, {2, 23, &Equipment::s2f23, Online},
      {2, 25, &Equipment::s2f25, Online}, {2, 29, &Equipment::s2f29, Online},
      {2, 31, &Equipment::s2f31, Online}, {2, 33, &Equipment::s2f33, Online},
      {2, 35, &Equipment::s2f35, Online}, {2, 37, &Equipment::s2f37, Online},
      {2, 39, &Equipment::s2f39, Online}, {2, 41, &Equipment::s2f41, Online},
      {2, 43, &Equipment::s2f43, Online}, {2, 45, &Equipment::s2f45, Online},
      {2, 47, &Equipment::s2f47, Online}, {2, 49, &Equipment::s2f49, Online},
      {5, 3, &Equipment::s5f3, Online},   {5, 5, &Equipment::s5f5, Online},
      {5, 7, &Equipment::s5f7, Online},   {6, 15, &Equipment::s6f15, Online},
      {6, 19, &Equipment::s6f19, Online}, {6, 23, &Equipment::s6f23, Online},
      {7, 1, &Equipment::s7f1, Online},   {7, 3, &Equipment::s7f3, Online},
      {7, 5, &Equipment::s7f5, Online},   {7, 17, &Equipment::s7f17, Online},
      {7, 19, &Equipment::s7f19, Online}, {7, 23, &Equipment::s7f23, Online},
      {7, 25, &Equipment::s7f25, Online}, {10, 3, &Equipment::s10f3, Online},
  };
  return all;
}

// --- the line -------------------------------------------------------------------------------------

void Equipment::selected(Tick now) {
  s_.line = true;
  if (s_.communication != Communication::Disabled) establish(now);
}

void Equipment::lost(Tick now) {
  s_.line = false;
  s_.outbox.clear();
  s_.conversations.clear();
  s_.commands.clear();
  s_.retry_at = core::Never;
  const std::vector<Open> open = std::move(s_.open);
  s_.open.clear();
  s_.unloading.reset();
  s_.unload_sent = false;
  const bool was = s_.communication == Communication::Communicating;
  if (s_.communication != Communication::Disabled) s_.communication = Communication::NoLine;
  if (s_.control == Control::AttemptOnline) {
    s_.control = s_.control_told =
        Control::EquipmentOffline;  // it tries anew when it communicates again
    s_.wants_online = true;
  }
  // What awaited its acknowledgement comes before what will come.
  std::deque<Waiting> waiting = std::move(s_.waiting);
  s_.waiting.clear();
  for (Waiting& w : waiting) keep(std::move(w.message), now);
  tell_spool(now);
  if (was) tell_owner({.what = Happening::What::NotCommunicating});
}

void Equipment::establish(Tick now) {
  s_.communication = Communication::WaitCra;
  const auto& d = model_->description;
  ask(Asked::Establish, secs::primary(1, 13, Reply::Wanted,
                                      secs::list(secs::ascii(d.model), secs::ascii(d.software))));
  s_.retry_at = core::Never;
  static_cast<void>(now);
}

void Equipment::communicates(Tick now) {
  if (s_.communication == Communication::Communicating) return;
  s_.communication = Communication::Communicating;
  s_.retry_at = core::Never;
  tell_owner({.what = Happening::What::Communicating});
  if (s_.wants_online) go_online(now);
  send_waiting();
}

void Equipment::enable(Tick now) {
  if (s_.communication != Communication::Disabled) return;
  s_.communication = Communication::NoLine;
  if (s_.line) establish(now);
}

void Equipment::disable(Tick now) {
  const bool line = s_.line;
  lost(now);
  s_.line = line;
  s_.communication = Communication::Disabled;
}

void Equipment::restart(std::uint32_t epoch) {
  s_.epoch = epoch;
  s_.counter = 0;
}

void Equipment::tick(Tick now) {
  if (s_.line && now >= s_.retry_at) establish(now);
  sample(now);
  for (std::size_t k = 0; k < s_.conversations.size();) {
    if (now < s_.conversations[k].until) {
      ++k;
      continue;
    }
    s_.outbox.put({.message = secs::primary(9, 13, Reply::No,
                                            secs::list(secs::ascii(s_.conversations[k].message),
                                                       s_.conversations[k].id))});
    ++s_.counts.complaints;
    s_.conversations.erase(s_.conversations.begin() + static_cast<std::ptrdiff_t>(k));
  }
}

Tick Equipment::deadline() const {
  Tick at = s_.line ? s_.retry_at : core::Never;
  for (const TraceState& trace : s_.traces) at = std::min(at, trace.next);
  for (const Conversation& c : s_.conversations) at = std::min(at, c.until);
  return at;
}

std::uint32_t Equipment::ask(Asked what, Message message) {
  const std::uint32_t ticket = s_.next_ticket++;
  if (s_.next_ticket == 0) s_.next_ticket = 1;
  s_.open.push_back({.what = what, .ticket = ticket, .system = {}});
  s_.outbox.put({.message = std::move(message), .ticket = ticket, .permit = {}});
  return ticket;
}

void Equipment::posted(std::uint32_t ticket, Post post) {
  const auto open = std::ranges::find(s_.open, ticket, &Open::ticket);
  if (open == s_.open.end()) return;
  if (post.outcome == Posted::Sent) {
    open->system = post.system;
    return;
  }
  open->system.reset();  // no line: lost() will come and take care of it
}

// --- what comes -----------------------------------------------------------------------------------

void Equipment::received(const Message& m, Tick now) {
  if (m.stream == 9) return;  // about something of ours: the line has told which
  if (m.is_primary()) return dispatch(m, now);
  replied(m, now);
}

void Equipment::dispatch(const Message& m, Tick now) {
  if (s_.communication == Communication::Disabled) return;
  std::erase_if(s_.conversations, [&](const Conversation& c) {
    return c.stream == m.stream && c.function == m.function;
  });
  const auto abort = [&] {
    if (!m.wants_reply) return;
    s_.outbox.put({.message = secs::abort_of(m)});
    ++s_.counts.aborted;
  };
  const bool establishes = m.is(1, 13);
  if (s_.communication != Communication::Communicating && !establishes) return abort();
  const auto route =
      std::ranges::find_if(routes(), [&](const Route& r) { return m.is(r.stream, r.function); });
  const bool known = route != routes().end();
  if (!is_online(s_.control) && !(known && route->allowed == Route::Allowed::Always))
    return abort();
  if (!known) {
    const bool stream =
        std::ranges::any_of(routes(), [&](const Route& r) { return r.stream == m.stream; });
    return complain(stream ? 5 : 3, m);
  }
  std::optional<Item> reply;
  switch ((this->*route->method)(m, reply, now)) {
    case Answered::Illegal: return complain(7, m);
    case Answered::Later: return;
    case Answered::Yes: break;
  }
  if (m.wants_reply) s_.outbox.put({.message = secs::reply_to(m, std::move(reply))});
  if (establishes) communicates(now);
}

// S9F3, F5 or F7: the header of the message at fault.
void Equipment::complain(int function, const Message& about) {
  const std::uint8_t w = about.wants_reply ? 0x80 : 0;
  const std::array<std::uint8_t, 10> head = {static_cast<std::uint8_t>(about.device >> 8),
                                             static_cast<std::uint8_t>(about.device & 0xFF),
                                             static_cast<std::uint8_t>(w | about.stream),
                                             about.function,
                                             0,
                                             0,
                                             static_cast<std::uint8_t>(about.system >> 24),
                                             static_cast<std::uint8_t>(about.system >> 16 & 0xFF),
                                             static_cast<std::uint8_t>(about.system >> 8 & 0xFF),
                                             static_cast<std::uint8_t>(about.system & 0xFF)};
  s_.outbox.put({.message = secs::primary(9, function, Reply::No, secs::binary(head))});
  ++s_.counts.complaints;
}

void Equipment::replied(const Message& m, Tick now) {
  const auto it =
      std::ranges::find_if(s_.open, [&](const Open& o) { return o.system == m.system; });
  if (it == s_.open.end()) return;  // nobody waits for it: harmless
  const Open open = *it;
  if (m.function == 0) return failed(m.system, now);
  s_.open.erase(it);
  switch (open.what) {
    case Asked::Establish: {
      const Item* code = m.at(0);
      if (code != nullptr && code->as_u64() == 0U) return communicates(now);
      return fail(open, now);
    }
    case Asked::AreYouThere:
      if (s_.control == Control::AttemptOnline) control_to(options_.online, now);
      return;
    case Asked::Terminal: return;
    case Asked::Report:
    case Asked::Grant:
    case Asked::Spooled: return acknowledged(open, m, now);
  }
}

void Equipment::failed(std::uint32_t system, Tick now) {
  const auto it = std::ranges::find_if(s_.open, [&](const Open& o) { return o.system == system; });
  if (it == s_.open.end()) return;
  const Open open = *it;
  s_.open.erase(it);
  fail(open, now);
}

void Equipment::fail(const Open& open, Tick now) {
  switch (open.what) {
    case Asked::Establish: {
      if (s_.communication != Communication::WaitCra) return;  // established by the host meanwhile
      s_.communication = Communication::WaitDelay;
      const Item* seconds = constant(Role::EstablishTimeout);
      const auto s = seconds == nullptr ? std::optional<std::uint64_t>(10) : seconds->as_u64();
      s_.retry_at =
          now + static_cast<Tick>(std::clamp<std::uint64_t>(s.value_or(10), 1, 3'600)) * 1'000;
      return;
    }
    case Asked::AreYouThere:
      if (s_.control == Control::AttemptOnline) control_to(options_.failed, now);
      return;
    case Asked::Terminal: return;
    case Asked::Report:
    case Asked::Grant: {
      // The host does not answer: what was on its way is kept, and what follows.
      std::deque<Waiting> waiting = std::move(s_.waiting);
      s_.waiting.clear();
      std::erase_if(
          s_.open, [](const Open& o) { return o.what == Asked::Report || o.what == Asked::Grant; });
      for (Waiting& w : waiting) keep(std::move(w.message), now);
      return tell_spool(now);
    }
    case Asked::Spooled:
      s_.unload_sent = false;
      s_.unloading.reset();
      if (const auto e = model_->description.event(Moment::SpoolFailed); e != None) raise(e, now);
      return;
  }
}

// --- control --------------------------------------------------------------------------------------

void Equipment::control_to(Control to, Tick now) {
  if (s_.control == to) return;
  const bool was_online = is_online(s_.control);
  s_.control_told = to;
  if (was_online && !is_online(to)) {
    // The event that it goes off-line is the last that it tells.
    if (const auto e = model_->description.event(Moment::Offline); e != None) raise(e, now);
  }
  s_.control = to;
  if (to != Control::AttemptOnline) tell_owner({.what = Happening::What::ControlChanged});
  if (!is_online(to)) return;
  const auto e = model_->description.event(to == Control::Local ? Moment::Local : Moment::Remote);
  if (e != None) raise(e, now);
}

void Equipment::go_online(Tick now) {
  s_.wants_online = true;
  if (is_online(s_.control) || s_.control == Control::AttemptOnline) return;
  if (s_.communication != Communication::Communicating) return;
  s_.wants_online = false;
  control_to(Control::AttemptOnline, now);
  ask(Asked::AreYouThere, secs::primary(1, 1, Reply::Wanted));
}

void Equipment::go_offline(Tick now) {
  s_.wants_online = false;
  control_to(Control::EquipmentOffline, now);
}

void Equipment::switch_to(Control local_or_remote, Tick now) {
  TWIN_EXPECT(is_online(local_or_remote), static_cast<int>(local_or_remote));
  options_.online = local_or_remote;
  if (is_online(s_.control)) control_to(local_or_remote, now);
}

// --- the owner ------------------------------------------------------------------------------------

void Equipment::tell_owner(Happening happening) { s_.happenings.push_back(std::move(happening)); }

std::optional<Happening> Equipment::happened() {
  if (s_.happenings.empty()) return std::nullopt;
  Happening first = std::move(s_.happenings.front());
  s_.happenings.pop_front();
  return first;
}

void Equipment::terminal(std::string_view text, Tick now) {
  static_cast<void>(now);
  if (s_.communication != Communication::Communicating || !is_online(s_.control)) return;
  ask(Asked::Terminal,
      secs::primary(10, 1, Reply::Wanted, secs::list(secs::binary(0), secs::ascii(text))));
}

// --- S1, S10 --------------------------------------------------------------------------------------

Equipment::Answered Equipment::s1f1(const Message&, Body& reply, Tick) {
  const auto& d = model_->description;
  reply = secs::list(secs::ascii(d.model), secs::ascii(d.software));
  return Answered::Yes;
}

Equipment::Answered Equipment::s1f13(const Message&, Body& reply, Tick) {
  const auto& d = model_->description;
  reply = secs::list(secs::binary(0), secs::list(secs::ascii(d.model), secs::ascii(d.software)));
  return Answered::Yes;
}

Equipment::Answered Equipment::s1f15(const Message&, Body& reply, Tick now) {
  reply = secs::binary(0);
  control_to(Control::HostOffline, now);
  return Answered::Yes;
}

Equipment::Answered Equipment::s1f17(const Message&, Body& reply, Tick now) {
  Onlack code = Onlack::NotAllowed;
  if (is_online(s_.control)) {
    code = Onlack::Already;
  } else if (s_.control == Control::HostOffline) {
    code = Onlack::Accepted;
    control_to(options_.online, now);
  }
  reply = secs::binary(static_cast<int>(code));
  return Answered::Yes;
}

Equipment::Answered Equipment::s2f25(const Message& m, Body& reply, Tick) {
  reply = m.body;  // loop-back: the same again
  return Answered::Yes;
}

Equipment::Answered Equipment::s10f3(const Message& m, Body& reply, Tick) {
  const Item* text = m.at(1);
  if (text == nullptr || !text->as_text() || m.at(0)->count() != 1) return Answered::Illegal;
  const auto terminal = m.at(0)->as_u64();
  if (!terminal) return Answered::Illegal;
  reply = secs::binary(*terminal == 0 ? 0 : 2);  // there is one terminal
  if (*terminal == 0) {
    tell_owner({.what = Happening::What::Terminal, .text = std::string(*text->as_text())});
  }
  return Answered::Yes;
}

}  // namespace twin::link::gem
