#include "apps/api/scenarios.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace apps::api {

std::string Scenarios::next() const { return fmt::format("S-{}", made_ + 1); }

std::string Scenarios::refusal(std::string_view account) const {
  std::size_t his = 0, all = 0;
  for (const Kept& k : kept_) {
    if (k.line.stage != ScenarioStage::Waiting) continue;
    ++all;
    if (k.line.by == account) ++his;
  }
  if (his >= WaitingMax)
    return fmt::format("{} scenarios of '{}' are waiting (at most {})", his, account, WaitingMax);
  return all >= ScenariosMax ? "too many scenarios are waiting" : "";
}

std::string Scenarios::add(Kept kept) {
  std::string gone;
  if (kept_.size() >= ScenariosMax) {
    const auto old = std::ranges::find_if(
        kept_, [](const Kept& k) { return k.line.stage != ScenarioStage::Waiting; });
    if (old != kept_.end()) {
      gone = old->line.id;
      kept_.erase(old);
    }
  }
  ++made_;
  kept_.push_back(std::move(kept));
  return gone;
}

void Scenarios::settle(const std::string& id, const Outcome& outcome) {
  for (Kept& k : kept_) {
    if (k.line.id != id) continue;
    k.line.stage = outcome.stage;
    k.line.why = outcome.stage == ScenarioStage::Failed ? outcome.why.substr(0, 300) : "";
  }
}

const Scenarios::Kept* Scenarios::find(std::string_view id) const {
  const auto at = std::ranges::find_if(kept_, [&](const Kept& k) { return k.line.id == id; });
  return at == kept_.end() ? nullptr : &*at;
}

}  // namespace apps::api
