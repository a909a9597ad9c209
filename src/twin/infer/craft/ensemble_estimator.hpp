// The ensemble Kalman filters as an estimator of a twin: Twin<Model, EnsembleEstimator<Model>>. It
// corrects the State's vector view and chosen elements of theta by what sensors say, on any model
// that has such a view, stepped in time or driven by events.
//
// Policies. A component that is NaN is missing and counted; no values at all are a look without an
// observation, so that its tick is remembered. An observation of an earlier time is taken
// in through what was remembered of it (SensorTraits::retain): the members as they were looked at by
// any update of that tick, corrected by all that came since; if nothing was, it is counted as unplaced.
// Members that are no numbers are replaced before anything else (EstimatorOptions::lost). What
// amends an entry that was used already cannot be undone by a filter: it is counted as unplaced.
#pragma once
#include <algorithm>
#include <concepts>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "twin/core/ensemble.hpp"
#include "twin/core/error.hpp"
#include "twin/core/parallel.hpp"
#include "twin/core/record.hpp"
#include "twin/infer/craft/estimator_core.hpp"

namespace twin::infer {

// A State that must be put right after its vector was written: bounds, a calendar of events.
template <class M>
concept Reconciles = requires(typename M::State& x) {
  { M::reconcile(x) } -> std::same_as<void>;
};

template <HasVector M>
class EnsembleEstimator {
 public:
  // Error as check_options and check_sensor; for no sensor, or one without `predict`.
  EnsembleEstimator(EstimatorOptions options, std::vector<Sensor<M>> sensors)
      : core_(std::move(options), traits_of(sensors)), sensors_(std::move(sensors)) {
    if (sensors_.empty()) throw core::Error("an estimator without a sensor");
    for (const auto& s : sensors_) {
      if (!s.predict) throw core::Error("sensor " + s.traits.name + " has no prediction");
    }
  }

  // What Twin asks before it records. Error: as EstimatorCore::admit; a time that is still to come.
  void admit(const core::Ensemble<M>& belief, const core::Observation& y) const {
    core_.admit(y);
    if (!belief.x.empty() && y.at > belief.x.front().now) {
      throw core::Error("observation of " + core_.sensors()[y.sensor].name + " at " +
                        std::to_string(y.at) + " (the twin is at " +
                        std::to_string(belief.x.front().now) + ")");
    }
  }
  void admit(const core::Note& note) const {
    if (note.kind == WorkBudgetKind) static_cast<void>(budget_of(note));
  }

  // Errors: as admit; unequal weights; parameters that theta does not have or that lie outside their
  // bounds; too few survivors; what a sensor shows of a member that is not finite even after it was
  // replaced. The belief is as it was, and so is the memory, when it throws.
  void update(core::Ensemble<M>& belief, const core::Observation& y, core::Draw draw,
              std::uint32_t occasion) {
    admit(belief, y);
    check(belief);
    core::Ensemble<M> after = belief;
    EstimatorMemory before = core_.memory();
    try {
      take_in(after, y, draw, occasion);
    } catch (...) {
      core_.memory() = std::move(before);
      throw;
    }
    belief = std::move(after);
  }

  // Late data: as an observation of its own time. An amended entry: counted as unplaced.
  void correct(core::Ensemble<M>& belief, const core::Record& /*record*/,
               const core::Correction& correction, core::Draw draw, std::uint32_t occasion) {
    admit(belief, correction.now);
    if (!correction.amends) return update(belief, correction.now, draw, occasion);
    begin(correction.now, occasion);
    core_.set_aside(correction.now, Fate::Unplaced);
  }

  // A work budget binds from the next observation on.
  void note(const core::Note& note) {
    if (note.kind == WorkBudgetKind) core_.memory().budget = budget_of(note);
  }

  void reinstate(std::uint32_t sensor) { core_.memory().faults.at(sensor).reinstate(); }

  [[nodiscard]] const EstimatorReport& report() const { return core_.memory().last; }
  [[nodiscard]] const EstimatorMemory& memory() const { return core_.memory(); }
  void resume(EstimatorMemory memory) { core_.memory() = std::move(memory); }

 private:
  using State = typename M::State;

