// All that changes in an equipment, as a regular value: saved and loaded again it goes on as if
// nothing had happened, also in the midst of a conversation. Who has lost the line meanwhile tells it
// so (Equipment::lost), and what was on its way goes into the spool.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "twin/core/containers.hpp"
#include "twin/core/tick.hpp"
#include "twin/event/event.hpp"
#include "twin/link/gem/codes.hpp"
#include "twin/link/gem/outbox.hpp"
#include "twin/link/secs/message.hpp"

namespace twin::link::gem {

using core::Tick;
using event::None;

// What the tool's owner is told.
struct Happening {
  enum class What : std::uint8_t {
    Communicating,
    NotCommunicating,
    ControlChanged,   // control() says to what
    Command,          // to be answered: answer(request, ...)
    ConstantChanged,  // by the host: index, value
    ClockSet,         // by the host: offset() says by how much the clock is ahead now
    RecipeStored,     // name
    RecipeDeleted,    // name
    Terminal,         // text from the host
    Lost,             // a report that nothing could keep: the spool is off or full
  };
  What what = What::Communicating;
  std::uint32_t request = 0;
  std::uint32_t index = None;                                       // of a constant
  std::string name = {};                                            // of a command, a recipe
  std::string object = {};                                          // OBJSPEC of S2F49
  std::string text = {};                                            // of a terminal
  std::vector<std::pair<std::string, secs::Item>> parameters = {};  // of a command
  bool operator==(const Happening&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("what", self.what);
    archive("request", self.request);
    archive("index", self.index);
    archive("name", self.name);
    archive("object", self.object);
    archive("text", self.text);
    archive("parameters", self.parameters);
  }
};

struct EquipmentCounts {
  std::uint64_t reported = 0;      // S6F11, S6F1, S5F1 made
  std::uint64_t acknowledged = 0;  // of them
  std::uint64_t spooled = 0;       // that went into the spool
  std::uint64_t lost = 0;          // that nothing could keep
  std::uint64_t aborted = 0;       // primaries of the host answered by SxF0
  std::uint64_t complaints = 0;    // S9 sent
  bool operator==(const EquipmentCounts&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("reported", self.reported);
    archive("acknowledged", self.acknowledged);
    archive("spooled", self.spooled);
    archive("lost", self.lost);
    archive("aborted", self.aborted);
    archive("complaints", self.complaints);
  }
};

struct EquipmentMemory {
  enum class Asked : std::uint8_t { Establish, AreYouThere, Report, Grant, Spooled, Terminal };
  struct Open {  // a primary of ours
    Asked what = Asked::Report;
    std::uint32_t ticket = 0;
    std::optional<std::uint32_t> system = {};  // once it is sent
    bool operator==(const Open&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("what", self.what);
      archive("ticket", self.ticket);
      archive("system", self.system);
    }
  };
  struct Waiting {  // a report that is not yet acknowledged
    secs::Message message = {};
    std::uint32_t ticket = 0;  // 0: not yet asked to be sent
    bool granted = true;       // false: S6F5 goes first
    bool operator==(const Waiting&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("message", self.message);
      archive("ticket", self.ticket);
      archive("granted", self.granted);
    }
  };
  struct EventState {
    std::vector<secs::Key> reports = {};
    bool enabled = false;
    bool operator==(const EventState&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("reports", self.reports);
      archive("enabled", self.enabled);
    }
  };
  struct TraceState {
    secs::Key id = 0;
    Tick period = 0, next = 0;  // [ms]
    std::uint32_t total = 0, group = 1, taken = 0;
    std::vector<std::uint32_t> variables = {};
    std::vector<secs::Item> samples = {};  // of the group at hand
    bool operator==(const TraceState&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("id", self.id);
      archive("period", self.period);
      archive("next", self.next);
      archive("total", self.total);
      archive("group", self.group);
      archive("taken", self.taken);
      archive("variables", self.variables);
      archive("samples", self.samples);
    }
  };
  struct Limit {
    double upper = 0.0, lower = 0.0;
    int zone = 0;  // -1 below, 1 above, 0: not known yet
    bool operator==(const Limit&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("upper", self.upper);
      archive("lower", self.lower);
      archive("zone", self.zone);
    }
  };
  struct Conversation {        // a message that the host has announced
    std::string message = {};  // "S07F03"
    secs::Item id = {};
    std::uint8_t stream = 0, function = 0;
    Tick until = 0;
    bool operator==(const Conversation&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("message", self.message);
      archive("id", self.id);
      archive("stream", self.stream);
      archive("function", self.function);
      archive("until", self.until);
    }
  };
  struct Command {  // that the owner is asked
    std::uint32_t request = 0;
    secs::Message message = {};
    bool operator==(const Command&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("request", self.request);
      archive("message", self.message);
    }
  };

