// One HSMS-SS session (SEMI E37, E37.1) as a plain value without a socket: it is fed with what
// happens to the line and with times, and asked for bytes to send, for what happened, and for when
// it wants to be woken. docs/links-secs.md has the table of what it does with awkward input.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/guard/permit.hpp"
#include "twin/link/hsms/frame.hpp"
#include "twin/link/secs/codec.hpp"
#include "twin/link/secs/message.hpp"

namespace twin::link::hsms {

enum class Role : std::uint8_t { Active, Passive };  // who opens the line
enum class Side : std::uint8_t { Host, Equipment };  // who is the tool
enum class State : std::uint8_t { NotConnected, NotSelected, Selected };
enum class Pace : std::uint8_t { OneAtATime, Together };  // how many primaries may be outstanding
// What the site file says of messages that alter what a tool reports (secs/changes.hpp).
enum class Configuration : std::uint8_t { NeedsPermit, BySiteFile };

// [ms], the defaults of E37; the linktest interval is a local choice, Never: no linktests.
struct Timers {
  core::Tick reply = 45'000;       // T3: a reply to a primary
  core::Tick separation = 10'000;  // T5: between two attempts to connect
  core::Tick control = 5'000;      // T6: a reply to a control message
  core::Tick selection = 10'000;   // T7: connected, not selected
  core::Tick interbyte = 5'000;    // T8: between two bytes of a frame
  core::Tick linktest = 30'000;    // of silence before a linktest
};

struct SessionLimits {
  secs::Limits decode{};  // frame length, depth, items, allocation
  // [bytes] queued for the peer, and of messages not yet taken by next(). One message always goes,
  // whatever its length.
  std::size_t outgoing = 4U << 20;
  std::size_t incoming = 4U << 20;
  std::size_t open = 1024;  // transactions at once, of each side
};

struct Options {
  Role role = Role::Active;
  Side side = Side::Host;
  std::string tool{};        // whose permits it accepts
  std::uint16_t device = 0;  // device id
  Pace pace = Pace::OneAtATime;
  Configuration configuration = Configuration::NeedsPermit;
  Timers timers{};
  SessionLimits limits{};
  // Where our system bytes begin; best different at each start, and far from 1: some peers take any
  // message with the system bytes of their own open question for its answer (secs4js 0.4.7).
  std::uint32_t first_system = 0x4000'0001;
};

enum class Why : std::uint8_t {
  None,
  ClosedByPeer,     // the line closed, or could not be opened
  Separated,        // the peer said Separate
  SelectRefused,    // with a status other than 0 and 1
  ControlTimeout,   // T6: no answer to Select or Linktest
  NotSelectedTime,  // T7
  InterbyteTime,    // T8
  BadBody,          // a reply whose body cannot be decoded
  BadLength,        // a frame shorter than its header or longer than the limit
  Premature,        // data or linktest before Select
  TooMuchQueued,    // the peer does not read its answers
  ClosedByUs,       // close()
  ReplyTimeout,     // T3
  Aborted,          // SxF0
  Rejected,         // Reject.req
  Complained,       // S9 that names the transaction
  LineLost,         // the line went while the transaction was open
};
[[nodiscard]] std::string_view text_of(Why why) noexcept;

struct Event {
  enum class What : std::uint8_t {
    Selected,  // messages can be sent
    Lost,      // they cannot any more: why
    Primary,   // the peer's primary message; reply() if it wants one
    Reply,     // the reply to our primary `system`
    // Our primary `system` will get no reply: why (message: the S9 or SxF0, if any). One that wants
    // none fails only if the line went before its turn came.
    Failed,
    Unasked,    // a reply that nobody waits for: harmless
    Complaint,  // an S9 that names no open transaction: for the operator
    Malformed,  // a data message whose body cannot be decoded: malformed; already answered
  };
  What what = What::Selected;
  Why why = Why::None;
  core::Tick at = 0;                  // line time
  std::uint32_t system = 0;           // the transaction
  secs::Message message{};            // Primary, Reply, Unasked, Complaint; Failed: see above
  std::vector<std::uint8_t> frame{};  // of a message: header and text as they came
  secs::Malformed malformed{};
};

// What became of an attempt to send.
enum class Sending : std::uint8_t {
  Sent,         // queued for the line, in order
  NotSelected,  // there is no selected session
  Full,         // the peer reads too slowly, or too many transactions are open: try later
  NeedsPermit,  // it changes the tool (secs/changes.hpp) and no permit, or another's, came with it
  NobodyAsks,  // a reply to what is not open: it wanted none, was answered, or the line was another
  TooLong,     // longer than the limit on frames
};
struct Sent {
  Sending outcome = Sending::Sent;
  std::uint32_t system = 0;  // the transaction, if it was sent
  explicit operator bool() const noexcept { return outcome == Sending::Sent; }
  bool operator==(const Sent&) const = default;
};

// Oddities that are tolerated, counted since the session began.
struct Counts {
  std::uint64_t frames_in = 0, frames_out = 0, bytes_in = 0, bytes_out = 0;
  std::uint64_t selections = 0;    // times that the session became SELECTED
  std::uint64_t unasked = 0;       // replies that nobody waited for
  std::uint64_t rejects_sent = 0;  // Reject.req sent
  std::uint64_t rejects_got = 0;   // Reject.req received
  std::uint64_t malformed = 0;     // bodies that could not be decoded
  std::uint64_t other_device = 0;  // data messages with another device id
  std::uint64_t timeouts = 0;      // T3
  std::uint64_t linktests = 0;     // sent
  std::uint64_t overrun = 0;       // primaries aborted because too many were open
  bool operator==(const Counts&) const = default;
};

// S9F1, F3, F5, F7 or F11 about a message that came: for the equipment's side.
[[nodiscard]] secs::Message complaint_about(int function, const secs::Message& message);

class Session {
 public:
  explicit Session(Options options);

