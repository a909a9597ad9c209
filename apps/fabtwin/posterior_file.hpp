// What calibrate has learnt, as draws: each member of a forecast gets parameters of its own, so that what is not known
// of them shows in the forecast.
#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

#include "twin/score/vvuq/report.hpp"
#include "twins/fab/layout.hpp"

namespace apps::fabtwin {

struct Posteriors {
  std::vector<std::vector<double>> theta;                      // [member][parameter]
  std::vector<twin::score::vvuq::ParameterReport> parameters;  // those that the file names
};

// The file is what `calibrate --json` prints. A parameter is drawn as the lognormal that has the file's 5 and 95 %
// quantiles apart and its median, within the parameter's bounds; the rest are nominal. Throws twin::core::Error
// with the file's name.
Posteriors read_posteriors(const twins::fab::Layout& layout, const std::filesystem::path& file,
                           std::uint32_t members, std::uint64_t seed);

}  // namespace apps::fabtwin
