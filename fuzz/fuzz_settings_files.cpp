// Any text as the files that a command line names: acceptance limits, and what calibration has
// learnt. They are read within their bounds, or refused with twin::core::Error.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "apps/fabtwin/limits_file.hpp"
#include "apps/fabtwin/posterior_file.hpp"
#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace apps::fabtwin;  // NOLINT(google-build-using-namespace)
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    const auto limits = limits_in(text, "limits.toml");
    TWIN_ENSURE(limits.all.coverage_min >= 0.0 && limits.all.coverage_min <= 1.0);
  } catch (const twin::core::Error&) {
  }
  static const PosteriorsAsked Asked{.known = {{
                                                   "a",
                                                   "1",
                                                   1.0,
                                                   0.5,
                                                   2.0,
                                                   "",
                                               },
                                               {
                                                   "b",
                                                   "1",
                                                   1.0,
                                                   0.1,
                                                   10.0,
                                                   "",
                                               }},
                                     .members = 3,
                                     .seed = 1};
  try {
    const Posteriors p = posteriors_in(text, "p.json", Asked);
    TWIN_ENSURE(p.theta.size() == Asked.members);
    for (const auto& theta : p.theta) {
      for (std::size_t i = 0; i < Asked.known.size(); ++i)
        TWIN_ENSURE(theta[i] >= Asked.known[i].lower && theta[i] <= Asked.known[i].upper, theta[i]);
    }
  } catch (const twin::core::Error&) {
  }
  return 0;
}
