// A tool's file of any text: it is read or refused with a place, never worse; what is read can be
// listened with.
#include <cstdint>
#include <string_view>

#include "twin/core/error.hpp"
#include "twin/link/tool/telling.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace twin::link::tool;  // NOLINT(google-build-using-namespace)
  try {
    const Description d =
        read_description(std::string_view(reinterpret_cast<const char*>(bytes), size), "fuzz.toml");
    const Hearing hearing(d);
    const Telling telling(d);
    static_cast<void>(d.digest());
  } catch (const twin::core::Error&) {
  }
  return 0;
}
