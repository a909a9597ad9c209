// The SMT2020 testbed as the published studies ran it, and its reference figures.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "twins/fab/simulate.hpp"

namespace cases {

std::shared_ptr<const twins::fab::Layout> testbed(const std::string& set,
                                                  const twins::fab::LayoutOptions& options = {});

twins::fab::RunResult run_testbed(const std::shared_ptr<const twins::fab::Layout>& layout,
                                  const twins::fab::RunOptions& options);

// A whitespace-separated table with a header line: [row name][column name].
using Figures = std::map<std::string, std::map<std::string, double>>;
Figures reference_figures(const std::string& file);

// One figure of each replication.
template <class F>
std::vector<double> figures(const twins::fab::RunResult& result, const F& of) {
  std::vector<double> values;
  for (const auto& r : result.replications) values.push_back(of(r.kpi));
  return values;
}

const twins::fab::ClassKpi& class_named(const twins::fab::Kpi& kpi, const std::string& name);
const twins::fab::GroupKpi& group_named(const twins::fab::Kpi& kpi, const std::string& name);

// Quantile of the flow factor (cycle time over remaining process time at release) of regular lots,
// all products and replications together, read from the histograms of cycle time (1.5 % bins).
double flow_factor_quantile(const twins::fab::Layout& layout, const twins::fab::RunResult& result,
                            double q);

}  // namespace cases
