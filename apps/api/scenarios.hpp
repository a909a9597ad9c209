// What was asked of the twin and is being simulated, or was: a bounded list, which no restart outlives, since
// nothing was decided.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "apps/api/port.hpp"

namespace apps::api {

inline constexpr std::size_t ScenariosMax = 256;
inline constexpr std::size_t WaitingMax = 8;  // of one account

class Scenarios {
 public:
  struct Kept {
    ScenarioLine line = {};
    std::string of = {};       // of a trial: the recommendation
    people::Digest seen = {};  // of a trial: the recommendation as it was
  };

  // The name of the next; why there is no room for it.
  [[nodiscard]] std::string next() const;
  [[nodiscard]] std::string refusal(std::string_view account) const;
  // Takes it in; the oldest that is not waiting makes room for it. The name of that one; empty: none.
  std::string add(Kept kept);
  // What the twin says has become of it.
  void settle(const std::string& id, const Outcome& outcome);

  [[nodiscard]] const Kept* find(std::string_view id) const;
  [[nodiscard]] const std::deque<Kept>& all() const { return kept_; }  // the oldest first

 private:
  std::deque<Kept> kept_;
  std::uint64_t made_ = 0;
};

}  // namespace apps::api
