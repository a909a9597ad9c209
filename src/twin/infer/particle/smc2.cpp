#include "twin/infer/particle/smc2.hpp"

#include <fmt/core.h>

#include "twin/core/error.hpp"

namespace twin::infer::particle {

void check_options(const Smc2Options& o) {
  if (o.thetas < 2) {
    throw core::Error(fmt::format("{} thetas (needs at least two)", o.thetas));
  }
  if (o.particles == 0 || o.most_particles < o.particles) {
    throw core::Error(fmt::format("{} particles, at most {} (needs at least one, and at most that)",
                                  o.particles, o.most_particles));
  }
  if (!(o.threshold >= 0.0) || !(o.threshold_inside >= 0.0)) {
    throw core::Error(fmt::format(
        "the resampling thresholds are {} of thetas and {} of particles (must be 0 or more)",
        o.threshold, o.threshold_inside));
  }
  if (o.moves < 1) throw core::Error(fmt::format("{} moves (needs at least one)", o.moves));
}

}  // namespace twin::infer::particle
