// Any text as a payload, a topic and numbers of the unified namespace: refused with core::Error, or
// read into what is written and read again the same. What can be read goes through the door, whose
// memory the record must give again.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/link/door_example.hpp"
#include "twin/link/uns.hpp"

namespace {

using namespace twin::link;

void through_the_door(const Arrival& arrival, const twin::event::Names& names) {
  Site site, again;
  Arrival now = arrival;
  now.arrived = Start;
  for (int k = 0; k < 2; ++k) {  // the second is the same, so it is a duplicate
    site.door.take(Arrival(now), names, {});
    site.door.pass(Start + 10'000);
  }
  site.door.on_durable(site.recorder.size());
  std::size_t messages = 0;
  for (const auto& entry : site.recorder.all) {
    again.door.learn(entry);
    messages += std::holds_alternative<twin::core::Observation>(entry) ? 1U : 0U;
  }
  TWIN_ENSURE(messages <= 1, messages);
  TWIN_ENSURE(again.door.memory() == site.door.memory());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto topic = parse_topic(text)) {
    const std::string written = to_string(*topic);
    TWIN_ENSURE(parse_topic(written) == topic, written);
  }
  try {
    const Numbers numbers = read_numbers(text);
    TWIN_ENSURE(read_numbers(write_numbers(numbers)) == numbers);
  } catch (const twin::core::Error&) {
  }
  twin::event::Names names;
  Arrival arrival;
  try {
    arrival = read_payload(text, "", names);
  } catch (const twin::core::Error&) {
    return 0;  // refused, with a reason
  }
  const std::string written = write_payload(arrival, names);
  const Arrival back = read_payload(written, "", names, {.bytes_max = 1U << 30});
  TWIN_ENSURE(write_payload(back, names) == written, written);
  through_the_door(arrival, names);
  return 0;
}
