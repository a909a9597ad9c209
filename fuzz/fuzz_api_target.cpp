// Any bytes as the target of a request: refused with core::Error, or read into names that climb nowhere, and, written
// again, into the same ones.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "apps/api/routes.hpp"
#include "apps/api/target.hpp"
#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/people/table.hpp"

namespace {

std::string coded(std::string_view text) {
  constexpr const char* Digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', Digits[byte >> 4U], Digits[byte & 0xFU]};
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace apps::api;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const Target target = read_target(text);
    TWIN_ENSURE(text.size() <= TargetMax && target.query.size() <= PairsMax);
    std::string again;
    for (const std::string& name : target.path) {
      TWIN_ENSURE(twin::people::is_name(name) && name != "." && name != "..", name);
      TWIN_ENSURE(name.find('/') == std::string::npos, name);
      again += '/' + coded(name);
    }
    if (again.empty()) again = "/";
    char between = '?';
    for (const auto& [name, value] : target.query) {
      again += between + coded(name) + '=' + coded(value);
      between = '&';
    }
    if (again.size() <= TargetMax) TWIN_ENSURE(read_target(again) == target, again);
    for (const char* method : {"GET", "POST", "PUT", "DELETE"}) {
      const Found found = find_route(method, target);
      TWIN_ENSURE(found.route == nullptr || !found.allow.empty());
    }
  } catch (const twin::core::Error&) {
  }
  return 0;
}
