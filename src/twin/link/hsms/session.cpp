#include "twin/link/hsms/session.hpp"

#include <algorithm>
#include <utility>

namespace twin::link::hsms {
namespace {

constexpr std::size_t KeptCapacity = 64U << 10;  // [bytes] of an idle buffer
constexpr std::size_t ControlSlack = 4U << 10;   // [bytes] of answers over the limit

// Drops what lies before `at`, now and then, and gives memory back after a long message.
void compact(std::vector<std::uint8_t>& buffer, std::size_t& at) {
  if (at == buffer.size()) {
    buffer.clear();
    at = 0;
    if (buffer.capacity() > KeptCapacity) buffer.shrink_to_fit();
  } else if (at >= KeptCapacity / 2 && at >= buffer.size() / 2) {
    buffer.erase(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(at));
    at = 0;
  }
}

core::Tick later(core::Tick since, core::Tick timer) noexcept {
  return timer >= core::Never - std::max<core::Tick>(since, 0) ? core::Never : since + timer;
}

}  // namespace

std::string_view text_of(Why why) noexcept {
  switch (why) {
    case Why::None: return "no reason";
    case Why::ClosedByPeer: return "the line closed";
    case Why::Separated: return "the peer separated";
    case Why::SelectRefused: return "the peer refused Select";
    case Why::ControlTimeout: return "no answer to Select or Linktest within T6";
    case Why::NotSelectedTime: return "not selected within T7";
    case Why::InterbyteTime: return "half a frame for longer than T8";
    case Why::BadBody: return "the reply's body cannot be decoded";
    case Why::BadLength: return "a frame of a length out of the limits";
    case Why::Premature: return "data or Linktest before Select";
    case Why::TooMuchQueued: return "the peer does not read";
    case Why::ClosedByUs: return "closed by us";
    case Why::ReplyTimeout: return "no reply within T3";
    case Why::Aborted: return "aborted by the peer";
    case Why::Rejected: return "rejected by the peer";
    case Why::Complained: return "the peer sent S9";
    case Why::LineLost: return "the line was lost";
  }
  return "?";
}

Session::Session(Options options) : options_(std::move(options)), system_(options_.first_system) {}

// --- the line ---

bool Session::wants_line(core::Tick now) const noexcept {
  return options_.role == Role::Active && state_ == State::NotConnected && !closing_ &&
         !connecting_ && now >= may_connect_;
}

void Session::connecting(core::Tick now) {
  latest_ = std::max(latest_, now);
  connecting_ = true;
}

void Session::connected(core::Tick now) {
  TWIN_EXPECT(state_ == State::NotConnected && !closing_, static_cast<int>(state_), closing_);
  latest_ = std::max(latest_, now);
  connecting_ = false;
  state_ = State::NotSelected;
  connected_ = heard_ = progress_ = now;
  resumed_ = now;
  paused_ = false;
  if (options_.role == Role::Active) ask(Type::SelectReq, now);
}

void Session::closed(core::Tick now) {
  latest_ = std::max(latest_, now);
  if (state_ != State::NotConnected) lose(Why::ClosedByPeer, Unsent::Drop, now);
  out_.clear();
  out_at_ = 0;
  closing_ = false;
  if (connecting_) may_connect_ = later(now, options_.timers.separation);
  connecting_ = false;
}

void Session::received(std::span<const std::uint8_t> bytes, core::Tick now) {
  if (state_ == State::NotConnected || bytes.empty()) return;
  resume(now);
  heard_ = now;
  counts_.bytes_in += bytes.size();
  in_.insert(in_.end(), bytes.begin(), bytes.end());
  parse(now);
  resume(now);
}

bool Session::takes_more() const noexcept {
  return state_ != State::NotConnected && events_cost_ < options_.limits.incoming;
}

std::span<const std::uint8_t> Session::outgoing() const noexcept {
  return std::span(out_).subspan(out_at_);
}

void Session::sent(std::size_t bytes, core::Tick now) {
  TWIN_EXPECT(bytes <= unsent(), bytes, unsent());
  latest_ = std::max(latest_, now);
  progress_ = now;
  out_at_ += bytes;
  counts_.bytes_out += bytes;
  compact(out_, out_at_);
}

bool Session::closing() const noexcept { return closing_; }

void Session::close(core::Tick now) {
  latest_ = std::max(latest_, now);
  if (state_ == State::Selected) {
    append_frame(control(Type::SeparateReq, new_system()), out_);
    ++counts_.frames_out;
  }
  if (state_ != State::NotConnected) lose(Why::ClosedByUs, Unsent::Flush, now);
}

// The end of a connection: whatever was open fails, and the line is to be closed.
void Session::lose(Why why, Unsent unsent, core::Tick now) {
  while (!open_.empty()) fail(open_.begin(), Why::LineLost, {.at = now});
  for (const secs::Message& message : waiting_) {
    tell({.what = Event::What::Failed, .why = Why::LineLost, .at = now, .system = message.system});
  }
  waiting_.clear();
  waiting_bytes_ = 0;
  asked_.clear();
  control_.reset();
  in_.clear();
  in_.shrink_to_fit();
  in_at_ = 0;
  parked_ = paused_ = false;
  if (unsent == Unsent::Drop) {
    out_.clear();
    out_at_ = 0;
  }
  state_ = State::NotConnected;
  closing_ = true;
  progress_ = now;
  may_connect_ = later(now, options_.timers.separation);
  tell({.what = Event::What::Lost, .why = why, .at = now});
}

// --- frames ---

void Session::parse(core::Tick now) {
  parked_ = false;
  while (state_ != State::NotConnected) {
    const auto rest = std::span(std::as_const(in_)).subspan(in_at_);
    if (rest.size() < LengthBytes) break;
    const std::size_t length = length_from(rest);
    if (length < HeaderBytes || length > options_.limits.decode.bytes) {
      lose(Why::BadLength, Unsent::Drop, now);
      return;
    }
    if (rest.size() - LengthBytes < length) break;
    if (!takes_more()) {
      parked_ = true;
      break;
    }
    in_at_ += LengthBytes + length;
    on_frame(rest.subspan(LengthBytes, length), now);
  }
  if (state_ != State::NotConnected) compact(in_, in_at_);
}

void Session::on_frame(std::span<const std::uint8_t> frame, core::Tick now) {
  const Header header = header_from(frame);
  ++counts_.frames_in;
  const Type type{header.stype};
  if (type == Type::RejectReq) return on_reject(header, now);  // never answered, or two would ring
  if (header.ptype != 0) return reject(header, RejectReason::PTypeNotSupported, now);
  const bool selected = state_ == State::Selected;
  switch (type) {
    case Type::Message:
      if (!selected) return lose(Why::Premature, Unsent::Drop, now);
      return on_data(header, frame, now);
    case Type::SelectReq:
      answer(control(Type::SelectRsp, header.system, 0,
                     static_cast<std::uint8_t>(selected ? SelectStatus::AlreadyActive
                                                        : SelectStatus::Ok)),
             now);
      if (state_ == State::NotSelected) become_selected(now);
      return;
    case Type::SelectRsp: return on_select_response(header, now);
    case Type::LinktestReq:
      if (!selected) return lose(Why::Premature, Unsent::Drop, now);
      return answer(control(Type::LinktestRsp, header.system), now);
    case Type::LinktestRsp:
      if (control_ && control_->type == Type::LinktestReq && control_->system == header.system) {
        control_.reset();
        return;
      }
      return reject(header, RejectReason::TransactionNotOpen, now);
    case Type::SeparateReq: return lose(Why::Separated, Unsent::Drop, now);
    default:  // Deselect too: HSMS-SS (E37.1) does not have it
      return reject(header, RejectReason::TypeNotSupported, now);
  }
}

void Session::on_select_response(const Header& header, core::Tick now) {
  if (!control_ || control_->type != Type::SelectReq || control_->system != header.system) {
    return reject(header, RejectReason::TransactionNotOpen, now);
  }
  control_.reset();
  if (state_ == State::Selected) return;  // the peer's own Select crossed ours
  const SelectStatus status{header.byte3};
  if (status != SelectStatus::Ok && status != SelectStatus::AlreadyActive) {
    return lose(Why::SelectRefused, Unsent::Drop, now);
  }
  become_selected(now);
}

void Session::on_reject(const Header& header, core::Tick now) {
  ++counts_.rejects_got;
  if (control_ && control_->system == header.system) {
    if (control_->type == Type::SelectReq) return lose(Why::SelectRefused, Unsent::Drop, now);
    control_.reset();  // a peer that knows no Linktest is alive all the same
    return;
  }
  if (const auto open = find(header.system); open != open_.end()) {
    fail(open, Why::Rejected, {.at = now});
    release(now);
  }
}

void Session::become_selected(core::Tick now) {
  state_ = State::Selected;
  ++counts_.selections;
  tell({.what = Event::What::Selected, .at = now});
}

void Session::ask(Type type, core::Tick now) {
  control_ = Control{type, new_system(), now};
  answer(control(type, control_->system), now);
}

void Session::answer(const Header& header, core::Tick now) {
  if (unsent() > options_.limits.outgoing + ControlSlack) {
    return lose(Why::TooMuchQueued, Unsent::Drop, now);
  }
  if (unsent() == 0) progress_ = now;
  append_frame(header, out_);
  ++counts_.frames_out;
}

void Session::reject(const Header& header, RejectReason reason, core::Tick now) {
  ++counts_.rejects_sent;
  const std::uint8_t rejected =
      reason == RejectReason::PTypeNotSupported ? header.ptype : header.stype;
  Header out = control(Type::RejectReq, header.system, rejected, static_cast<std::uint8_t>(reason));
  out.session = header.session;
  answer(out, now);
}

std::uint32_t Session::new_system() {
  const auto taken = [&](std::uint32_t system) {
    if (system == 0 || (control_ && control_->system == system) || find(system) != open_.end()) {
      return true;
    }
    return std::ranges::any_of(
        waiting_, [&](const secs::Message& message) { return message.system == system; });
  };
  while (taken(system_)) ++system_;
  return system_++;
}

// --- time ---

void Session::resume(core::Tick now) {
  latest_ = std::max(latest_, now);
  if (paused_ && takes_more()) {
    paused_ = false;
    resumed_ = now;
  }
  if (!takes_more()) paused_ = state_ != State::NotConnected;
}

// When a timer that began at `since` runs out. What we did not read may be the answer, so a pause
// in our reading is nobody's fault.
core::Tick Session::due(core::Tick since, core::Tick timer) const noexcept {
  return later(std::max(since, resumed_), timer);
}

// When the peer has been silent long enough to ask whether it is there; never while an answer is
// outstanding anyhow, so that a busy old tool is not cut off (the idea is go-secs').
core::Tick Session::silent_until() const noexcept {
  if (state_ != State::Selected || control_ || !open_.empty()) return core::Never;
  return due(heard_, options_.timers.linktest);
}

void Session::tick(core::Tick now) {
  resume(now);
  if (closing_) {
    if (now >= later(progress_, options_.timers.control)) {  // what it does not take is lost
      out_.clear();
      out_at_ = 0;
    }
    return;
  }
  if (state_ == State::NotConnected) return;
  if (unsent() != 0 && now >= later(progress_, options_.timers.reply)) {
    return lose(Why::TooMuchQueued, Unsent::Drop, now);
  }
  if (paused_) return;
  if (parked_) parse(now);
  if (state_ == State::NotConnected || !takes_more()) return resume(now);
  if (in_.size() > in_at_ && now >= due(heard_, options_.timers.interbyte)) {
    return lose(Why::InterbyteTime, Unsent::Drop, now);
  }
  if (state_ == State::NotSelected && now >= due(connected_, options_.timers.selection)) {
    return lose(Why::NotSelectedTime, Unsent::Drop, now);
  }
  if (control_ && now >= due(control_->since, options_.timers.control)) {
    return lose(Why::ControlTimeout, Unsent::Drop, now);
  }
  on_reply_timeouts(now);
  if (now >= silent_until()) {
    ++counts_.linktests;
    ask(Type::LinktestReq, now);
  }
}

core::Tick Session::deadline() const noexcept {
  if (closing_) return out_.empty() ? latest_ : later(progress_, options_.timers.control);
  if (state_ == State::NotConnected) {
    return options_.role == Role::Active && !connecting_ ? may_connect_ : core::Never;
  }
  core::Tick first = core::Never;
  if (unsent() != 0) first = later(progress_, options_.timers.reply);
  if (!takes_more()) return first;
  if (parked_ || paused_) return latest_;
  if (in_.size() > in_at_) first = std::min(first, due(heard_, options_.timers.interbyte));
  if (state_ == State::NotSelected) {
    first = std::min(first, due(connected_, options_.timers.selection));
  }
  if (control_) first = std::min(first, due(control_->since, options_.timers.control));
  if (!open_.empty()) first = std::min(first, due(open_.front().since, options_.timers.reply));
  return std::min(first, silent_until());
}

}  // namespace twin::link::hsms
