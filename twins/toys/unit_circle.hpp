// Sines and cosines of whole parts of a turn, for tables of transforms and grids: the same bits on
// every machine, which the C library's are not. From IEEE 754 + - * / alone.
#pragma once
#include <cstdint>

namespace twins::toys {

struct CirclePoint {
  double cos = 1.0;
  double sin = 0.0;
};

// The point at part/parts of a turn, anticlockwise from (1, 0); within 1e-16 or so. parts > 0.
constexpr CirclePoint unit_circle(std::uint64_t part, std::uint64_t parts) {
  std::uint64_t at = 8 * (part % parts);  // [1/(8 parts) of a turn]: exact, as all that follows
  const bool below = at > 4 * parts;
  if (below) at = 8 * parts - at;
  const bool left = at > 2 * parts;
  if (left) at = 4 * parts - at;
  const bool steep = at > parts;
  if (steep) at = 2 * parts - at;
  constexpr double QuarterPi = 0.78539816339744830962;
  const double x = QuarterPi * (static_cast<double>(at) / static_cast<double>(parts));
  double cosine = 1.0, sine = 1.0;  // Taylor's series up to x^18 and x^19, below 2^-60 of the rest
  for (int n = 18; n > 0; n -= 2) {
    cosine = 1.0 - cosine * (x * x) / static_cast<double>(n * (n - 1));
    sine = 1.0 - sine * (x * x) / static_cast<double>(n * (n + 1));
  }
  sine *= x;
  if (steep) {
    const double swapped = cosine;
    cosine = sine;
    sine = swapped;
  }
  return {left ? -cosine : cosine, below ? -sine : sine};
}

}  // namespace twins::toys
