// Goals, on 2 cores with the whole of SMT2020 HVLM: a menu of 50 what-ifs, 3 days ahead, to a probability of correct
// selection of 0.95 within a zone of 0.5 % of the objective in 60 s; one what-if with an interval in 5 s. Measured with
// the data set at FABTWIN_SHARED; the example fab else, for which there are no goals.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>

#include "twins/fab/decide/advise.hpp"
#include "twins/fab/decide/menu.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/mirror.hpp"

namespace {

using namespace twins::fab;
using namespace twins::fab::decide;

struct Site {
  bool whole = false;
  std::shared_ptr<const Layout> layout;
  std::unique_ptr<AnyFab> fab;
  State seen;
  Outlook outlook;

  Site() {
    const char* shared = std::getenv("FABTWIN_SHARED");
    const std::filesystem::path hvlm =
        std::filesystem::path(shared != nullptr ? shared : "../shared") / "data/smt2020/HVLM";
    whole = std::filesystem::exists(hvlm);
    layout = compile(import::read(whole ? hvlm : "data/example-fab"));
    fab = make_fab(layout, "fifo");
    State x = fab->initial(layout->nominal_theta(), {1, 0});
    fab->advance(x, layout->nominal_theta(), 20 * Tick{86'400'000}, {1, 0});
    seen = Mirror(*fab).follow(x);
    outlook = learn_outlook(*fab, seen, {}, {2, 60.0, 1, 2});
  }
  [[nodiscard]] RolloutsAsked asked(std::uint64_t seed) const {
    RolloutsAsked a;
    a.now = seen.now;
    a.standing = "fifo";
    a.seed = seed;
    a.outlook = outlook;
    return a;
  }
};

const Site& site() {
  static const Site s;
  return s;
}

void menu_of_fifty(benchmark::State& run) {
  const Site& s = site();
  MenuAsked menu;
  menu.standing = "fifo";
  AdviceAsked asked;
  asked.budget = 1'000'000;
  asked.procedure = run.range(0) == 0 ? Procedure::Kn : Procedure::Ocba;
  std::uint64_t seed = 1;
  Advice advice;
  std::string best;
  for (auto _ : run) {
    Rollouts rollouts(s.layout, s.seen, {}, menu_of(*s.fab, s.seen, s.outlook, menu),
                      s.asked(seed++));
    advice = advise(rollouts, asked, 2);
    best = rollouts.menu()[advice.best].name;
  }
  const Weighed& w = advice.weighed[advice.best];
  run.counters["runs"] = static_cast<double>(advice.runs);
  run.counters["alternatives"] = static_cast<double>(advice.weighed.size());
  run.counters["probability"] = advice.probability;
  run.counters["benefit_h"] = w.benefit.mean;
  run.counters["half_width_h"] = w.benefit.half_width;
  run.counters["zone_h"] = advice.zone;
  run.SetLabel((s.whole ? "SMT2020 HVLM, 2 threads: " : "example fab, 2 threads: ") + best);
}
BENCHMARK(menu_of_fifty)->Arg(0)->Arg(1)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(1);

void one_what_if(benchmark::State& run) {
  const Site& s = site();
  Weighed w;
  std::uint64_t seed = 1;
  for (auto _ : run) {
    Rollouts rollouts(s.layout, s.seen, {}, {{"fifo", "", {}}, {"cr", "cr", {}}}, s.asked(seed++));
    w = weigh(rollouts, 1, static_cast<std::uint64_t>(run.range(0)), {}, 2);
  }
  run.counters["benefit_h"] = w.benefit.mean;
  run.counters["half_width_h"] = w.benefit.half_width;
  run.SetLabel(s.whole ? "SMT2020 HVLM, 2 threads" : "example fab, 2 threads");
}
BENCHMARK(one_what_if)->Arg(30)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(3);

}  // namespace
