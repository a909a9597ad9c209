// The codes with which GEM messages are acknowledged (SEMI E5 items as public manuals list them) and
// the states of the control model (E30).
#pragma once
#include <cstdint>

namespace twin::link::gem {

enum class Communication : std::uint8_t {
  Disabled,
  WaitCra,    // the line is selected; S1F13 is out, its answer awaited
  WaitDelay,  // it failed; another try after EstablishTimeout
  NoLine,     // enabled; there is no selected line
  Communicating,
};

enum class Control : std::uint8_t {  // values of the ControlState variable
  EquipmentOffline = 1,
  AttemptOnline = 2,
  HostOffline = 3,
  Local = 4,
  Remote = 5,
};
[[nodiscard]] constexpr bool is_online(Control c) {
  return c == Control::Local || c == Control::Remote;
}

enum class Onlack : std::uint8_t { Accepted = 0, NotAllowed = 1, Already = 2 };   // S1F18
enum class Eac : std::uint8_t { Ok = 0, Unknown = 1, Busy = 2, OutOfRange = 3 };  // S2F16
enum class Tiaack : std::uint8_t {                                                // S2F24
  Ok = 0,
  TooManyVariables = 1,
  NoMoreTraces = 2,
  BadPeriod = 3,
  UnknownVariable = 4,
  BadGroup = 5,
};
enum class Drack : std::uint8_t { Ok = 0, Space = 1, Format = 2, Exists = 3, UnknownVid = 4 };
enum class Lrack : std::uint8_t {
  Ok = 0,
  Space = 1,
  Format = 2,
  Linked = 3,
  UnknownCeid = 4,
  UnknownRptid = 5,
};
enum class Erack : std::uint8_t { Ok = 0, UnknownCeid = 1 };
enum class Hcack : std::uint8_t {  // S2F42, S2F50
  Done = 0,
  Unknown = 1,
  NotNow = 2,
  BadParameter = 3,
  Later = 4,  // accepted; an event will tell that it is done
  Already = 5,
  NoObject = 6,
};
enum class Cpack : std::uint8_t { Ok = 0, UnknownName = 1, BadValue = 2, BadFormat = 3 };
enum class Rsda : std::uint8_t { Ok = 0, Busy = 1, Empty = 2 };  // S6F24
enum class Ackc7 : std::uint8_t {
  Ok = 0,
  Permission = 1,
  Length = 2,
  Overflow = 3,
  NoPpid = 4,
  Mode = 5,
};
enum class Ppgnt : std::uint8_t { Ok = 0, Have = 1, Space = 2, BadPpid = 3, Busy = 4, Refused = 5 };

}  // namespace twin::link::gem
