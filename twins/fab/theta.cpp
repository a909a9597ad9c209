// theta of the fab: multipliers on the data set's own values.
#include "twins/fab/layout.hpp"

namespace twins::fab {

std::vector<twin::core::Parameter> Layout::parameters() const {
  std::vector<twin::core::Parameter> all(theta_map.size());
  const auto put = [&](std::size_t at, const std::string& name, double lower, double upper,
                       const std::string& what) {
    all[at] = {name,  "1",   1.0,
               lower, upper, "multiplies the data set's " + what + "; 1 is the data set itself"};
  };
  for (std::uint32_t g = 0; g < groups.size(); ++g) {
    const std::string& name = description.tool_groups[g].name;
    put(theta_map.process(g), "process." + name, 0.05, 20.0,
        "mean process time and cascading interval, for jobs that start from now on");
    put(theta_map.spread(g), "spread." + name, 0.0, 10.0, "half-width of uniform process times");
  }
  for (std::uint32_t a = 0; a < areas.size(); ++a) {
    put(theta_map.mtbf(a), "mtbf." + areas[a], 0.01, 100.0,
        "times to failure, for those drawn from now on");
    put(theta_map.mttr(a), "mttr." + areas[a], 0.01, 100.0,
        "times to repair, for those drawn from now on");
    put(theta_map.rework(a), "rework." + areas[a], 0.0, 50.0,
        "probabilities of rework (never above 1)");
    put(theta_map.sampling(a), "sampling." + areas[a], 0.0, 50.0,
        "probabilities that a lot is processed at a sampled step (never above 1)");
  }
  put(theta_map.transport(), "transport", 0.0, 100.0, "transport times");
  for (std::uint32_t g = 0; g < groups.size(); ++g) {
    const std::string& name = description.tool_groups[g].name;
    put(theta_map.mtbf_group(g), "mtbf_group." + name, 0.01, 100.0,
        "times to failure of this group, beside its area's multiplier");
    put(theta_map.mttr_group(g), "mttr_group." + name, 0.01, 100.0,
        "times to repair of this group, beside its area's multiplier");
  }
  return all;
}

}  // namespace twins::fab
