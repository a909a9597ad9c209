// The published scores of ensemble filters on the ocean gyre and the flame fronts. If these changed,
// localisation in two dimensions, or on a long ring, would have become better or worse.
#include "cases/filters/spatial_toys.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "cases/kit/table.hpp"

namespace cases {
namespace {

using twin::infer::Rotation;

struct Line {
  Setting setting;
  double published = 0.0;
  std::string note = {};
};

// Reached: no run lost, and the mean within `near` of the published value.
void compare(const std::string& heading, const Row& common, double near, const std::string& shown,
             const Line& line, const Outcome& o) {
  Row row = common;
  row.published = fmt::format("{:g} ± {}", line.published, shown) + line.note;
  row.ours = fmt::format("{:.3f} (standard error {:.3f}), spread {:.3f}, {} of {} runs diverged",
                         o.rmse_a, o.standard_error, o.spread, o.diverged, o.runs);
  row.reached = o.diverged == 0 && std::abs(o.rmse_a - line.published) <= near;
  publish(heading + " > " + line.setting.name, row);
}

TEST(CaseSpatialToys, QuasiGeostrophic) {
  // A local filter would fail where observations are few and lie along tracks.
  constexpr int Seeds = 3;  // each takes 100 s
  const SampledGyre model = sampled_gyre();
  Row common;
  common.source = "DAPPER, QG/sakov2008, rmse.a";
  common.setting = fmt::format(
      "Sakov and Oke 2008: 129 x 129, 300 observations on moving tracks every 5, R = 4 I, 300 "
      "cycles, {} seeds",
      Seeds);
  const Line line{{.name = "LETKF N = 25, inflation 1.04, radius 10",
                   .members = 25,
                   .scheme = {.inflation = {.factor = 1.04}},
                   .radius = 10.0},
                  0.64};
  compare("Ensemble filters, quasi-geostrophic", common, 0.064, "10 %", line,
          run_gyre(model, line.setting, Seeds));
}

TEST(CaseSpatialToys, KuramotoSivashinsky) {
  // Filters would lose the sharp fronts.
  constexpr int Seeds = 10;
  Row common;
  common.source = "DAPPER, KS/bocquet2019, rmse.a";
  common.setting = fmt::format(
      "Bocquet and Farchi 2019: n = 128, L = 32 pi, step 0.5, all observed every 1, R = I, 4000 "
      "cycles, {} seeds",
      Seeds);
  const auto local = [](Eigen::Index members, double inflation, double radius) {
    return Setting{.name = fmt::format("LETKF N = {}, inflation {:g}, rotated, radius {:.1f}",
                                       members, inflation, radius),
                   .members = members,
                   .scheme = {.inflation = {.factor = inflation}, .rotation = Rotation::Random},
                   .radius = radius};
  };
  const std::vector<Line> lines = {
      {local(4, 1.11, 15.0 / 1.82), 0.18},
      {local(6, 1.06, 25.0 / 1.82), 0.14},
      {local(16, 1.02, 51.0 / 1.82), 0.11},
      {{.name = "ETKF N = 20, inflation 1.03, rotated",
        .members = 20,
        .scheme = {.inflation = {.factor = 1.03}, .rotation = Rotation::Random}},
       0.115,
       // This filter around DAPPER's own step, in Python, seeds 0 to 9.
       " (rerun with DAPPER's model: 4 of 10 runs diverged, five others 0.111 to 0.116, one "
       "0.219)"},
  };
  for (const Line& line : lines) {
    compare("Ensemble filters, Kuramoto-Sivashinsky", common, 0.01, "0.01", line,
            run_fronts(line.setting, Seeds));
  }
}

}  // namespace
}  // namespace cases
