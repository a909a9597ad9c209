// The fab at time zero.
#pragma once
#include <span>

#include "twin/core/draw.hpp"
#include "twins/fab/layout.hpp"
#include "twins/fab/state.hpp"

namespace twins::fab {

State initial_state(const Layout& layout, std::span<const double> theta, twin::core::Draw draw);

}  // namespace twins::fab
