// Beside a running twin: takes every forecast when reality has come, and says when the twin has to be validated again,
// and why (validation as a continual process: model, plant, data or task may change; doi 10.17226/26894, 2-2).
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twin/math/sums.hpp"
#include "twin/score/cusum.hpp"
#include "twin/score/innovation.hpp"
#include "twin/score/page_hinkley.hpp"
#include "twin/score/pit.hpp"

namespace twin::score {

enum class Cause : std::uint8_t {
  MeanShifted,     // what comes is above or below what is forecast
  SpreadChanged,   // ... farther from it, or nearer, than the forecast says
  RealityMissing,  // more than the allowed share of what should have come did not
  ModelChanged,    // told by the caller, as the two below
  PlantChanged,
  TaskChanged,
};
std::string_view to_string(Cause cause);

struct Reason {
  Cause cause = Cause::MeanShifted;
  Change change = Change::None;  // of mean or spread: up or down
  std::uint64_t since = 0;  // occasion at which it began, as far as can be told; the first is 1
  std::uint64_t found = 0;  // occasion at which it was found
  bool operator==(const Reason&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("cause", self.cause);
    a("change", self.change);
    a("since", self.since);
    a("found", self.found);
  }
};

struct WatchOptions {
  // A right twin is called wrong once in so many occasions, on average; 20 to 1e6.
  double false_alarm_every = 1000.0;
  double slack = 0.5;          // half the shift to be found soonest [deviations]
  double missing_share = 0.2;  // allowed, from 20 occasions on
  bool operator==(const WatchOptions&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("false_alarm_every", self.false_alarm_every);
    a("slack", self.slack);
    a("missing_share", self.missing_share);
  }
};

// Both signals are standard normal, whatever the forecast's law, if the forecast is right: z, the normal score of the
// PIT, for the mean; s, the normal score of P(|Z| <= |z|), for the spread. So the CUSUMs' run lengths are exact. Four
// monitors share the false alarms alike: a CUSUM, which knows what is right, on each signal, and a Page-Hinkley test,
// which compares with the twin's own past and so stays silent about an old bias and rings for a new one.
class Watch {
 public:
  Watch() : Watch(WatchOptions{}) {}
  // Finds the monitors' threshold, which takes a while: copy a Watch where many are alike. core::Error for options out
  // of range.
  explicit Watch(const WatchOptions& options);

  // What came, and the forecast of it: an ensemble (u: a draw in (0, 1) that breaks ties), or a normal one. A value
  // that is not finite has not come: it is counted as missing. Returns whether re-validation is due. core::Error for
  // an ensemble of fewer than two members or one that is not finite.
  bool add(std::span<const double> ensemble, double came, double u);
  bool add(double mean, double deviation, double came);
  bool add_pit(double pit);  // in (0, 1); for forecasts of any other kind
  void tell(Cause cause);    // model, plant or task changed

  [[nodiscard]] bool due() const { return !reasons_.empty(); }
  [[nodiscard]] const std::vector<Reason>& reasons() const { return reasons_; }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t missing() const { return missing_; }
  [[nodiscard]] double threshold() const { return mean_.options().threshold; }
  [[nodiscard]] const Cusum& mean() const { return mean_; }
  [[nodiscard]] const Cusum& spread() const { return spread_; }
  [[nodiscard]] double last_z() const { return last_z_; }  // 0 before the first
  // CRPS over the CRPS expected if the forecasts were right: 1 for a calibrated twin. Of ensembles and normals.
  [[nodiscard]] std::optional<double> crps_ratio() const;
  // z as an innovation: its square is chi-square with one degree of freedom.
  [[nodiscard]] std::optional<InnovationAnswer> innovations() const { return squares_.answer(); }
  [[nodiscard]] const PitHistogram& pits() const { return pits_; }

  // Validated again: all that was learnt since the last time is forgotten, the options stay.
  void reset();

  bool operator==(const Watch&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("options", self.options_);
    a("mean", self.mean_);
    a("spread", self.spread_);
    a("mean_learnt", self.mean_learnt_);
    a("spread_learnt", self.spread_learnt_);
    a("pits", self.pits_);
    a("squares", self.squares_);
    a("crps", self.crps_);
    a("crps_expected", self.crps_expected_);
    a("reasons", self.reasons_);
    a("count", self.count_);
    a("missing", self.missing_);
    a("last_z", self.last_z_);
  }

 private:
  // threshold_for(0.5, 4000), of the default options: it costs 0.1 s to find.
  static constexpr double DefaultThreshold = 7.138062829152;

  void set_monitors(double threshold);
  bool miss();
  void found(Cause cause, Change change, std::uint64_t since);

  WatchOptions options_;
  Cusum mean_, spread_;
  PageHinkley mean_learnt_, spread_learnt_;
  PitHistogram pits_{10};
  InnovationCheck squares_;
  math::Sum crps_, crps_expected_;
  std::vector<Reason> reasons_;  // each cause once
  std::uint64_t count_ = 0;      // missing ones too
  std::uint64_t missing_ = 0;
  double last_z_ = 0.0;
};

}  // namespace twin::score
