// A model run at many points of its inputs' laws: what propagation, dependence, emulators and designs begin with.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "apps/fabtwin/uq/study.hpp"
#include "twin/math/statistics.hpp"
#include "twin/uq/sample_points.hpp"

namespace apps::fabtwin::uq {

struct Sampled {
  std::vector<std::vector<double>> u;  // [input][point] uniforms of the runs that gave an answer
  std::vector<std::vector<double>> x;  // [input][point] their values
  std::vector<std::vector<double>> y;  // [output][point]
  std::vector<std::uint32_t> replication = {};  // [point]
  std::uint64_t failed = 0;                     // runs without one, left out

  [[nodiscard]] std::size_t size() const { return replication.size(); }
  // The mean of an output with the interval that the replications' spread gives.
  [[nodiscard]] twin::math::Interval mean_of(std::size_t output) const;
};

// core::Error where fewer than two runs gave an answer.
Sampled sampled(const Work& work, const twin::uq::PointsWanted& wanted);
// The same of a cheaper model, by its number.
Sampled sampled_of_cheaper(const Work& work, std::size_t cheaper,
                           const twin::uq::PointsWanted& wanted);

// method, points (all together) and replications of a table.
twin::uq::PointsWanted read_points(twin::sheet::Sheet& table, const Study& study,
                                   std::uint64_t points);

}  // namespace apps::fabtwin::uq
