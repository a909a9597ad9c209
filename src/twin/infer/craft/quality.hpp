// Quality control of observations against what the ensemble expects: what became of each is named and
// counted, nothing is dropped in silence.
#pragma once
#include <Eigen/Dense>
#include <array>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "twin/infer/kalman/gate.hpp"
#include "twin/infer/noise.hpp"

namespace twin::infer {

enum class Fate : std::uint8_t {
  Used,
  Moderated,  // used with a larger error than its sensor claims
  Censored,   // used as "beyond the limit of detection"
  Missing,    // NaN
  Gross,      // farther from the forecast than its own limit
  Gated,      // improbable together with the others of the same observation
  Excluded,   // its sensor is under suspicion (sensor_fault.hpp)
  Unplaced,   // of a time that is not remembered any more, or of an entry amended too late
  OverBudget  // left out because the work budget ended (work_budget.hpp)
};
inline constexpr std::array<std::string_view, 9> FateNames = {
    "used",  "moderated", "censored", "missing",    "gross",
    "gated", "excluded",  "unplaced", "over budget"};
using FateCounts = std::array<std::uint64_t, FateNames.size()>;

// Limits are in standard deviations of the innovation or the forecast; infinite ones are off.
struct QualityPolicy {
  // Gross check: |d| > gross sqrt(HPH^T + R) is left out.
  double gross = std::numeric_limits<double>::infinity();
  // Moderation (Sakov, Sandery, "An adaptive quality control procedure for data assimilation",
  // Tellus 69A, 2017): R is replaced by sqrt((HPH^T + R)^2 + HPH^T d^2 / moderation^2) -
  // HPH^T, so that no observation alone moves the forecast by more than moderation sqrt(HPH^T).
  double moderation = std::numeric_limits<double>::infinity();
  // The share of good observations, taken whole, that the innovation gate may lose; 0: no gate.
  double false_alarm = 0.0;
  bool operator==(const QualityPolicy&) const = default;
};

// Error unless each number lies where it may.
void check_quality(const QualityPolicy& policy);

struct Judgement {
  std::vector<Fate> fates;             // [component]
  std::vector<Eigen::Index> kept;      // components to use, ascending
  Noise noise = Noise::equal(0, 1.0);  // of the kept ones
  double chi_square = 0.0;             // of the components present before the gate, with their R
  Eigen::Index present = 0;            // components that chi_square sums over
};

// The noise of some components. rows: ascending.
Noise noise_of(const Noise& noise, const std::vector<Eigen::Index>& rows);

// observed: [component][member], finite; y: [component], NaN is missing. In this order: missing,
// gross, gate (all that is left, or nothing), moderation. With correlated errors a moderated
// component's row and column of R grow with the root of its variance, so that correlations stay.
// Errors: an infinite y; sizes that differ; fewer than two members.
Judgement judge(const QualityPolicy& policy, const Eigen::Ref<const Eigen::MatrixXd>& observed,
                const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise);

}  // namespace twin::infer
