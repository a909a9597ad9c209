// The equipment's communication and control, and which message is answered by what.
#include "twin/link/gem/equipment.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "twin/core/expect.hpp"

namespace twin::link::gem {

using secs::Item;
using secs::Message;
using secs::Reply;
using tool::Moment;
using tool::Role;

Equipment::Equipment(const EquipmentModel& model, EquipmentOptions options)
    : model_(&model), options_(std::move(options)), epoch_(options_.epoch) {
  const tool::Description& d = model.description;
  TWIN_EXPECT(is_online(options_.online) && options_.window > 0, options_.window);
  for (const auto& v : d.variables) values_.push_back(v.initial);
  events_.resize(d.events.size());
  alarm_set_.resize(d.alarms.size(), 0);
  alarm_enabled_.resize(d.alarms.size(), options_.reports == Reports::AsFile ? 1 : 0);
  if (options_.reports == Reports::AsFile) {
    for (const auto& report : d.reports) reports_[report.id] = report.variables;
    for (std::size_t e = 0; e < d.events.size(); ++e) {
      for (const std::uint32_t r : d.events[e].reports) {
        events_[e].reports.push_back(d.reports[r].id);
      }
      events_[e].enabled = true;
    }
  }
  spooled_kinds_.insert(options_.spooled.begin(), options_.spooled.end());
  wants_online_ = options_.start == Start::Online;
  if (options_.start == Start::HostOffline) control_ = control_told_ = Control::HostOffline;
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
  line_ = true;
  if (communication_ != Communication::Disabled) establish(now);
}

void Equipment::lost(Tick now) {
  line_ = false;
  outbox_.clear();
  conversations_.clear();
  commands_.clear();
  retry_at_ = core::Never;
  const std::vector<Open> open = std::move(open_);
  open_.clear();
  unloading_.reset();
  unload_sent_ = false;
  const bool was = communication_ == Communication::Communicating;
  if (communication_ != Communication::Disabled) communication_ = Communication::NoLine;
  if (control_ == Control::AttemptOnline) {
    control_ = control_told_ =
        Control::EquipmentOffline;  // it tries anew when it communicates again
    wants_online_ = true;
  }
  // What awaited its acknowledgement comes before what will come.
  std::deque<Waiting> waiting = std::move(waiting_);
  waiting_.clear();
  for (Waiting& w : waiting) keep(std::move(w.message), now);
  tell_spool(now);
  if (was) tell_owner({.what = Happening::What::NotCommunicating});
}

void Equipment::establish(Tick now) {
  communication_ = Communication::WaitCra;
  const auto& d = model_->description;
  ask(Asked::Establish, secs::primary(1, 13, Reply::Wanted,
                                      secs::list(secs::ascii(d.model), secs::ascii(d.software))));
  retry_at_ = core::Never;
  static_cast<void>(now);
}

void Equipment::communicates(Tick now) {
  if (communication_ == Communication::Communicating) return;
  communication_ = Communication::Communicating;
  retry_at_ = core::Never;
  tell_owner({.what = Happening::What::Communicating});
  if (wants_online_) go_online(now);
  send_waiting();
}

void Equipment::enable(Tick now) {
  if (communication_ != Communication::Disabled) return;
  communication_ = Communication::NoLine;
  if (line_) establish(now);
}

void Equipment::disable(Tick now) {
  const bool line = line_;
  lost(now);
  line_ = line;
  communication_ = Communication::Disabled;
}

void Equipment::restart(std::uint32_t epoch) {
  epoch_ = epoch;
  counter_ = 0;
}

void Equipment::tick(Tick now) {
  if (line_ && now >= retry_at_) establish(now);
  sample(now);
  for (std::size_t k = 0; k < conversations_.size();) {
    if (now < conversations_[k].until) {
      ++k;
      continue;
    }
    outbox_.put({.message = secs::primary(
                     9, 13, Reply::No,
                     secs::list(secs::ascii(conversations_[k].message), conversations_[k].id))});
    ++counts_.complaints;
    conversations_.erase(conversations_.begin() + static_cast<std::ptrdiff_t>(k));
  }
}

Tick Equipment::deadline() const {
  Tick at = line_ ? retry_at_ : core::Never;
  for (const TraceState& trace : traces_) at = std::min(at, trace.next);
  for (const Conversation& c : conversations_) at = std::min(at, c.until);
  return at;
}

std::uint32_t Equipment::ask(Asked what, Message message) {
  const std::uint32_t ticket = next_ticket_++;
  if (next_ticket_ == 0) next_ticket_ = 1;
  open_.push_back({.what = what, .ticket = ticket, .system = {}});
  outbox_.put({.message = std::move(message), .ticket = ticket, .permit = {}});
  return ticket;
}

void Equipment::posted(std::uint32_t ticket, Post post) {
  const auto open = std::ranges::find(open_, ticket, &Open::ticket);
  if (open == open_.end()) return;
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
  if (communication_ == Communication::Disabled) return;
  std::erase_if(conversations_, [&](const Conversation& c) {
    return c.stream == m.stream && c.function == m.function;
  });
  const auto abort = [&] {
    if (!m.wants_reply) return;
    outbox_.put({.message = secs::abort_of(m)});
    ++counts_.aborted;
  };
  const bool establishes = m.is(1, 13);
  if (communication_ != Communication::Communicating && !establishes) return abort();
  const auto route =
      std::ranges::find_if(routes(), [&](const Route& r) { return m.is(r.stream, r.function); });
  const bool known = route != routes().end();
  if (!is_online(control_) && !(known && route->allowed == Route::Allowed::Always)) return abort();
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
  if (m.wants_reply) outbox_.put({.message = secs::reply_to(m, std::move(reply))});
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
  outbox_.put({.message = secs::primary(9, function, Reply::No, secs::binary(head))});
  ++counts_.complaints;
}

void Equipment::replied(const Message& m, Tick now) {
  const auto it = std::ranges::find_if(open_, [&](const Open& o) { return o.system == m.system; });
  if (it == open_.end()) return;  // nobody waits for it: harmless
  const Open open = *it;
  if (m.function == 0) return failed(m.system, now);
  open_.erase(it);
  switch (open.what) {
    case Asked::Establish: {
      const Item* code = m.at(0);
      if (code != nullptr && code->as_u64() == 0U) return communicates(now);
      return fail(open, now);
    }
    case Asked::AreYouThere:
      if (control_ == Control::AttemptOnline) control_to(options_.online, now);
      return;
    case Asked::Terminal: return;
    case Asked::Report:
    case Asked::Grant:
    case Asked::Spooled: return acknowledged(open, m, now);
  }
}

void Equipment::failed(std::uint32_t system, Tick now) {
  const auto it = std::ranges::find_if(open_, [&](const Open& o) { return o.system == system; });
  if (it == open_.end()) return;
  const Open open = *it;
  open_.erase(it);
  fail(open, now);
}

void Equipment::fail(const Open& open, Tick now) {
  switch (open.what) {
    case Asked::Establish: {
      if (communication_ != Communication::WaitCra) return;  // established by the host meanwhile
      communication_ = Communication::WaitDelay;
      const Item* seconds = constant(Role::EstablishTimeout);
      const auto s = seconds == nullptr ? std::optional<std::uint64_t>(10) : seconds->as_u64();
      retry_at_ =
          now + static_cast<Tick>(std::clamp<std::uint64_t>(s.value_or(10), 1, 3'600)) * 1'000;
      return;
    }
    case Asked::AreYouThere:
      if (control_ == Control::AttemptOnline) control_to(options_.failed, now);
      return;
    case Asked::Terminal: return;
    case Asked::Report:
    case Asked::Grant: {
      // The host does not answer: what was on its way is kept, and what follows.
      std::deque<Waiting> waiting = std::move(waiting_);
      waiting_.clear();
      std::erase_if(
          open_, [](const Open& o) { return o.what == Asked::Report || o.what == Asked::Grant; });
      for (Waiting& w : waiting) keep(std::move(w.message), now);
      return tell_spool(now);
    }
    case Asked::Spooled:
      unload_sent_ = false;
      unloading_.reset();
      if (const auto e = model_->description.event(Moment::SpoolFailed); e != None) raise(e, now);
      return;
  }
}

// --- control --------------------------------------------------------------------------------------

void Equipment::control_to(Control to, Tick now) {
  if (control_ == to) return;
  const bool was_online = is_online(control_);
  control_told_ = to;
  if (was_online && !is_online(to)) {
    // The event that it goes off-line is the last that it tells.
    if (const auto e = model_->description.event(Moment::Offline); e != None) raise(e, now);
  }
  control_ = to;
  if (to != Control::AttemptOnline) tell_owner({.what = Happening::What::ControlChanged});
  if (!is_online(to)) return;
  const auto e = model_->description.event(to == Control::Local ? Moment::Local : Moment::Remote);
  if (e != None) raise(e, now);
}

void Equipment::go_online(Tick now) {
  wants_online_ = true;
  if (is_online(control_) || control_ == Control::AttemptOnline) return;
  if (communication_ != Communication::Communicating) return;
  wants_online_ = false;
  control_to(Control::AttemptOnline, now);
  ask(Asked::AreYouThere, secs::primary(1, 1, Reply::Wanted));
}

void Equipment::go_offline(Tick now) {
  wants_online_ = false;
  control_to(Control::EquipmentOffline, now);
}

void Equipment::switch_to(Control local_or_remote, Tick now) {
  TWIN_EXPECT(is_online(local_or_remote), static_cast<int>(local_or_remote));
  options_.online = local_or_remote;
  if (is_online(control_)) control_to(local_or_remote, now);
}

// --- the owner ------------------------------------------------------------------------------------

void Equipment::tell_owner(Happening happening) { happenings_.push_back(std::move(happening)); }

std::optional<Happening> Equipment::happened() {
  if (happenings_.empty()) return std::nullopt;
  Happening first = std::move(happenings_.front());
  happenings_.pop_front();
  return first;
}

void Equipment::terminal(std::string_view text, Tick now) {
  static_cast<void>(now);
  if (communication_ != Communication::Communicating || !is_online(control_)) return;
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
  if (is_online(control_)) {
    code = Onlack::Already;
  } else if (control_ == Control::HostOffline) {
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
