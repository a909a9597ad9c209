// SECS-II items as bytes: whatever comes is an item or a flaw with its place; an item is encoded in no
// more bytes than it came in and comes back the same, from bytes and from SML.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "twin/link/secs/codec.hpp"
#include "twin/link/secs/sml.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace twin::link::secs;
  const std::span bytes(data, size);
  const Limits limits{.bytes = 1U << 20, .depth = 24, .items = 20'000, .memory = 1U << 20};
  const auto result = decode(bytes, limits);
  if (const auto* malformed = std::get_if<Malformed>(&result)) {
    if (malformed->flaw == Flaw::None || malformed->offset > size) std::abort();
    if (to_string(*malformed).find('?') != std::string::npos) std::abort();
    return 0;
  }
  const Item& item = std::get<Item>(result);
  const auto again = encoded(item);
  if (again.size() > size || again.size() != encoded_size(item)) std::abort();
  const auto back = decode(again, limits);
  if (!(std::get<Item>(back) == item)) std::abort();
  if (!(item_from_sml(sml(item)) == item)) std::abort();
  if (!(item_from_sml(sml(item, Layout::Indented)) == item)) std::abort();
  for (std::size_t k = 0; k < std::min<std::size_t>(item.count(), 8) + 1; ++k) {
    static_cast<void>(item.as_f64(k));
    const auto number = item.as_i64(k);
    if (number && *number >= 0 && item.as_u64(k) != static_cast<std::uint64_t>(*number)) {
      std::abort();
    }
  }
  static_cast<void>(item.as_key());
  return 0;
}
