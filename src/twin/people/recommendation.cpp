// What must hold between the members of a recommendation.
#include "twin/people/recommendation.hpp"

#include <algorithm>

namespace twin::people {

std::string Interval::wrong() const {
  return low <= mean && mean <= high ? "" : "low, mean and high are not in this order";
}

std::string Act::wrong() const {
  if (value.has_value() != parameter.has_value() || value.has_value() != unit.has_value())
    return "value, parameter and unit come together or not at all";
  if (from && !value) return "from without a value";
  if (policy_from && !policy) return "policy_from without a policy";
  return {};
}

std::string Why::wrong() const {
  if (factors.empty()) return "names no factor";
  // A reason that nobody has tried to turn is an opinion.
  if (flips.empty()) return "has no counterfactual";
  return {};
}

std::string Bound::wrong() const { return least <= most ? "" : "least is above most"; }

std::string Undo::wrong() const {
  if (reversal != Reversal::None && how.empty()) return "can be taken back, but does not say how";
  if (reversal != Reversal::Whole && cannot.empty()) return "does not say what cannot be undone";
  return {};
}

std::string Recommendation::wrong() const {
  if (expires <= made) return "expires before it was made";
  if (assumed.state_at > made) return "rests on a state later than itself";
  if (edit) {
    if (!act.value) return "may be edited, but its act has no value";
    if (*act.value < edit->least || *act.value > edit->most)
      return "its act's value is outside its own bounds";
  }
  if (!may(role, Permission::Approve)) return "its role may not approve anything";
  return {};
}

Digest digest_of(const Recommendation& recommendation) { return sha256(to_json(recommendation)); }

}  // namespace twin::people
