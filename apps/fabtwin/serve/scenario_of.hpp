// People's what-if questions in the words of the fab's model, and the answer as JSON.
#pragma once
#include <string>
#include <variant>

#include "apps/api/scenario.hpp"
#include "apps/fabtwin/serve/counsel.hpp"
#include "twins/fab/decide/what_if.hpp"

namespace apps::fabtwin::serve {

// Or why it cannot be asked: a name that is not known, a maintenance that is not planned.
[[nodiscard]] std::variant<twins::fab::decide::WhatIf, std::string> what_if_of(
    const Tongue& tongue, const twins::fab::AnyFab& fab, const twins::fab::State& x,
    const api::Scenario& scenario);

// Runs it, anywhere. JSON: each quantity as it is, otherwise, and the interval of the difference; the queues that
// change most. What was to begin before the fab's present begins then. twin::core::Error where it cannot be run.
[[nodiscard]] std::string answered(const std::shared_ptr<const twins::fab::Layout>& layout,
                                   const api::Scenario& scenario,
                                   twins::fab::decide::WhatIf what_if, const AdviceWork& work,
                                   unsigned threads);

}  // namespace apps::fabtwin::serve
