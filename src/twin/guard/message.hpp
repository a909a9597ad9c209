// The message that a command stands for, made by the guard itself from a form in the signed limits:
// a twin whose bytes say anything else than its command gets no permit. The form is a row of SECS-II
// items (SEMI E5) in their order: S2F41,L2,A:HOLD,L1,L2,A:LOT,A=lot.
#pragma once
#include "twin/guard/command.hpp"

namespace twin::guard {

struct Slot {
  std::uint8_t format = 1;  // the item's first byte (E5); 1: a list
  bool member = false;      // text names a member of the command
  std::string text;         // literal, or the member's name
  core::Tick count = 0;     // of a list
};

struct Form {
  core::Tick stream = 0, function = 0;
  std::vector<Slot> slots;
  [[nodiscard]] bool uses(std::string_view member) const;
};

[[nodiscard]] bool read(std::string_view word, Form& form);

// Stream, function and body, as secs::permit_bytes of a link; nothing where a member is missing, is not sent, or
// does not fit its item.
[[nodiscard]] std::optional<Bytes> bytes_of(const Form& form, const Command& command);

}  // namespace twin::guard
