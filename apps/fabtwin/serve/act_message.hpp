// From what people decide on to the one message that a tool gets: an act as the guard's command, with the bytes
// that the guard's signed limits make of it. What they do not say cannot be said.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "twin/guard/limits.hpp"
#include "twin/link/secs/message.hpp"
#include "twin/people/recommendation.hpp"

namespace apps::fabtwin::serve {

// The guard's name of the act's class. The number of a calendar says which maintenance and not how much of it: it
// belongs to the name ("start_pm.0"), and its message holds it as a literal.
[[nodiscard]] std::string guard_class(const twin::people::Act& act);

// A number as people and guard write it; nothing: it is finer than a millionth, or too large.
[[nodiscard]] std::optional<twin::guard::Decimal> decimal_of(double number);

struct CommandAsked {
  const twin::people::Act& act;
  std::vector<std::string> tools;  // whose line it may go to: the first that the limits allow
  std::string id;                  // of the recommendation
  std::string proposer;
  std::string health;                            // "ok", or what is wrong with the twin
  twin::core::Tick now = 0, believed = 0;        // [ms since 1970] by the guard's clock
  twin::core::Tick expires = twin::core::Never;  // [ms since 1970] at the latest
};
// The command, or why there is none, as a sentence's end.
using CommandMade = std::variant<twin::guard::Command, std::string>;
[[nodiscard]] CommandMade command_of(const twin::guard::Limits& limits, const CommandAsked& asked);

// Whether anything would show that an act of this class was done: its value, or the conditions that it names.
[[nodiscard]] bool is_shown(const twin::guard::ActionClass& action);

// The message of a permit's bytes: stream, function, body; nothing: they are none.
[[nodiscard]] std::optional<twin::link::secs::Message> message_of(const twin::guard::Bytes& bytes);

// S2F42 and S2F50: whether the tool has taken a command, and its words for a person.
struct Taking {
  bool taken = false;
  std::string words;  // "HCACK 0, done"
};
[[nodiscard]] Taking taking_of(const twin::link::secs::Message& answer);

}  // namespace apps::fabtwin::serve
