// The host's line, what the tool says of itself, and what the owner asks.
#include "twin/link/gem/host.hpp"

#include <algorithm>
#include <utility>

#include "twin/link/secs/changes.hpp"

namespace twin::link::gem {

using secs::Item;
using secs::Message;
using tool::Moment;
using tool::Role;

std::string_view to_string(Phase phase) noexcept {
  switch (phase) {
    case Phase::NoLine: return "no line";
    case Phase::Establishing: return "establishing";
    case Phase::Starting: return "starting";
    case Phase::Running: return "running";
    case Phase::Offline: return "off-line";
  }
  return "";
}

Host::Host(const EquipmentModel& model, HostOptions options, HostMemory memory)
    : model_(&model), options_(std::move(options)), memory_(memory) {
  for (std::uint32_t v = 0; v < model.description.variables.size(); ++v) {
    if (model.description.variables[v].is == tool::Class::Status) snapshot_.push_back(v);
  }
}

void Host::tell(News news) { news_.push_back(std::move(news)); }

std::optional<News> Host::next() {
  if (news_.empty()) return std::nullopt;
  News first = std::move(news_.front());
  news_.pop_front();
  return first;
}

void Host::enter(Phase phase, Tick now) {
  if (phase_ == phase) return;
  phase_ = phase;
  tell({.what = News::What::Phase, .phase = phase, .at = now});
}

// --- the line -------------------------------------------------------------------------------------

void Host::selected(Tick now) {
  unsupported_.clear();
  coming_online_ = false;
  establish(now);
}

void Host::lost(Tick now) {
  outbox_.clear();
  pending_.clear();  // the tool keeps what was not acknowledged
  doing_ = Doing::Nothing;
  system_.reset();
  retry_at_ = spool_at_ = core::Never;
  control_.reset();
  // A command whose answer was lost may have been done: it is not sent again.
  for (Wanted& w : wanted_) {
    w.message.body.reset();
    tell({.what = News::What::Answer,
          .at = now,
          .request = w.request,
          .why = hsms::Why::LineLost,
          .message = std::move(w.message)});
  }
  wanted_.clear();
  enter(Phase::NoLine, now);
}

void Host::establish(Tick now) {
  enter(Phase::Establishing, now);
  doing_ = Doing::Nothing;
  retry_at_ = core::Never;
  send(Doing::Establish, secs::primary(1, 13, secs::Reply::Wanted, secs::list()), now);
}

void Host::established(Tick now) {
  if (doing_ == Doing::Establish) doing_ = Doing::Nothing;  // its own answer may still come
  ++memory_.sessions;
  restart_sequence(now);
}

void Host::restart_sequence(Tick now) {
  if (phase_ == Phase::NoLine) return;
  ++counts_.starts;
  if (doing_ == Doing::Sequence || doing_ == Doing::Spool) doing_ = Doing::Nothing;
  step_ = Step::GoOnline;
  part_ = 0;
  redefine_ = memory_.defined != model_->description.digest();
  definitions_ok_ = true;
  retry_at_ = spool_at_ = core::Never;
  enter(Phase::Starting, now);
  go_on(now);
}

void Host::send(Doing doing, Message message, Tick now) {
  doing_ = doing;
  asked_at_ = now;
  system_.reset();
  ticket_ = next_ticket_++;
  if (next_ticket_ == 0) next_ticket_ = 1;
  asked_ = message;
  asked_.body.reset();
  std::optional<guard::Permit> permit;
  if (doing == Doing::Request) permit = std::move(wanted_.front().permit);
  outbox_.put({.message = std::move(message), .ticket = ticket_, .permit = std::move(permit)});
}

void Host::posted(std::uint32_t ticket, Post post) {
  if (ticket != ticket_ || doing_ == Doing::Nothing) return;
  if (post.outcome == Posted::Sent) {
    system_ = post.system;
    return;
  }
  // Not permitted by the line, or there is none any more; the latter will be told.
  failed_to_send_ = true;
}

void Host::answer(const Message& asked, std::optional<Item> body) {
  if (!asked.wants_reply) return;
  outbox_.put({.message = secs::reply_to(asked, std::move(body)), .ticket = 0, .permit = {}});
}

Tick Host::deadline() const {
  if (phase_ == Phase::NoLine) return core::Never;
  if (failed_to_send_) return 0;
  Tick at = retry_at_;
  if (phase_ == Phase::Running && doing_ == Doing::Nothing) at = std::min(at, spool_at_);
  return at;
}

void Host::tick(Tick now) {
  if (phase_ == Phase::NoLine) return;
  if (std::exchange(failed_to_send_, false) && doing_ != Doing::Nothing) {
    const Doing doing = std::exchange(doing_, Doing::Nothing);
    if (doing == Doing::Sequence) step_failed(hsms::Why::Rejected, now);
    if (doing == Doing::Establish) retry_at_ = now + options_.retry_ms;
    if (doing == Doing::Request && !wanted_.empty()) {
      tell({.what = News::What::Answer,
            .at = now,
            .request = wanted_.front().request,
            .why = hsms::Why::Rejected,
            .message = asked_});
      wanted_.pop_front();
    }
  }
  if (now >= retry_at_) {
    retry_at_ = core::Never;
    if (phase_ == Phase::Establishing) return establish(now);
    return restart_sequence(now);
  }
  go_on(now);
}

// --- what comes -----------------------------------------------------------------------------------

void Host::received(Message message, std::vector<std::uint8_t> frame, Tick now) {
  if (phase_ == Phase::NoLine) return;
  if (message.stream == 9) {
    tell({.what = News::What::Complaint, .at = now, .message = std::move(message)});
    return;
  }
  if (message.is_primary()) return on_primary(std::move(message), std::move(frame), now);
  on_reply(message, std::move(frame), now);
}

void Host::on_primary(Message m, std::vector<std::uint8_t> frame, Tick now) {
  if (m.is(1, 13)) {
    answer(m, secs::list(secs::binary(0), secs::list()));
    // Either exchange establishes communication. A tool that says it again has begun anew, unless
    // it is the crossing of ours.
    if (phase_ == Phase::Establishing) return established(now);
    if (phase_ == Phase::Starting && step_ == Step::GoOnline) return;
    return established(now);
  }
  if (phase_ == Phase::Establishing) {  // it speaks before it has established: it has to say S1F13
    if (m.wants_reply) outbox_.put({.message = secs::abort_of(m), .ticket = 0, .permit = {}});
    return;
  }
  if (m.is(6, 11) || m.is(6, 13) || m.is(6, 3) || m.is(6, 1) || m.is(5, 1)) {
    return hand_out(std::move(m), std::move(frame), now);
  }
  if (m.is(1, 1)) {  // it goes on-line
    answer(m, secs::list());
    coming_online_ = true;
    if (phase_ == Phase::Offline) restart_sequence(now);
    return;
  }
  if (m.is(2, 17) && may_configure()) {
    const auto& d = model_->description;
    const auto text = tool::clock_text(now, d.time_format, d.utc_offset_minutes);
    return answer(m, secs::ascii(text ? *text : std::string()));
  }
  if (m.is(2, 25)) return answer(m, m.body);
  if (m.is(6, 5)) return answer(m, secs::binary(0));
  if (m.is(10, 1)) {
    const Item* text = m.at(1);
    tell({.what = News::What::Terminal,
          .at = now,
          .text = std::string(text == nullptr ? "" : text->as_text().value_or(""))});
    return answer(m, secs::binary(0));
  }
  if (m.wants_reply) outbox_.put({.message = secs::abort_of(m), .ticket = 0, .permit = {}});
  tell({.what = News::What::Refused, .at = now, .message = std::move(m)});
}

void Host::hand_out(Message m, std::vector<std::uint8_t> frame, Tick now) {
  watch_control(m, now);
  if (pending_.size() >= options_.unacknowledged_max) {
    ++counts_.left;
    refused_ = true;
    return;
  }
  ++counts_.reports;
  const std::uint64_t ticket = next_report_++;
  pending_.push_back({.ticket = ticket, .message = m});
  pending_.back().message.body.reset();
  tell({.what = News::What::Report,
        .at = now,
        .ticket = ticket,
        .message = std::move(m),
        .frame = std::move(frame)});
}

void Host::taken(std::uint64_t ticket, Taken outcome, Tick now) {
  const auto it = std::ranges::find(pending_, ticket, &Pending::ticket);
  if (it == pending_.end()) return;  // its line is gone: the tool will send it again
  const Message asked = std::move(it->message);
  pending_.erase(it);
  if (outcome == Taken::Refused) {
    ++counts_.left;
    refused_ = true;
    if (phase_ == Phase::Running) spool_at_ = std::min(spool_at_, now + options_.spool_again_ms);
    return;
  }
  ++counts_.acknowledged;
  answer(asked, secs::binary(0));
}

// The control state, where the tool's file says which events tell it.
void Host::watch_control(const Message& m, Tick now) {
  if (!m.is(6, 11) || m.at(1) == nullptr) return;
  const auto key = m.at(1)->as_key();
  const std::uint32_t e = key ? model_->hearing.event(*key) : None;
  if (e == None) return;
  switch (model_->description.events[e].role) {
    case Moment::Offline:
      control_ = Control::HostOffline;
      if (phase_ == Phase::Running) {
        enter(Phase::Offline, now);
        retry_at_ = now + options_.retry_ms;
      }
      return;
    case Moment::Local: control_ = Control::Local; break;
    case Moment::Remote: control_ = Control::Remote; break;
    default: return;
  }
  if (phase_ == Phase::Offline) restart_sequence(now);
}

void Host::on_reply(const Message& m, std::vector<std::uint8_t> frame, Tick now) {
  if (doing_ == Doing::Nothing || system_ != m.system) {
    ++counts_.ignored;  // nobody asked: harmless
    return;
  }
  if (m.function == 0) return failed(m.system, hsms::Why::Aborted, now);
  const Doing doing = std::exchange(doing_, Doing::Nothing);
  system_.reset();
  switch (doing) {
    case Doing::Establish: {
      const Item* code = m.at(0);
      if (code != nullptr && code->as_u64() == 0U) return established(now);
      retry_at_ = now + options_.retry_ms;
      return deny(m, code == nullptr ? 255 : code->as_u64().value_or(255), now);
    }
    case Doing::Sequence: step_answered(m, std::move(frame), now); break;
    case Doing::Spool: {
      const auto code = m.body ? m.body->as_u64() : std::nullopt;
      const bool more = code == 0U || code == 1U || refused_;
      refused_ = false;
      spool_at_ = now + (more ? options_.spool_again_ms : options_.spool_poll_ms);
      break;
    }
    case Doing::Request:
      tell({.what = News::What::Answer,
            .at = now,
            .request = wanted_.front().request,
            .asked = asked_at_,
            .message = m});
      wanted_.pop_front();
      break;
    case Doing::Nothing: break;
  }
  go_on(now);
}

void Host::failed(std::uint32_t system, hsms::Why why, Tick now) {
  if (doing_ == Doing::Nothing || system_ != system) return;
  const Doing doing = std::exchange(doing_, Doing::Nothing);
  system_.reset();
  switch (doing) {
    case Doing::Establish: retry_at_ = now + options_.retry_ms; return;
    case Doing::Sequence: step_failed(why, now); break;
    case Doing::Spool: spool_at_ = now + options_.spool_poll_ms; break;
    case Doing::Request:
      tell({.what = News::What::Answer,
            .at = now,
            .request = wanted_.front().request,
            .why = why,
            .message = asked_});
      wanted_.pop_front();
      break;
    case Doing::Nothing: break;
  }
  go_on(now);
}

// --- the owner's requests -------------------------------------------------------------------------

std::pair<Request, std::uint32_t> Host::queue(Wanted wanted) {
  const secs::Effect effect = secs::effect_of(wanted.message);
  const bool free =
      effect == secs::Effect::Reads || (effect == secs::Effect::Configures && may_configure());
  const bool permitted =
      wanted.permit && wanted.permit->allows(options_.tool, secs::permit_bytes(wanted.message));
  if (!free && !permitted) return {Request::NeedsPermit, 0};
  if (effect == secs::Effect::Changes && control_ && *control_ != Control::Remote) {
    return {Request::NotRemote, 0};
  }
  if (wanted_.size() >= options_.requests_max) return {Request::Full, 0};
  wanted.request = next_request_++;
  if (next_request_ == 0) next_request_ = 1;
  wanted_.push_back(std::move(wanted));
  return {Request::Queued, wanted_.back().request};
}

std::pair<Request, std::uint32_t> Host::ask(Message message) {
  return queue({.request = 0, .message = std::move(message), .permit = {}});
}

std::pair<Request, std::uint32_t> Host::ask(Message message, guard::Permit permit) {
  return queue({.request = 0, .message = std::move(message), .permit = std::move(permit)});
}

void Host::go_on(Tick now) {
  if (doing_ != Doing::Nothing) return;
  if (phase_ == Phase::Starting) {
    if (retry_at_ != core::Never) return;  // it is about to go on-line
    while (step_ != Step::Done) {
      auto message = step_message();
      if (message) return send(Doing::Sequence, std::move(*message), now);
      next_step();
    }
    if (redefine_ && definitions_ok_ && may_configure()) {
      memory_.defined = model_->description.digest();
      ++counts_.definitions;
    }
    if (spool_at_ == core::Never) spool_at_ = now + options_.spool_poll_ms;
    enter(Phase::Running, now);
  }
  if (phase_ != Phase::Running) return;
  if (!wanted_.empty()) return send(Doing::Request, wanted_.front().message, now);
  if (now >= spool_at_) {
    spool_at_ = core::Never;
    send(Doing::Spool, secs::primary(6, 23, secs::Reply::Wanted, secs::u1(0)), now);
  }
}

}  // namespace twin::link::gem
