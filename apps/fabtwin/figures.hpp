// Every key figure with its name, unit and meaning, once: the tables, the JSON, the CSV files and the
// reference read these lists, so they cannot disagree. And their means over replications.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "twins/fab/simulate.hpp"

namespace apps::fabtwin {

enum class Basis : std::uint8_t {
  Time,  // known for any window of time
  Lots,  // a mean over finished lots: unknown where none finished
  Ages,  // the same, of their ages: unknown too for lots that were in the fab at time zero
};

template <class K>
struct Figure {
  std::string_view name, unit;  // unit "1": a share or a ratio
  double K::*value;
  Basis basis = Basis::Time;
  std::string_view text = {};  // what it is, for the reference
};

bool is_unknown(const Figure<twins::fab::ClassKpi>& figure, const twins::fab::ClassKpi& kpi);

std::span<const Figure<twins::fab::ClassKpi>> class_figures();
std::span<const Figure<twins::fab::GroupKpi>> group_figures();
std::span<const Figure<twins::fab::WindowKpi>> window_figures();
std::span<const Figure<twins::fab::Kpi>> fab_figures();

// Mean and 95 % interval of a figure over the replications of a run.
using OfKpi = std::function<double(const twins::fab::Kpi&)>;
twins::fab::Estimate over_replications(const twins::fab::RunResult& result, const OfKpi& figure);

// The same for a figure of lots, leaving out the replications in which it is unknown.
using ClassOfKpi = std::function<const twins::fab::ClassKpi&(const twins::fab::Kpi&)>;
twins::fab::Estimate over_replications(const twins::fab::RunResult& result, const ClassOfKpi& of,
                                       const Figure<twins::fab::ClassKpi>& figure);

// Mean over replications of all figures of one part of the fab [figure].
template <class K, class Of>
K mean_of(const twins::fab::RunResult& result, std::span<const Figure<K>> figures, const Of& of) {
  K mean = of(result.replications.front().kpi);
  for (const Figure<K>& f : figures) {
    mean.*f.value = over_replications(result, [&](const twins::fab::Kpi& kpi) {
                      return of(kpi).*f.value;
                    }).mean;
  }
  return mean;
}

}  // namespace apps::fabtwin
