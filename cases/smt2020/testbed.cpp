#include "cases/smt2020/testbed.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "cases/kit/shared.hpp"
#include "twins/fab/import/read.hpp"

namespace cases {

using twins::fab::Kpi;
using twins::fab::Layout;
using twins::fab::RunResult;

std::shared_ptr<const Layout> testbed(const std::string& set,
                                      const twins::fab::LayoutOptions& options) {
  return twins::fab::compile(twins::fab::import::read(reference_folder() / "smt2020" / set),
                             options);
}

RunResult run_testbed(const std::shared_ptr<const Layout>& layout,
                      const twins::fab::RunOptions& options) {
  return twins::fab::run(layout, layout->nominal_theta(), options);
}

Figures reference_figures(const std::string& file) {
  std::ifstream in(reference_folder() / "smt2020" / "reference" / file);
  if (!in) throw std::runtime_error(file + " is missing beside the reference data");
  Figures figures;
  std::vector<std::string> columns;
  for (std::string line; std::getline(in, line);) {
    std::istringstream cells(line);
    std::string name;
    if (!(cells >> name)) continue;
    if (columns.empty()) {
      for (std::string column; cells >> column;) columns.push_back(column);
      continue;
    }
    for (const std::string& column : columns) cells >> figures[name][column];
  }
  return figures;
}

const twins::fab::ClassKpi& class_named(const Kpi& kpi, const std::string& name) {
  for (const auto& c : kpi.classes)
    if (c.name == name) return c;
  throw std::runtime_error("no lot class " + name);
}

const twins::fab::GroupKpi& group_named(const Kpi& kpi, const std::string& name) {
  for (const auto& g : kpi.groups)
    if (g.name == name) return g;
  throw std::runtime_error("no tool group " + name);
}

double flow_factor_quantile(const Layout& layout, const RunResult& result, double q) {
  std::vector<std::pair<double, double>> factors;  // flow factor, lots
  double lots = 0.0;
  std::int32_t regular = layout.streams.front().priority;  // the lowest of the streams
  for (const auto& stream : layout.streams) regular = std::min(regular, stream.priority);
  for (const auto& r : result.replications) {
    for (std::size_t c = 0; c < layout.classes.size(); ++c) {
      const auto& kpi = r.kpi.classes[c];
      if (layout.classes[c].initial || layout.classes[c].priority != regular) continue;
      if (!(kpi.flow_factor > 0.0)) continue;
      const double rpt = kpi.cycle_days / kpi.flow_factor;  // [day]
      for (std::size_t bin = 0; bin < r.cycle_histogram[c].size(); ++bin) {
        const auto n = static_cast<double>(r.cycle_histogram[c][bin]);
        if (n == 0.0) continue;
        factors.emplace_back(twins::fab::cycle_days_of_bin(bin) / rpt, n);
        lots += n;
      }
    }
  }
  if (factors.empty()) throw std::runtime_error("no regular lot finished");
  std::sort(factors.begin(), factors.end());
  double below = 0.0;
  for (const auto& [factor, n] : factors) {
    below += n;
    if (below >= q * lots) return factor;
  }
  return factors.back().first;
}

}  // namespace cases