  static std::vector<SensorTraits> traits_of(const std::vector<Sensor<M>>& sensors) {
    std::vector<SensorTraits> traits;
    for (const auto& s : sensors) traits.push_back(s.traits);
    return traits;
  }

  void check(const core::Ensemble<M>& belief) const {
    for (const double w : belief.log_weight) {
      if (w != belief.log_weight.front()) {
        throw core::Error(
            "members of unequal weight (an ensemble filter needs equal ones) resample?");
      }
    }
    const auto require = [&](const std::string& what, std::size_t index) {
      if (index >= belief.parameters()) {
        throw core::Error(what + " is element " + std::to_string(index) + " of theta (it has " +
                          std::to_string(belief.parameters()) + ")");
      }
    };
    for (const auto& p : core_.options().parameters) require("parameter " + p.name, p.index);
    for (const auto& s : core_.sensors()) {
      if (s.bias) require("the bias of sensor " + s.name, *s.bias);
    }
  }

  void begin(const core::Observation& y, std::uint32_t occasion) {
    core_.memory().last = {};
    core_.memory().last.occasion = occasion;
    core_.memory().last.sensor = y.sensor;
    core_.memory().last.at = y.at;
  }

  void take_in(core::Ensemble<M>& belief, const core::Observation& y, core::Draw draw,
               std::uint32_t occasion) {
    begin(y, occasion);
    const core::Tick now = belief.x.front().now;
    Eigen::MatrixXd x = rows_of(belief);
    const Eigen::Index variables = x.rows() - parameters();
    replace(belief, y.sensor, draw, occasion, x);
    disturb(now, variables, draw, occasion, x);
    shrink(core_.options().discount, draw, occasion, x.bottomRows(parameters()));
    write(x, belief);
    look(belief, now);
    const auto shown = y.at == now ? std::optional(predictions(belief, y.sensor))
                                   : core_.remembered(y.at, y.sensor);
    if (!shown) return core_.set_aside(y, Fate::Unplaced);
    core_.analyse_rows(y, *shown, variables, draw, x);
    write(x, belief);
  }

  [[nodiscard]] Eigen::Index parameters() const {
    return static_cast<Eigen::Index>(core_.options().parameters.size());
  }

  // State variables, then free parameters.
  [[nodiscard]] Eigen::MatrixXd rows_of(core::Ensemble<M>& belief) const {
    const auto size = static_cast<Eigen::Index>(M::vector(belief.x.front()).size());
    Eigen::MatrixXd x(size + parameters(), static_cast<Eigen::Index>(belief.size()));
    for (std::size_t j = 0; j < belief.size(); ++j) {
      const auto column = static_cast<Eigen::Index>(j);
      const std::span<double> view = M::vector(belief.x[j]);
      TWIN_EXPECT(static_cast<Eigen::Index>(view.size()) == size, view.size(), size);
      for (std::size_t i = 0; i < view.size(); ++i)
        x(static_cast<Eigen::Index>(i), column) = view[i];
      Eigen::Index row = size;
      for (const auto& p : core_.options().parameters) {
        x(row++, column) = free_value(p, belief.theta_of(j)[p.index], j);
      }
    }
    return x;
  }

  void write(const Eigen::MatrixXd& x, core::Ensemble<M>& belief) const {
    const Eigen::Index size = x.rows() - parameters();
    for (std::size_t j = 0; j < belief.size(); ++j) {
      const auto column = static_cast<Eigen::Index>(j);
      const std::span<double> view = M::vector(belief.x[j]);
      bool moved = false;
      for (Eigen::Index i = 0; i < size; ++i) {
        double& value = view[static_cast<std::size_t>(i)];
        moved = moved || value != x(i, column);
        value = x(i, column);
      }
      Eigen::Index row = size;
      const std::size_t base = j * belief.parameters();
      for (const auto& p : core_.options().parameters) {
        double& value = belief.theta[base + p.index];
        // What was not corrected keeps its bits, which there and back would not.
        if (free_value(p, value, j) != x(row, column)) value = bound_value(p, x(row, column));
        ++row;
      }
      if constexpr (Reconciles<M>) {
        if (moved) M::reconcile(belief.x[j]);
      }
    }
  }

