#include "twin/event/packed.hpp"

#include <cstddef>

namespace twin::event {

void Packer::pack(std::span<const Event> events, std::vector<std::uint8_t>& out) {
  codec_.restart();
  const std::size_t before = out.size();
  out.resize(before + events.size() * CodedBytesMax);
  std::uint8_t* at = out.data() + before;
  for (const Event& e : events) at = codec_.encode(e, at);
  out.resize(static_cast<std::size_t>(at - out.data()));
}

bool Packer::unpack(std::span<const std::uint8_t> packed, std::vector<Event>& out) {
  codec_.restart();
  padded_.assign(packed.begin(), packed.end());
  padded_.resize(packed.size() + CodedBytesMax);
  const std::size_t before = out.size();
  const std::uint8_t* at = padded_.data();
  const std::uint8_t* const end = at + packed.size();
  while (at < end) {
    at = codec_.decode(out.emplace_back(), at);
    if (at == nullptr || at > end) {
      out.resize(before);
      return false;
    }
  }
  return true;
}

}  // namespace twin::event
