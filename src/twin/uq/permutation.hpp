// An order of n things by chance, each as probable (R. A. Fisher and F. Yates, Statistical Tables, 1938).
#pragma once
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "twin/core/draw.hpp"

namespace twin::uq {

inline std::vector<std::size_t> permutation(std::size_t n, const core::Draw& draw,
                                            std::uint32_t what) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t k = n; k > 1; --k) {
    const double u = draw.uniform(what, static_cast<std::uint32_t>(k), 0);
    std::swap(order[k - 1], order[static_cast<std::size_t>(u * static_cast<double>(k))]);
  }
  return order;
}

}  // namespace twin::uq
