// What must hold before a permit is signed: each condition with the reason it gives where it refuses.
// They are asked in a fixed order and all must agree; nothing is allowed by default.
#pragma once
#include "twin/guard/ledger.hpp"
#include "twin/guard/limits.hpp"

namespace twin::guard {

using Why = std::string_view;  // the reason of a refusal
inline constexpr Why Granted;  // none

struct Case {
  const Limits& limits;
  const Ledger& ledger;
  const Request& request;
  core::Tick now;  // [ms since 1970]
  Verify verify = guard::verify;
  const ActionClass* action = nullptr;  // found by judge_target
  const Allowed* allowed = nullptr;
};

[[nodiscard]] Why judge(Case& c);
[[nodiscard]] Why judge_target(
    Case& c);  // the first of it: what the limits say of target and value

// Whether the limits know this observer's word about this target, and it is new enough.
[[nodiscard]] Why seen(const Case& c, const std::optional<Witness>& w, const Command& target);
[[nodiscard]] bool is_done(const ActionClass& action, const Command& command, const Witness& w);

}  // namespace twin::guard
