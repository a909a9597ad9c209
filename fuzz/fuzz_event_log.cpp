// Any bytes as an event log: what can be read of them can be written again and comes back equal.
// The checks of blocks would stop nearly all inputs, so the second byte string of a turn is one
// sealed anew around the input's bytes.
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "twin/event/frame.hpp"
#include "twin/event/log.hpp"

namespace {

using namespace twin::event;

void must(bool condition) {
  if (!condition) std::abort();
}

// By bits, for a NaN in a log equals nothing.
bool same(const Event& a, const Event& b) {
  Event x = a, y = b;
  const auto bits = std::bit_cast<std::uint64_t>(x.value);
  if (bits != std::bit_cast<std::uint64_t>(y.value)) return false;
  x.value = y.value = 0.0;
  return x == y;
}

void read_and_write(const std::string& bytes) {
  std::istringstream in(bytes);
  std::vector<Event> events;
  LogHeader header;
  try {
    LogReader reader(in);
    for (Event e; reader.next(e);) events.push_back(e);
    header = reader.header();
  } catch (const LogDamaged& damage) {
    must(damage.offset() <= bytes.size());
  }
  if (events.empty() && header == LogHeader{}) return;
  std::stringstream again;
  LogWriter writer(again, header, {.events_per_block = 3});
  for (const Event& e : events) writer.add(e);
  writer.close();
  LogReader reader(again);
  must(reader.header() == header);
  std::size_t count = 0;
  for (Event e; reader.next(e); ++count) must(count < events.size() && same(e, events[count]));
  must(count == events.size());
}

// A preamble, an empty header, and one block of the kind, count and payload that the input gives,
// its check right.
std::string sealed(const std::uint8_t* data, std::size_t size) {
  static const std::string head = [] {
    std::ostringstream out;
    LogWriter writer(out, LogHeader{});
    return out.str();
  }();
  if (size < 2) return head;
  constexpr std::uint32_t Tags[] = {EventsTag, EventsTag, EventsTag, NamesTag, CloseTag, HeadTag};
  std::vector<std::uint8_t> block(Frame::Bytes, 0);
  block.insert(block.end(), data + 2, data + size);
  seal_block(block.data(), Tags[data[0] % 6], static_cast<std::uint32_t>(size - 2), data[1]);
  return head + std::string(block.begin(), block.end());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read_and_write({reinterpret_cast<const char*>(data), size});
  read_and_write(sealed(data, size));
  return 0;
}
