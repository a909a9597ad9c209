#include "twins/fab/track/whereabouts.hpp"

#include <algorithm>
#include <cmath>

#include "twin/core/expect.hpp"

namespace twins::fab::track {

namespace {

// The law of one stay in one phase, begun at `since`; times are moments [ms].
struct Stay {
  const RecentLaw* law = nullptr;     // null: exactly `scale`
  double scale = 0.0;                 // [ms] unit of the law
  const QueueClock* clock = nullptr;  // the law is of its readings
  std::uint32_t ahead = 0;            // [lots]

  [[nodiscard]] double beyond(Tick since, Tick at) const {
    if (clock != nullptr) return law->beyond(clock->reading(since, at, ahead));
    const auto ms = static_cast<double>(at - since);
    return law != nullptr ? law->beyond(ms / scale) : (ms < scale ? 1.0 : 0.0);
  }
  [[nodiscard]] Tick between(Tick since, Tick from, Tick to, double u) const {
    if (clock != nullptr) {
      const double least = clock->reading(since, from, ahead);
      const double most = clock->reading(since, to, ahead);
      return std::max(from, clock->when(since, to, ahead, law->between(least, most, u)));
    }
    const auto least = static_cast<double>(from - since), most = static_cast<double>(to - since);
    const double ms = law != nullptr ? scale * law->between(least / scale, most / scale, u) : scale;
    return std::clamp(since + static_cast<Tick>(std::min(ms, most)), from, to);
  }
};

struct Particle : Whereabouts {
  bool dark = false;  // the link of the tool that it is in is out
};

class Ways {
 public:
  Ways(const Layout& m, const Laws& laws, const Missing& missing, const Sighting& lot, Tick at,
       twin::core::Draw draw, const WayOptions& options)
      : m_(m), laws_(laws), missing_(missing), lot_(lot), at_(at), draw_(draw), options_(options) {}

  std::vector<Whereabouts> follow() {
    Particle first;
    first.phase = lot_.phase;
    first.step = lot_.step;
    first.tool = lot_.tool;
    first.visit = lot_.visit;
    first.location = lot_.location;
    first.since = lot_.since;
    first.weight = 1.0;
    live_ = {first};
    if (in_tool(first.phase) && lot_.silent && missing_.dark_tools > 0.0) {
      live_.push_back(first);
      live_[0].weight = 1.0 - missing_.dark_tools;
      live_[1].weight = missing_.dark_tools;
      live_[1].dark = true;
    }
    constexpr std::uint32_t RoundsMost = 100'000;  // a rework loop without time would have no end
    for (; !live_.empty() && round_ < RoundsMost; ++round_) {
      const double all = left_behind_ + on_the_way();
      if (on_the_way() <= options_.least * all) break;
      rescale(all);
      next_.clear();
      for (const Particle& p : live_) go_on(p);
      live_.swap(next_);
    }
    if (places_.empty()) stay(live_.empty() ? first : live_.front(), 1.0);  // no way was probable
    std::erase_if(places_,
                  [&](const Whereabouts& p) { return p.weight <= options_.least * left_behind_; });
    double sum = 0.0;
    for (const Whereabouts& p : places_) sum += p.weight;
    for (Whereabouts& p : places_) p.weight /= sum;
    return std::move(places_);
  }

 private:
  [[nodiscard]] double on_the_way() const {
    double sum = 0.0;
    for (const Particle& p : live_) sum += p.weight;
    return sum;
  }

  // A way of hundreds of missed events is improbable beyond what a double holds; only ratios count.
  void rescale(double all) {
    if (all > 1e-100) return;
    for (Particle& p : live_) p.weight /= all;
    for (Whereabouts& p : places_) p.weight /= all;
    left_behind_ /= all;
  }

  void stay(Whereabouts p, double weight) {
    if (weight <= 0.0) return;
    p.weight = weight;
    left_behind_ += weight;
    places_.push_back(p);
  }

  void to(Particle p, Phase phase, double factor) {
    p.phase = phase;
    p.weight *= factor;
    if (p.weight > 0.0) next_.push_back(p);
  }

  [[nodiscard]] double uniform(std::size_t particle) const {
    return draw_.uniform(DrawWay, lot_.lot,
                         round_ * 1024U + static_cast<std::uint32_t>(particle % 1024U));
  }

  // Of two ways both while there are few particles, else one with its share: the weight is that of both.
  void either(const Particle& a, Phase to_a, double weight_a, const Particle& b, Phase to_b,
              double weight_b) {
    const double both = weight_a + weight_b;
    if (!(both > 0.0)) return;
    if (live_.size() < options_.particles) {
      to(a, to_a, weight_a);
      to(b, to_b, weight_b);
    } else if (uniform(next_.size()) * both < weight_a) {
      to(a, to_a, both);
    } else {
      to(b, to_b, both);
    }
  }

  // That the fab's own system's event of this moment did not come through.
  [[nodiscard]] double fab_missed(Tick at) const {
    const auto& outages = missing_.fab_outages;
    const auto next =
        std::ranges::lower_bound(outages, at, {}, &Window::to);  // the first to end at or after it
    return next != outages.end() && next->from < at ? 1.0 : missing_.fab;
  }

  void go_on(const Particle& p) {
    switch (p.phase) {
      case Phase::Done: return done(p);
      case Phase::Deciding: return decide(p);
      case Phase::Moving: return timed(p, Phase::Waiting);
      case Phase::Waiting:
      case Phase::Entered: return timed(p, Phase::Loading);
      case Phase::Loading: return timed(p, Phase::Processing);
      case Phase::Processing: return timed(p, Phase::Unloading);
      case Phase::Unloading: return timed(p, Phase::Done);
      case Phase::Held:
      case Phase::Left: return stay(p, p.weight);
    }
  }

