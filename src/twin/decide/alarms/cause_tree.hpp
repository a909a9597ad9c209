// What alarms come from, and what may be the one cause of many: tool, tool group, area, site. The caller
// gives the tree; another one (utilities: a pump and all tools on its line) is as good.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace twin::decide::alarms {

struct Cause {
  std::string name;
  std::uint32_t above = 0;  // the cause above; the first one, the root, is its own
  bool operator==(const Cause&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("name", self.name);
    archive("above", self.above);
  }
};

class CauseTree {
 public:
  CauseTree() = default;
  // core::Error unless the first is the root and each other one stands after the one above it.
  explicit CauseTree(std::vector<Cause> causes);

  [[nodiscard]] std::size_t size() const { return causes_.size(); }
  [[nodiscard]] const std::string& name(std::uint32_t cause) const { return causes_[cause].name; }
  [[nodiscard]] std::uint32_t above(std::uint32_t cause) const { return causes_[cause].above; }
  [[nodiscard]] std::uint32_t below(std::uint32_t cause) const {
    return below_[cause];
  }  // how many
  [[nodiscard]] bool root(std::uint32_t cause) const { return causes_[cause].above == cause; }

  bool operator==(const CauseTree&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("causes", self.causes_);
    archive("below", self.below_);
  }

 private:
  std::vector<Cause> causes_;
  std::vector<std::uint32_t> below_;  // [cause] causes directly below it
};

}  // namespace twin::decide::alarms
