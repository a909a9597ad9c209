// Any text as a CSV file of events: what can be read of it is written, read again and written
// again, and the two texts are the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/event/csv.hpp"

namespace {

using namespace twin::event;

std::string written(const std::vector<Event>& events, const Names& names) {
  std::ostringstream out;
  CsvWriter writer(out, names);
  for (const Event& e : events) writer.add(e);
  writer.flush();
  return out.str();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<Event> events;
  Names names;
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  try {
    CsvReader reader(in, names);
    for (Event e; reader.next(e);) events.push_back(e);
  } catch (const twin::core::Error&) {
  }
  const std::string text = written(events, names);
  std::vector<Event> back;
  Names names_back = names;
  std::istringstream again(text);
  CsvReader reader(again, names_back);
  for (Event e; reader.next(e);) back.push_back(e);
  if (back.size() != events.size() || names_back != names || written(back, names_back) != text)
    std::abort();
  return 0;
}
