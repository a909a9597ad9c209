// Who may do what. A person has one role or several; a permission is had by certain roles, and every
// request asks for exactly one. An administrator makes accounts and decides nothing about the fab.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "twin/people/table.hpp"

namespace twin::people {

enum class Role : std::uint8_t { Viewer, Engineer, Approver, Operator, Admin };
inline constexpr std::array<std::string_view, 5> RoleWords = {"viewer", "engineer", "approver",
                                                              "operator", "admin"};
[[nodiscard]] inline std::span<const std::string_view> words(Role /*of*/) { return RoleWords; }
using Roles = std::vector<Role>;

enum class Permission : std::uint8_t {
  None,      // asked of nobody: health, the API's own text
  Enter,     // any token, one for one use too: to have one's own tokens
  Read,      // state, history, forecasts, recommendations
  WhatIf,    // ask for a scenario: costs computing time
  Propose,   // add a recommendation by hand
  Edit,      // change one within its bounds
  Approve,   // say yes
  Reject,    // say no, with a reason
  CarryOut,  // report what was done by hand
  Audit,     // read who did what
  Accounts,  // make accounts, end them, revoke tokens
};
inline constexpr std::array<std::string_view, 11> PermissionWords = {
    "none",    "enter",  "read",      "what-if", "propose", "edit",
    "approve", "reject", "carry-out", "audit",   "accounts"};
[[nodiscard]] inline std::span<const std::string_view> words(Permission /*of*/) {
  return PermissionWords;
}

[[nodiscard]] bool may(Role role, Permission what);
[[nodiscard]] bool may(const Roles& roles, Permission what);

}  // namespace twin::people
