// A permit to send: the guard's word that exactly these bytes may go to exactly this tool, soon. A link
// sends nothing that changes a tool without one. A Gate makes one from what the guard has signed, each
// once; besides, tests hold some.
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/tick.hpp"

namespace twin::guard {

class Permit {
 public:
  // Whether it allows these bytes for this tool. It is used up by the link, not by asking.
  [[nodiscard]] bool allows(std::string_view tool, std::span<const std::uint8_t> bytes) const {
    return tool == tool_ && std::ranges::equal(bytes, bytes_);
  }
  // The same at the moment of sending; `now` by the clock of the line.
  [[nodiscard]] bool allows(std::string_view tool, std::span<const std::uint8_t> bytes,
                            core::Tick now) const {
    return now < until_ && allows(tool, bytes);
  }

 private:
  friend class Gate;
  friend class TestGuard;
  Permit(std::string_view tool, std::span<const std::uint8_t> bytes, core::Tick until)
      : tool_(tool), bytes_(bytes.begin(), bytes.end()), until_(until) {}

  std::string tool_;
  std::vector<std::uint8_t> bytes_;
  core::Tick until_;  // [ms of the line's clock]
};

// Grants everything. For tests of links alone; no program may name it.
class TestGuard {
 public:
  [[nodiscard]] static Permit grant(std::string_view tool, std::span<const std::uint8_t> bytes,
                                    core::Tick until = core::Never) {
    return {tool, bytes, until};
  }
};

}  // namespace twin::guard
