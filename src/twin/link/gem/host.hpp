// The host's side of GEM (SEMI E30) as a value without a line: it brings a tool from a selected line
// to reports that flow, and again after each reconnection; it acknowledges a report only when it is
// told that the report is durable; and it sends nothing that changes a tool without a permit.
// docs/links-gem.md has its start-up sequence and what it does when a tool answers otherwise.
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/guard/permit.hpp"
#include "twin/link/arrival.hpp"
#include "twin/link/gem/codes.hpp"
#include "twin/link/gem/equipment.hpp"
#include "twin/link/gem/outbox.hpp"
#include "twin/link/hsms/session.hpp"
#include "twin/link/secs/message.hpp"

namespace twin::link::gem {

enum class Phase : std::uint8_t {
  NoLine,
  Establishing,  // S1F13 is out
  Starting,      // the sequence runs
  Running,       // reports flow
  Offline,       // the tool does not go on-line: tried again
};
std::string_view to_string(Phase phase) noexcept;

enum class Discovery : std::uint8_t { Ask, Skip };  // names of variables, events, constants, alarms

struct HostOptions {
  std::string tool = {};  // whose permits it accepts
  // Whether the site file allows it to define what the tool reports (secs::Effect::Configures).
  hsms::Configuration configuration = hsms::Configuration::NeedsPermit;
  Discovery discovery = Discovery::Ask;
  Multiblock multiblock = Multiblock::Never;  // S2F39 before a long S2F33 or S2F35
  Tick retry_ms = 10'000;                     // S1F13 or S1F17 again
  Tick spool_again_ms = 2'000;                // S6F23 again while the tool has a spool
  Tick spool_poll_ms = 60'000;                // and otherwise
  std::size_t unacknowledged_max = 4'096;     // reports handed out; more are left to the tool
  std::size_t requests_max = 256;             // asked by the owner and not yet answered
};

// What lasts beyond the process: it is saved with the site.
struct HostMemory {
  std::uint64_t defined = 0;   // Description::digest() that the tool has acknowledged; 0: none
  std::uint32_t sessions = 0;  // how often communication was established
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("defined", self.defined);
    archive("sessions", self.sessions);
  }
  bool operator==(const HostMemory&) const = default;
};

struct News {
  enum class What : std::uint8_t {
    Phase,        // phase
    Report,       // S6F11, S6F1, S5F1: message, frame; taken(ticket, ...) is awaited
    Snapshot,     // S1F4: message, frame; its values are those of Host::snapshot_variables()
    Clock,        // clock: what the tool's showed between asked and at
    Answer,       // to the owner's request: message; why: none came
    Unsupported,  // the tool does not answer this primary: message.stream and function
    Denied,       // it answered a step of the sequence with a code: message, code
    Difference,   // the tool knows something else than its file says: text
    Complaint,    // S9: message
    Terminal,     // S10F1: text
    Refused,      // the tool sent what the host does not take: message
  };
  What what = What::Phase;
  Phase phase = Phase::NoLine;
  Tick at = 0;
  std::uint64_t ticket = 0;
  std::uint32_t request = 0;
  std::uint64_t code = 0;
  Tick asked = 0, clock = 0;  // [ms since 1970]
  hsms::Why why = hsms::Why::None;
  secs::Message message = {};
  std::vector<std::uint8_t> frame = {};  // of a report, a snapshot: header and text as they came
  std::string text = {};
};

enum class Request : std::uint8_t {
  Queued,
  NeedsPermit,  // it changes the tool, and no permit or another's came with it
  NotRemote,    // it changes the tool, which is known not to be on-line and remote
  Full,
};

struct HostCounts {
  std::uint64_t reports = 0;       // handed out
  std::uint64_t acknowledged = 0;  // answered
  std::uint64_t left = 0;          // refused or too many: left to the tool
  std::uint64_t starts = 0;        // sequences begun
  std::uint64_t definitions = 0;   // sequences that defined reports anew
  std::uint64_t ignored = 0;       // replies nobody asked for
  bool operator==(const HostCounts&) const = default;
};

class Host {
 public:
  // The model must outlive it; times are ours [ms since 1970].
  Host(const EquipmentModel& model, HostOptions options, HostMemory memory = {});

  // --- the line ---
  void selected(Tick now);
  void lost(Tick now);
  void received(secs::Message message, std::vector<std::uint8_t> frame, Tick now);
  void failed(std::uint32_t system, hsms::Why why, Tick now);
  void tick(Tick now);
  [[nodiscard]] Tick deadline() const;
  template <class Send>
  void flush(Send&& send) {
    outbox_.flush(send, [this](std::uint32_t ticket, Post post) { posted(ticket, post); });
  }

  // --- the owner ---
  [[nodiscard]] std::optional<News> next();
  // What became of a report. Only Accepted, Duplicate and Quarantined are acknowledged; a refused
  // one is kept by the tool, whose spool is asked for again.
  void taken(std::uint64_t ticket, Taken outcome, Tick now);
  // A primary of the owner's; the answer is News with this number. After the sequence, one at a time.
  [[nodiscard]] std::pair<Request, std::uint32_t> ask(secs::Message message);
  [[nodiscard]] std::pair<Request, std::uint32_t> ask(secs::Message message, guard::Permit permit);
  void restart_sequence(Tick now);  // as after a reconnection

