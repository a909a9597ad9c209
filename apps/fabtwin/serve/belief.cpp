// The bytes of a belief, apart: they take as long to compile as the rest of a living twin.
#include "apps/fabtwin/serve/living.hpp"
#include "twin/core/archive.hpp"

namespace apps::fabtwin::serve {

std::vector<std::byte> bytes_of(const Belief& belief) { return twin::core::save(belief); }

Belief belief_of(std::span<const std::uint8_t> bytes) {
  return twin::core::load<Belief>(std::as_bytes(bytes));
}

}  // namespace apps::fabtwin::serve
