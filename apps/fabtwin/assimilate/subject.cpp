#include "apps/fabtwin/assimilate/subject.hpp"

#include <cmath>

#include "twin/core/expect.hpp"
#include "twin/infer/ensemble/domains.hpp"

namespace apps::fabtwin::assimilate {

double Geometry::distance(double x1, double y1, double x2, double y2) const {
  if (kind == Kind::Ring) return twin::infer::ring_distance(x1, x2, static_cast<double>(width));
  return std::sqrt((x1 - x2) * (x1 - x2) + (y1 - y2) * (y1 - y2));
}

Eigen::MatrixXd Population::run(const Eigen::MatrixXd&, twin::core::Tick ticks) const {
  TWIN_EXPECT(false, ticks);  // check_method has refused
  return {};
}

twin::infer::variational::Climatology Subject::climatology(
    const twin::core::Draw& draw, const twin::infer::variational::Sampling&) const {
  TWIN_EXPECT(false, draw.seed);
  return {};
}

twin::infer::variational::Operator Subject::leg(twin::core::Tick from,
                                                twin::core::Tick until) const {
  TWIN_EXPECT(false, from, until);
  return {};
}

}  // namespace apps::fabtwin::assimilate