  [[nodiscard]] Phase phase() const { return phase_; }
  // What the tool last said of its control state; nothing: not known.
  [[nodiscard]] std::optional<Control> control() const { return control_; }
  [[nodiscard]] const HostMemory& memory() const { return memory_; }
  [[nodiscard]] const HostCounts& counts() const { return counts_; }
  [[nodiscard]] std::size_t unacknowledged() const { return pending_.size(); }
  // (stream, function) that the tool does not answer, since the line was last selected.
  [[nodiscard]] const std::vector<std::pair<int, int>>& unsupported() const { return unsupported_; }
  [[nodiscard]] const std::vector<std::uint32_t>& snapshot_variables() const { return snapshot_; }
  [[nodiscard]] const EquipmentModel& model() const { return *model_; }

 private:
  // The sequence of the reference page, in order.
  enum class Step : std::uint8_t {
    GoOnline,
    NameStatus,
    NameDiscrete,
    NameEvents,
    NameConstants,
    NameAlarms,
    ReadClock,
    Verify,  // whether the tool kept what was defined
    Disable,
    AskUnlink,
    Unlink,
    Delete,
    AskDefine,
    Define,
    AskLink,
    Link,
    Enable,
    EnableAlarms,
    StartTraces,
    Snapshot,
    Unspool,
    Done,
  };
  enum class Doing : std::uint8_t { Nothing, Establish, Sequence, Spool, Request };
  struct Pending {  // a report that was handed out
    std::uint64_t ticket = 0;
    secs::Message message = {};  // without its body
  };
  struct Wanted {  // of the owner
    std::uint32_t request = 0;
    secs::Message message = {};
    std::optional<guard::Permit> permit = {};
  };

  // host.cpp: the line, the tool's primaries, the owner's requests
  void on_primary(secs::Message message, std::vector<std::uint8_t> frame, Tick now);
  void on_reply(const secs::Message& message, std::vector<std::uint8_t> frame, Tick now);
  void hand_out(secs::Message message, std::vector<std::uint8_t> frame, Tick now);
  void watch_control(const secs::Message& message, Tick now);
  void enter(Phase phase, Tick now);
  void tell(News news);
  void send(Doing doing, secs::Message message, Tick now);
  void posted(std::uint32_t ticket, Post post);
  void answer(const secs::Message& asked, std::optional<secs::Item> body);
  void establish(Tick now);
  void established(Tick now);
  void go_on(Tick now);  // sends the next primary, if none is outstanding
  std::pair<Request, std::uint32_t> queue(Wanted wanted);

  // host_sequence.cpp
  [[nodiscard]] std::optional<secs::Message> step_message();
  void step_answered(const secs::Message& reply, std::vector<std::uint8_t> frame, Tick now);
  void step_failed(hsms::Why why, Tick now);
  void next_step();
  void compare(const secs::Message& reply, Tick now);
  void stays_offline(Tick now);
  void deny(const secs::Message& reply, std::uint64_t code, Tick now);
  [[nodiscard]] secs::Item definitions() const;
  [[nodiscard]] secs::Item links(bool unlink) const;
  [[nodiscard]] secs::Item enabled_events() const;
  [[nodiscard]] secs::Message trace_message(std::size_t k) const;
  [[nodiscard]] bool may_configure() const {
    return options_.configuration == hsms::Configuration::BySiteFile;
  }

  const EquipmentModel* model_;
  HostOptions options_;
  HostMemory memory_;
  Phase phase_ = Phase::NoLine;
  std::optional<Control> control_{};
  Step step_ = Step::GoOnline;
  std::size_t part_ = 0;        // of a step that has several messages
  bool redefine_ = true;        // the definitions must be sent
  bool definitions_ok_ = true;  // none of them was denied
  Doing doing_ = Doing::Nothing;
  secs::Message asked_{};  // the outstanding primary, without its body
  std::optional<std::uint32_t> system_{};
  std::uint32_t ticket_ = 0;  // of it in the outbox
  Tick asked_at_ = 0;
  Tick retry_at_ = core::Never;  // S1F13 or S1F17
  Tick spool_at_ = core::Never;  // S6F23
  bool coming_online_ = false;   // it has said S1F1: a denied S1F17 has crossed that
  bool failed_to_send_ = false;  // the outstanding primary did not reach the line
  bool refused_ = false;         // a report was left to the tool since the spool was last asked for
  std::uint64_t next_report_ = 1;
  std::uint32_t next_request_ = 1, next_ticket_ = 1;
  std::deque<Pending> pending_{};
  std::deque<Wanted> wanted_{};
  std::deque<News> news_{};
  std::vector<std::pair<int, int>> unsupported_{};
  std::vector<std::uint32_t> snapshot_{};
  Outbox outbox_{};
  HostCounts counts_{};
};

}  // namespace twin::link::gem
