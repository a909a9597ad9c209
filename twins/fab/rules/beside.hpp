// All that a fab is run by beside its rule, made for one layout: how it dispatches, when lots enter,
// which tools do what, and what some of them do next.
#pragma once
#include <memory>

#include "twins/fab/rules/dispatching.hpp"
#include "twins/fab/rules/group_plan.hpp"
#include "twins/fab/rules/qualification.hpp"
#include "twins/fab/rules/release_control.hpp"

namespace twins::fab {

struct Beside {
  Dispatching how{};
  std::shared_ptr<const ReleaseControl> release{};   // null: lots enter as scheduled
  std::shared_ptr<const Qualification> qualified{};  // null: every tool does all
  std::shared_ptr<const GroupPlan> planned{};        // null: the rule decides everywhere

  Beside() = default;
  Beside(Dispatching of) : how(of) {}  // NOLINT(google-explicit-constructor): that alone, mostly
};

}  // namespace twins::fab
