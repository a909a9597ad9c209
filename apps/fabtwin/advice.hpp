// Advice for people and for programs: what is recommended, why, how sure, and what stood beside it.
#pragma once
#include <string>

#include "apps/fabtwin/json.hpp"
#include "twins/fab/decide/advise.hpp"

namespace apps::fabtwin {

struct AdviceShown {
  const twins::fab::Layout& layout;
  const twins::fab::decide::Rollouts& rollouts;
  const twins::fab::decide::Advice& advice;
  const twins::fab::decide::AdviceAsked& asked;
  double day = 0.0;        // [day] of the present
  bool stopped = false;    // by an interrupt: known as far as this
  double stay_days = 0.0;  // [day] how far rules were run as if they stayed
};

// "tardiness", "weighted", "hot" or "cycle"; expects one of them.
twins::fab::decide::Objective objective_named(const std::string& name);

// The recommendation in sentences, then the best alternatives and those that were out, as a table.
std::string advice_text(const AdviceShown& shown);
Json advice_json(const AdviceShown& shown);

}  // namespace apps::fabtwin
