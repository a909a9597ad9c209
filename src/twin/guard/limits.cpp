#include "twin/guard/limits.hpp"

#include "twin/core/error.hpp"

namespace twin::guard {
namespace {

// One key is one person: under a second name, somebody could approve twice.
bool add_person(const Limits& all, std::vector<Person>& among, const Person& person) {
  const auto same = [&](const Person& p) { return p.name == person.name || p.key == person.key; };
  if (std::ranges::any_of(all.persons, same) || std::ranges::any_of(all.observers, same))
    return false;
  among.push_back(person);
  return true;
}

// Whether the words were understood.
bool add_line(Limits& to, std::string_view word, std::string_view row) {
  if (word == "valid") return read_row(row, to.from, to.until);
  if (word == "times")
    return read_row(row, to.belief, to.approval, to.witness, to.life, to.permit, to.skew);
  if (word == "budget") return read_row(row, to.fab, to.tool, to.window);
  Person p;
  if (word == "person")
    return read_row(row, p.name, p.roles, p.key) && add_person(to, to.persons, p);
  if (word == "observer") return read_row(row, p.name, p.key) && add_person(to, to.observers, p);
  if (word == "class") {
    ActionClass& c = to.classes.emplace_back();
    return read_row(row, c.name, c.kind, c.role, c.persons, c.states, c.tolerated, c.after, c.form);
  }
  if (word == "allow") {
    Allowed& a = to.allowed.emplace_back();
    return read_row(row, a.action, a.tool, a.recipe, a.parameter, a.unit, a.least, a.most, a.move,
                    a.deadband, a.travel);
  }
  return word == "#";
}

}  // namespace

std::string limits_text(std::string_view lines) {
  return "fabtwin-guard limits\n" + std::string(lines);
}

Limits read_limits(std::string_view text, const PublicKey& authority, Verify verify) {
  const std::size_t at = text.rfind("\nsignature ") + 1;  // 0 where there is none
  const std::string_view lines = text.substr(0, at);
  std::string_view last = text.substr(at);
  Signature signature{};
  if (!read(take(last, "signature").value_or(""), signature) || !last.empty() ||
      !verify(authority, limits_text(lines), signature)) {
    throw core::Error("limits: the last line is no signature of these lines by the authority");
  }
  Limits limits;
  std::size_t number = 0;
  for (const std::string_view line : split(lines.substr(0, at - 1), '\n')) {
    const std::size_t word = std::min(line.find(' '), line.size());
    const std::string_view row = line.substr(std::min(word + 1, line.size()));
    if (++number == 1 ? line != "fabtwin-guard limits 1"
                      : !add_line(limits, line.substr(0, word), row))
      throw core::Error(core::Place{"limits", number, ""},
                        "cannot be read (or its name or key is another's)");
  }
  return limits;
}

}  // namespace twin::guard
