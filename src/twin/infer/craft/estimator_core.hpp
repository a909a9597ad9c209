// What an ensemble estimator does that does not depend on the model: it judges, inflates and corrects
// rows of numbers. Its memory is a regular value, so that a twin can be saved and resumed.
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "twin/infer/craft/lost_members.hpp"
#include "twin/infer/craft/model_error.hpp"
#include "twin/infer/craft/parameters.hpp"
#include "twin/infer/craft/prior_inflation.hpp"
#include "twin/infer/craft/sensor.hpp"
#include "twin/infer/craft/serial.hpp"
#include "twin/infer/craft/work_budget.hpp"

namespace twin::infer {

// Distances of the user's own, in the unit of `localisation`; at least 0.
struct EstimatorLocalisation {
  Localisation localisation;
  std::function<double(Eigen::Index variable, std::uint32_t sensor, Eigen::Index component)>
      to_variable;
  std::function<double(std::uint32_t sensor, Eigen::Index component, std::uint32_t other_sensor,
                       Eigen::Index other_component)>
      between;
};

struct EstimatorOptions {
  // Scheme: the transform filters, local ones (LETKF and so on) where a localisation is given.
  // SerialScheme: the serial ones; the only ones that take censored readings.
  std::variant<Scheme, SerialScheme> scheme = Scheme{};
  std::optional<EstimatorLocalisation> localisation = {};  // parameters feel every observation
  // Of the forecast, beside what the scheme does to the analysis; state variables only.
  std::variant<std::monostate, MomentInflation, SpatialInflation> inflation = {};
  std::optional<ModelError> model_error = {};  // what each tick adds to the state variables
  std::vector<EstimatedParameter> parameters = {};
  double discount = 1.0;      // of the parameters' kernel, see shrink
  LostPolicy lost = {};       // Drop is refused: members keep their numbers
  Eigen::MatrixXd bank = {};  // [variable then free parameter][state], for Replacement::Climatology
  unsigned threads = 1;       // for the sensors' predictions
};

// Error that says which part cannot be.
void check_options(const EstimatorOptions& options, std::span<const SensorTraits> sensors);

struct Look {  // what a sensor would have shown of the members at some time, as now believed
  core::Tick at = 0;
  std::uint32_t sensor = 0;
  std::vector<double> shown;  // [member][component]
  bool operator==(const Look&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("at", self.at);
    archive("sensor", self.sensor);
    archive("shown", self.shown);
  }
};

struct EstimatorReport {  // of one observation
  std::uint32_t occasion = 0;
  std::uint32_t sensor = 0;
  core::Tick at = 0;        // of the look
  std::vector<Fate> fates;  // [component]
  std::uint64_t lost = 0;   // members that were replaced
  // Of what was present and not gross, before the gate, against the sensor's own R.
  double chi_square = 0.0;
  std::uint64_t present = 0;    // what chi_square sums over
  double log_likelihood = 0.0;  // of what was used
  double inflation = 1.0;       // root of the mean lambda of the forecast
  double spread_before = 0.0;   // root of the mean variance of the state variables
  double spread_after = 0.0;
  bool limited = false;  // the work budget left observations out
  bool operator==(const EstimatorReport&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("occasion", self.occasion);
    archive("sensor", self.sensor);
    archive("at", self.at);
    archive("fates", self.fates);
    archive("lost", self.lost);
    archive("chi_square", self.chi_square);
    archive("present", self.present);
    archive("log_likelihood", self.log_likelihood);
    archive("inflation", self.inflation);
    archive("spread_before", self.spread_before);
    archive("spread_after", self.spread_after);
    archive("limited", self.limited);
  }
};

struct EstimatorMemory {
  std::vector<FaultMonitor> faults;  // [sensor]
  std::vector<FateCounts> counts;    // [sensor], components since the beginning
  std::uint64_t lost = 0;            // members replaced since the beginning
  std::vector<Look> looks;           // by time, then sensor
  MomentInflation moment;
  SpatialInflation spatial;
  std::optional<WorkBudget> budget;
  std::optional<core::Tick> disturbed_at;  // up to when model error was added
  EstimatorReport last;
  bool operator==(const EstimatorMemory&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("faults", self.faults);
    archive("counts", self.counts);
    archive("lost", self.lost);
    archive("looks", self.looks);
    archive("moment", self.moment);
    archive("spatial", self.spatial);
    archive("budget", self.budget);
    archive("disturbed_at", self.disturbed_at);
    archive("last", self.last);
  }
};

class EstimatorCore {
 public:
  // Error as check_options and check_sensor.
  EstimatorCore(EstimatorOptions options, std::vector<SensorTraits> sensors);

  [[nodiscard]] const EstimatorOptions& options() const { return options_; }
  [[nodiscard]] const std::vector<SensorTraits>& sensors() const { return sensors_; }
  [[nodiscard]] const EstimatorMemory& memory() const { return memory_; }
  [[nodiscard]] EstimatorMemory& memory() { return memory_; }

  // Error for an unknown sensor, another number of values, or an infinite one: "observation of ...".
  void admit(const core::Observation& observation) const;

  // What was shown at that time by the sensor, if remembered: [component][member].
  [[nodiscard]] std::optional<Eigen::MatrixXd> remembered(core::Tick at,
                                                          std::uint32_t sensor) const;
  void remember(core::Tick at, std::uint32_t sensor, const Eigen::MatrixXd& shown);
  void forget(core::Tick now);  // looks older than their sensors are remembered
  // A member was replaced by a copy: so are its looks.
  void copy_looks(Eigen::Index from, Eigen::Index to);

  // The analysis. x: [row][member], state variables first (so many), then free parameters. shown:
  // [component][member], bias included. Fates, counts and figures go into memory().last.
  void analyse_rows(const core::Observation& observation, const Eigen::MatrixXd& shown,
                    Eigen::Index variables, const core::Draw& draw, Eigen::MatrixXd& x);
  // Counts an observation that can change nothing, with this fate for all that is present.
  void set_aside(const core::Observation& observation, Fate fate);

 private:
  struct Taken;  // what is left of an observation after quality control
  struct Rows;   // state variables, free parameters, looks: all that is corrected

  Taken judge_all(const core::Observation& observation, const Eigen::MatrixXd& shown);
  void limit(Taken& taken);
  void inflate_forecast(const Rows& rows, Taken& taken, Eigen::MatrixXd& x);
  void correct(const Rows& rows, const Taken& taken, const core::Draw& draw, Eigen::MatrixXd& x);
  [[nodiscard]] double weight(const Rows& rows, Eigen::Index row, const Taken& taken,
                              Eigen::Index component) const;
  [[nodiscard]] std::vector<Reach> reaches(const Rows& rows, const Taken& taken) const;
  [[nodiscard]] std::vector<Domain> domains(const Rows& rows, const Taken& taken) const;
  [[nodiscard]] Rows rows_of(Eigen::Index variables, const Eigen::MatrixXd& x) const;
  void count();

  EstimatorOptions options_;
  std::vector<SensorTraits> sensors_;
  EstimatorMemory memory_;
};

}  // namespace twin::infer
