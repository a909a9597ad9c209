// What one side of a conversation wants sent, in order. Whoever owns the line empties it; a primary
// that was sent is known by the system bytes that the line gave it.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

#include "twin/core/containers.hpp"
#include "twin/guard/permit.hpp"
#include "twin/link/secs/message.hpp"

namespace twin::link::gem {

// What became of an attempt to send: hsms::Session's outcomes, in the three that matter here.
enum class Posted : std::uint8_t {
  Sent,  // with these system bytes
  Wait,  // the line takes no more now: again later, in this order
  Lost,  // it cannot be sent: no line, nobody asks, or not permitted
};
struct Post {
  Posted outcome = Posted::Sent;
  std::uint32_t system = 0;
};

struct Outgoing {
  secs::Message message{};
  std::uint32_t ticket = 0;  // of a primary that awaits its reply; 0: none does
  std::optional<guard::Permit> permit{};
  // A permit is nobody's to keep: what is loaded again has none, and the line refuses what needs one.
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("message", self.message);
    archive("ticket", self.ticket);
    if constexpr (A::Loading) self.permit.reset();
  }
  // As far as it is saved.
  friend bool operator==(const Outgoing& a, const Outgoing& b) {
    return a.message == b.message && a.ticket == b.ticket;
  }
};

class Outbox {
 public:
  void put(Outgoing out) { queue_.push_back(std::move(out)); }
  [[nodiscard]] bool empty() const { return queue_.empty(); }
  [[nodiscard]] std::size_t size() const { return queue_.size(); }
  void clear() { queue_.clear(); }

  bool operator==(const Outbox&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("queue", self.queue_);
  }

  // send(Outgoing&&-like const reference) -> Post; done(ticket, Post) for each primary with a ticket.
  template <class Send, class Done>
  void flush(Send&& send, Done&& done) {
    while (!queue_.empty()) {
      const Post post = send(queue_.front());
      if (post.outcome == Posted::Wait) return;
      const std::uint32_t ticket = queue_.front().ticket;
      queue_.pop_front();
      if (ticket != 0) done(ticket, post);
    }
  }

 private:
  std::deque<Outgoing> queue_;
};

}  // namespace twin::link::gem
