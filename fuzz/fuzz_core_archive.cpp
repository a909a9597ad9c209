// Any bytes as a saved state: they are refused with core::Error, or read into a value that saves
// back to the same bytes. The seal and check sum are made right, so that the fields themselves are
// reached.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "twin/core/archive.hpp"
#include "twin/core/record.hpp"
#include "twin/core/sealed.hpp"

namespace {

using namespace twin::core;

template <class T>
void try_to_load(std::span<const std::byte> bytes) {
  try {
    const std::vector<std::byte> again = save(load<T>(bytes));
    TWIN_ENSURE(std::equal(bytes.begin(), bytes.end(), again.begin(), again.end()));
  } catch (const Error&) {
    return;  // refused, with a reason
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto body = std::as_bytes(std::span(data, size));
  try_to_load<Record>(body);  // as it is: the seal must hold
  try_to_load<Record>(sealed(body, layout_of<Record>()));
  return 0;
}
