// Policies for a menu that stand beside any rule: when lots enter the fab, and which tools do what. Each is the
// standing policy with one thing in its text changed.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/decide/rollouts.hpp"

namespace twins::fab::decide {

// Parameters of release control that fit the fab as x has it: as many lots inside as now, and a tenth fewer; a tenth
// less work bound for the bottleneck than now; starvation avoidance with half as much again as is needed. Empty where
// nothing is inside.
std::vector<std::string> usual_releases(const AnyFab& fab, const State& x);

// "lots enter by conwip=60": for each of `releases`, where "usual" stands for the above; and, where the standing policy
// holds lots outside, as scheduled.
std::vector<Alternative> release_policies(const AnyFab& fab, const State& x,
                                          const std::string& standing,
                                          const std::vector<std::string>& releases);

struct QualificationsAsked {
  std::string standing;
  std::vector<std::string> qualifications;     // parameters; "usual" stands for the below
  std::span<const std::uint32_t> bottlenecks;  // tool groups, most work first
};

// In each of those groups that has several tools and several products waiting, its last tool for the product alone that
// most work waits of.
std::vector<std::string> usual_qualifications(const AnyFab& fab, const State& x,
                                              std::span<const std::uint32_t> bottlenecks);

// "tools: only.etch_1#2=part_3": for each; and, where the standing policy has any, without them.
std::vector<Alternative> qualification_policies(const AnyFab& fab, const State& x,
                                                const QualificationsAsked& asked);

}  // namespace twins::fab::decide
