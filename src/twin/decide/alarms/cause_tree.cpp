#include "twin/decide/alarms/cause_tree.hpp"

#include "twin/core/error.hpp"

namespace twin::decide::alarms {

CauseTree::CauseTree(std::vector<Cause> causes)
    : causes_(std::move(causes)), below_(causes_.size(), 0) {
  if (causes_.empty()) throw core::Error("no causes (needs at least one, the root)");
  for (std::uint32_t i = 0; i < causes_.size(); ++i) {
    const std::uint32_t above = causes_[i].above;
    if (i == 0 ? above != 0 : above >= i) {
      throw core::Error("cause '" + causes_[i].name +
                        "' is above itself (the first is the root, each "
                        "other one stands after the one above it); sort them from the root down?");
    }
    if (i > 0) ++below_[above];
  }
}

}  // namespace twin::decide::alarms
