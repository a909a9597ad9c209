// What is known of how far a twin can be trusted: verification, validation and uncertainty quantification (VVUQ) as one
// value that a program reads and a page shows. Sections after the National Academies' report on digital twins
// (doi 10.17226/26894, conclusion 2-2: a continual process). What was not looked at says so: an empty optional.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twin::score::vvuq {

inline constexpr std::uint32_t SchemaVersion =
    1;  // of the JSON; grows when a field changes its meaning or goes

struct Identity {
  std::string twin, model;    // names; the model's version
  std::string configuration;  // fingerprint of all that was configured, hexadecimal
  std::uint64_t seed = 0;
  std::string data, period;  // what reality was taken from; from when to when
  std::string environment;   // program, build, machine: as the caller knows them
  bool operator==(const Identity&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("twin", self.twin);
    a("model", self.model);
    a("configuration", self.configuration);
    a("seed", self.seed);
    a("data", self.data);
    a("period", self.period);
    a("environment", self.environment);
  }
};

// What a quantity must keep to be fit for the use. Verdicts come from these numbers alone (verdict.hpp).
struct Acceptance {
  double least_effective = 8.0;   // [independent occasions] below it there is not enough evidence
  double bias_max = 0.1;          // of the mean error, as a share of the mean of what came
  double coverage_min = 0.6;      // share of what came that the 90 % intervals hold at the least
  double skill_min = 0.0;         // 1 - CRPS / CRPS of the best simple reference
  double flatness_p_min = 0.001;  // of the PIT histogram
  double spread_skill_low = 0.6, spread_skill_high = 1.6;
  bool operator==(const Acceptance&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("least_effective", self.least_effective);
    a("bias_max", self.bias_max);
    a("coverage_min", self.coverage_min);
    a("skill_min", self.skill_min);
    a("flatness_p_min", self.flatness_p_min);
    a("spread_skill_low", self.spread_skill_low);
    a("spread_skill_high", self.spread_skill_high);
  }
};

struct IntendedUse {
  std::string purpose;
  std::vector<std::string> quantities;  // of interest
  std::string decisions;                // what would be decided by them
  Acceptance acceptance;                // of every quantity that has none of its own
  bool operator==(const IntendedUse&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("purpose", self.purpose);
    a("quantities", self.quantities);
    a("decisions", self.decisions);
    a("acceptance", self.acceptance);
  }
};

// One comparison of the program with what is known exactly. passed: |value - expected| <= tolerance.
struct Check {
  std::string name, compared;
  double value = 0.0, expected = 0.0, tolerance = 0.0;
  bool passed = false;
  bool operator==(const Check&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("name", self.name);
    a("compared", self.compared);
    a("value", self.value);
    a("expected", self.expected);
    a("tolerance", self.tolerance);
    a("passed", self.passed);
  }
};
Check check(std::string name, std::string compared, double value, double expected,
            double tolerance);

// The numerical part of an error: of a grid or step by GCI, of sampling by its standard error.
struct Numerical {
  std::string figure, method, unit;
  double error = 0.0;  // [unit]
  double value = 0.0;  // [unit] that it is the error of
  bool operator==(const Numerical&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("figure", self.figure);
    a("method", self.method);
    a("unit", self.unit);
    a("error", self.error);
    a("value", self.value);
  }
};

enum class Outcome : std::uint8_t { Met, Missed, Undecided };
// What it takes to meet a limit: that the whole interval keeps it, or that the value does (calibration is
// refuted, never proved).
enum class Proof : std::uint8_t { Shown, NotRefuted };
enum class Verdict : std::uint8_t { Fit, NotFit, NotEnoughEvidence };
std::string_view to_string(Outcome outcome);
std::string_view to_string(Proof proof);
std::string_view to_string(Verdict verdict);

