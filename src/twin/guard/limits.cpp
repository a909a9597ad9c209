#include "twin/guard/limits.hpp"

#include "twin/core/error.hpp"

namespace twin::guard {
namespace {

void must(bool good, const std::string& message) {
  if (!good) throw core::Error(message);
}

void add_person(Limits& to, Person person, std::vector<Person>& among) {
  for (const auto* all : {&to.persons, &to.observers}) {
    for (const Person& p : *all)
      must(p.name != person.name && p.key != person.key,
           person.name + " (the name or the key is another's)");
  }
  among.push_back(std::move(person));
}

void add_class(Limits& to, ActionClass c) {
  const bool acts = c.kind == "action", sets = c.kind == "setpoint", resumes = c.kind == "resume";
  must(acts || sets || resumes, c.kind + " (must be action, setpoint or resume)");
  must(named(to.classes, c.name) == nullptr, c.name + " (stands here twice)");
  must(acts || c.persons >= 2, c.name + " (needs two persons at least)");
  must(!holds(c.tolerated, "interlock"), c.name + " (an interlock is never tolerated)");
  must(c.form.has_value() != resumes, c.name + " (a form belongs to all but a resume)");
  must(!sets || c.form->uses("value"), c.name + " (sends no value)");
  to.classes.push_back(std::move(c));
}

void add_allowed(Limits& to, Allowed a) {
  const ActionClass* c = named(to.classes, a.action);
  must(c != nullptr, a.action + " (no class stands above with this name)");
  const bool bounded = c->form && c->form->uses("value");
  for (const auto* bound : {&a.least, &a.most, &a.move, &a.deadband, &a.travel})
    must(bound->has_value() == bounded,
         a.action + " (five bounds belong to a form that sends a value)");
  for (const Allowed& o : to.allowed) {
    must(o.action != a.action || o.tool != a.tool || o.recipe != a.recipe ||
             o.parameter != a.parameter,
         a.action + " (stands here twice)");
  }
  to.allowed.push_back(std::move(a));
}

// Whether the words were understood.
bool add_line(Limits& to, std::string_view word, std::string_view row) {
  if (word == "valid") return read_row(row, to.from, to.until);
  if (word == "times")
    return read_row(row, to.belief, to.approval, to.witness, to.life, to.permit, to.skew);
  if (word == "budget") return read_row(row, to.fab, to.tool, to.window);
  if (word == "#") return true;
  Person p;
  ActionClass c;
  Allowed a;
  if (word == "person" && read_row(row, p.name, p.roles, p.key)) {
    add_person(to, p, to.persons);
  } else if (word == "observer" && read_row(row, p.name, p.key)) {
    add_person(to, p, to.observers);
  } else if (word == "class" && read_row(row, c.name, c.kind, c.role, c.persons, c.states,
                                         c.tolerated, c.after, c.form)) {
    add_class(to, c);
  } else if (word == "allow" && read_row(row, a.action, a.tool, a.recipe, a.parameter, a.unit,
                                         a.least, a.most, a.move, a.deadband, a.travel)) {
    add_allowed(to, a);
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::string limits_text(std::string_view lines) {
  return "fabtwin-guard limits\n" + std::string(lines);
}

Limits read_limits(std::string_view text, const PublicKey& authority, Verify verify) {
  const std::size_t at = text.rfind("\nsignature ") + 1;  // 0 where there is none
  std::string_view last = text.substr(at);
  Signature signature{};
  must(read(take(last, "signature").value_or(""), signature) && last.empty() &&
           verify(authority, limits_text(text.substr(0, at)), signature),
       "limits: the last line is not the authority's signature of these lines (altered, or another "
       "key?)");
  Limits limits;
  std::size_t number = 0;
  for (const std::string_view line : split(text.substr(0, at - 1), '\n')) {
    const std::string_view word = line.substr(0, line.find(' '));
    const core::Place place{"limits", ++number, ""};
    if (number == 1 && line == "fabtwin-guard limits 1") continue;
    try {
      must(number > 1 && word.size() < line.size() &&
               add_line(limits, word, line.substr(word.size() + 1)),
           "cannot be read");
    } catch (const core::Error& e) {
      throw core::Error(place, e.what());
    }
  }
  return limits;
}

}  // namespace twin::guard
