// Which messages a host needs a permit for: the one table that says what a message does to a tool.
// What it does not know changes the tool.
#pragma once
#include <cstdint>
#include <vector>

#include "twin/link/secs/message.hpp"

namespace twin::link::secs {

enum class Effect : std::uint8_t {
  Reads,       // asks, answers or acknowledges; the tool does what it would have done anyhow
  Configures,  // alters what the tool tells us, not what it does to wafers: the site file may permit
  Changes,     // alters what the tool does or what a person there is told: only with a permit
};

[[nodiscard]] Effect effect_of(const Message& message) noexcept;  // sent by a host

// What a permit is for: stream, function and body. W, device and system bytes are the line's.
[[nodiscard]] std::vector<std::uint8_t> permit_bytes(const Message& message);

}  // namespace twin::link::secs
