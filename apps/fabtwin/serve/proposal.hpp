// From advice to a recommendation that people can judge: what to do in the words of people and of the plant, why, with
// each reason tried by running the same choice on a fab that lacks it, how sure, and how to take it back.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twin/people/recommendation.hpp"
#include "twin/people/rules.hpp"
#include "twins/fab/decide/advise.hpp"
#include "twins/fab/live/dialect.hpp"

namespace apps::fabtwin::serve {

using twin::core::Tick;

// What is known of the site, for names and times.
struct Tongue {
  const twins::fab::Layout& layout;
  const twins::fab::live::Dialect& dialect;
  Tick time_zero_ms = 0;  // [ms since 1970] of tick 0
};

// Of an alternative that does one thing, in the words of people::Act; nothing: it does nothing, or too much, or its
// names cannot be said. standing: the rule in force.
[[nodiscard]] std::optional<twin::people::Act> act_of(const Tongue& tongue,
                                                      const twins::fab::State& x,
                                                      const twins::fab::decide::Alternative& of,
                                                      std::string_view standing);
// And back; nothing: a lot or tool that is not known, or no act of ours.
[[nodiscard]] std::optional<twins::fab::decide::Alternative> alternative_of(
    const Tongue& tongue, const twin::people::Act& act);

// The tools whose lines the message of an act may go to, in order: its own, or those of the group where its lot is.
[[nodiscard]] std::vector<std::string> tools_of(const Tongue& tongue, const twins::fab::State& x,
                                                const twin::people::Act& act);

// What an act depends on, so that nobody approves it when that has moved: the rule in force; the lot's place, step,
// priority and hold; the tool's state and its maintenances.
[[nodiscard]] std::uint64_t target_of(const Tongue& tongue, const twins::fab::State& x,
                                      const twin::people::Act& act, std::string_view standing);

enum class Worth : std::uint8_t {
  More,     // than the zone of what does not matter
  Anything  // somebody has asked for just this
};

struct ProposalAsked {
  std::string id;
  Tick made_ms = 0, expires_ms = 0;    // [ms since 1970]
  twin::people::Assumed assumed = {};  // all but `target`
  std::uint64_t pairs = 12;            // of each counterfactual
  std::uint32_t groups = 3;            // tool groups that are looked at for reasons
  std::size_t others = 5;              // told beside it
  Worth worth = Worth::More;
};

// Nothing: nothing on the menu is worth doing (more than the zone), its class is not in the rules, or its validity
// check failed. Runs the counterfactuals; bit-identical for any number of threads.
[[nodiscard]] std::optional<twin::people::Recommendation> proposal(
    const Tongue& tongue, twins::fab::decide::Rollouts& rollouts,
    const twins::fab::decide::Advice& advice, const twins::fab::decide::AdviceAsked& how,
    const twin::people::Rules& rules, const ProposalAsked& asked, unsigned threads);

}  // namespace apps::fabtwin::serve
