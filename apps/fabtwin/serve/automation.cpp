#include "apps/fabtwin/serve/automation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/serve/act_message.hpp"
#include "twin/core/error.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace guard = twin::guard;
namespace people = twin::people;

constexpr std::uint32_t ByHand = people::SentOnApproval - 1;

// The classes of the limits that acts of this class of the policy may have (guard_class).
std::vector<const guard::ActionClass*> classes_of(const guard::Limits& limits,
                                                  const std::string& name) {
  std::vector<const guard::ActionClass*> all;
  for (const guard::ActionClass& c : limits.classes)
    if (c.form && (c.name == name || c.name.starts_with(name + "."))) all.push_back(&c);
  return all;
}

void must_agree(const people::ActionClass& c, const guard::ActionClass& g) {
  const auto refuse = [&](const std::string& why, const char* suggestion = "") {
    throw twin::core::Error(
        fmt::format("policy: class \"{}\" at level {} ({}){}", c.name, c.level, why, suggestion));
  };
  if (c.level == people::SentUnlessVetoed) {
    if (g.persons > 0)
      refuse(fmt::format("the guard's limits ask for {} signatures, and nobody signs what nobody "
                         "vetoes",
                         g.persons),
             " level 5?");
    return;
  }
  if (g.role != people::word(c.role))
    refuse(fmt::format("approved by the role {}; the guard's limits say {}", people::word(c.role),
                       g.role));
  if (g.persons > c.persons)
    refuse(fmt::format("approved by {}; the guard's limits say {}", c.persons, g.persons));
}

std::string why_by_hand(const people::ActionClass& c, const guard::Limits* limits) {
  if (limits == nullptr) return "the site has no [guard]";
  const auto known = classes_of(*limits, c.name);
  if (known.empty()) return "the guard's limits have no such class";
  if (!std::ranges::all_of(known, [](const guard::ActionClass* g) { return is_shown(*g); }))
    return "nothing in the guard's limits shows that it was done";
  return {};
}

}  // namespace

guard::Limits guard_limits(const Site& site) {
  const GuardSettings& g = *site.guard;
  guard::Limits limits;
  try {
    limits = guard::read_limits(read_text(g.limits.string()), g.authority);
  } catch (const twin::core::Error& e) {
    throw twin::core::Error(g.limits.string() + ": " + e.what());
  }
  for (const people::ActionClass& c : site.advice->policy.classes) {
    if (c.level < people::SentOnApproval) continue;
    for (const guard::ActionClass* known : classes_of(limits, c.name)) must_agree(c, *known);
  }
  return limits;
}

std::vector<Capped> cap_levels(people::Rules& policy, const guard::Limits* limits) {
  std::vector<Capped> all;
  for (people::ActionClass& c : policy.classes) {
    if (c.level < people::SentOnApproval) continue;
    std::string why = why_by_hand(c, limits);
    if (why.empty()) continue;
    c.level = ByHand;
    all.push_back({c.name, std::move(why)});
  }
  return all;
}

}  // namespace apps::fabtwin::serve
