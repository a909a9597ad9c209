#include "apps/fabtwin/assimilate/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <mutex>

#include "twin/core/expect.hpp"
#include "twin/core/parallel.hpp"
#include "twin/infer/experiment.hpp"
#include "twin/infer/particle/resampling.hpp"
#include "twin/infer/particle/weighted_scores.hpp"
#include "twin/infer/particle/weights.hpp"
#include "twin/score/crps.hpp"

namespace apps::fabtwin::assimilate {
namespace {

using twin::core::Draw;

constexpr std::uint32_t RankDraw = 0xA5000022, EvenDraw = 0xA5000023;
constexpr double Infinity = std::numeric_limits<double>::infinity();

// The figures that look at single variables, of one cycle.
void score_variables(const Eigen::MatrixXd& x, const Eigen::VectorXd& truth, const Draw& hidden,
                     std::uint32_t cycle, RunScores& scores) {
  const Eigen::Index stride = std::max<Eigen::Index>(1, x.rows() / 50);
  std::vector<double> members(static_cast<std::size_t>(x.cols()));
  double crps = 0.0;
  int count = 0;
  const auto take = [&](Eigen::Index i) {
    for (Eigen::Index j = 0; j < x.cols(); ++j) members[static_cast<std::size_t>(j)] = x(i, j);
  };
  for (Eigen::Index i = 0; i < x.rows(); i += stride) {
    take(i);
    crps += twin::score::crps(members, truth[i]);
    if (x.cols() > 1) scores.spread_skill.add(members, truth[i]);
    ++count;
  }
  scores.crps += crps / count;
  if (x.cols() == 1) return;  // one estimate says nothing of how sure it is
  // One rank a cycle, of another variable each time: those of neighbours are not independent.
  const double u = hidden.uniform(RankDraw, 0, cycle);
  const auto i = static_cast<Eigen::Index>(u * static_cast<double>(x.rows()));
  take(i);
  scores.ranks.add(members, truth[i], hidden.uniform(RankDraw, 1, cycle));
}

// As many equal members, each as often as its weight says, so that scores of single variables apply.
Eigen::MatrixXd evenly(const Eigen::MatrixXd& x, std::span<const double> weights,
                       const Draw& hidden, std::uint32_t cycle) {
  std::vector<std::uint32_t> copies(weights.size()), ancestors(weights.size());
  twin::infer::particle::resample(twin::infer::particle::Resampling::Systematic, weights, hidden,
                                  EvenDraw, cycle, copies);
  twin::infer::particle::ancestors_of(copies, ancestors);
  Eigen::MatrixXd even(x.rows(), x.cols());
  for (std::size_t i = 0; i < ancestors.size(); ++i) {
    even.col(static_cast<Eigen::Index>(i)) = x.col(ancestors[i]);
  }
  return even;
}

class Run {
 public:
  Run(const Experiment& experiment, const Method& method, std::uint64_t seed)
      : e_(experiment), method_(method), seed_(seed) {}

  // progress(): after each cycle.
  template <class Progress>
  RunScores operator()(unsigned threads, const std::atomic<bool>* stop, const Progress& progress) {
    const auto begun = std::chrono::steady_clock::now();
    const auto population =
        e_.subject->start({.seed = seed_, .members = method_.members, .threads = threads});
    const auto analyst =
        method_.start({.subject = *e_.subject, .network = *e_.network, .seed = seed_});
    scores_.ranks = twin::score::RankHistogram(static_cast<std::size_t>(method_.members));
    x_.resize(e_.subject->size(), method_.members);
    scores_.done = true;
    for (std::uint32_t cycle = 0; cycle < e_.cycles; ++cycle) {
      if (stop != nullptr && *stop) {
        scores_.done = false;
        break;
      }
      if (!this->cycle(*population, *analyst, cycle)) {
        scores_.rmse_f = scores_.rmse_a = Infinity;
        break;
      }
      progress();
    }
    const double count = e_.cycles - e_.burn_in;
    scores_.rmse_f /= count;
    scores_.rmse_a /= count;
    scores_.spread /= count;
    scores_.crps /= count;
    scores_.diverged = !(scores_.rmse_a <= e_.diverged_above) || !std::isfinite(scores_.rmse_a);
    scores_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return std::move(scores_);
  }

