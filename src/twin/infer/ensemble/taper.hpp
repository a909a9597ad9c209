// How much an observation counts at a distance: a function that falls smoothly to zero.
#pragma once

namespace twin::infer {

// The compact fifth-order correlation of Gaspari and Cohn (1999, eq. 4.10): 1 at distance 0, 5/24 at
// half_support, 0 from 2 half_support on. Both in one unit; half_support > 0.
constexpr double gaspari_cohn(double distance, double half_support) {
  const double z = (distance < 0.0 ? -distance : distance) / half_support;
  if (z >= 2.0) return 0.0;
  if (z <= 1.0) return (((-0.25 * z + 0.5) * z + 0.625) * z - 5.0 / 3.0) * z * z + 1.0;
  return ((((z / 12.0 - 0.5) * z + 0.625) * z + 5.0 / 3.0) * z - 5.0) * z + 4.0 - 2.0 / (3.0 * z);
}

// The half_support of a localisation radius as DAPPER counts it: the weight at the radius is 0.634.
// (1.7386 would make it exp(-1/2), that of a Gaussian: Sakov, Bertino 2011, eq. 25.)
constexpr double half_support_of_radius(double radius) { return 1.82 * radius; }

}  // namespace twin::infer
