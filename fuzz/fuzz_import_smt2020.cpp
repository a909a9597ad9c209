// Any bytes as the files of a data set: "@name" on a line of its own starts a file. It is read, or
// refused with one error; what was read must hold what the model relies on.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "twin/core/error.hpp"
#include "twins/fab/import/smt2020.hpp"

namespace {

using namespace twins::fab;

import::Folder folder_of(std::string_view bytes){import::Folder folder{"fuzz", {}};
std::string* file = nullptr;
for (std::size_t begin = 0; begin < bytes.size();) {
  const std::size_t end = std::min(bytes.find('\n', begin), bytes.size());
  const std::string_view line = bytes.substr(begin, end - begin);
  begin = end + 1;
  if (line.starts_with('@')) {
    file = &folder.files[std::string(line.substr(1))];
  } else if (file != nullptr) {
    file->append(line).append("\n");
  }
}
return folder;
}  // namespace

void expect(bool condition) {
  if (!condition) std::abort();
}

void expect_duration(const Duration& d) {
  expect(std::isfinite(d.mean_ms) && d.mean_ms >= 0 && d.half_width_ms >= 0);
  expect(d.half_width_ms <= d.mean_ms);
}

void expect_valid(const Description& fab) {
  for (const ToolGroup& g : fab.tool_groups) {
    expect(g.tools > 0 && (g.job_slots == 1 || g.job_slots == 2) && !g.rank.empty());
    for (const std::uint32_t s : g.min_run_setups) expect(s < fab.setups.size());
    for (const Breakdown& b : g.breakdowns) expect_duration(b.time_to_failure);
    for (const Maintenance& m : g.maintenances) expect(m.interval >= 1 && m.first >= 0);
  }
  for (const SetupChange& c : fab.setup_changes) expect(c.to < fab.setups.size() && c.ms >= 0);
  for (const Route& r : fab.routes) {
    expect(!r.steps.empty());
    const auto later = [&](std::uint32_t to, std::size_t i) {
      return to == None || (to > i && to < r.steps.size());
    };
    for (std::size_t i = 0; i < r.steps.size(); ++i) {
      const Step& s = r.steps[i];
      expect(s.group < fab.tool_groups.size());
      expect(s.setup == None || s.setup < fab.setups.size());
      expect_duration(s.process);
      expect(s.sampling > 0 && s.sampling <= 1 && s.rework >= 0 && s.rework < 1);
      expect(s.rework_to == None || s.rework_to <= i);
      expect(later(s.dedicates, i) && later(s.queue_time_exit, i));
      expect(fab.tool_groups[s.group].batch == (s.batch_max > 0) && s.batch_min <= s.batch_max);
      expect((fab.tool_groups[s.group].job_slots == 2) == (s.cascade_interval_ms > 0));
    }
  }
  for (const Product& p : fab.products) expect(p.route < fab.routes.size());
  for (const Stream& s : fab.streams) {
    expect(s.product < fab.products.size() && s.count > 0 && s.interval.mean_ms >= 1 &&
           s.wafers > 0);
  }
  for (const ListedLot& l : fab.lots) {
    expect(l.product < fab.products.size() && l.wafers > 0);
    expect(l.step == None || l.step < fab.routes[fab.products[l.product].route].steps.size());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const import::Folder folder = folder_of({reinterpret_cast<const char*>(data), size});
  try {
    expect_valid(import::read_smt2020(folder));
  } catch (const twin::core::Error&) {
  }
  return 0;
}
