// A class of tools as a file describes it: its identifiers, reports, events, alarms, traces and
// commands, and what they mean in the words of the canonical event. There is no code for one tool.
// docs/tool-description.md describes each key; the equipment and the host both live by this value.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/event/event.hpp"
#include "twin/link/secs/item.hpp"
#include "twin/link/tool/clock_text.hpp"

namespace twin::link::tool {

using event::None;  // "no such variable", "no such event"

// What a variable is for beside its value: the machinery of GEM writes or reads it. In the file:
// role = "clock".
enum class Role : std::uint8_t {
  Plain,         // the tool's own
  Clock,         // the tool's time, as TimeFormat says
  Counter,       // of the messages since Epoch began; each report has the next
  Epoch,         // how often the tool has begun to count anew
  ControlState,  // 1 equipment off-line, 2 attempt on-line, 3 host off-line, 4 local, 5 remote
  AlarmsSet,     // list of alarms that are set
  AlarmId,       // the alarm that was set or cleared last
  EventsEnabled,
  ChangedConstant,
  ChangedRecipe,
  SpoolCountActual,
  SpoolCountTotal,
  SpoolStartTime,
  SpoolFullTime,
  LimitVariable,     // whose limit was crossed
  LimitCrossed,      // which limit
  LimitDirection,    // 0: from below, 1: from above
  EstablishTimeout,  // constants from here on: [s] between two S1F13
  TimeFormat,
  EnableSpooling,
  MaxSpoolTransmit,  // messages that one S6F23 brings; 0: all
  OverwriteSpool,    // true: the oldest go when it is full
};
inline constexpr std::size_t RoleCount = 22;

// Which of its own events GEM raises when. In the file: role = "local".
enum class Moment : std::uint8_t {
  Own,  // the tool's own event
  Offline,
  Local,
  Remote,
  AlarmSet,
  AlarmCleared,
  ConstantChanged,  // by the operator or by the host
  RecipeChanged,    // stored or deleted
  SpoolOn,
  SpoolOff,
  SpoolFailed,
  LimitCrossed,
  ClockSet,
  Terminal,  // the operator has acknowledged a text
};
inline constexpr std::size_t MomentCount = 14;

enum class Class : std::uint8_t { Status, Discrete, Constant };  // SV, DV (DVVAL), EC

struct Variable {
  secs::Key id = 0;
  std::string name = {};
  std::string units = {};
  Class is = Class::Status;
  secs::Kind format = secs::Kind::Ascii;
  Role role = Role::Plain;
  std::optional<double> least = {}, most = {};  // of constants ECMIN, ECMAX; else limits' bounds
  secs::Item initial = {};                      // of constants the default too
  // What its values say about the tool: (value as text, state of E10).
  std::vector<std::pair<std::string, event::ToolState>> states = {};
  bool operator==(const Variable&) const = default;
};

struct Report {
  secs::Key id = 0;
  std::vector<std::uint32_t> variables = {};  // indices, in the order of the report
  bool operator==(const Report&) const = default;
};

// The fields of a canonical event that a variable may hold.
enum class Field : std::uint8_t {
  Lot,
  Wafers,
  Carrier,
  Tool,
  Chamber,
  Route,
  Step,
  Visit,
  Recipe,
  Job,
  Item,
  Value,
  Unit,     // UCUM text
  Quality,  // 0 good, 1 uncertain, 2 bad, 3 substituted
};
inline constexpr std::size_t FieldCount = 14;
std::string_view to_string(Field field) noexcept;

struct Meaning {
  event::Kind kind = event::Kind::Unknown;
  std::array<std::uint32_t, FieldCount> from = {};  // [field] variable; None: not told
  std::array<std::string, FieldCount> fixed = {};   // [field] the same in every event; empty: not
  event::Unit unit = event::Unit::None;             // of the value, where no variable says it
  bool operator==(const Meaning&) const = default;
};

struct CollectionEvent {
  secs::Key id = 0;
  std::string name = {};
  std::vector<std::uint32_t> reports = {};  // indices
  Moment role = Moment::Own;
  std::optional<Meaning> meaning = {};         // nothing: it is kept and moves nothing
  std::optional<event::ToolState> state = {};  // of E10, entered with it
  bool operator==(const CollectionEvent&) const = default;
};

struct Alarm {
  secs::Key id = 0;
  std::string text = {};
  std::uint8_t category = 0;                   // ALCD's low 7 bits
  std::optional<event::ToolState> state = {};  // of E10, while it is set
  bool operator==(const Alarm&) const = default;
};

struct Signal {  // what a sampled variable measures
  std::uint32_t variable = None;
  std::string parameter = {};
  event::Unit unit = event::Unit::None;
  bool operator==(const Signal&) const = default;
};

struct Trace {
  secs::Key id = 0;
  core::Tick period_ms = 1'000;
  std::uint32_t samples = 0;  // after which it ends
  std::uint32_t group = 1;    // samples in a message
  std::vector<Signal> signals = {};
  bool operator==(const Trace&) const = default;
};

struct Parameter {  // of a command
  std::string name = {};
  secs::Kind format = secs::Kind::Ascii;
  std::optional<double> least = {}, most = {};
  std::vector<std::string> values = {};  // of a text; empty: any
  bool operator==(const Parameter&) const = default;
};

struct Command {
  std::string name = {};
  std::vector<Parameter> parameters = {};
  bool operator==(const Command&) const = default;
};

// A chamber, load port or robot that tells its E116 state: 0 idle, 1 busy, 2 blocked.
struct Module {
  std::string name = {};
  std::uint32_t state = None, task = None, blocked = None;  // variables
  bool operator==(const Module&) const = default;
};

struct Jobs {  // variables that tell a process job's life (E40); state None: there are none
  std::uint32_t job = None, state = None, lots = None, recipe = None;
  bool operator==(const Jobs&) const = default;
};

struct Substrates {  // variables that tell a wafer's life (E90); id None: there are none
  std::uint32_t id = None, lot = None, location = None, processing = None;
  std::uint32_t wafers = None;  // of the lot, in this job
  bool operator==(const Substrates&) const = default;
};

struct Formats {  // how the tool writes its identifiers
  secs::Kind ceid = secs::Kind::U4, rptid = secs::Kind::U4, vid = secs::Kind::U4;
  secs::Kind alid = secs::Kind::U4, dataid = secs::Kind::U4, trid = secs::Kind::U4;
  bool operator==(const Formats&) const = default;
};

struct Instance {  // one tool of the class
  std::string name = {};
  std::string host = {};
  std::uint16_t port = 0;
  std::uint16_t device = 0;
  bool operator==(const Instance&) const = default;
};

struct Description {
  std::string name = {};      // of the class
  std::string model = {};     // MDLN: at most 20 characters
  std::string software = {};  // SOFTREV: at most 20 characters
  TimeFormat time_format = TimeFormat::Long;
  int utc_offset_minutes = 0;  // of its clock, where the text does not say it
  Formats formats = {};
  std::vector<Variable> variables = {};
  std::vector<Report> reports = {};
  std::vector<CollectionEvent> events = {};
  std::vector<Alarm> alarms = {};
  std::vector<Trace> traces = {};
  std::vector<Command> commands = {};  // the allow-list
  std::vector<Module> modules = {};
  Jobs jobs = {};
  Substrates substrates = {};
  std::vector<Instance> tools = {};
  bool operator==(const Description&) const = default;

  // Indices; None where there is none.
  [[nodiscard]] std::uint32_t variable(std::string_view called) const noexcept;
  [[nodiscard]] std::uint32_t variable(Role role) const noexcept;
  [[nodiscard]] std::uint32_t event(Moment role) const noexcept;
  // A hash of what a host defines by it: reports, links, traces. What it was told and has kept need
  // not be told again.
  [[nodiscard]] std::uint64_t digest() const;
};

// The file's text. twin::core::Error with file and line: an unknown key, an identifier given twice,
// a name that nothing has.
Description read_description(std::string_view text, const std::string& file);
Description read_description(const std::filesystem::path& file);

}  // namespace twin::link::tool
