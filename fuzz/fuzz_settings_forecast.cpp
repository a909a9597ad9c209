// Any text as a forecast in JSON: a forecast of this schema, or refused with twin::core::Error.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twins/fab/forecast/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto forecast =
        twins::fab::forecast::from_json({reinterpret_cast<const char*>(data), size});
    TWIN_ENSURE(forecast.budget.members >= 2, forecast.budget.members);
    static_cast<void>(twins::fab::forecast::staleness_text(forecast));
  } catch (const twin::core::Error&) {
  }
  return 0;
}
