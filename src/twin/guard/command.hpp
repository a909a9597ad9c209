// What is asked of the guard, in its one spelling: a command, who approved exactly this text, and what
// the tool was last seen to do. Each part is signed with another key; docs/guard.md shows the texts.
#pragma once
#include "twin/guard/sign.hpp"
#include "twin/guard/text.hpp"

namespace twin::guard {

inline constexpr std::size_t RequestBytes = 8192, MessageBytes = 2048, ApprovalsMax = 4;

struct Command {
  std::string action;                              // its class, as the limits name it
  std::string tool;                                // whose line the message goes to
  std::optional<std::string> recipe, lot, before;  // before: the lot that is to come later
  std::optional<std::string> parameter, unit;      // of value
  std::optional<Decimal> value, from;              // [unit] wanted, and believed to be in place
  std::string proposer;                            // who may not approve it
  std::string health;                              // "ok": what the twin says of itself
  core::Tick believed = 0, expires = 0;            // [ms since 1970] the belief's time
  std::array<std::uint8_t, 16> nonce{};            // used once
  Bytes bytes;                                     // of the message that it stands for
  bool operator==(const Command&) const = default;

  static void fields(auto& a, auto& self) {
    a("class", self.action);
    a("tool", self.tool);
    a("recipe", self.recipe);
    a("lot", self.lot);
    a("before", self.before);
    a("parameter", self.parameter);
    a("value", self.value);
    a("unit", self.unit);
    a("from", self.from);
    a("proposer", self.proposer);
    a("health", self.health);
    a("believed", self.believed);
    a("expires", self.expires);
    a("nonce", self.nonce);
    a("bytes", self.bytes);
  }
};

struct Approval {
  std::string person, role;
  core::Tick at = 0;  // [ms since 1970]
  Signature signature{};
};

// Said by whoever reads the tool, with a key that cannot command it.
struct Witness {
  std::string observer, tool;
  std::optional<std::string> lot, recipe, parameter, unit;
  core::Tick at = 0;             // [ms since 1970]
  std::string state;             // of the tool
  Names conditions;              // what else holds: interlock, pm, hold ...
  std::optional<Decimal> value;  // [unit] in place
  std::string signed_text;
  Signature signature{};
};

struct Request {
  Command command;
  std::string command_text;
  std::vector<Approval> approvals;
  std::optional<Witness> witness;
};

[[nodiscard]] std::optional<Command> read_command(std::string_view text);
[[nodiscard]] std::optional<Request> read_request(std::string_view text);
[[nodiscard]] std::optional<Witness> read_witness(std::string_view text);  // one line

// What a person signs, and what an observer does: the line without its signature.
[[nodiscard]] std::string approval_text(std::string_view person, std::string_view role,
                                        core::Tick at, std::string_view command_text);
[[nodiscard]] std::string witness_text(std::string_view line);

}  // namespace twin::guard
