// What may be decided at all, and by how many: the classes of action of a site with their level of
// automation. What no rule names cannot be proposed, and by default nothing is sent without approval.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/people/roles.hpp"
#include "twin/people/table.hpp"

namespace twin::people {

enum class ActKind : std::uint8_t {
  Move,      // of work: the next lot, a priority, a hold, a measurement
  SetPoint,  // a number in a tool
  Release,   // lifts a hold
};
inline constexpr std::array<std::string_view, 3> ActKindWords = {"move", "set-point", "release"};
[[nodiscard]] inline std::span<const std::string_view> words(ActKind /*of*/) {
  return ActKindWords;
}

enum class Fresh : std::uint8_t { Target, State };  // what must not have moved until it is approved
inline constexpr std::array<std::string_view, 2> FreshWords = {"target", "state"};
[[nodiscard]] inline std::span<const std::string_view> words(Fresh /*of*/) { return FreshWords; }

// Levels of automation of the stage "act" (Sheridan and Verplank 1978; Parasuraman, Sheridan and Wickens 2000):
// up to 4 people carry it out themselves; 5 sends it after approval; 6 sends it unless somebody says no in time.
inline constexpr std::uint32_t SentOnApproval = 5, SentUnlessVetoed = 6;

struct ActionClass {
  std::string name = {};
  ActKind kind = ActKind::Move;
  Role role = Role::Approver;            // that approvers must have
  std::uint32_t persons = 1;             // that must approve
  std::uint32_t level = SentOnApproval;  // of automation
  core::Tick veto_ms = 0;                // of level 6: how long anybody may say no
  Fresh fresh = Fresh::Target;
  core::Tick age_ms = 3'600'000;  // of the belief when it is approved or sent, at most
  bool operator==(const ActionClass&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "ActionClass";
  static void table(auto& t, auto& self) {
    t("name", self.name, AName, "as recommendations name it");
    t("kind", self.kind, Any, "move of work, set-point of a tool, release of a hold");
    t("role", self.role, Any, "role that approvers must have");
    t("persons", self.persons, Rule{.least = 1, .most = 4}, "persons that must approve");
    t("level", self.level, Rule{.least = 1, .most = 6}, "level of automation");
    t("veto_ms", self.veto_ms, NotNegative, "of level 6: how long anybody may say no, ms");
    t("fresh", self.fresh, Any, "what must not have moved since it was computed");
    t("age_ms", self.age_ms, Rule{.least = 1}, "oldest belief to approve or send by, ms");
  }
  [[nodiscard]] std::string wrong() const;
};

struct Rules {
  std::vector<ActionClass> classes = {};
  bool operator==(const Rules&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    fields_of_table(archive, self);
  }
  static constexpr const char* Name = "Rules";
  static void table(auto& t, auto& self) {
    t("classes", self.classes, Any, "the classes of action; what none names cannot be proposed");
  }
  [[nodiscard]] std::string wrong() const;
  [[nodiscard]] const ActionClass* find(std::string_view name) const;
};

}  // namespace twin::people
