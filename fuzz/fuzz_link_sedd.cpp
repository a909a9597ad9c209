// An equipment's dictionary of any text: refused, or taken over into a file that is read to the same.
#include <cstdint>
#include <string_view>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/link/tool/sedd.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace twin::link::tool;  // NOLINT(google-build-using-namespace)
  std::string text;
  try {
    text = toml_text(
        read_sedd(std::string_view(reinterpret_cast<const char*>(bytes), size), "fuzz.xml")
            .description);
  } catch (const twin::core::Error&) {
    return 0;
  }
  try {
    static_cast<void>(read_description(text, "made.toml"));
  } catch (const twin::core::Error& e) {
    // Only bytes that TOML cannot hold (no UTF-8) may be refused.
    TWIN_ENSURE(std::string_view(e.what()).find("no TOML") != std::string_view::npos, e.what());
  }
  return 0;
}
