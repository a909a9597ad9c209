// What calibrate has learnt, as draws: each member of a forecast gets parameters of its own, so that what is not known
// of them shows in the forecast.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "apps/fabtwin/files.hpp"
#include "twin/core/theta.hpp"
#include "twin/score/vvuq/report.hpp"
#include "twins/fab/layout.hpp"

namespace apps::fabtwin {

struct Posteriors {
  std::vector<std::vector<double>> theta;                      // [member][parameter]
  std::vector<twin::score::vvuq::ParameterReport> parameters;  // those that the file names
};

struct PosteriorsAsked {
  std::vector<twin::core::Parameter> known;  // of the model
  std::uint32_t members = 0;
  std::uint64_t seed = 0;
};

// The text is what `calibrate --json` prints. A parameter is drawn as the lognormal that has the file's 5 and 95 %
// quantiles apart and its median, within the parameter's bounds; the rest are nominal. Throws twin::core::Error
// with the file's name.
Posteriors posteriors_in(std::string_view text, const std::string& file,
                         const PosteriorsAsked& asked);

inline Posteriors read_posteriors(const twins::fab::Layout& layout,
                                  const std::filesystem::path& file, std::uint32_t members,
                                  std::uint64_t seed) {
  return posteriors_in(read_text(file), file.string(), {layout.parameters(), members, seed});
}

}  // namespace apps::fabtwin
