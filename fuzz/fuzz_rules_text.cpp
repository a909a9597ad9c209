// Any text as a rule with what stands beside it, as a site's people and the API name policies: its parameters are read
// or refused with twin::core::Error, and a plan that was read is written as a text that reads as the same plan.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twins/fab/rules/group_plan.hpp"
#include "twins/fab/rules/policy_text.hpp"
#include "twins/fab/rules/qualification.hpp"

namespace {

using namespace twins::fab;  // NOLINT(google-build-using-namespace)

// Two etchers and a furnace, two products, a setup.
std::shared_ptr<const Layout> small_layout() {
  Description fab;
  for (const bool batch : {false, true}) {
    ToolGroup group;
    group.name = group.area = batch ? "furnace" : "etch";
    group.location = "Fab";
    group.tools = batch ? 1 : 2;
    group.batch = batch;
    fab.tool_groups.push_back(group);
  }
  fab.setups.push_back({"X", 0});
  for (const char* name : {"a", "b"}) {
    Step etch, furnace;
    etch.group = 0;
    etch.setup = 0;
    etch.process.mean_ms = 600'000.0;
    furnace = etch;
    furnace.group = 1;
    furnace.setup = None;
    furnace.per = Step::Per::Batch;
    furnace.batch_min = furnace.batch_max = 50;
    fab.routes.push_back({std::string("r_") + name, {etch, furnace}});
    fab.products.push_back(
        {std::string("p_") + name, "family", static_cast<std::uint32_t>(fab.products.size())});
  }
  return compile(std::move(fab));
}

std::vector<NamedValue> parameters_of(std::string_view text) {
  std::vector<NamedValue> parameters;
  std::size_t from = text.find(':');
  while (from != std::string_view::npos) {
    const std::size_t comma = text.find(',', from + 1);
    const std::string_view one =
        text.substr(from + 1, comma == std::string_view::npos ? comma : comma - from - 1);
    const std::size_t equals = one.find('=');
    parameters.push_back(
        {one.substr(0, equals), equals == std::string_view::npos ? "" : one.substr(equals + 1)});
    from = comma;
  }
  return parameters;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const std::shared_ptr<const Layout> layout = small_layout();
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  std::vector<NamedValue> release, qualified, planned;
  for (const NamedValue& p : parameters_of(text)) {
    if (is_release_parameter(p.name)) release.push_back(p);
    if (is_qualification_parameter(p.name)) qualified.push_back(p);
    if (is_plan_parameter(p.name)) planned.push_back(p);
  }
  static_cast<void>(without_plan(without_release(without_qualification(text))));
  try {
    static_cast<void>(release_control(*layout, release, text));
  } catch (const twin::core::Error&) {
  }
  try {
    static_cast<void>(qualification(*layout, qualified, text));
  } catch (const twin::core::Error&) {
  }
  try {
    if (const auto plan = group_plan(*layout, planned, text)) {
      const std::string written = "fifo:" + text_of(*layout, plan->jobs);
      const auto again = group_plan(*layout, parameters_of(written), written);
      TWIN_ENSURE(again && again->jobs == plan->jobs, written);
    }
  } catch (const twin::core::Error&) {
  }
  return 0;
}
