// What stands beside any rule: when a batch may start and which of several does, and whether setups rank. Named as
// parameters of the rule, "spt:setups=avoid,batch=mcb"; unsaid, the data set decides.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace twins::fab {

// When a batch starts, and of which lots. Sources: minimum batch size, M. Neuts, Annals of Mathematical Statistics 38,
// 1967, the general bulk service rule; most complete batch and best of family, C. Pickardt, T. Hildebrandt, J. Branke,
// J. Heger, B. Scholz-Reiter, Int. J. Production Economics 145, 2013.
struct BatchPolicy {
  enum class Start : std::uint8_t {
    Published,    // at each step's own minimum
    Fill,         // MBS: at the same share of the maximum everywhere
    Fullest,      // MCB: at once; the fullest family, of equally full ones that with the best lot
    BestOfFamily  // BoF: at once; a batch a family, as full as can be, judged as a whole by the rule
  } start = Start::Published;
  double fill = 0.0;  // [-] for Fill, 0 to 1
  bool operator==(const BatchPolicy&) const = default;
};

// Least setup as a criterion before the rule: where the data set ranks it, in every group, in none.
enum class SetupRank : std::uint8_t { Published, Avoid, Ignore };

struct Dispatching {
  BatchPolicy batch{};
  SetupRank setups = SetupRank::Published;
  bool operator==(const Dispatching&) const = default;

  // Wafers that a batch needs to start, of at most `most` [wafers]. The small subtraction keeps 0.6 * 5 =
  // 3.0000000000000004 from asking for four.
  [[nodiscard]] std::uint32_t least_wafers(std::uint32_t published, std::uint32_t most) const {
    if (batch.start == BatchPolicy::Start::Published) return published;
    if (batch.start != BatchPolicy::Start::Fill) return 1;
    const double least = std::ceil(batch.fill * most - 1e-9);
    return std::max(static_cast<std::uint32_t>(std::max(least, 0.0)), 1U);
  }

  // Of a group whose own order is `published` (GroupInfo::setup_order): 0 not at all, 1 after
  // priority, 2 before it.
  [[nodiscard]] std::uint8_t setup_order(std::uint8_t published) const {
    if (setups == SetupRank::Published) return published;
    if (setups == SetupRank::Ignore) return 0;
    return published != 0 ? published : std::uint8_t{1};
  }
};

// A parameter that every rule takes, for help and reference.
struct DispatchingParameter {
  std::string_view text, meaning;
};
inline constexpr std::array DispatchingParameters{
    DispatchingParameter{"batch=0.75",
                         "a batch starts when it fills this share of its maximum, 0 to 1 (MBS)"},
    DispatchingParameter{"batch=mcb", "at once, the fullest family first (most complete batch)"},
    DispatchingParameter{"batch=bof",
                         "at once, one batch a family, judged as a whole (best of family)"},
    DispatchingParameter{"setups=avoid", "least setup before the rule in every tool group"},
    DispatchingParameter{"setups=ignore", "setups do not rank"}};

}  // namespace twins::fab
