// The table of permissions.
#include "twin/people/roles.hpp"

#include <algorithm>

namespace twin::people {
namespace {

constexpr bool No = false, Yes = true;
// clang-format off
constexpr std::array<std::array<bool, RoleWords.size()>, PermissionWords.size()> Table = {{
    //            viewer engineer approver operator admin
    /* None     */ {{Yes, Yes, Yes, Yes, Yes}},
    /* Enter    */ {{Yes, Yes, Yes, Yes, Yes}},
    /* Read     */ {{Yes, Yes, Yes, Yes, Yes}},
    /* WhatIf   */ {{No,  Yes, Yes, Yes, No}},
    /* Propose  */ {{No,  Yes, No,  No,  No}},
    /* Edit     */ {{No,  Yes, Yes, No,  No}},
    /* Approve  */ {{No,  No,  Yes, Yes, No}},  // an operator where the class of action says so (rules.hpp)
    /* Reject   */ {{No,  Yes, Yes, Yes, No}},
    /* CarryOut */ {{No,  No,  No,  Yes, No}},
    /* Audit    */ {{No,  Yes, Yes, No,  Yes}},
    /* Accounts */ {{No,  No,  No,  No,  Yes}},
}};
// clang-format on

}  // namespace

bool may(Role role, Permission what) {
  return Table[static_cast<std::size_t>(what)][static_cast<std::size_t>(role)];
}

bool may(const Roles& roles, Permission what) {
  return what == Permission::None ||
         std::ranges::any_of(roles, [what](Role role) { return may(role, what); });
}

}  // namespace twin::people
