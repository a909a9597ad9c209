// If these failed, somebody could do what is not his to do.
#include "twin/people/roles.hpp"

#include <gtest/gtest.h>

#include <string>

namespace twin::people {
namespace {

TEST(PeopleRoles, MayDoExactlyWhatThisTableSays) {
  // Written down apart from the program's own: rows are permissions, letters are roles.
  const std::pair<Permission, std::string> all[] = {
      {Permission::None, "veoaA"}, {Permission::Enter, "veoaA"}, {Permission::Read, "veoaA"},
      {Permission::WhatIf, "eoa"}, {Permission::Propose, "e"},   {Permission::Edit, "ea"},
      {Permission::Approve, "oa"}, {Permission::Reject, "eoa"},  {Permission::CarryOut, "o"},
      {Permission::Audit, "eaA"},  {Permission::Accounts, "A"}};
  const std::pair<Role, char> roles[] = {{Role::Viewer, 'v'},
                                         {Role::Engineer, 'e'},
                                         {Role::Approver, 'a'},
                                         {Role::Operator, 'o'},
                                         {Role::Admin, 'A'}};
  ASSERT_EQ(std::size(all), PermissionWords.size());
  for (const auto& [what, who] : all) {
    for (const auto& [role, letter] : roles)
      EXPECT_EQ(may(role, what), who.find(letter) != std::string::npos)
          << word(role) << " " << word(what);
  }
}

TEST(PeopleRoles, SeveralAddUpAndNoneMayNothing) {
  EXPECT_TRUE(may({Role::Viewer, Role::Approver}, Permission::Approve));
  EXPECT_FALSE(may({Role::Viewer, Role::Engineer}, Permission::Approve));
  EXPECT_FALSE(may(Roles{}, Permission::Read));
  EXPECT_TRUE(may(Roles{}, Permission::None));
}

}  // namespace
}  // namespace twin::people
