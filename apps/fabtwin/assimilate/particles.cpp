#include "apps/fabtwin/assimilate/particles.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "twin/infer/particle/filter.hpp"

namespace apps::fabtwin::assimilate {
namespace {

namespace particle = twin::infer::particle;

// The members as the particle filter sees them: what may be moved apart, how likely they make what was
// seen, and which member it is, so that the run can copy all of it. They are moved by the run.
class Shadows {
 public:
  struct State {
    twin::core::Tick now = 0;
    std::vector<double> x = {};   // [variable]
    double log_likelihood = 0.0;  // of what was seen, up to a constant
    std::uint32_t member = 0;
    bool operator==(const State&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("now", self.now);
      archive("x", self.x);
      archive("log_likelihood", self.log_likelihood);
      archive("member", self.member);
    }
  };
  [[nodiscard]] State initial(std::span<const double>, twin::core::Draw draw) const {
    State state;
    state.member = draw.member;
    return state;
  }
  void advance(State& state, std::span<const double>, twin::core::Tick until,
               twin::core::Draw) const {
    state.now = until;
  }
  static std::span<double> vector(State& state) { return state.x; }
};

struct Known {
  [[nodiscard]] double log_likelihood(const Shadows::State& x, std::span<const double>) const {
    return x.log_likelihood;
  }
};

class Particles : public Analyst {
 public:
  Particles(const particle::FilterOptions& options, Eigen::Index members)
      : filter_(Known(), options),
        belief_(twin::core::initial_ensemble(Shadows(), static_cast<std::size_t>(members), {},
                                             {.seed = 0, .member = 0})) {}

  Answer analyse(const Look& look, Eigen::MatrixXd& x) override {
    take(look, x);
    twin::core::Observation seen{.at = look.now, .arrived = look.now};
    seen.values.assign(look.y.begin(), look.y.end());
    const particle::Report report = filter_.weigh(belief_, seen);
    Answer answer;
    answer.estimate = x;
    const auto weights = particle::weights_of(belief_.log_weight);
    answer.weights = Eigen::Map<const Eigen::VectorXd>(weights.relative.data(), x.cols());
    if (report.fate != particle::Fate::Used) return answer;
    const twin::core::Draw own{.seed = look.draw.seed,
                               .member = std::numeric_limits<std::uint32_t>::max()};
    filter_.resample_if_due(belief_, report, own, look.cycle);
    x = particle::vectors_of(belief_);
    for (const auto& shadow : belief_.x) answer.ancestors.push_back(shadow.member);
    return answer;
  }

 private:
  void take(const Look& look, const Eigen::MatrixXd& x) {
    Eigen::MatrixXd missed = look.y.replicate(1, x.cols()) - look.hx;
    look.noise.whiten(missed);
    for (Eigen::Index i = 0; i < x.cols(); ++i) {
      auto& shadow = belief_.x[static_cast<std::size_t>(i)];
      shadow.now = look.now;
      shadow.x.assign(x.col(i).begin(), x.col(i).end());
      shadow.log_likelihood = -0.5 * missed.col(i).squaredNorm();
      shadow.member = static_cast<std::uint32_t>(i);
    }
  }

  particle::ParticleFilter<Known> filter_;
  twin::core::Ensemble<Shadows> belief_;
};

void read_particles(Sheet& sheet, Method& method) {
  std::vector<std::string> names;
  for (const auto scheme : particle::AllResamplings) names.emplace_back(particle::name_of(scheme));
  particle::FilterOptions options;
  options.threshold = sheet.number("threshold", {.least = 0.0, .most = 1.0}, 0.5);
  options.bandwidth = sheet.number("bandwidth", {.least = 0.0, .most = 100.0}, 0.0);
  const std::string chosen = sheet.choice("resampling", names, "systematic");
  options.resampling = particle::AllResamplings[static_cast<std::size_t>(
      std::ranges::find(names, chosen) - names.begin())];
  method.start = [options, members = method.members](const Scene&) {
    return std::make_unique<Particles>(options, members);
  };
}

}  // namespace

std::vector<MethodEntry> particles() {
  std::string schemes;
  for (const auto scheme : particle::AllResamplings) {
    schemes += (schemes.empty() ? "" : ", ") + std::string(particle::name_of(scheme));
  }
  return {
      {"particle",
       "regularised bootstrap particle filter (Gordon et al. 1993; Musso et al. 2001)",
       {{"threshold", "0.5", "resamples when fewer effective members than this share are left"},
        {"bandwidth", "0",
         "of the kernel that moves copies apart, in its rule of thumb; 0: they stay equal, which "
         "only a model with noise of its own can bear"},
        {"resampling", "\"systematic\"", schemes}},
       read_particles}};
}

}  // namespace apps::fabtwin::assimilate
