// A permit to send: the guard's word that exactly these bytes may go to exactly this tool. A link
// sends nothing that changes a tool without one. Nobody can make one but a guard; the guard itself
// is to come, so today only tests hold one.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/hash.hpp"

namespace twin::guard {

class Permit {
 public:
  // Whether it allows these bytes for this tool. It is used up by the link, not by asking.
  [[nodiscard]] bool allows(std::string_view tool, std::span<const std::uint8_t> bytes) const {
    return tool == tool_ && digest(bytes) == digest_;
  }

 private:
  friend class TestGuard;
  Permit(std::string_view tool, std::span<const std::uint8_t> bytes)
      : tool_(tool), digest_(digest(bytes)) {}

  static std::uint64_t digest(std::span<const std::uint8_t> bytes) {
    core::Hash64 hash;
    hash.absorb(bytes.data(), bytes.size());
    return hash.digest();
  }

  std::string tool_;
  std::uint64_t digest_ = 0;
};

// Grants everything. For tests of links alone; no program may name it.
class TestGuard {
 public:
  [[nodiscard]] static Permit grant(std::string_view tool, std::span<const std::uint8_t> bytes) {
    return {tool, bytes};
  }
};

}  // namespace twin::guard