  void predict(const core::Ensemble<M>& belief, std::uint32_t sensor, std::size_t member,
               std::span<double> out) const {
    sensors_[sensor].predict(belief.x[member], belief.theta_of(member), out);
    const auto& bias = core_.sensors()[sensor].bias;
    if (!bias) return;
    for (double& value : out) value += belief.theta_of(member)[*bias];
  }

  // [component][member]
  [[nodiscard]] Eigen::MatrixXd shown_of(const core::Ensemble<M>& belief,
                                         std::uint32_t sensor) const {
    const Eigen::Index size = core_.sensors()[sensor].noise.size();
    Eigen::MatrixXd shown(size, static_cast<Eigen::Index>(belief.size()));
    core::for_each_member(belief.size(), core_.options().threads, [&](std::size_t j) {
      double* column = shown.col(static_cast<Eigen::Index>(j)).data();
      predict(belief, sensor, j, std::span(column, static_cast<std::size_t>(size)));
    });
    return shown;
  }

  [[nodiscard]] Eigen::MatrixXd predictions(const core::Ensemble<M>& belief,
                                            std::uint32_t sensor) const {
    Eigen::MatrixXd shown = shown_of(belief, sensor);
    for (const Eigen::Index j : lost_members(shown)) {
      throw core::Error("sensor " + core_.sensors()[sensor].name + " shows no number of member " +
                        std::to_string(j) + " (though the member is one)");
    }
    return shown;
  }

  // Members that are no numbers, in their vector, their parameters or what the sensor shows of them.
  void replace(core::Ensemble<M>& belief, std::uint32_t sensor, core::Draw draw,
               std::uint32_t occasion, Eigen::MatrixXd& x) {
    Eigen::MatrixXd found = x;
    const Eigen::MatrixXd shown = shown_of(belief, sensor);
    for (const Eigen::Index j : lost_members(shown)) {
      found.col(j).setConstant(std::numeric_limits<double>::quiet_NaN());
    }
    const Replaced r =
        replace_lost(core_.options().lost, found, core_.options().bank, draw, occasion);
    if (r.lost.empty()) return;
    std::vector<Eigen::Index> survivors;
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      if (!std::binary_search(r.lost.begin(), r.lost.end(), j)) survivors.push_back(j);
    }
    const bool copied = core_.options().lost.replacement == Replacement::Resample;
    for (std::size_t i = 0; i < r.lost.size(); ++i) {
      // All that the vector does not hold is a survivor's: of the one copied, or of the next in turn.
      const Eigen::Index donor = copied ? r.source[i] : survivors[i % survivors.size()];
      const auto from = static_cast<std::size_t>(donor), to = static_cast<std::size_t>(r.lost[i]);
      belief.x[to] = belief.x[from];
      const std::size_t parameters = belief.parameters();
      for (std::size_t p = 0; p < parameters; ++p) {
        belief.theta[to * parameters + p] = belief.theta[from * parameters + p];
      }
      core_.copy_looks(donor, r.lost[i]);
    }
    x = r.x;
    core_.memory().last.lost = r.lost.size();
    core_.memory().lost += r.lost.size();
  }

  void disturb(core::Tick now, Eigen::Index variables, core::Draw draw, std::uint32_t occasion,
               Eigen::MatrixXd& x) {
    auto& since = core_.memory().disturbed_at;
    if (core_.options().model_error && since) {
      core_.options().model_error->add(static_cast<double>(now - *since), draw, occasion,
                                       x.topRows(variables));
    }
    since = now;
  }

  // Sensors that may report late are looked at now, once a tick.
  void look(const core::Ensemble<M>& belief, core::Tick now) {
    core_.forget(now);
    for (std::size_t s = 0; s < sensors_.size(); ++s) {
      const auto sensor = static_cast<std::uint32_t>(s);
      if (core_.sensors()[s].retain == 0 || core_.remembered(now, sensor)) continue;
      core_.remember(now, sensor, predictions(belief, sensor));
    }
  }

  EstimatorCore core_;
  std::vector<Sensor<M>> sensors_;
};

}  // namespace twin::infer
