#include "apps/fabtwin/assimilate/subject.hpp"

#include <cmath>

#include "twin/infer/ensemble/domains.hpp"

namespace apps::fabtwin::assimilate {

double Geometry::distance(double x1, double y1, double x2, double y2) const {
  if (kind == Kind::Ring) return twin::infer::ring_distance(x1, x2, static_cast<double>(width));
  return std::sqrt((x1 - x2) * (x1 - x2) + (y1 - y2) * (y1 - y2));
}

}  // namespace apps::fabtwin::assimilate
