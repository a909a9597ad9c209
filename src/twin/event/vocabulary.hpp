// The words of the event schema with their numbers: kinds, units, qualities, tool states. The
// numbers stand in files, so one that was given out is never changed or used again;
// vocabulary.test.cpp holds them fast.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace twin::event {

// What happened. 1-39 a lot's life, 40-59 a tool's, 60-79 changes of what tools are told, 80-99
// alarms, 100-119 numbers seen, 120-139 what we tell the fab.
enum class Kind : std::uint16_t {
  Unknown = 0,  // a message that no other kind fits; the raw bytes say more

  LotReleased = 1,          // enters the fab; item = product, value = due date [ms since time zero]
  ArrivedAtQueue = 2,       // waits for a tool of the step from now on
  SkippedBySampling = 3,    // the step is left out for this lot at this visit
  SetupStarted = 4,         // the tool changes over; item = the new setup
  LoadStarted = 5,          // the job's carriers go into the tool
  ProcessingStarted = 6,    // the recipe runs
  ProcessingSuspended = 7,  // stopped by a breakdown, to be taken up again
  ProcessingResumed = 8,    // taken up again
  ProcessingEnded = 9,      // the recipe has run
  Unloaded = 10,            // the carrier may leave the tool
  BatchFormed = 11,         // the lot belongs to the job from now on; one event a lot
  ReworkDecided = 12,  // goes back; step = where it was decided, value = the step it goes back to
  Moved = 13,          // transport has begun; item = destination
  Held = 14,           // taken out of dispatch; item = reason
  ReleasedFromHold = 15,  // back in dispatch; item = reason of the hold
  Split = 16,             // item = the lot that was split off, wafers = how many went with it
  Merged = 17,            // item = the lot that was taken up, wafers = how many came with it
  Scrapped = 18,          // wafers = how many were lost; item = reason
  PriorityChanged = 19,   // value = the new priority
  Finished = 20,          // has left the fab complete

  ToolStateChanged = 40,  // value = ToolState; item = the fab's own sub-state
  PmDue = 41,             // maintenance waits for the tool to be free; item = calendar
  PmStarted = 42,
  PmEnded = 43,
  ToolDown = 44,  // breakdown; item = cause
  ToolUp = 45,    // repaired

  RecipeChanged = 60,    // the recipe's body; item = parameter, value = its new value
  ConstantChanged = 61,  // an equipment constant; item = constant, value = its new value
  ClockChanged = 62,     // value = new minus old [ms]

  AlarmSet = 80,  // item = alarm
  AlarmCleared = 81,

  Measurement = 100,   // item = parameter, value with unit
  TraceSamples = 101,  // item = parameter, value = number of samples, which stand in the raw bytes

  CommandApproved = 120,  // item = command; by the guard
  CommandSent = 121,
  CommandAcknowledged = 122,
  CommandFailed = 123,
  CommandVerified = 124,  // its effect has been seen in what the fab reports
};

// Texts are UCUM codes (ucum.org), case-sensitive; those without one there are marked.
enum class Unit : std::uint8_t {
  None = 0,   // no value, or a plain number
  Count = 1,  // text "count" (not UCUM): pieces, samples, lots
  Tick = 2,   // text "tick" (not UCUM): a point in time [ms since time zero]
  Millisecond = 3,
  Second = 4,
  Minute = 5,
  Hour = 6,
  Day = 7,
  Nanometre = 8,
  Micrometre = 9,
  Millimetre = 10,
  Metre = 11,
  Celsius = 12,
  Kelvin = 13,
  Pascal = 14,
  Torr = 15,  // text "Torr" (not UCUM)
  Watt = 16,
  Volt = 17,
  Ampere = 18,
  Hertz = 19,
  Sccm = 20,  // text "sccm" (not UCUM): standard cubic centimetres per minute
  Percent = 21,
  PartsPerMillion = 22,
  NanometrePerMinute = 23,
  Degree = 24,
  Ohm = 25,
  OhmPerSquare = 26,  // text "Ohm/sq" (not UCUM)
  MillijoulePerSquareCentimetre = 27,
  PerSquareCentimetre = 28,
  KiloelectronVolt = 29,
  Gram = 30,
  Litre = 31,
  MillilitrePerMinute = 32,
  KilowattHour = 33,
  State = 34,  // text "state" (not UCUM): a ToolState
};

enum class Quality : std::uint8_t { Good = 0, Uncertain = 1, Bad = 2, Substituted = 3 };

// The six basic equipment states of SEMI E10.
enum class ToolState : std::uint8_t {
  Productive = 1,
  Standby = 2,
  Engineering = 3,
  ScheduledDown = 4,
  UnscheduledDown = 5,
  NonScheduled = 6,
};

template <class Enum>
struct Word {
  Enum value;
  std::string_view text;
};
template <class Enum>
Word(Enum, std::string_view) -> Word<Enum>;

// All of them, by rising number.
std::span<const Word<Kind>> kinds() noexcept;
std::span<const Word<Unit>> units() noexcept;
std::span<const Word<Quality>> qualities() noexcept;
std::span<const Word<ToolState>> tool_states() noexcept;

// The stable text; empty for a number that has no meaning.
std::string_view to_string(Kind kind) noexcept;
std::string_view to_string(Unit unit) noexcept;
std::string_view to_string(Quality quality) noexcept;
std::string_view to_string(ToolState state) noexcept;

[[nodiscard]] std::optional<Kind> parse_kind(std::string_view text) noexcept;
[[nodiscard]] std::optional<Unit> parse_unit(std::string_view text) noexcept;
[[nodiscard]] std::optional<Quality> parse_quality(std::string_view text) noexcept;
[[nodiscard]] std::optional<ToolState> parse_tool_state(std::string_view text) noexcept;

}  // namespace twin::event
