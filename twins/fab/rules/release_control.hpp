// When lots enter the fab, beside any rule: as scheduled, or held outside until there is room for them. Named as
// parameters of the rule, "fifo:conwip=60"; several controls hold together. The laws and what was left of them stand
// in docs/decisions/0031.
#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twins/fab/layout.hpp"
#include "twins/fab/rules/dispatching.hpp"

namespace twins::fab {

// One parameter as its text has it: "conwip.product_3" and "30".
struct NamedValue {
  std::string_view name, value;
};

// CONWIP: a lot enters while fewer than so many are inside (M. Spearman, D. Woodruff, W. Hopp, Int. J. Production
// Research 28, 1990). Workload regulation: while the work inside that is bound for the bottleneck is below a limit
// (L. Wein, IEEE Trans. Semiconductor Manufacturing 1, 1988). Starvation avoidance: while the work that reaches the
// bottleneck sooner than the lot would is no more than the bottleneck can do until then, times a factor of safety
// (C. Glassey, M. Resende, the same volume).
struct ReleaseControl {
  std::uint32_t wip_most = None;            // [lots] inside; None: no limit
  std::vector<std::uint32_t> product_most;  // [product] [lots] inside; None: no limit
  std::uint32_t bottleneck = None;  // tool group; None: none of the limits below is asked for
  double work_most_ms = std::numeric_limits<double>::infinity();  // [ms] of process time per tool
  double starvation = std::numeric_limits<double>::infinity();    // [-] factor of safety
  double tools = 1.0;                                             // of the bottleneck
  double repair_ms = 0.0;  // [ms] mean time to repair of one of them

  // [step] expected process time at the bottleneck from the start of this step to the end of the route, as fixed +
  // wafer * n [ms]. A batch is shared by its lots as by wafers of a full one.
  std::vector<double> left_fixed_ms, left_wafer_ms;
  // [step] the same of the next visit alone, this step included; and the expected time until it begins [ms], infinite
  // where there is none.
  std::vector<double> next_fixed_ms, next_wafer_ms, lead_ms;

  // The work of a lot that is about to start a step [ms].
  [[nodiscard]] double left_ms(std::uint32_t step, std::uint32_t wafers) const {
    return left_fixed_ms[step] + left_wafer_ms[step] * wafers;
  }
  [[nodiscard]] double next_ms(std::uint32_t step, std::uint32_t wafers) const {
    return next_fixed_ms[step] + next_wafer_ms[step] * wafers;
  }
};

// Is it a parameter of release control: "conwip", "conwip.PRODUCT", "workload", "starvation", "bottleneck"?
bool is_release_parameter(std::string_view name);

// Of such parameters; nothing: of none. Names of products and tool groups are read without case. whole: for messages.
// Throws twin::core::Error.
std::optional<ReleaseControl> release_control(const Layout& layout,
                                              std::span<const NamedValue> parameters,
                                              std::string_view whole);

inline constexpr std::array ReleaseParameters{
    DispatchingParameter{"conwip=60", "a lot enters while fewer than 60 lots are in the fab"},
    DispatchingParameter{"conwip.NAME=20", "the same for the lots of one product"},
    DispatchingParameter{"workload=12",
                         "a lot enters while the work in the fab for the bottleneck is below 12 h "
                         "of process time a tool"},
    DispatchingParameter{"starvation=1.5",
                         "a lot enters while what reaches the bottleneck before it is at most 1.5 "
                         "times what the bottleneck can do until then"},
    DispatchingParameter{"bottleneck=NAME",
                         "the tool group of the two above; unsaid, the one with the highest load"}};

}  // namespace twins::fab
