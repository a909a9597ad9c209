// The memory of an analysis of 1e7 variables and 40 members, 3.2 GB: if this failed, a state that fits the machine
// could not be analysed on it.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "cases/kit/table.hpp"
#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/letkf/cell_list.hpp"
#include "twin/infer/letkf/letkf.hpp"

namespace cases {
namespace {

using namespace twin::infer;

constexpr Eigen::Index Variables = 10'000'000, Members = 40, Observations = 100'000;

// The most that this process ever had in memory [byte]; 0 where the system does not tell.
double peak() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return 1024.0 * std::stod(line.substr(6));
  }
  return 0.0;
}

struct Ensemble {
  Eigen::MatrixXd x, hx;  // every hundredth variable is observed
  Eigen::VectorXd y;
  Noise noise = Noise::equal(Observations, 1.0);

  Ensemble() : x(Variables, Members), hx(Observations, Members) {
    for (Eigen::Index j = 0; j < Members; ++j) {
      for (Eigen::Index i = 0; i < Variables; ++i) {
        x(i, j) = static_cast<double>((i * 7919 + j * 104729) % 1009) / 500.0;
      }
      for (Eigen::Index k = 0; k < Observations; ++k) hx(k, j) = x(100 * k, j);
    }
    y = Eigen::VectorXd::Constant(Observations, 1.0);
  }
  [[nodiscard]] double bytes() const { return 8.0 * static_cast<double>(x.size()); }
};

void publish_peak(const std::string& what, const Ensemble& e) {
  const double share = peak() / e.bytes();
  ASSERT_GT(share, 0.9) << "peak memory is not known";
  Row row;
  row.setting = fmt::format("{} variables, {} members, {} observations; observed ensemble included",
                            Variables, Members, Observations);
  row.published = "at most 1.2 times the ensemble's own bytes (our goal)";
  row.source = "peak resident memory (VmHWM)";
  row.ours = fmt::format("{:.2f} times", share);
  row.reached = share <= 1.2;
  publish("Memory of an analysis > " + what, row);
}

TEST(CaseMemory, GlobalEtkf) {
  if (peak() == 0.0) GTEST_SKIP() << "no /proc/self/status";
  Ensemble e;
  analyse({}, e.hx, e.y, e.noise, {.seed = 1, .member = 0}, 0, e.x);
  publish_peak("ETKF", e);
}

TEST(CaseMemory, LocalLetkf) {
  if (peak() == 0.0) GTEST_SKIP() << "no /proc/self/status";
  Ensemble e;
  const letkf::CellList near(
      {.directions = 1, .period = {static_cast<double>(Variables), 0, 0}},
      Eigen::RowVectorXd::LinSpaced(Observations, 0.0, static_cast<double>(Variables - 100)),
      letkf::Grid{.shape = {static_cast<std::size_t>(Variables), 1, 1}}, {.length = 400.0});
  Letkf filter({});
  filter.analyse(near, letkf::DomainRows::consecutive(static_cast<std::size_t>(Variables)), e.hx,
                 e.y, e.noise, e.x);
  publish_peak("LETKF, each variable by itself, about 14 observations each", e);
}

}  // namespace
}  // namespace cases
