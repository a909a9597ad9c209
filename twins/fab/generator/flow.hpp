// The process flow of a generated fab: layers that repeat clean, film, litho, etch or implant,
// strip, inspect. All products share one technology; each leaves out some of its layers, so routes
// meet in the same tool groups.
#pragma once
#include <cstdint>
#include <vector>

#include "twin/core/draw.hpp"
#include "twins/fab/generator/family.hpp"

namespace twins::fab::generator {

enum class Stage : std::uint8_t { FrontEnd, BackEnd };

struct Operation {
  Family family = Family::WetEtch;
  double minutes = 0.0;           // [min] process time per lot, piece or batch
  double sampling = 1.0;          // probability
  double rework = 0.0;            // probability
  std::uint32_t rework_back = 0;  // operations back to where rework starts
  std::uint32_t window_ahead =
      0;  // operations ahead to where a queue-time window ends; 0: none starts here
  double window_hours = 0.0;  // [h]
  bool own_setup = false;     // litho track: every layer has its own reticle and resist
  bool critical = false;      // litho scan: the next critical layer must use the same lens
  bool operator==(const Operation&) const = default;
};

struct Layer {
  Stage stage = Stage::FrontEnd;
  std::vector<Operation> operations;
  bool operator==(const Layer&) const = default;
};

struct Flow {
  std::vector<Layer> layers;
  std::vector<std::vector<std::uint32_t>> products;  // [product] layers it has, ascending
  bool operator==(const Flow&) const = default;
};

struct FlowOptions {
  std::uint32_t products = 3;
  std::uint32_t steps_min = 250, steps_max = 500;  // of a route; the first product has the longest
};

// Layers are 8 to 26 operations; lengths come out within [steps_min, steps_max] where that range
// holds 26 steps.
Flow make_flow(const FlowOptions& options, const twin::core::Draw& draw);

std::uint32_t step_count(const Flow& flow, std::uint32_t product);

}  // namespace twins::fab::generator
