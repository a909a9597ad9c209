// A small site for tests: its limits, people and observer, and a good request, each with signatures
// that cost nothing to make.
#pragma once
#include <cstring>
#include <string>

#include "twin/core/hash.hpp"
#include "twin/guard/gate.hpp"
#include "twin/guard/guard.hpp"

namespace twin::guard::example {

inline constexpr core::Tick Now = 1'795'935'600'000;  // [ms since 1970]

// In the place of Ed25519: the key is the secret. It finds every altered text, and no forger.
inline Signature quick_sign(const Seed& seed, std::string_view text) {
  const std::uint64_t sum = core::hash64(text.data(), text.size(), seed[0]);
  Signature made{};
  std::memcpy(made.data(), &sum, sizeof sum);
  return made;
}
inline bool quick_verify(const PublicKey& key, std::string_view text, const Signature& signature) {
  return quick_sign(key, text) == signature;
}

inline Seed seed_of(std::uint8_t number) {
  Seed seed{};
  seed[0] = number;
  return seed;
}
inline const Seed Authority = seed_of(1), GuardSeed = seed_of(2), Alice = seed_of(3),
                  Bob = seed_of(4), Carl = seed_of(5), Dora = seed_of(6), Mes = seed_of(7);

inline std::string limits_lines(PublicKey (*key)(const Seed&) = [](const Seed& s) { return s; }) {
  const auto at = [](core::Tick t) { return std::to_string(Now + t); };
  return "fabtwin-guard limits 1\n"
         "# word valid from until, then times belief approval witness life permit skew\n"
         "valid " +
         at(-1'000'000) + " " + at(1'000'000'000) +
         "\n"
         "times 60000 900000 5000 600000 3000 1000\n"
         "# fab tool window\n"
         "budget 6 4 3600000\n"
         "person alice approver,admin " +
         show(key(Alice)) +
         "\n"
         "person bob approver,admin " +
         show(key(Bob)) +
         "\n"
         "person carl operator " +
         show(key(Carl)) +
         "\n"
         "person dora approver " +
         show(key(Dora)) +
         "\n"
         "observer mes " +
         show(key(Mes)) +
         "\n"
         "class offset setpoint approver 2 IDLE,STANDBY door_open - "
         "S2F41,L2,A:RECIPE_OFFSET,L2,L2,A:TOOL,A=tool,L2,A=parameter,F8=value\n"
         "class hold action operator 1 IDLE,PROCESSING pm held S2F41,L2,A:HOLD,L1,L2,A:LOT,A=lot\n"
         "class free action operator 1 IDLE held !held S2F41,L2,A:RELEASE,L1,L2,A:LOT,A=lot\n"
         "class prefer action operator 0 IDLE,PROCESSING pm - "
         "S2F41,L2,A:PRIORITY,L2,L2,A:LOT,A=lot,L2,A:VALUE,I4=value\n"
         "class resume resume admin 2 - - - -\n"
         "allow offset LITHO_01 - PERCENT % -5 5 2 0.1 3\n"
         "allow offset LITHO_03 - PERCENT % -5 5 2 0.1 3\n"
         "allow hold LITHO_01 - - - - - - - -\n"
         "allow free LITHO_01 - - - - - - - -\n"
         "allow prefer LITHO_01 - - - 0 10 10 0 100\n"
         "allow resume * - - - - - - - -\n"
         "allow resume LITHO_01 - - - - - - - -\n";
}
inline std::string signed_limits(const std::string& lines) {
  return lines + "signature " + show(quick_sign(Authority, limits_text(lines))) + "\n";
}
inline Limits limits() {
  return read_limits(signed_limits(limits_lines()), Authority, quick_verify);
}

inline Command offset() {
  Command c;
  c.action = "offset";
  c.tool = "LITHO_01";
  c.parameter = "PERCENT";
  c.value = Decimal{1'000'000};
  c.unit = "%";
  c.from = Decimal{0};
  c.proposer = "twin";
  c.health = "ok";
  c.believed = Now - 1'000;
  c.expires = Now + 60'000;
  c.nonce[15] = 1;
  return c;
}
inline Command hold() {
  Command c = offset();
  c.action = "hold";
  c.parameter.reset();
  c.value.reset();
  c.unit.reset();
  c.from.reset();
  c.lot = "L7";
  return c;
}
inline Command resume(const std::string& tool) {
  Command c = hold();
  c.action = "resume";
  c.tool = tool;
  c.lot.reset();
  return c;
}
inline Command with_bytes(Command c) {
  const Limits all = limits();
  const ActionClass* action = named(all.classes, c.action);
  if (action != nullptr && action->form) c.bytes = bytes_of(*action->form, c).value_or(Bytes{});
  return c;
}

struct Signing {
  Seed seed;
  Sign sign = quick_sign;
};
inline std::string approval(const Command& c, const std::string& person, const std::string& role,
                            const Signing& by, core::Tick at = Now - 800) {
  return "approval " + person + " " + role + " " + show(at) + " " +
         show(by.sign(by.seed, approval_text(person, role, at, show(c)))) + "\n";
}
inline std::string witness(const Command& c, const std::optional<Decimal>& value,
                           const std::string& conditions = "-", core::Tick at = Now - 500,
                           const std::string& state = "IDLE", const Signing& by = {Mes}) {
  const std::string line = "mes " + c.tool + " " + show(c.lot) + " " + show(c.recipe) + " " +
                           show(c.parameter) + " " + show(c.unit) + " " + show(at) + " " + state +
                           " " + conditions + " " + show(value);
  return "witness " + line + " " + show(by.sign(by.seed, witness_text(line))) + "\n";
}
// Of the two approvers, seen by the observer with the former value in place.
inline std::string request(const Command& c, core::Tick at = Now) {
  return "fabtwin-guard request 1\n" + show(c) +
         approval(c, "alice", "approver", {Alice}, at - 800) +
         approval(c, "bob", "approver", {Bob}, at - 700) + witness(c, c.from, "-", at - 500);
}
inline std::string hold_request(const Command& c) {
  return "fabtwin-guard request 1\n" + show(c) + approval(c, "carl", "operator", {Carl}) +
         witness(c, {});
}
inline std::string resume_request(const Command& c) {
  return "fabtwin-guard request 1\n" + show(c) + approval(c, "alice", "admin", {Alice}) +
         approval(c, "bob", "admin", {Bob});
}
inline std::string readback(const Command& c, const std::optional<Decimal>& value, core::Tick at,
                            const std::string& conditions = "-") {
  return "fabtwin-guard readback 1\nnonce " + show(c.nonce) + "\n" +
         witness(c, value, conditions, at);
}

inline Guard guard() { return {limits(), GuardSeed, {}, quick_verify, quick_sign}; }

}  // namespace twin::guard::example
