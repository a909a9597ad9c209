// All that a fab is run by beside its rule, made for one layout: how it dispatches, when lots enter, and
// which tools do what.
#pragma once
#include <memory>

#include "twins/fab/rules/dispatching.hpp"
#include "twins/fab/rules/qualification.hpp"
#include "twins/fab/rules/release_control.hpp"

namespace twins::fab {

struct Beside {
  Dispatching how{};
  std::shared_ptr<const ReleaseControl> release{};   // null: lots enter as scheduled
  std::shared_ptr<const Qualification> qualified{};  // null: every tool does all

  Beside() = default;
  Beside(Dispatching of) : how(of) {}  // NOLINT(google-explicit-constructor): that alone, mostly
};

}  // namespace twins::fab
