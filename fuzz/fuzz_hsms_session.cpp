// An HSMS session in a hostile world: each byte is something that happens to it (bytes come, time
// passes, the line opens or closes, the user sends or does not look). Whatever happens, what it sends
// is whole frames, its queues are bounded, each question ends exactly once, and no timer spins.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <span>
#include <vector>

#include "twin/link/hsms/session.hpp"

namespace {

using namespace twin::link;
using namespace twin::link::hsms;

void must(bool holds) {
  if (!holds) std::abort();
}

class World {
 public:
  explicit World(std::span<const std::uint8_t> script) : script_(script), session_(options()) {}

  void run() {
    while (at_ < script_.size()) {
      act(byte());
      check();
    }
  }

 private:
  std::uint8_t byte() { return at_ < script_.size() ? script_[at_++] : std::uint8_t{0}; }
  std::span<const std::uint8_t> some(std::size_t count) {
    const auto taken = script_.subspan(at_, std::min(count, script_.size() - at_));
    at_ += taken.size();
    return taken;
  }

  Options options() {
    const std::uint8_t bits = byte();
    Options options;
    options.role = (bits & 1U) != 0 ? Role::Active : Role::Passive;
    options.side = (bits & 2U) != 0 ? Side::Equipment : Side::Host;
    options.pace = (bits & 4U) != 0 ? Pace::Together : Pace::OneAtATime;
    options.configuration =
        (bits & 8U) != 0 ? Configuration::BySiteFile : Configuration::NeedsPermit;
    options.limits = {.decode = {.bytes = 300, .depth = 5, .items = 50, .memory = 4'000},
                      .outgoing = 500,
                      .incoming = 4'000,
                      .open = 5};
    return options;
  }

  void act(std::uint8_t what) {
    const std::size_t size = what >> 4U;
    switch (what & 15U) {
      case 0:
      case 1: session_.received(some(size == 15 ? 200 : size), now_); break;
      case 2: {  // a whole frame of any header
        std::vector<std::uint8_t> frame = {0, 0, 0, static_cast<std::uint8_t>(10 + size)};
        const auto rest = some(10 + size);
        frame.insert(frame.end(), rest.begin(), rest.end());
        frame.resize(4 + 10 + size);
        session_.received(frame, now_);
        break;
      }
      case 3: answer_ours(size); break;
      case 4: now_ += 1 + static_cast<twin::core::Tick>(size) * 500; break;
      case 5: wake(); break;
      case 6:
        if (session_.state() == State::NotConnected && !session_.closing()) {
          if (session_.wants_line(now_)) session_.connecting(now_);
          session_.connected(now_);
          half_ = {};
        }
        break;
      case 7:
        session_.closed(now_);
        half_ = {};
        break;
      case 8: listen(size); break;
      case 9: ask(size); break;
      case 10: take(size == 15 ? 10'000 : size); break;
      case 11: session_.close(now_); break;
      case 12: session_ = Session(session_); break;
      case 13: session_.tick(now_ += 1); break;
      case 14: control_frame(size); break;
      default: take(10'000); break;
    }
  }

  void control_frame(std::size_t type) {
    std::vector<std::uint8_t> frame;
    const std::uint32_t system = 0x4000'0000U + byte();
    const std::uint8_t status = byte();
    append_frame(control(Type{static_cast<std::uint8_t>(type)}, system, 0, status), frame);
    session_.received(frame, now_);
  }
  // What a good peer would say to an open question, or something near it.
  void answer_ours(std::size_t twist) {
    if (open_.empty()) return;
    secs::Message reply{.stream = 1, .function = 4, .system = *open_.begin()};
    if (twist == 1) reply.function = 0;
    if (twist == 2) reply = {.stream = 9, .function = 5, .system = reply.system};
    if (twist == 3) reply.stream = 2;
    std::vector<std::uint8_t> frame;
    append_frame(reply, frame);
    session_.received(frame, now_);
  }
  void wake() {
    // Woken whenever it wants, it soon wants nothing before a later time (unless it waits for us to
    // look at its events or to close the line).
    for (int turn = 0; turn < 200; ++turn) {
      const auto deadline = session_.deadline();
      if (deadline == twin::core::Never || session_.closing()) return;
      if (deadline > now_) {
        now_ = std::min(deadline, now_ + 200'000);
        session_.tick(now_);
        return;
      }
      if (session_.wants_line(now_)) return;
      session_.tick(now_);
    }
    std::abort();
  }
  void listen(std::size_t count) {
    for (; count > 0; --count) {
      const auto event = session_.next();
      if (!event) return;
      switch (event->what) {
        case Event::What::Reply: must(open_.erase(event->system) == 1); break;
        case Event::What::Failed:
          // What wants no reply fails only if the line went before its turn came.
          must(open_.erase(event->system) == 1 ||
               (event->why == Why::LineLost && quiet_.erase(event->system) == 1));
          break;
        case Event::What::Primary:
          must(event->message.is_primary());
          if ((count & 1U) == 0) static_cast<void>(reply(event->message));
          break;
        default: break;
      }
    }
  }
  Sent reply(const secs::Message& asked) {
    if (asked.function == 255) return session_.reply(secs::abort_of(asked), now_);
    return session_.reply(secs::reply_to(asked, secs::u4(1)), now_);
  }
  void ask(std::size_t size) {
    const bool wanted = (size & 1U) != 0;
    const Sent sent =
        session_.send(secs::primary(1, 3, wanted ? secs::Reply::Wanted : secs::Reply::No,
                                    secs::ascii(std::string(size * 20, 'x'))),
                      now_);
    if (sent && wanted) must(open_.insert(sent.system).second);
    if (sent && !wanted) quiet_.insert(sent.system);
    if (!sent) must(session_.state() != State::Selected || sent.outcome != Sending::NotSelected);
    if (session_.options().side == Side::Host) {
      const Sent command = session_.send(secs::primary(2, 41, secs::Reply::Wanted), now_);
      must(command.outcome == Sending::NeedsPermit);
    }
  }
  void take(std::size_t count) {
    const auto bytes = session_.outgoing();
    count = std::min(count, bytes.size());
    half_.insert(half_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
    session_.sent(count, now_);
    while (half_.size() >= LengthBytes) {
      const std::size_t length = length_from(half_);
      must(length >= HeaderBytes && length <= 300);
      if (half_.size() < LengthBytes + length) return;
      const Header header = header_from(std::span(half_).subspan(LengthBytes));
      must(header.ptype == 0 && header.stype <= 9 && header.stype != 3 && header.stype != 4);
      half_.erase(half_.begin(), half_.begin() + static_cast<std::ptrdiff_t>(LengthBytes + length));
    }
  }
  void check() {
    must(session_.outgoing().size() < 500 + (5U << 10U));
    must(session_.open() <= 5);
    if (session_.state() == State::NotConnected) must(session_.open() == 0);
    if (session_.closing()) must(session_.state() == State::NotConnected);
    must(session_.deadline() >= 0);
  }

  std::span<const std::uint8_t> script_;
  std::size_t at_ = 0;
  twin::core::Tick now_ = 1'000;
  Session session_;
  std::vector<std::uint8_t> half_;        // sent, not yet a whole frame
  std::set<std::uint32_t> open_, quiet_;  // our primaries, with W and without
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  World({data, size}).run();
  return 0;
}
