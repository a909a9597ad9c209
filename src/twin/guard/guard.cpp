#include "twin/guard/guard.hpp"

namespace twin::guard {
Answer Guard::answer(std::string_view message, core::Tick now) {
  ledger_.saw(now);
  ledger_.forget(now - limits_.window - limits_.skew);
  if (message == "fabtwin-guard stop 1\n") return noted("stopped", now, {}, "stopped\n");
  if (message == "fabtwin-guard status 1\n")
    return {ledger_.stopped() ? "stopped\n" : "running\n", ""};
  if (message.starts_with("fabtwin-guard readback 1\n")) return read_back(message, now);
  const auto request = read_request(message);
  return request ? permit_for(*request, now) : refused("unreadable");
}

Answer Guard::noted(std::string what, core::Tick now, std::span<const std::uint8_t> about,
                    std::string text) {
  return {std::move(text), ledger_.add({std::move(what), now, {about.begin(), about.end()}})};
}

Answer Guard::permit_for(const Request& request, core::Tick now) {
  Case c{limits_, ledger_, request, now, verify_};
  if (const Why why = judge(c); why != Granted) return refused(why);
  const std::span about(reinterpret_cast<const std::uint8_t*>(request.command_text.data()),
                        request.command_text.size());
  if (!c.action->form) return noted("resumed", now, about, "resumed\n");
  const bool shown = c.action->kind != "action" || !c.action->after.empty();
  const core::Tick until = std::min(request.command.expires, now + limits_.permit);
  return noted(shown ? "granted" : "done", now, about,
               "granted\n" + permit(request.command, until, now));
}

std::string Guard::permit(const Command& k, core::Tick until, core::Tick now) const {
  const std::string text = "fabtwin-guard permit 1\ntool " + k.tool + "\nnonce " + show(k.nonce) +
                           "\nissued " + show(now) + "\nexpires " + show(until) + "\nbytes " +
                           show(k.bytes) + "\n";
  return text + "signature " + show(sign_(seed_, text)) + "\n";
}

Answer Guard::read_back(std::string_view message, core::Tick now) {
  std::array<std::uint8_t, 16> nonce{};
  static_cast<void>(take(message, "fabtwin-guard"));
  const bool good = read(take(message, "nonce").value_or(""), nonce);
  const auto witness = read_witness(message);
  if (!good || !witness) return refused("unreadable");
  const auto& all = ledger_.given();
  const auto given =
      std::ranges::find_if(all, [&](const Given& g) { return g.open && g.command.nonce == nonce; });
  if (given == all.end()) return refused("nothing to read back");
  const Case c{limits_, ledger_, {}, now, verify_};
  if (const Why why = seen(c, witness, given->command); why != Granted) return refused(why);
  const ActionClass* action = named(limits_.classes, given->command.action);
  if (action != nullptr && is_done(*action, given->command, *witness))
    return noted("verified", now, nonce, "verified\n");
  const std::string back = undo(given->command, now);
  return noted("failed", now, nonce, back.empty() ? "failed\n" : "compensate\n" + back);
}

// The permit for putting the former value back, where that is allowed: no value outside of the limits,
// not even one that was there before. The tool is stopped, so nothing else follows.
std::string Guard::undo(const Command& command, core::Tick now) const {
  Request back{command, "", {}, {}};
  std::swap(back.command.value, back.command.from);
  Case c{limits_, ledger_, back, now, verify_};
  if (!command.value || judge_target(c) != Granted || !c.action->form) return "";
  const auto bytes = bytes_of(*c.action->form, back.command);
  if (!bytes) return "";
  back.command.bytes = *bytes;
  back.command.nonce[0] ^= 0x80U;
  return permit(back.command, now + limits_.permit, now);
}

}  // namespace twin::guard
