// The data messages of a session: what is open on either side, and what becomes of it.
#include <algorithm>
#include <utility>

#include "twin/link/hsms/session.hpp"
#include "twin/link/secs/changes.hpp"

namespace twin::link::hsms {
namespace {

// An upper bound of what an event holds: the least item has two bytes on the wire.
std::size_t cost_of(const Event& event) noexcept {
  return sizeof(Event) + event.frame.size() * (1 + sizeof(secs::Item) / 2);
}

std::size_t size_of(const secs::Message& message) noexcept {
  return LengthBytes + HeaderBytes + (message.body ? secs::encoded_size(*message.body) : 0);
}

// The ten bytes of MHEAD or SHEAD that an S9 carries.
std::optional<Header> header_in(const secs::Message& complaint) noexcept {
  const secs::Item* head = complaint.at();
  if (head == nullptr || head->kind() != secs::Kind::Binary || head->count() != HeaderBytes) {
    return {};
  }
  return header_from(head->bytes());
}

}  // namespace

secs::Message complaint_about(int function, const secs::Message& message) {
  return secs::primary(9, function, secs::Reply::No,
                       secs::binary(std::span<const std::uint8_t>(bytes_of(header_of(message)))));
}

std::optional<Event> Session::next() {
  if (events_.empty()) return {};
  Event event = std::move(events_.front());
  events_.pop_front();
  events_cost_ -= cost_of(event);
  return event;
}

void Session::tell(Event event) {
  events_cost_ += cost_of(event);
  events_.push_back(std::move(event));
}

// --- received ---

void Session::on_data(const Header& header, std::span<const std::uint8_t> frame, core::Tick now) {
  Event event{.at = now,
              .system = header.system,
              .message = message_from(header),
              .frame = {frame.begin(), frame.end()}};
  if (header.session != options_.device) {
    ++counts_.other_device;
    if (options_.side == Side::Equipment) return complain(1, frame.first(HeaderBytes), now);
  }
  const auto text = frame.subspan(HeaderBytes);
  if (!text.empty()) {
    auto decoded = secs::decode(text, options_.limits.decode);
    if (const auto* malformed = std::get_if<secs::Malformed>(&decoded)) {
      event.malformed = *malformed;
      return on_malformed(std::move(event));
    }
    event.message.body = std::move(std::get<secs::Item>(decoded));
  }
  if (!event.message.is_primary()) return on_reply(std::move(event));
  if (event.message.stream == 9) return on_complaint(std::move(event));
  on_primary(std::move(event));
}

void Session::on_primary(Event event) {
  const secs::Message& message = event.message;
  if (message.wants_reply) {
    if (asked_.size() >= options_.limits.open) {
      ++counts_.overrun;
      if (unsent() < options_.limits.outgoing) put(secs::abort_of(message), event.at);
      return;
    }
    asked_.push_back({message.system, message.stream, message.function});
  }
  event.what = Event::What::Primary;
  tell(std::move(event));
}

// A reply belongs to the open transaction of its system bytes, if its stream and function fit.
void Session::on_reply(Event event) {
  const secs::Message& message = event.message;
  const auto open = find(message.system);
  const bool aborts = message.function == 0;
  const auto fits = [&] {
    const secs::Message head = message_from(open->head);
    return (message.stream == head.stream || (aborts && message.stream == 0)) &&
           (aborts || message.function == head.function + 1);
  };
  if (open == open_.end() || !fits()) {
    ++counts_.unasked;
    event.what = Event::What::Unasked;
    return tell(std::move(event));
  }
  const core::Tick now = event.at;
  if (aborts) {
    fail(open, Why::Aborted, std::move(event));
  } else {
    open_.erase(open);
    event.what = Event::What::Reply;
    tell(std::move(event));
  }
  release(now);
}

// S9: its MHEAD names the message it is about; where it has none, its system bytes may. S9F9 and
// S9F13 are about the peer's own transactions, in which we did not answer.
void Session::on_complaint(Event event) {
  const auto about = header_in(event.message);
  const core::Tick now = event.at;
  if (event.message.function == 9 && about) {
    const secs::Message head = message_from(*about);
    std::erase_if(asked_, [&](const Asked& asked) {
      return asked.system == head.system && asked.stream == head.stream &&
             asked.function == head.function;
    });
  } else if (event.message.function < 9 || event.message.function == 11) {
    const auto open = find(about ? about->system : event.message.system);
    const auto same = [&] {
      return !about || ((about->byte2 & 0x7FU) == (open->head.byte2 & 0x7FU) &&
                        about->byte3 == open->head.byte3);
    };
    if (open != open_.end() && same()) {
      fail(open, Why::Complained, std::move(event));
      return release(now);
    }
  }
  event.what = Event::What::Complaint;
  tell(std::move(event));
}

void Session::on_malformed(Event event) {
  ++counts_.malformed;
  const secs::Message message = event.message;
  const core::Tick now = event.at;
  const auto head = bytes_of(header_of(message));
  event.what = Event::What::Malformed;
  tell(std::move(event));
  if (!message.is_primary()) {
    const auto open = find(message.system);
    if (open != open_.end()) {
      fail(open, Why::BadBody, {.at = now});
      release(now);
    }
  }
  if (unsent() >= options_.limits.outgoing) return;
  if (options_.side == Side::Equipment) {
    complain(7, head, now);
  } else if (message.is_primary() && message.wants_reply) {
    put(secs::abort_of(message), now);
  }
}

void Session::fail(const std::deque<Transaction>::iterator& transaction, Why why, Event event) {
  event.what = Event::What::Failed;
  event.why = why;
  event.system = transaction->head.system;
  open_.erase(transaction);
  tell(std::move(event));
}

void Session::on_reply_timeouts(core::Tick now) {
  while (state_ == State::Selected && !open_.empty() &&
         now >= due(open_.front().since, options_.timers.reply)) {
    const auto head = bytes_of(open_.front().head);
    ++counts_.timeouts;
    fail(open_.begin(), Why::ReplyTimeout, {.at = now});
    if (options_.side == Side::Equipment) complain(9, head, now);
    release(now);
  }
}

std::deque<Session::Transaction>::iterator Session::find(std::uint32_t system) noexcept {
  return std::ranges::find_if(
      open_, [&](const Transaction& transaction) { return transaction.head.system == system; });
}

// --- sent ---

void Session::put(const secs::Message& message, core::Tick now) {
  if (unsent() == 0) progress_ = now;
  append_frame(message, out_);
  ++counts_.frames_out;
}

void Session::complain(int function, std::span<const std::uint8_t> head, core::Tick now) {
  if (unsent() >= options_.limits.outgoing) return;  // who does not read misses nothing new
  secs::Message message = secs::primary(9, function, secs::Reply::No, secs::binary(head));
  message.device = options_.device;
  message.system = new_system();
  put(message, now);
}

bool Session::free_to_ask() const noexcept {
  return options_.pace == Pace::OneAtATime ? open_.empty() : open_.size() < options_.limits.open;
}

// Sends the primaries whose turn has come.
void Session::release(core::Tick now) {
  while (!waiting_.empty() && free_to_ask()) {
    const secs::Message message = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= size_of(message);
    put(message, now);
    if (message.wants_reply) open_.push_back({header_of(message), now});
  }
}

bool Session::permitted(const secs::Message& message, const guard::Permit* permit) const {
  if (options_.side == Side::Equipment) return true;
  const secs::Effect effect = secs::effect_of(message);
  if (effect == secs::Effect::Reads) return true;
  if (effect == secs::Effect::Configures && options_.configuration == Configuration::BySiteFile) {
    return true;
  }
  return permit != nullptr && permit->allows(options_.tool, secs::permit_bytes(message), latest_);
}

Sending Session::fits(const secs::Message& message) const noexcept {
  const std::size_t size = size_of(message);
  if (size - LengthBytes > options_.limits.decode.bytes) return Sending::TooLong;
  const std::size_t queued = unsent() + waiting_bytes_;
  const bool full = queued != 0 && queued + size > options_.limits.outgoing;
  return full ? Sending::Full : Sending::Sent;
}

Sent Session::send(secs::Message&& message, const guard::Permit* permit, core::Tick now) {
  TWIN_EXPECT(message.is_primary() && message.stream < 128, int{message.stream},
              int{message.function});
  latest_ = std::max(latest_, now);
  if (!permitted(message, permit)) return {Sending::NeedsPermit};
  if (state_ != State::Selected) return {Sending::NotSelected};
  if (const Sending outcome = fits(message); outcome != Sending::Sent) return {outcome};
  if (open() >= options_.limits.open) return {Sending::Full};
  message.device = options_.device;
  message.system = new_system();
  const std::uint32_t system = message.system;
  waiting_bytes_ += size_of(message);
  waiting_.push_back(std::move(message));
  release(now);
  return {Sending::Sent, system};
}

Sent Session::reply(secs::Message&& message, const guard::Permit* permit, core::Tick now) {
  TWIN_EXPECT(!message.is_primary() && message.stream < 128, int{message.stream},
              int{message.function});
  latest_ = std::max(latest_, now);
  if (!permitted(message, permit)) return {Sending::NeedsPermit};
  const auto asked = std::ranges::find_if(asked_, [&](const Asked& a) {
    return a.system == message.system && a.stream == message.stream &&
           (message.function == 0 || message.function == a.function + 1);
  });
  if (asked == asked_.end()) return {Sending::NobodyAsks};
  if (const Sending outcome = fits(message); outcome != Sending::Sent) return {outcome};
  asked_.erase(asked);
  message.wants_reply = false;
  put(message, now);
  return {Sending::Sent, message.system};
}

Sent Session::send(secs::Message message, core::Tick now) {
  return send(std::move(message), nullptr, now);
}
Sent Session::send(secs::Message message, const guard::Permit& permit, core::Tick now) {
  return send(std::move(message), &permit, now);
}
Sent Session::reply(secs::Message message, core::Tick now) {
  return reply(std::move(message), nullptr, now);
}
Sent Session::reply(secs::Message message, const guard::Permit& permit, core::Tick now) {
  return reply(std::move(message), &permit, now);
}

}  // namespace twin::link::hsms
