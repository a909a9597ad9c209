// Somebody who approves all that is proposed and does it at once, for tests: a person at the twin's screen with a hand
// on the plant.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "apps/fabtwin/serve/living.hpp"
#include "apps/plant/arrival.hpp"
#include "apps/plant/site.hpp"

namespace apps::fabtwin::serve {

// What a plant is told for an act; nothing: it has no such command, or knows no such lot.
inline std::optional<plant::Command> command_of(const twin::people::Act& act,
                                                const twins::fab::Layout& layout) {
  plant::Command c;
  if (act.lot) {
    const auto lot = plant::lot_number(*act.lot);
    if (!lot) return std::nullopt;
    c.lot = *lot;
  }
  if (act.policy) {
    c.kind = plant::Command::Kind::Rule;
    c.rule = *act.policy;
  } else if (act.kind == "priority") {
    c.kind = plant::Command::Kind::Priority;
    c.value = act.value.value_or(0.0);
  } else if (act.kind == "hold") {
    c.kind = plant::Command::Kind::Hold;
  } else if (act.kind == "release") {
    c.kind = plant::Command::Kind::Release;
  } else if (act.kind == "start_pm") {
    c.kind = plant::Command::Kind::StartPm;
    c.item = static_cast<std::uint32_t>(act.value.value_or(0.0));
    for (std::uint32_t t = 0; t < layout.tools(); ++t)
      if (layout.tool_name(t) == act.tool) c.tool = t;
  } else {
    return std::nullopt;
  }
  return c;
}

// What takes an act back when its time is over; nothing: it stays.
inline std::optional<plant::Command> ending_of(const twin::people::Act& act,
                                               plant::Command command) {
  if (!act.until) return std::nullopt;
  if (act.kind == "hold") {
    command.kind = plant::Command::Kind::Release;
  } else if (act.kind == "priority" && act.from) {
    command.value = *act.from;
  } else {
    return std::nullopt;
  }
  return command;
}

struct ScriptedOperator {
  enum class Says { Yes, No, Nothing };
  Says says = Says::Yes;
  std::vector<std::string> done = {};     // ids, in their order
  std::vector<std::string> refused = {};  // why a step of his was refused
  struct Later {
    Tick at_ms = 0;
    plant::Command command;
  };
  std::vector<Later> later = {};  // what is to be taken back

  void operator()(Living& living, plant::Site& plant, Tick now_ms) {
    using twin::people::Capacity;
    using twin::people::Stage;
    using twin::people::Step;
    std::erase_if(later, [&](const Later& l) {
      if (now_ms < l.at_ms) return false;
      (void)plant.obey(l.command);  // the lot may have left meanwhile
      return true;
    });
    std::vector<twin::people::Case> open;
    for (const auto& [_, one] : living.people().cases())
      if (one.stage == Stage::Proposed) open.push_back(one);
    for (const twin::people::Case& one : open) {
      if (says == Says::Nothing) continue;
      const auto step = [&](Step what, Capacity as, const char* who,
                            twin::people::Reason why = twin::people::Reason::None) {
        twin::people::Asked asked;
        asked.id = one.content.id;
        asked.step = what;
        asked.actor = who;
        asked.capacity = as;
        asked.reason = why;
        asked.seen = one.digest;
        std::string no = living.decide(asked, now_ms);
        if (!no.empty()) refused.push_back(std::move(no));
        return refused.empty();
      };
      if (says == Says::No) {
        step(Step::Reject, Capacity::Approver, "anna", twin::people::Reason::TooRisky);
        continue;
      }
      if (!step(Step::Approve, Capacity::Approver, "anna")) return;
      const auto command = command_of(one.content.act, plant.fab().layout());
      const bool obeyed = command && plant.obey(*command).done;
      if (!step(Step::Send, Capacity::Operator, "olaf")) return;
      if (!obeyed) {
        step(Step::Fail, Capacity::Operator, "olaf", twin::people::Reason::ToolRefused);
        continue;
      }
      if (const auto ending = ending_of(one.content.act, *command))
        later.push_back({*one.content.act.until, *ending});
      if (!step(Step::Acknowledge, Capacity::Operator, "olaf")) return;
      step(Step::Verify, Capacity::Operator, "olaf");
      done.push_back(one.content.id);
    }
  }
};

}  // namespace apps::fabtwin::serve
