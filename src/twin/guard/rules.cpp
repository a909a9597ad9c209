#include "twin/guard/rules.hpp"

#include "twin/core/error.hpp"

namespace twin::guard {
namespace {

void must(bool good, const std::string& message) {
  if (!good) throw core::Error("limits: " + message);
}

void expect_class(const Limits& limits, const ActionClass& c) {
  const bool acts = c.kind == "action", sets = c.kind == "setpoint", resumes = c.kind == "resume";
  must(acts || sets || resumes, c.kind + " (must be action, setpoint or resume)");
  must(named(limits.classes, c.name) == &c, c.name + " (stands here twice)");
  must(acts || c.persons >= 2, c.name + " (needs two persons at least)");
  must(!holds(c.tolerated, "interlock"), c.name + " (an interlock is never tolerated)");
  must(c.form.has_value() != resumes, c.name + " (a form belongs to all but a resume)");
  must(!sets || c.form->uses("value"), c.name + " (sends no value)");
}

void expect_allowed(const Limits& limits, const Allowed& a) {
  const ActionClass* c = named(limits.classes, a.action);
  must(c != nullptr, a.action + " (there is no class with this name)");
  const bool bounded = c->form && c->form->uses("value");
  for (const auto* bound : {&a.least, &a.most, &a.move, &a.deadband, &a.travel})
    must(bound->has_value() == bounded,
         a.action + " (five bounds belong to a form that sends a value)");
  for (const Allowed& o : limits.allowed) {
    must(&o == &a || o.action != a.action || o.tool != a.tool || o.recipe != a.recipe ||
             o.parameter != a.parameter,
         a.action + " (stands here twice)");
  }
}

}  // namespace

void expect_rules(const Limits& limits) {
  for (const ActionClass& c : limits.classes) expect_class(limits, c);
  for (const Allowed& a : limits.allowed) expect_allowed(limits, a);
}

}  // namespace twin::guard
