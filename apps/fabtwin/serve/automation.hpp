// How far a site's people have let the twin go, and how far it can: what nobody guards, and what is no message to a
// tool, is carried out by hand whatever the policy says.
#pragma once
#include <string>
#include <vector>

#include "apps/fabtwin/serve/site.hpp"
#include "twin/guard/limits.hpp"

namespace apps::fabtwin::serve {

// The limits that the site's guard goes by, from their signed file. twin::core::Error where they cannot be read, are
// not the authority's, or say of a class of the policy another role or more persons than the policy does.
[[nodiscard]] twin::guard::Limits guard_limits(const Site& site);

struct Capped {
  std::string name;  // of the class
  std::string why;
};
// Takes the levels of what cannot be sent down to 4. limits: nullptr where there is no guard.
[[nodiscard]] std::vector<Capped> cap_levels(twin::people::Rules& policy,
                                             const twin::guard::Limits* limits);

}  // namespace apps::fabtwin::serve
