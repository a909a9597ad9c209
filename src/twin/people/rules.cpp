// What no site may loosen.
#include "twin/people/rules.hpp"

#include <algorithm>

namespace twin::people {

std::string ActionClass::wrong() const {
  if (!may(role, Permission::Approve)) return "its role may not approve anything";
  if (kind != ActKind::Move && persons < 2) return "a set-point or a release takes two persons";
  if (kind != ActKind::Move && level > SentOnApproval)
    return "a set-point or a release is never sent without approval (level 5 at most)";
  if (level == SentUnlessVetoed && veto_ms < 1) return "level 6 leaves no time to say no";
  return {};
}

std::string Rules::wrong() const {
  for (std::size_t k = 0; k < classes.size(); ++k) {
    if (find(classes[k].name) != &classes[k]) return "'" + classes[k].name + "' stands there twice";
  }
  return {};
}

const ActionClass* Rules::find(std::string_view name) const {
  const auto at = std::ranges::find(classes, name, &ActionClass::name);
  return at == classes.end() ? nullptr : &*at;
}

}  // namespace twin::people
