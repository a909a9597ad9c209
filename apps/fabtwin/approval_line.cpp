#include "apps/fabtwin/approval_line.hpp"

#include <fmt/format.h>

#include "apps/guard/conduit.hpp"
#include "twin/core/error.hpp"
#include "twin/event/iso_time.hpp"
#include "twin/guard/command.hpp"

namespace apps::fabtwin {
namespace {

namespace signing = twin::guard;

signing::Command command_in(const std::string& text) {
  const auto command = signing::read_command(text);
  if (!command)
    throw twin::core::Error("what would be sent is no command in its one spelling (not signed)");
  return *command;
}

}  // namespace

std::string approval_line(const Signing& by, const std::string& command_text) {
  (void)command_in(command_text);
  const std::string text = signing::approval_text(by.person, by.role, by.at, command_text);
  return fmt::format("approval {} {} {} {}", by.person, by.role, signing::show(by.at),
                     signing::show(signing::sign(guard::read_seed(by.key.string()), text)));
}

std::string command_words(const std::string& command_text) {
  const signing::Command c = command_in(command_text);
  std::string words = fmt::format("to be sent: {} at {}", c.action, c.tool);
  const auto add = [&](const char* name, const std::optional<std::string>& value) {
    if (value) words += fmt::format(", {} {}", name, *value);
  };
  add("recipe", c.recipe);
  add("lot", c.lot);
  add("before", c.before);
  add("parameter", c.parameter);
  if (c.value)
    words += fmt::format(", from {} to {}{}", signing::show(c.from), signing::show(*c.value),
                         c.unit ? " " + *c.unit : "");
  std::string until(twin::event::IsoTimeLength, '-');
  if (!twin::event::IsoTime(0).write(c.expires, until.data())) until = signing::show(c.expires);
  return words + ", until " + until;
}

}  // namespace apps::fabtwin
