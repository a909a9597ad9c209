#include "twin/infer/kalman/delayed.hpp"

#include <fmt/format.h>

#include "twin/core/error.hpp"

namespace twin::infer::kalman::detail {

void not_invertible(std::string_view name) {
  throw core::Error(fmt::format("{} is singular (looking back needs its inverse)", name));
}

}  // namespace twin::infer::kalman::detail
