// Any text as a site's settings, a plant's notice, a duration, an address and a query: read, or
// refused with twin::core::Error; what is written of it is read as the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/query.hpp"
#include "apps/fabtwin/serve/site.hpp"
#include "apps/plant/notice.hpp"
#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/record/postgres.hpp"

// The settings ask whether the program has it; its library is not linked here.
bool twin::record::has_postgres() noexcept { return true; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace apps::fabtwin::serve;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const Site site = read_site(text, "fuzz/site.toml");
    TWIN_ENSURE(site.watermark_ms > 0 && site.snapshot_every_ms > 0, site.watermark_ms);
  } catch (const twin::core::Error&) {
  }
  try {
    const auto notice = apps::plant::read_notice(text, "plant.toml");
    const auto again = apps::plant::read_notice(to_string(notice), "again.toml");
    TWIN_ENSURE(to_string(again) == to_string(notice), to_string(notice));
  } catch (const twin::core::Error&) {
  }
  if (const auto ms = parse_duration(text)) TWIN_ENSURE(!duration_text(*ms).empty());
  if (const auto address = parse_address(text))
    TWIN_ENSURE(parse_address(to_string(*address)) == address, to_string(*address));
  static_cast<void>(query_value(text, "signal"));
  return 0;
}