  // --- the line's side (a transport, or a simulated network) ---
  // Whether the active side wants its line opened now; the transport then tries, and says
  // connected() or closed().
  [[nodiscard]] bool wants_line(core::Tick now) const noexcept;
  void connecting(core::Tick now);  // it is being opened: no second attempt before the outcome
  void connected(core::Tick now);   // expects State::NotConnected
  void closed(core::Tick now);      // by the peer, by an error, or as closing() asked
  void received(std::span<const std::uint8_t> bytes, core::Tick now);
  // Whether it takes more bytes now; otherwise the transport stops reading until next() was called.
  [[nodiscard]] bool takes_more() const noexcept;
  void tick(core::Tick now);  // to be called at deadline(), harmless earlier
  [[nodiscard]] core::Tick deadline() const noexcept;  // Never: nothing to wait for
  [[nodiscard]] std::span<const std::uint8_t> outgoing() const noexcept;
  void sent(std::size_t bytes, core::Tick now);  // the first of outgoing() are on the line
  // The line is to be closed once outgoing() is empty (or at once, if that takes long).
  [[nodiscard]] bool closing() const noexcept;

  // --- the user's side ---
  [[nodiscard]] std::optional<Event> next();  // what happened, in order
  // A primary message; its system bytes and device are filled in. The answer comes as Reply or
  // Failed with the same `system`, if it wants one.
  Sent send(secs::Message message, core::Tick now);
  Sent send(secs::Message message, const guard::Permit& permit, core::Tick now);
  // The reply to a Primary event (secs::reply_to, secs::abort_of).
  Sent reply(secs::Message message, core::Tick now);
  Sent reply(secs::Message message, const guard::Permit& permit, core::Tick now);
  void close(core::Tick now);  // Separate, then the line closes; an active session comes back by T5

  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] std::size_t open() const noexcept { return open_.size() + waiting_.size(); }
  [[nodiscard]] const Counts& counts() const noexcept { return counts_; }
  [[nodiscard]] const Options& options() const noexcept { return options_; }