 private:
  // False if a member is no number any more: the run is lost.
  bool cycle(Population& population, Analyst& analyst, std::uint32_t cycle) {
    const Draw hidden{.seed = seed_, .member = twin::infer::TruthMember};
    const twin::core::Tick ticks = e_.network->ticks_per_cycle();
    now_ += ticks;
    population.advance_truth(ticks);
    const bool filters = method_.lag == 0;
    if (filters) population.advance(ticks);
    population.read(x_);
    const Eigen::VectorXd truth = population.truth();
    const auto from = [&](const Eigen::MatrixXd& x) { return population.run(x, now_ - begin_); };
    const Eigen::MatrixXd forecast = filters ? x_ : from(x_);
    const Eigen::MatrixXd shown = filters ? population.shown() : forecast;
    if (!forecast.allFinite() || !shown.allFinite() || !truth.allFinite()) return false;
    const bool scored = cycle >= e_.burn_in;
    if (scored) scores_.rmse_f += twin::infer::rmse_of(forecast, truth);
    const auto places = e_.network->places(seed_, cycle);
    y_.resize(e_.network->size(), 1);
    e_.network->noise().draw(hidden, twin::infer::ObservationDraw, cycle, y_);
    y_ += e_.network->look(population.shown_truth(), places);
    const Eigen::MatrixXd hx = e_.network->look(shown, places);
    const Eigen::VectorXd y = y_;
    const Answer answer = analyst.analyse({.hx = hx,
                                           .y = y,
                                           .noise = e_.network->noise(),
                                           .places = places,
                                           .draw = {.seed = seed_, .member = 0},
                                           .cycle = cycle,
                                           .begin = begin_,
                                           .now = now_,
                                           .run = from},
                                          x_);
    if (!x_.allFinite() || !answer.estimate.allFinite()) return false;
    if (scored) score_analysis(answer, truth, cycle, scores_);
    if (!answer.ancestors.empty()) population.copy(answer.ancestors);
    population.write(x_);
    if (filters) {
      begin_ = now_;
    } else if (cycle + 1 >= method_.lag) {
      begin_ += ticks;
      population.advance(ticks);
    }
    return true;
  }

  void score_analysis(const Answer& answer, const Eigen::VectorXd& truth, std::uint32_t cycle,
                      RunScores& scores) const {
    const Draw hidden{.seed = seed_, .member = twin::infer::TruthMember};
    const Eigen::MatrixXd& x = answer.estimate.size() == 0 ? x_ : answer.estimate;
    if (answer.weights.size() == 0) {
      scores.rmse_a += twin::infer::rmse_of(x, truth);
      scores.spread += twin::infer::spread_of(x);
      score_variables(x, truth, hidden, cycle, scores);
    } else {
      const std::span<const double> weights(answer.weights.data(),
                                            static_cast<std::size_t>(answer.weights.size()));
      const auto now = twin::infer::particle::weighted_scores(
          x, answer.weights, twin::infer::particle::blocked_sum(weights), truth);
      scores.rmse_a += now.rmse;
      scores.spread += now.spread;
      score_variables(evenly(x, weights, hidden, cycle), truth, hidden, cycle, scores);
    }
    if (answer.told) {
      scores.innovation.add(answer.told->chi_square,
                            static_cast<std::size_t>(answer.told->observations));
    }
  }

