#include "apps/fabtwin/serve/act_message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "twin/guard/client.hpp"
#include "twin/link/secs/codec.hpp"
#include "twin/people/digest.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace guard = twin::guard;
namespace secs = twin::link::secs;

bool is_which(const twin::people::Act& act) { return act.kind == "start_pm"; }

const guard::Allowed* allowed_of(const guard::Limits& limits, const guard::Command& c) {
  const auto at = std::ranges::find_if(limits.allowed, [&](const guard::Allowed& a) {
    return a.action == c.action && a.tool == c.tool && a.recipe == c.recipe &&
           a.parameter == c.parameter;
  });
  return at == limits.allowed.end() ? nullptr : &*at;
}

// Used once: another text, another recommendation or another moment has another one.
std::array<std::uint8_t, 16> nonce_of(const CommandAsked& asked, const guard::Command& c) {
  const auto digest = twin::people::sha256(
      fmt::format("fabtwin nonce 1\n{}\n{}\n{}", asked.id, asked.now, guard::show(c)));
  std::array<std::uint8_t, 16> nonce{};
  std::copy_n(digest.bytes.begin(), nonce.size(), nonce.begin());
  return nonce;
}

// Empty: all numbers fit.
std::string put_values(guard::Command& c, const twin::people::Act& act) {
  for (const auto& [number, to] : {std::pair{act.value, &c.value}, {act.from, &c.from}}) {
    if (!number) continue;
    *to = decimal_of(*number);
    if (!*to) return fmt::format("{} cannot be written in millionths", *number);
  }
  if (c.value && !c.from) return "what is in place is not known";
  return {};
}

}  // namespace

std::string guard_class(const twin::people::Act& act) {
  if (!is_which(act)) return act.kind;
  return fmt::format("{}.{:.0f}", act.kind, act.value.value_or(0.0));
}

std::optional<guard::Decimal> decimal_of(double number) {
  const double micro = std::round(number * 1e6);
  if (!(std::abs(micro) <= static_cast<double>(guard::MicroMax))) return std::nullopt;
  const guard::Decimal decimal{static_cast<std::int64_t>(micro)};
  // The nearest double of the decimal is the number that was meant, or something was cut off.
  if (static_cast<double>(decimal.micro) / 1e6 != number) return std::nullopt;
  return decimal;
}

CommandMade command_of(const guard::Limits& limits, const CommandAsked& asked) {
  const twin::people::Act& act = asked.act;
  guard::Command c;
  c.action = guard_class(act);
  const guard::ActionClass* action = guard::named(limits.classes, c.action);
  if (action == nullptr || !action->form)
    return fmt::format("the guard's limits have no class '{}'", c.action);
  c.recipe = act.recipe;
  c.lot = act.lot;
  c.before = act.before;
  if (!is_which(act)) {
    if (std::string why = put_values(c, act); !why.empty()) return why;
    // A form that holds its parameter's name as a literal has it from the authority.
    if (action->kind != "action" || action->form->uses("parameter")) c.parameter = act.parameter;
  }
  const guard::Allowed* allowed = nullptr;
  for (const std::string& tool : asked.tools) {
    c.tool = tool;
    allowed = allowed_of(limits, c);
    if (allowed != nullptr) break;
  }
  if (allowed == nullptr)
    return fmt::format("the guard's limits allow '{}' on none of its tools", c.action);
  c.unit = c.parameter ? act.unit : allowed->unit;
  c.proposer = asked.proposer;
  c.health = asked.health;
  c.believed = asked.believed;
  c.expires = std::min({asked.expires, asked.now + limits.life, asked.believed + limits.belief});
  if (c.expires <= asked.now) return "its belief is older than the guard's limits allow";
  const auto bytes = guard::bytes_of(*action->form, c);
  if (!bytes) return fmt::format("the message of '{}' does not hold all that it says", c.action);
  c.bytes = *bytes;
  c.nonce = nonce_of(asked, c);
  // What people read and sign is what the guard can read.
  if (guard::read_command(guard::show(c)) != c) return "a name in it is none to the guard";
  return c;
}

bool is_shown(const guard::ActionClass& action) {
  return !action.after.empty() || (action.form && action.form->uses("value"));
}

std::optional<secs::Message> message_of(const guard::Bytes& bytes) {
  if (bytes.size() < 2 || bytes[0] > 127 || bytes[1] % 2 == 0) return std::nullopt;
  secs::Message m = secs::primary(bytes[0], bytes[1], secs::Reply::Wanted);
  if (bytes.size() == 2) return m;
  auto body = secs::decode(std::span(bytes).subspan(2));
  if (!std::holds_alternative<secs::Item>(body)) return std::nullopt;
  m.body = std::get<secs::Item>(std::move(body));
  return m;
}

Taking taking_of(const secs::Message& answer) {
  static constexpr std::array<std::string_view, 7> Words = {
      "done",       "unknown command", "not now", "a parameter is wrong", "accepted, done later",
      "already so", "no such object"};
  const secs::Item* item = answer.at(0);
  const auto code = item == nullptr ? std::nullopt : item->as_u64();
  const bool known = answer.is(2, 42) || answer.is(2, 50);
  if (!known || !code) return {false, "an answer that is none (" + secs::name_of(answer) + ")"};
  return {*code == 0 || *code == 4,
          fmt::format("HCACK {}, {}", *code, *code < Words.size() ? Words[*code] : "unknown code")};
}

}  // namespace apps::fabtwin::serve