// One limit and what was measured against it. low to high: 95 % interval of the value.
struct Criterion {
  std::string measure;
  double value = 0.0, low = 0.0, high = 0.0;
  std::optional<double> least, most;  // the limits
  Proof proof = Proof::Shown;
  Outcome outcome = Outcome::Undecided;
  bool operator==(const Criterion&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("measure", self.measure);
    a("value", self.value);
    a("low", self.low);
    a("high", self.high);
    a("least", self.least);
    a("most", self.most);
    a("proof", self.proof);
    a("outcome", self.outcome);
  }
};

struct ReferenceScore {  // a forecast that costs nothing, judged on the same occasions
  std::string name;
  double crps = 0.0;         // [unit] mean
  double skill = 0.0;        // 1 - ours / this
  double skill_error = 0.0;  // standard error of the skill, occasions that overlap counted once
  std::uint64_t occasions = 0;
  bool operator==(const ReferenceScore&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("name", self.name);
    a("crps", self.crps);
    a("skill", self.skill);
    a("skill_error", self.skill_error);
    a("occasions", self.occasions);
  }
};

struct Fan {        // one forecast and what came, for plots
  double at = 0.0;  // [time unit of the report]
  double p05 = 0.0, p25 = 0.0, p50 = 0.0, p75 = 0.0, p95 = 0.0, came = 0.0;  // [unit]
  double z = 0.0;  // what came on the forecast's scale: standard normal if calibrated
  bool operator==(const Fan&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("at", self.at);
    a("p05", self.p05);
    a("p25", self.p25);
    a("p50", self.p50);
    a("p75", self.p75);
    a("p95", self.p95);
    a("came", self.came);
    a("z", self.z);
  }
};

// Variances [unit^2], means over the occasions.
struct UncertaintySplit {
  std::optional<double> aleatory;    // chance of the fab itself, theta given
  std::optional<double> epistemic;   // of theta not known exactly
  std::optional<double> numerical;   // of the mean of so many members
  std::optional<double> model_form;  // mean square error that none of these explains
  bool operator==(const UncertaintySplit&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("aleatory", self.aleatory);
    a("epistemic", self.epistemic);
    a("numerical", self.numerical);
    a("model_form", self.model_form);
  }
};

struct QuantityReport {
  std::string name, unit;
  double horizon = 0.0;  // [time unit of the report]
  Acceptance acceptance;
  std::uint64_t occasions = 0, missing = 0;
  double effective = 0.0;               // occasions that count as independent
  double mean_came = 0.0;               // [unit]
  double bias = 0.0, bias_error = 0.0;  // [unit] forecast mean - what came; standard error
  double rmse = 0.0;                    // [unit] of the forecast mean
  double crps = 0.0, crps_error = 0.0;  // [unit] mean; standard error
  double crps_expected = 0.0;           // [unit] if the forecasts were right
  std::optional<double> log_score;  // [nats] as a normal; nothing where an ensemble has no spread
  double level = 0.0;               // of the interval that coverage counts
  double coverage = 0.0, coverage_low = 0.0, coverage_high = 0.0;  // Clopper-Pearson, 95 %
  std::vector<std::uint64_t> pit;                                  // [bin of equal width]
  double flatness_p = 1.0;
  std::optional<double> spread_skill, spread_skill_error;
  double area = 0.0;  // area metric of pooled PIT values, 0 to 1/2
  std::vector<ReferenceScore> references;
  UncertaintySplit uncertainty;
  std::vector<Fan> fans;  // [occasion]
  std::vector<Criterion> criteria;
  Verdict verdict = Verdict::NotEnoughEvidence;
  bool operator==(const QuantityReport&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("name", self.name);
    a("unit", self.unit);
    a("horizon", self.horizon);
    a("acceptance", self.acceptance);
    a("occasions", self.occasions);
    a("missing", self.missing);
    a("effective", self.effective);
    a("mean_came", self.mean_came);
    a("bias", self.bias);
    a("bias_error", self.bias_error);
    a("rmse", self.rmse);
    a("crps", self.crps);
    a("crps_error", self.crps_error);
    a("crps_expected", self.crps_expected);
    a("log_score", self.log_score);
    a("level", self.level);
    a("coverage", self.coverage);
    a("coverage_low", self.coverage_low);
    a("coverage_high", self.coverage_high);
    a("pit", self.pit);
    a("flatness_p", self.flatness_p);
    a("spread_skill", self.spread_skill);
    a("spread_skill_error", self.spread_skill_error);
    a("area", self.area);
    a("references", self.references);
    a("uncertainty", self.uncertainty);
    a("fans", self.fans);
    a("criteria", self.criteria);
    a("verdict", self.verdict);
  }
};