  const Experiment& e_;
  const Method& method_;
  std::uint64_t seed_;
  RunScores scores_;
  twin::core::Tick begin_ = 0, now_ = 0;  // of the window; of the look
  Eigen::MatrixXd x_, y_;
};

}  // namespace

std::span<const Key> experiment_keys() {
  static const std::vector<Key> keys = {
      {"name", "the file's name", "what the table is headed by"},
      {"cycles", "", "looks of a run"},
      {"burn_in", "a fifth of cycles", "looks that are not scored"},
      {"seeds", "1", "runs of each method, each with a truth of its own"},
      {"first_seed", "1", "the seed of the first"},
      {"diverged_above", "infinite", "a run whose mean rmse_a is above it is lost"},
  };
  return keys;
}

Experiment read_experiment(std::string_view text, const std::string& file,
                           const Overrides& overrides) {
  Sheet sheet(read_toml(text, file), file, "");
  Experiment e;
  e.name = sheet.text("name", file);
  constexpr double Many = 1e9;
  e.cycles = static_cast<std::uint32_t>(sheet.integer("cycles", {1.0, Many}, {}));
  e.cycles = overrides.cycles.value_or(e.cycles);
  e.burn_in = static_cast<std::uint32_t>(
      sheet.integer("burn_in", {0.0, Many}, static_cast<std::int64_t>(e.cycles / 5)));
  e.burn_in = overrides.burn_in.value_or(e.burn_in);
  if (e.burn_in >= e.cycles) {
    sheet.refuse("burn_in", fmt::format("burn_in = {} of {} cycles (nothing is left to score)",
                                        e.burn_in, e.cycles));
  }
  e.seeds = static_cast<std::uint32_t>(sheet.integer("seeds", {1.0, 1e6}, 1));
  e.seeds = overrides.seeds.value_or(e.seeds);
  e.first_seed = static_cast<std::uint64_t>(sheet.integer("first_seed", {0.0, 9e18}, 1));
  e.first_seed = overrides.first_seed.value_or(e.first_seed);
  e.diverged_above =
      sheet.has("diverged_above") ? sheet.number("diverged_above", Range::positive()) : Infinity;
  std::vector<Sheet> methods = sheet.tables("method");
  Eigen::Index members = 0;
  for (Sheet& one : methods) {
    e.methods.push_back(read_method(one));
    members = std::max(members, e.methods.back().members);
  }
  if (!sheet.has("model")) sheet.refuse("model", "no [model] (it is needed)");
  Sheet model = sheet.table("model"), truth = sheet.table("truth"),
        observations = sheet.table("observations");
  sheet.finish();
  Built built = build_model(model, truth, members);
  e.network = std::make_unique<Network>(Network::read(observations, built));
  for (const Sheet& one : methods) check_method(one, *built.subject, *e.network);
  e.subject = std::move(built.subject);
  return e;
}

Results run(const Experiment& experiment, const RunOptions& options) {
  const std::size_t methods = experiment.methods.size(), seeds = experiment.seeds;
  const std::size_t tasks = methods * seeds;
  Results results(methods, std::vector<RunScores>(seeds));
  // Runs beside each other; within a run its members, where there are threads to spare.
  const auto beside = static_cast<unsigned>(std::min<std::size_t>(options.threads, tasks));
  const unsigned within = std::max(1U, options.threads / beside);
  std::atomic<std::uint64_t> cycles = 0;
  const double all = static_cast<double>(tasks) * experiment.cycles;
  twin::core::for_each_member(tasks, beside, [&](std::size_t task) {
    const std::size_t method = task % methods, seed = task / methods;
    if (options.stop != nullptr && *options.stop) return;
    Run one(experiment, experiment.methods[method], experiment.first_seed + seed);
    results[method][seed] = one(within, options.stop, [&] {
      const auto done = static_cast<double>(cycles.fetch_add(1) + 1);
      if (options.progress) options.progress(done / all);
    });
  });
  return results;
}

std::vector<Summary> summarise(const Experiment& experiment, const Results& results) {
  std::vector<Summary> summaries;
  for (std::size_t m = 0; m < results.size(); ++m) {
    const Method& method = experiment.methods[m];
    Summary s;
    s.label = method.label;
    s.method = method.name;
    s.members = method.members;
    twin::score::SpreadSkill spread_skill;
    twin::score::RankHistogram ranks(static_cast<std::size_t>(method.members));
    twin::score::InnovationCheck innovation;
    double seconds = 0.0;
    for (const RunScores& r : results[m]) {
      if (!r.done) continue;
      ++s.runs;
      seconds += r.seconds;
      if (r.diverged) {
        ++s.diverged;
        continue;
      }
      s.rmse_f.add(r.rmse_f);
      s.rmse_a.add(r.rmse_a);
      if (method.members > 1) s.spread.add(r.spread);
      s.crps.add(r.crps);
      spread_skill.merge(r.spread_skill);
      ranks.merge(r.ranks);
      innovation.merge(r.innovation);
    }
    if (const auto answer = spread_skill.answer()) s.spread_skill = answer->ratio;
    if (const auto flat = ranks.flatness()) s.flat_p = flat->all.p_value;
    s.innovation = innovation.answer();
    if (s.runs > 0) s.cycle_ms = 1e3 * seconds / (static_cast<double>(s.runs) * experiment.cycles);
    summaries.push_back(std::move(s));
  }
  return summaries;
}

}  // namespace apps::fabtwin::assimilate
