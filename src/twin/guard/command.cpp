#include "twin/guard/command.hpp"

namespace twin::guard {
namespace {

bool take_command(std::string_view& text, Command& command) {
  Reading in{text};
  in.good = take(in.text, "fabtwin-guard") == "command 1";
  Command::fields(in, command);
  text = in.text;
  return in.good && command.bytes.size() <= MessageBytes;
}

}  // namespace

std::optional<Command> read_command(std::string_view text) {
  Command command;
  if (!take_command(text, command) || !text.empty()) return std::nullopt;
  return command;
}

std::optional<Witness> read_witness(std::string_view text) {
  Witness w;
  const auto line = take(text, "witness");
  if (!line || !text.empty() ||
      !read_row(*line, w.observer, w.tool, w.lot, w.recipe, w.parameter, w.unit, w.at, w.state,
                w.conditions, w.value, w.signature)) {
    return std::nullopt;
  }
  w.signed_text = witness_text(line->substr(0, line->rfind(' ')));
  return w;
}

std::optional<Request> read_request(std::string_view text) {
  Request r;
  if (text.size() > RequestBytes || take(text, "fabtwin-guard") != "request 1") return std::nullopt;
  const std::string_view begin = text;
  if (!take_command(text, r.command)) return std::nullopt;
  r.command_text = begin.substr(0, begin.size() - text.size());
  while (const auto line = take(text, "approval")) {
    Approval a;
    if (!read_row(*line, a.person, a.role, a.at, a.signature) || r.approvals.size() == ApprovalsMax)
      return std::nullopt;
    r.approvals.push_back(a);
  }
  if (!text.empty() && !(r.witness = read_witness(text))) return std::nullopt;
  return r;
}

std::string approval_text(std::string_view person, std::string_view role, core::Tick at,
                          std::string_view command_text) {
  return "fabtwin-guard approval 1\n" + std::string(person) + " " + std::string(role) + " " +
         show(at) + "\n" + std::string(command_text);
}

std::string witness_text(std::string_view line) {
  return "fabtwin-guard witness 1\n" + std::string(line) + "\n";
}

}  // namespace twin::guard
