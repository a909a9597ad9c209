#include "twin/infer/craft/estimator_core.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/infer/ensemble/taper.hpp"

namespace twin::infer {

struct EstimatorCore::Taken {
  std::uint32_t sensor = 0;
  std::vector<Eigen::Index> components;  // that are used, ascending
  std::vector<Reading> readings;         // of each
  Eigen::MatrixXd shown;                 // [used component][member]
  Eigen::VectorXd y;                     // values, or limits
  Noise noise = Noise::equal(0, 1.0);
};

struct EstimatorCore::Rows {
  struct Shown {
    std::uint32_t sensor;
    Eigen::Index component;
  };
  Eigen::Index variables = 0;
  Eigen::Index parameters = 0;
  std::vector<Shown> looks;  // of each further row
};

namespace {

Eigen::MatrixXd some_rows(const Eigen::MatrixXd& x, const std::vector<Eigen::Index>& rows) {
  Eigen::MatrixXd some(static_cast<Eigen::Index>(rows.size()), x.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    some.row(static_cast<Eigen::Index>(i)) = x.row(rows[i]);
  }
  return some;
}

double spread(const Eigen::MatrixXd& x, Eigen::Index rows) {
  return rows == 0 ? 0.0 : spread_of(x.topRows(rows));
}

// The variances of a noise, one by one.
Eigen::VectorXd variances_of(const Noise& noise) {
  if (!noise.is_diagonal()) return noise.covariance().diagonal();
  Eigen::MatrixXd whitened = Eigen::MatrixXd::Ones(noise.size(), 1);
  noise.whiten(whitened);
  return whitened.col(0).array().square().inverse();
}

Reading reading_of(const SensorTraits& traits, std::size_t component, double y) {
  if (!traits.lower.empty() && y <= traits.lower[component]) return Reading::Below;
  if (!traits.upper.empty() && y >= traits.upper[component]) return Reading::Above;
  return Reading::Value;
}

}  // namespace

void check_options(const EstimatorOptions& o, std::span<const SensorTraits> sensors) {
  std::visit([](const auto& scheme) { check_scheme(scheme); }, o.scheme);
  if (o.localisation && !(o.localisation->localisation.half_support > 0.0)) {
    throw core::Error(fmt::format("half support = {} of the localisation (must be positive)",
                                  o.localisation->localisation.half_support));
  }
  if (o.localisation && (!o.localisation->to_variable || !o.localisation->between)) {
    throw core::Error("a localisation without both its distances");
  }
  if (const auto* i = std::get_if<MomentInflation>(&o.inflation)) check_inflation(*i);
  if (const auto* i = std::get_if<SpatialInflation>(&o.inflation)) check_inflation(*i);
  for (const EstimatedParameter& p : o.parameters) check_parameter(p);
  Eigen::MatrixXd none(0, 0);
  shrink(o.discount, {}, 0, none);  // what it checks
  check_lost(o.lost);
  if (o.lost.replacement == Replacement::Drop) {
    throw core::Error(
        "lost members of a twin cannot be dropped (members keep their numbers) replace them?");
  }
  if (o.threads == 0) throw core::Error("an estimator with 0 threads (needs at least 1)");
  for (const SensorTraits& s : sensors) {
    check_sensor(s);
    const bool censored = !s.lower.empty() || !s.upper.empty();
    if (censored && !std::holds_alternative<SerialScheme>(o.scheme)) {
      throw core::Error(fmt::format(
          "sensor {} has limits of detection (only a serial scheme takes censored readings)",
          s.name));
    }
    if (!s.noise.is_diagonal() && o.localisation) {
      throw core::Error(fmt::format(
          "sensor {} has correlated errors (localisation needs a weight for each observation) give "
          "a diagonal covariance?",
          s.name));
    }
  }
}

EstimatorCore::EstimatorCore(EstimatorOptions options, std::vector<SensorTraits> sensors)
    : options_(std::move(options)), sensors_(std::move(sensors)) {
  check_options(options_, sensors_);
  for (const SensorTraits& s : sensors_) memory_.faults.emplace_back(s.fault);
  memory_.counts.resize(sensors_.size());
  if (const auto* i = std::get_if<MomentInflation>(&options_.inflation)) memory_.moment = *i;
  if (const auto* i = std::get_if<SpatialInflation>(&options_.inflation)) memory_.spatial = *i;
}

void EstimatorCore::admit(const core::Observation& observation) const {
  if (observation.sensor >= sensors_.size()) {
    throw core::Error(fmt::format("observation of sensor {} (there are {})", observation.sensor,
                                  sensors_.size()));
  }
  const SensorTraits& s = sensors_[observation.sensor];
  if (observation.values.empty()) return;  // it says that it is there, no more
  if (static_cast<Eigen::Index>(observation.values.size()) != s.noise.size()) {
    throw core::Error(fmt::format("observation of {} with {} values (it shows {})", s.name,
                                  observation.values.size(), s.noise.size()));
  }
  for (std::size_t i = 0; i < observation.values.size(); ++i) {
    if (std::isinf(observation.values[i])) {
      throw core::Error(
          fmt::format("component {} of an observation of {} is {} (must be finite; nan "
                      "where it is missing)",
                      i, s.name, observation.values[i]));
    }
  }
}

std::optional<Eigen::MatrixXd> EstimatorCore::remembered(core::Tick at,
                                                         std::uint32_t sensor) const {
  for (const Look& look : memory_.looks) {
    if (look.at != at || look.sensor != sensor) continue;
    const Eigen::Index p = sensors_[sensor].noise.size();
    return Eigen::Map<const Eigen::MatrixXd>(look.shown.data(), p,
                                             static_cast<Eigen::Index>(look.shown.size()) / p);
  }
  return std::nullopt;
}

void EstimatorCore::remember(core::Tick at, std::uint32_t sensor, const Eigen::MatrixXd& shown) {
  memory_.looks.push_back({at, sensor, {shown.data(), shown.data() + shown.size()}});
}

void EstimatorCore::forget(core::Tick now) {
  std::erase_if(memory_.looks,
                [&](const Look& look) { return look.at < now - sensors_[look.sensor].retain; });
}

void EstimatorCore::copy_looks(Eigen::Index from, Eigen::Index to) {
  for (Look& look : memory_.looks) {
    const Eigen::Index p = sensors_[look.sensor].noise.size();
    std::copy_n(look.shown.begin() + from * p, p, look.shown.begin() + to * p);
  }
}

void EstimatorCore::count() {
  FateCounts& counts = memory_.counts[memory_.last.sensor];
  for (const Fate fate : memory_.last.fates) ++counts[static_cast<std::size_t>(fate)];
}

void EstimatorCore::set_aside(const core::Observation& observation, Fate fate) {
  memory_.last.fates.clear();
  for (const double y : observation.values) {
    memory_.last.fates.push_back(std::isnan(y) ? Fate::Missing : fate);
  }
  count();
}

// Missing, censored, sensor fault, gross, gate, moderation.
EstimatorCore::Taken EstimatorCore::judge_all(const core::Observation& observation,
                                              const Eigen::MatrixXd& shown) {
  const SensorTraits& traits = sensors_[observation.sensor];
  EstimatorReport& report = memory_.last;
  const auto size = static_cast<Eigen::Index>(observation.values.size());
  const Eigen::VectorXd given = Eigen::Map<const Eigen::VectorXd>(observation.values.data(), size);
  Eigen::VectorXd values = given;  // NaN where missing or censored
  std::vector<Reading> readings(observation.values.size(), Reading::Value);
  for (Eigen::Index i = 0; i < size; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (!std::isnan(given[i])) readings[at] = reading_of(traits, at, given[i]);
    if (readings[at] != Reading::Value) values[i] = std::numeric_limits<double>::quiet_NaN();
  }
  const Judgement judgement = judge(traits.quality, shown, values, traits.noise);
  report.fates = judgement.fates;
  report.chi_square = judgement.chi_square;
  report.present = static_cast<std::uint64_t>(judgement.present);
  const Eigen::VectorXd r = variances_of(traits.noise);
  std::vector<double> normalised;
  for (Eigen::Index i = 0; i < size; ++i) {
    const double mean = shown.row(i).mean();
    const double s =
        (shown.row(i).array() - mean).square().sum() / static_cast<double>(shown.cols() - 1);
    normalised.push_back((values[i] - mean) / std::sqrt(s + r[i]));
  }
  Taken taken;
  taken.sensor = observation.sensor;
  if (!memory_.faults[observation.sensor].add(normalised)) {
    for (Eigen::Index i = 0; i < size; ++i) {
      if (!std::isnan(given[i])) report.fates[static_cast<std::size_t>(i)] = Fate::Excluded;
    }
    return taken;
  }
  Eigen::VectorXd errors = r;  // of the components, as moderated
  if (!judgement.kept.empty()) {
    const Eigen::VectorXd kept = variances_of(judgement.noise);
    for (std::size_t i = 0; i < judgement.kept.size(); ++i) {
      errors[judgement.kept[i]] = kept[static_cast<Eigen::Index>(i)];
    }
  }
  std::vector<double> y;
  for (Eigen::Index i = 0; i < size; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const bool censored = readings[at] != Reading::Value;
    if (censored) report.fates[at] = Fate::Censored;
    const Fate fate = report.fates[at];
    if (fate != Fate::Used && fate != Fate::Moderated && fate != Fate::Censored) continue;
    taken.components.push_back(i);
    taken.readings.push_back(readings[at]);
    y.push_back(readings[at] == Reading::Value   ? given[i]
                : readings[at] == Reading::Below ? traits.lower[at]
                                                 : traits.upper[at]);
  }
  taken.y = Eigen::Map<const Eigen::VectorXd>(y.data(), static_cast<Eigen::Index>(y.size()));
  taken.shown = some_rows(shown, taken.components);
  taken.noise = traits.noise.is_diagonal() ? Noise::diagonal(some_rows(errors, taken.components))
                                           : judgement.noise;
  return taken;
}

// The work budget: what the ensemble is least sure of, beside the error, is taken in first.
void EstimatorCore::limit(Taken& taken) {
  if (!memory_.budget) return;
  const auto most = static_cast<std::size_t>(memory_.budget->observations);
  if (taken.components.size() <= most) return;
  const Eigen::VectorXd r = variances_of(taken.noise);
  std::vector<std::size_t> order(taken.components.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<double> worth;
  for (Eigen::Index i = 0; i < r.size(); ++i) {
    const auto row = taken.shown.row(i).array();
    worth.push_back((row - row.mean()).square().sum() / r[i]);
  }
  std::ranges::stable_sort(order,
                           [&](std::size_t a, std::size_t b) { return worth[a] > worth[b]; });
  for (std::size_t i = most; i < order.size(); ++i) {
    const auto component = static_cast<std::size_t>(taken.components[order[i]]);
    memory_.last.fates[component] = Fate::OverBudget;
  }
  order.resize(most);
  std::ranges::sort(order);
  Taken less;
  less.sensor = taken.sensor;
  std::vector<Eigen::Index> rows;
  for (const std::size_t i : order) {
    rows.push_back(static_cast<Eigen::Index>(i));
    less.components.push_back(taken.components[i]);
    less.readings.push_back(taken.readings[i]);
  }
  less.shown = some_rows(taken.shown, rows);
  less.y = some_rows(taken.y, rows);
  less.noise = noise_of(taken.noise, rows);
  taken = std::move(less);
  memory_.last.limited = true;
}

EstimatorCore::Rows EstimatorCore::rows_of(Eigen::Index variables, const Eigen::MatrixXd& x) const {
  Rows rows;
  rows.variables = variables;
  rows.parameters = x.rows() - variables;
  for (const Look& look : memory_.looks) {
    for (Eigen::Index i = 0; i < sensors_[look.sensor].noise.size(); ++i) {
      rows.looks.push_back({look.sensor, i});
    }
  }
  return rows;
}

double EstimatorCore::weight(const Rows& rows, Eigen::Index row, const Taken& taken,
                             Eigen::Index component) const {
  const EstimatorLocalisation& l = *options_.localisation;
  double distance = 0.0;
  if (row < rows.variables) {
    distance = l.to_variable(row, taken.sensor, component);
  } else if (row >= rows.variables + rows.parameters) {
    const auto& look = rows.looks[static_cast<std::size_t>(row - rows.variables - rows.parameters)];
    distance = l.between(look.sensor, look.component, taken.sensor, component);
  }
  if (!(distance >= 0.0)) {
    throw core::Error(fmt::format("a distance is {} (must be at least 0)", distance));
  }
  const double w = gaspari_cohn(distance, l.localisation.half_support);
  return w < l.localisation.least_weight ? 0.0 : w;
}

std::vector<Reach> EstimatorCore::reaches(const Rows& rows, const Taken& taken) const {
  if (!options_.localisation) return {};
  const EstimatorLocalisation& l = *options_.localisation;
  const Eigen::Index count =
      rows.variables + rows.parameters + static_cast<Eigen::Index>(rows.looks.size());
  std::vector<Reach> out(taken.components.size());
  for (std::size_t k = 0; k < out.size(); ++k) {
    for (Eigen::Index row = 0; row < count; ++row) {
      const double w = weight(rows, row, taken, taken.components[k]);
      if (w <= 0.0) continue;
      out[k].variables.push_back(row);
      out[k].weights.push_back(w);
    }
    for (std::size_t j = 0; j < out.size(); ++j) {
      const double d =
          j == k ? 0.0
                 : l.between(taken.sensor, taken.components[j], taken.sensor, taken.components[k]);
      if (!(d >= 0.0)) throw core::Error(fmt::format("a distance is {} (must be at least 0)", d));
      const double w = gaspari_cohn(d, l.localisation.half_support);
      if (w < l.localisation.least_weight || w <= 0.0) continue;
      out[k].observations.push_back(static_cast<Eigen::Index>(j));
      out[k].observation_weights.push_back(w);
    }
  }
  return out;
}

std::vector<Domain> EstimatorCore::domains(const Rows& rows, const Taken& taken) const {
  const Eigen::Index count =
      rows.variables + rows.parameters + static_cast<Eigen::Index>(rows.looks.size());
  std::vector<Domain> out(static_cast<std::size_t>(count));
  for (Eigen::Index row = 0; row < count; ++row) {
    Domain& domain = out[static_cast<std::size_t>(row)];
    domain.variables = {row};
    for (std::size_t k = 0; k < taken.components.size(); ++k) {
      const double w = weight(rows, row, taken, taken.components[k]);
      if (w <= 0.0) continue;
      domain.observations.push_back(static_cast<Eigen::Index>(k));
      domain.weights.push_back(w);
    }
  }
  return out;
}

void EstimatorCore::inflate_forecast(const Rows& rows, Taken& taken, Eigen::MatrixXd& x) {
  double lambda = 1.0;
  // What is censored says nothing of size that the moments could use.
  const bool values =
      std::ranges::all_of(taken.readings, [](Reading r) { return r == Reading::Value; });
  if (std::holds_alternative<MomentInflation>(options_.inflation) && values) {
    memory_.moment.update(taken.shown, taken.y, taken.noise);
    lambda = memory_.moment.lambda;
    inflate(Eigen::VectorXd::Constant(rows.variables, lambda), x.topRows(rows.variables));
    inflate(Eigen::VectorXd::Constant(taken.shown.rows(), lambda), taken.shown);
  } else if (std::holds_alternative<SpatialInflation>(options_.inflation) && values) {
    std::vector<Reach> near = reaches(rows, taken);
    for (Reach& reach : near) {  // state variables only
      while (!reach.variables.empty() && reach.variables.back() >= rows.variables) {
        reach.variables.pop_back();
        reach.weights.pop_back();
      }
    }
    memory_.spatial.update(near, taken.y, taken.noise, taken.shown, x.topRows(rows.variables));
    const auto& all = memory_.spatial.lambda;
    lambda = std::accumulate(all.begin(), all.end(), 0.0) / static_cast<double>(all.size());
  }
  memory_.last.inflation = std::sqrt(lambda);
}

void EstimatorCore::correct(const Rows& rows, const Taken& taken, const core::Draw& draw,
                            Eigen::MatrixXd& x) {
  Innovation innovation;
  const std::uint32_t occasion = memory_.last.occasion;
  if (const auto* serial = std::get_if<SerialScheme>(&options_.scheme)) {
    innovation =
        analyse_serially(*serial, reaches(rows, taken),
                         {.observed = taken.shown, .y = taken.y, .readings = taken.readings},
                         taken.noise, draw, occasion, x);
  } else if (options_.localisation) {
    innovation = analyse(std::get<Scheme>(options_.scheme), domains(rows, taken), taken.shown,
                         taken.y, taken.noise, draw, occasion, x);
  } else {
    innovation = analyse(std::get<Scheme>(options_.scheme), taken.shown, taken.y, taken.noise, draw,
                         occasion, x);
  }
  memory_.last.log_likelihood = innovation.log_likelihood;
}

void EstimatorCore::analyse_rows(const core::Observation& observation, const Eigen::MatrixXd& shown,
                                 Eigen::Index variables, const core::Draw& draw,
                                 Eigen::MatrixXd& x) {
  TWIN_EXPECT(variables <= x.rows() && shown.cols() == x.cols(), variables, x.rows(), shown.cols());
  EstimatorReport& report = memory_.last;
  report.spread_before = report.spread_after = spread(x, variables);
  if (observation.values.empty()) return;
  Taken taken = judge_all(observation, shown);
  limit(taken);
  count();
  if (taken.components.empty()) return;
  const Rows rows = rows_of(variables, x);
  inflate_forecast(rows, taken, x);
  // Looks are corrected as what they are: further rows of the members.
  const Eigen::Index own = x.rows();
  Eigen::MatrixXd all(own + static_cast<Eigen::Index>(rows.looks.size()), x.cols());
  all.topRows(own) = x;
  Eigen::Index next = own;
  for (const Look& look : memory_.looks) {
    const Eigen::Index p = sensors_[look.sensor].noise.size();
    all.middleRows(next, p) = Eigen::Map<const Eigen::MatrixXd>(look.shown.data(), p, x.cols());
    next += p;
  }
  correct(rows, taken, draw, all);
  x = all.topRows(own);
  next = own;
  for (Look& look : memory_.looks) {
    const Eigen::Index p = sensors_[look.sensor].noise.size();
    Eigen::Map<Eigen::MatrixXd>(look.shown.data(), p, x.cols()) = all.middleRows(next, p);
    next += p;
  }
  report.spread_after = spread(x, variables);
}

}  // namespace twin::infer