 private:
  struct Transaction {  // ours, waiting for its reply
    Header head;
    core::Tick since;  // line time when T3 began
  };
  struct Asked {  // the peer's, waiting for ours
    std::uint32_t system;
    std::uint8_t stream;
    std::uint8_t function;
  };
  struct Control {
    Type type;  // SelectReq or LinktestReq
    std::uint32_t system;
    core::Tick since;
  };
  enum class Unsent : std::uint8_t { Drop, Flush };

  // session.cpp: the line, control messages and timers
  void parse(core::Tick now);
  void on_frame(std::span<const std::uint8_t> frame, core::Tick now);
  void on_select_response(const Header& header, core::Tick now);
  void on_reject(const Header& header, core::Tick now);
  void become_selected(core::Tick now);
  void ask(Type type, core::Tick now);
  void answer(const Header& header, core::Tick now);
  void reject(const Header& header, RejectReason reason, core::Tick now);
  void lose(Why why, Unsent unsent, core::Tick now);
  void resume(core::Tick now);
  [[nodiscard]] core::Tick due(core::Tick since, core::Tick timer) const noexcept;
  [[nodiscard]] core::Tick silent_until() const noexcept;
  [[nodiscard]] std::uint32_t new_system();
  [[nodiscard]] std::size_t unsent() const noexcept { return out_.size() - out_at_; }

  // transactions.cpp: data messages
  void on_data(const Header& header, std::span<const std::uint8_t> frame, core::Tick now);
  void on_primary(Event event);
  void on_complaint(Event event);
  void on_reply(Event event);
  void on_malformed(Event event);
  void on_reply_timeouts(core::Tick now);
  void complain(int function, std::span<const std::uint8_t> head, core::Tick now);
  void fail(const std::deque<Transaction>::iterator& transaction, Why why, Event event);
  void release(core::Tick now);
  void put(const secs::Message& message, core::Tick now);
  void tell(Event event);
  Sent send(secs::Message&& message, const guard::Permit* permit, core::Tick now);
  Sent reply(secs::Message&& message, const guard::Permit* permit, core::Tick now);
  [[nodiscard]] bool permitted(const secs::Message& message, const guard::Permit* permit) const;
  [[nodiscard]] Sending fits(const secs::Message& message) const noexcept;
  [[nodiscard]] bool free_to_ask() const noexcept;
  [[nodiscard]] std::deque<Transaction>::iterator find(std::uint32_t system) noexcept;

  Options options_;
  State state_ = State::NotConnected;
  bool connecting_ = false;
  bool closing_ = false;
  bool paused_ = false;         // it took no more bytes: no timer runs
  bool parked_ = false;         // whole frames may lie in in_
  core::Tick may_connect_ = 0;  // active: not before
  core::Tick connected_ = 0;    // T7 runs from here
  core::Tick heard_ = 0;        // the last byte from the peer
  core::Tick resumed_ = 0;      // after a pause timers begin anew
  core::Tick progress_ = 0;     // the last byte that the line took, or when out_ became not empty
  core::Tick latest_ = 0;       // the latest time seen
  std::uint32_t system_;        // the next system bytes
  std::vector<std::uint8_t> in_{};  // from in_at_ on: not yet parsed
  std::size_t in_at_ = 0;
  std::vector<std::uint8_t> out_{};  // from out_at_ on: not yet on the line
  std::size_t out_at_ = 0;
  std::deque<Event> events_{};
  std::size_t events_cost_ = 0;  // [bytes] an upper bound of what events_ hold
  std::optional<Control> control_{};
  std::deque<Transaction> open_{};       // in order of `since`
  std::deque<secs::Message> waiting_{};  // primaries whose turn has not come
  std::size_t waiting_bytes_ = 0;
  std::deque<Asked> asked_{};
  Counts counts_{};
};

}  // namespace twin::link::hsms