  Communication communication = Communication::NoLine;
  Control control = Control::EquipmentOffline;
  Control control_told = control;  // by its variable: the next one, while it is about to change
  bool wants_online = false;       // as soon as it communicates
  bool line = false;
  Tick retry_at = core::Never;  // of S1F13
  Tick offset_ms = 0;
  std::uint32_t epoch = 0;
  std::uint64_t counter = 0;  // of the next report
  std::uint32_t next_ticket = 1;
  std::uint32_t next_request = 1;
  std::uint32_t dataid = 0;
  std::vector<secs::Item> values = {};                           // [variable]
  std::vector<EventState> events = {};                           // [event]
  std::map<secs::Key, std::vector<std::uint32_t>> reports = {};  // RPTID -> variables
  std::vector<std::uint8_t> alarm_set = {}, alarm_enabled = {};  // [alarm]
  std::vector<TraceState> traces = {};
  std::map<std::uint32_t, std::map<std::uint64_t, Limit>> limits = {};  // [variable][LIMITID]
  std::map<std::string, secs::Item> recipes = {};
  // (stream, function); function 0: the whole stream
  std::set<std::pair<std::uint8_t, std::uint8_t>> spooled_kinds = {};
  std::deque<Waiting> waiting = {};
  std::deque<secs::Message> spool = {};
  bool spool_active = false;
  bool spool_told = true;                       // that it is active
  std::optional<std::uint32_t> unloading = {};  // messages that may still go; nothing: not asked
  bool unload_sent = false;                     // the first of the spool is on its way
  std::uint64_t spool_total = 0;
  Tick spool_since = 0, spool_full = 0;
  std::vector<Open> open = {};
  std::vector<Conversation> conversations = {};
  std::vector<Command> commands = {};
  std::deque<Happening> happenings = {};
  Outbox outbox = {};
  EquipmentCounts counts = {};
  bool operator==(const EquipmentMemory&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("communication", self.communication);
    archive("control", self.control);
    archive("control_told", self.control_told);
    archive("wants_online", self.wants_online);
    archive("line", self.line);
    archive("retry_at", self.retry_at);
    archive("offset_ms", self.offset_ms);
    archive("epoch", self.epoch);
    archive("counter", self.counter);
    archive("next_ticket", self.next_ticket);
    archive("next_request", self.next_request);
    archive("dataid", self.dataid);
    archive("values", self.values);
    archive("events", self.events);
    archive("reports", self.reports);
    archive("alarm_set", self.alarm_set);
    archive("alarm_enabled", self.alarm_enabled);
    archive("traces", self.traces);
    archive("limits", self.limits);
    archive("recipes", self.recipes);
    archive("spooled_kinds", self.spooled_kinds);
    archive("waiting", self.waiting);
    archive("spool", self.spool);
    archive("spool_active", self.spool_active);
    archive("spool_told", self.spool_told);
    archive("unloading", self.unloading);
    archive("unload_sent", self.unload_sent);
    archive("spool_total", self.spool_total);
    archive("spool_since", self.spool_since);
    archive("spool_full", self.spool_full);
    archive("open", self.open);
    archive("conversations", self.conversations);
    archive("commands", self.commands);
    archive("happenings", self.happenings);
    archive("outbox", self.outbox);
    archive("counts", self.counts);
  }
};

}  // namespace twin::link::gem
