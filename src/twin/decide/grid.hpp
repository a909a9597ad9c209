// Menus of points of a box: all combinations of levels, or a latin hypercube where those would be too many.
// A menu goes to selection (ocba.hpp, kn.hpp) as it is, or its best point to a search as a start.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/decide/box.hpp"

namespace twin::decide {

using Levels = std::vector<double>;  // of one parameter, as they are to be tried

// count of them, equally far apart, both ends included; one: the middle. core::Error unless low < high
// and both are finite, or for none.
Levels levels_between(double low, double high, std::size_t count);
// The same with equal ratios, 0 < low: for numbers like ATCS's k_1 and k_2, of which only the size is known.
Levels levels_by_ratio(double low, double high, std::size_t count);

// Every combination, the last parameter's levels changing fastest. core::Error for no parameters, a
// parameter without levels or with one that is not finite, or more than `most` points.
std::vector<Point> grid(const std::vector<Levels>& levels, std::size_t most = 1'000'000);

// count points such that each of the count equal parts of each parameter holds one, at a place drawn
// within it (M. D. McKay, R. J. Beckman and W. J. Conover, Technometrics 21, 1979). Of `tries` of them
// the one whose nearest two points are furthest apart, in units of the box (maximin: M. E. Johnson,
// L. M. Moore and D. Ylvisaker, J. Statistical Planning and Inference 26, 1990); the first of equals.
std::vector<Point> latin_hypercube(const Box& box, std::size_t count, core::Draw draw,
                                   std::size_t tries = 1);

}  // namespace twin::decide