  void done(Particle p) {
    const StepInfo& s = m_.steps[p.step];
    p.location = m_.groups[s.group].location;
    p.tool = None;
    p.dark = false;
    Particle on = p, back = p;
    ++on.step;
    const double rework = laws_.rework(p.step);
    if (rework <= 0.0) return to(on, Phase::Deciding, 1.0);
    back.step = s.rework_to;
    either(on, Phase::Deciding, 1.0 - rework, back, Phase::Deciding, rework * fab_missed(p.since));
  }

  void decide(Particle p) {
    const RouteInfo& route = m_.routes[lot_.route];
    const std::uint32_t end = route.first_step + route.steps;
    const double missed = fab_missed(p.since);
    if (p.step >= end) {
      p.step = end - 1;
      return to(p, Phase::Left, missed);
    }
    ++p.visit;
    Particle skip = p;
    ++skip.step;
    const double sampling = laws_.sampling(p.step);
    either(p, Phase::Moving, sampling * missed, skip, Phase::Deciding, (1.0 - sampling) * missed);
  }

  [[nodiscard]] Stay law_of(const Whereabouts& p) const {
    const StepInfo& s = m_.steps[p.step];
    const GroupInfo& group = m_.groups[s.group];
    switch (p.phase) {
      case Phase::Moving: {
        const std::uint32_t cell = laws_.transport_cell(p.location, group.location);
        return cell == None ? Stay{} : Stay{&laws_.transport[cell], 1.0};
      }
      case Phase::Waiting: {
        const std::size_t queue = laws_.queue_of(s.group, lot_.priority);
        const QueueClock& clock = laws_.clock[queue];
        const bool seen = round_ == 0;  // else as many as wait there now
        return {&laws_.wait[queue], 1.0, &clock, seen ? lot_.ahead : clock.waiting()};
      }
      case Phase::Entered: return {&laws_.setup[s.group], 1.0};
      case Phase::Loading:
        if (group.slots > 1) return {&laws_.load[s.group], 1.0};
        return {nullptr, static_cast<double>(group.load)};
      case Phase::Processing: {
        const std::uint32_t wafers = first_visit(p) ? lot_.job_wafers : lot_.wafers;
        const double alone = laws_.process_alone_ms(p.step, wafers);
        return alone > 0.0 ? Stay{&laws_.process[s.group], alone} : Stay{};
      }
      default: return {nullptr, static_cast<double>(group.unload)};
    }
  }

  [[nodiscard]] bool first_visit(const Whereabouts& p) const { return p.visit == lot_.visit; }

  void timed(const Particle& p, Phase then) {
    const Stay law = law_of(p);
    const Tick from = round_ == 0 ? std::max(p.since, lot_.inside) : p.since;
    const bool bounded = lot_.out >= 0 && first_visit(p) && in_tool(p.phase);
    const Tick to_most = std::max(bounded ? lot_.out : at_, from);
    const double possible = from > p.since ? law.beyond(p.since, from) : 1.0;
    double stays = 0.0;
    if (!bounded && possible > 0.0) stays = law.beyond(p.since, at_) / possible;
    if (!bounded && from > p.since && from >= at_) stays = 1.0;  // sure, whatever the law says
    stay(p, p.weight * stays);
    const double goes = p.weight * (1.0 - stays);
    if (goes <= 0.0) return;
    const std::size_t copies = live_.size() >= options_.particles || law.law == nullptr
                                   ? 1
                                   : (options_.particles + live_.size() - 1) / live_.size();
    for (std::size_t i = 0; i < copies; ++i) {
      const double u =
          (static_cast<double>(i) + uniform(next_.size())) / static_cast<double>(copies);
      Particle q = p;
      q.since = law.between(p.since, from, to_most, u);
      q.weight = goes / static_cast<double>(copies);
      pass(q, p.phase, then);
    }
  }

  // The change of phase at q.since went unheard.
  void pass(Particle q, Phase before, Phase then) {
    if (before == Phase::Moving) return to(q, then, fab_missed(q.since));
    const bool enters = before == Phase::Waiting;
    const bool formed = enters && m_.groups[m_.steps[q.step].group].batch;  // one event more
    const double missed = formed ? missing_.tools * missing_.tools : missing_.tools;
    if (!enters || missing_.dark_tools <= 0.0) return to(q, then, q.dark ? 1.0 : missed);
    Particle dark = q;
    dark.dark = true;
    either(q, then, (1.0 - missing_.dark_tools) * missed, dark, then, missing_.dark_tools);
  }

  const Layout& m_;
  const Laws& laws_;
  const Missing& missing_;
  const Sighting& lot_;
  Tick at_;
  twin::core::Draw draw_;
  const WayOptions& options_;
  std::vector<Particle> live_, next_;
  std::vector<Whereabouts> places_;
  double left_behind_ = 0.0;
  std::uint32_t round_ = 0;
};

}  // namespace

std::vector<Whereabouts> whereabouts(const Layout& layout, const Laws& laws, const Missing& missing,
                                     const Sighting& lot, Tick at, twin::core::Draw draw,
                                     const WayOptions& options) {
  TWIN_EXPECT(at >= lot.since, at, lot.since);
  TWIN_EXPECT(options.particles > 0);
  return Ways(layout, laws, missing, lot, at, draw, options).follow();
}

}  // namespace twins::fab::track
