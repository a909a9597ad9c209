// Any bytes as a MIMAC model: it is read, or refused with one error; what was read must hold what
// the model relies on.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "twin/core/error.hpp"
#include "twins/fab/import/mimac.hpp"

namespace {

using namespace twins::fab;

void expect(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  import::MimacOptions options;
  options.batch_fill_min = 0.625;
  try {
    const Description fab =
        import::read_mimac("m", {reinterpret_cast<const char*>(data), size}, options);
    for (const SetupChange& c : fab.setup_changes)
      expect(c.from < fab.setups.size() && c.to < fab.setups.size());
    for (const Route& r : fab.routes) {
      expect(!r.steps.empty());
      for (const Step& s : r.steps) {
        expect(s.group < fab.tool_groups.size() &&
               (s.setup == None || s.setup < fab.setups.size()));
        expect(std::isfinite(s.process.mean_ms) && s.process.mean_ms >= 0 &&
               s.batch_min <= s.batch_max);
        expect(fab.tool_groups[s.group].batch == (s.batch_min > 0));
      }
    }
  } catch (const twin::core::Error&) {
  }
  return 0;
}