struct ParameterReport {
  std::string name;
  double nominal = 0.0, low = 0.0, median = 0.0, high = 0.0;  // 90 % interval of the posterior
  std::optional<double> contraction;  // 1 - posterior / prior variance; nothing without a prior
  bool operator==(const ParameterReport&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("name", self.name);
    a("nominal", self.nominal);
    a("low", self.low);
    a("median", self.median);
    a("high", self.high);
    a("contraction", self.contraction);
  }
};

struct MonitorReport {
  std::string quantity;
  std::uint64_t seen = 0, missing = 0;
  bool due = false;                  // is re-validation due?
  std::vector<std::string> reasons;  // in words, each with the occasion it stands since
  std::vector<double> z;             // [occasion] standardised residual
  std::vector<double> mean_up, mean_down, spread_up, spread_down;  // [occasion] sums of the CUSUMs
  double threshold = 0.0;                                          // of the sums
  double false_alarm_every = 0.0;                                  // [occasions] by design
  bool operator==(const MonitorReport&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("quantity", self.quantity);
    a("seen", self.seen);
    a("missing", self.missing);
    a("due", self.due);
    a("reasons", self.reasons);
    a("z", self.z);
    a("mean_up", self.mean_up);
    a("mean_down", self.mean_down);
    a("spread_up", self.spread_up);
    a("spread_down", self.spread_down);
    a("threshold", self.threshold);
    a("false_alarm_every", self.false_alarm_every);
  }
};

struct Count {
  std::string what;
  std::uint64_t count = 0;
  bool operator==(const Count&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("what", self.what);
    a("count", self.count);
  }
};

// Where an input stands now, and where it was while the twin was validated.
struct DomainCheck {
  std::string input, unit;
  double low = 0.0, high = 0.0, now = 0.0;  // [unit]
  bool outside = false;
  bool operator==(const DomainCheck&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("input", self.input);
    a("unit", self.unit);
    a("low", self.low);
    a("high", self.high);
    a("now", self.now);
    a("outside", self.outside);
  }
};
DomainCheck domain_check(std::string input, std::string unit, const std::vector<double>& seen,
                         double now);

struct VvuqReport {
  std::uint32_t schema = SchemaVersion;
  std::string time_unit = "day";
  Identity identity;
  IntendedUse use;
  std::vector<Check> code_verification;
  std::vector<Numerical> solution_verification;
  std::vector<QuantityReport> quantities;
  std::vector<ParameterReport> parameters;  // empty: none was calibrated
  std::vector<MonitorReport> monitors;
  std::vector<Count> data_quality;
  std::vector<DomainCheck> domain;  // extrapolation
  std::vector<std::string> not_assessed, limits;
  bool operator==(const VvuqReport&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("schema", self.schema);
    a("time_unit", self.time_unit);
    a("identity", self.identity);
    a("use", self.use);
    a("code_verification", self.code_verification);
    a("solution_verification", self.solution_verification);
    a("quantities", self.quantities);
    a("parameters", self.parameters);
    a("monitors", self.monitors);
    a("data_quality", self.data_quality);
    a("domain", self.domain);
    a("not_assessed", self.not_assessed);
    a("limits", self.limits);
  }
};

// The report as JSON: an object a section, in the order above; docs/vvuq.md describes it, docs/vvuq.schema.json checks
// it. A number that is none or infinite is null.
std::string to_json(const VvuqReport& report);

}  // namespace twin::score::vvuq
