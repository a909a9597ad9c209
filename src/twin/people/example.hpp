// Recommendations and rules for tests and fuzzing: one of everything.
#pragma once
#include <string>

#include "twin/people/recommendation.hpp"
#include "twin/people/rules.hpp"

namespace twin::people::example {

inline constexpr core::Tick Now = 1'795'935'600'000;  // [ms since 1970]

inline Recommendation advice(const std::string& id = "R-1") {
  Recommendation r;
  r.id = id;
  r.made = Now - 60'000;
  r.expires = Now + 3'600'000;
  r.proposer = "twin";
  r.act = {.kind = "prefer",
           .target = "L7",
           .tool = "LITHO_01",
           .lot = "L7",
           .before = "L9",
           .words = "Take lot L7 before L9 at LITHO_01."};
  r.why = {.rule = "operation due date, then queue-time risk",
           .binding = "queue-time limit of L7 at LITHO (4 h)",
           .factors = {{"time to the limit of L7", 1.5, "h", 0.8}, {"queue", 6, "lots", 0.2}},
           .flips = {{"L7 comes 2 h later", true, "nothing"}, {"L9 is due today", false, ""}}};
  r.benefit = {.objective = "mean tardiness",
               .unit = "h",
               .gain = {.low = 0.2, .mean = 1.25, .high = 2.5},
               .probability_best = 0.96,
               .compared = 7,
               .runs = 40};
  r.downside = {.probability_worse = 0.03, .cvar = 0.1, .level = 0.95};
  r.assumed = {.state_at = Now - 61'000,
               .state = {0x0123456789ABCDEF},
               .target = {42},
               .gaps = {{"IMPLANT_03", Now - 600'000}},
               .model = "fab 0.1.0",
               .configuration = {7},
               .seed = {12'345}};
  r.what_if = {{"L8 instead of L7", {.low = -0.5, .mean = 0.1, .high = 0.7}}};
  r.undo = {.reversal = Reversal::Whole, .how = "the former order", .cannot = ""};
  r.past = {{"R-0", 0.8, 1.0, 0.7, "verified"}};
  return r;
}

// A set-point, which takes two persons and may be edited.
inline Recommendation set_point(const std::string& id = "R-2") {
  Recommendation r = advice(id);
  r.act = {.kind = "offset",
           .target = "LITHO_01",
           .tool = "LITHO_01",
           .parameter = "PERCENT",
           .unit = "%",
           .value = 1.5,
           .from = 0.5,
           .words = "Set the dose offset of LITHO_01 from 0.5 % to 1.5 %."};
  r.edit = Bound{.least = 0.5, .most = 2.0};
  r.undo = {.reversal = Reversal::Partly,
            .how = "the former offset",
            .cannot = "wafers exposed meanwhile"};
  r.persons = 2;
  r.command = "fabtwin-guard command 1\nclass offset\ntool LITHO_01\n";
  return r;
}

inline Rules rules() {
  return {{{.name = "prefer", .level = SentOnApproval},
           {.name = "offset",
            .kind = ActKind::SetPoint,
            .persons = 2,
            .fresh = Fresh::State,
            .age_ms = 600'000},
           {.name = "advise", .role = Role::Operator, .level = 4},
           {.name = "measure", .level = SentUnlessVetoed, .veto_ms = 300'000}}};
}

}  // namespace twin::people::example
