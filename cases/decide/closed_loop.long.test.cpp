// The loop closed on SMT2020 HVLM and on the example fab: does a fab that is advised once a shift do better than under
// one rule for ever, and does it keep what was promised? Declared before any result was looked at: the objective is
// mean tardiness of the lots finished after the learning; mean cycle time may not worsen by more than 1 %; 90 days;
// each plant with numbers of its own that the twin does not know; the standing rule is FIFO; the operator approves
// what is shown to help. The horizon was chosen between 72 and 168 hours on 40 days of plants 1 and 2, by what it
// costs. Plants 1 to 10 showed what FIFO loses by to differ so much from plant to plant that ten are too few for an
// interval away from zero (-5.5 +- 6.8 h); 12 showed, as some of them had, a rule that three days speak for and that
// makes cycle times 7 % longer in the long run, so that advice looks at both since. On plants 13 to 32, which counted
// then, 50 of 78 changes were rules taking turns in three plants, since a rule had to be shown to be worse in the long
// run to be out, and intervals that promised nine in ten were the 5 and 95 % quantiles of 12 members, which hold 76 %.
// Plants 33 to 52 counted then. On the example fab 32 of 42 promises held there. Running each of those changes again
// with other luck, with theta learnt at that moment and with the true theta held 33, 35 and 34: the loop learnt theta
// each five days where a living twin always knows the newest, and changes counted which were worth less than the zone
// of indifference, which a living twin does not propose. Both are mended, and plants 53 to 72 were declared to count,
// none of which had been run. On HVLM, plants 33 to 52 left the mean's interval at -11.2 +- 13.7 h, since FIFO
// loses 91 and 132 h in two of them: there 40 count, 53 to 92, declared before any was run.
// FABTWIN_KEEP=FILE keeps what each plant came to, for a run that is killed.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <tuple>
#include <vector>

#include "cases/decide/closed_loop.hpp"
#include "cases/kit/kept.hpp"
#include "cases/kit/shared.hpp"
#include "cases/kit/table.hpp"
#include "twin/core/parallel.hpp"
#include "twin/decide/paired.hpp"
#include "twin/math/statistics.hpp"
#include "twins/fab/import/read.hpp"

namespace cases {
namespace {

using namespace twins::fab;

constexpr std::uint32_t FirstSeed = 53;

struct Arms {
  std::vector<Loop> advised;
  std::vector<LoopFigures> fifo, cr;
};

nlohmann::json json_of(const LoopFigures& f) {
  return {f.tardy_hours, f.cycle_days, f.finished, f.on_time};
}

LoopFigures figures_of(const nlohmann::json& j) { return {j.at(0), j.at(1), j.at(2), j.at(3)}; }

std::string text_of(const Loop& loop, const LoopFigures& fifo, const LoopFigures& cr) {
  auto promises = nlohmann::json::array();
  for (const Promise& p : loop.promises)
    promises.push_back(
        {p.day, p.rule, p.benefit, p.low, p.high, p.by_stay, p.downside, p.realised});
  return nlohmann::json{{"seed", loop.seed},     {"advised", json_of(loop.advised)},
                        {"promises", promises},  {"decisions", loop.decisions},
                        {"runs", loop.runs},     {"shifts_of", loop.shifts_of},
                        {"fifo", json_of(fifo)}, {"cr", json_of(cr)}}
      .dump();
}

void from_text(const std::string& text, Arms& arms, std::size_t k) {
  const auto j = nlohmann::json::parse(text);
  Loop& loop = arms.advised[k];
  loop = {.seed = j.at("seed"),
          .advised = figures_of(j.at("advised")),
          .promises = {},
          .decisions = j.at("decisions"),
          .runs = j.at("runs"),
          .shifts_of = j.at("shifts_of")};
  for (const auto& p : j.at("promises"))
    loop.promises.push_back(
        {p.at(0), p.at(1), p.at(2), p.at(3), p.at(4), p.at(5), p.at(6), p.at(7)});
  arms.fifo[k] = figures_of(j.at("fifo"));
  arms.cr[k] = figures_of(j.at("cr"));
}

Arms arms_of(const std::string& fab, const std::shared_ptr<const Layout>& layout,
             std::uint32_t plants, const LoopOptions& o) {
  Arms arms;
  arms.advised.resize(plants);
  arms.fifo.resize(plants);
  arms.cr.resize(plants);
  twin::core::for_each_member(plants, 2, [&](std::size_t k) {
    const auto seed = FirstSeed + static_cast<std::uint32_t>(k);
    const auto text = Kept::of_environment().get(
        fmt::format("closed loop on {}, {} days, times {}, plant {}", fab, o.days, o.mistaken,
                    seed),
        [&] {
          return text_of(closed_loop(layout, seed, o), one_rule(layout, seed, "fifo", o),
                         one_rule(layout, seed, "cr", o));
        });
    from_text(text, arms, k);
    const auto& [advised, fifo, cr] = std::tie(arms.advised[k], arms.fifo[k], arms.cr[k]);
    fmt::print(
        "seed {}: tardiness advised {:.2f} h, fifo {:.2f} h, cr {:.2f} h; cycle {:.2f}, {:.2f}, "
        "{:.2f} d; {} changes, {} runs\n",
        seed, advised.advised.tardy_hours, fifo.tardy_hours, cr.tardy_hours,
        advised.advised.cycle_days, fifo.cycle_days, cr.cycle_days, advised.promises.size(),
        advised.runs);
    for (const Promise& p : advised.promises)
      fmt::print("seed {}: day {:.1f}, to {}{}: {:.3f} h, {:.3f} to {:.3f} promised, came {:.3f}\n",
                 seed, p.day, p.rule, p.by_stay ? ", if it stays" : "", p.benefit, p.low, p.high,
                 p.realised);
    std::fflush(stdout);
  });
  return arms;
}

bool below_zero(double d) { return d < 0.0; }

void against(const std::string& fab, const std::string& rule, const Arms& arms,
             const std::vector<LoopFigures>& other, bool must_win) {
  twin::decide::Paired tardy, cycle;
  std::vector<double> differences;  // [plant] of mean tardiness [h]
  for (std::size_t k = 0; k < arms.advised.size(); ++k) {
    differences.push_back(arms.advised[k].advised.tardy_hours - other[k].tardy_hours);
    tardy.add(arms.advised[k].advised.tardy_hours, other[k].tardy_hours);
    cycle.add(arms.advised[k].advised.cycle_days, other[k].cycle_days);
  }
  std::sort(differences.begin(), differences.end());
  const auto median = twin::math::median_range(differences);
  const auto d = tardy.interval(), c = cycle.interval();
  const std::string heading = "Decisions, the loop closed on " + fab + " > ";
  const std::string setting = fmt::format(
      "{} plants with hidden numbers, 90 days, advice every 12 hours, 72 hours and 60 days ahead",
      arms.advised.size());
  const bool reached = must_win ? d.high() < 0.0 : d.high() <= 0.0 || d.low() <= 0.0;
  publish(heading + "mean tardiness against " + rule,
          {setting, must_win ? "less, for sure (95 %)" : "no worse", "our goal",
           fmt::format("{:.2f} against {:.2f} h, difference {:.2f} ± {:.2f}", tardy.a().mean(),
                       tardy.b().mean(), d.mean, d.half_width),
           reached});
  if (must_win) {
    // Few plants make the mean where one rule is bad for some; this asks what it is in the usual one.
    publish(heading + "median tardiness against " + rule,
            {setting, "less, for sure (95 %, sign test)", "our goal",
             fmt::format("difference {:.2f} to {:.2f} h, less on {} of {} plants", median.low,
                         median.high, std::ranges::count_if(differences, below_zero),
                         differences.size()),
             median.high < 0.0});
  }
  const double share = 100.0 * c.mean / cycle.b().mean();
  publish(heading + "mean cycle time against " + rule,
          {setting, "at most 1 % longer", "our goal",
           fmt::format("{:.2f} against {:.2f} days, {:+.2f} ± {:.2f} %", cycle.a().mean(),
                       cycle.b().mean(), share, 100.0 * c.half_width / cycle.b().mean()),
           share <= 1.0});
}

void promises(const std::string& fab, const Arms& arms) {
  std::size_t held = 0, all = 0;
  for (const Loop& loop : arms.advised) {
    for (const Promise& p : loop.promises) {
      ++all;
      held += p.low <= p.realised && p.realised <= p.high;
    }
  }
  const double share = all > 0 ? static_cast<double>(held) / static_cast<double>(all) : 0.0;
  publish(
      "Decisions, the loop closed on " + fab + " > promised 90 % intervals of the benefit",
      {fmt::format("all changes of rule that were approved, {} of them", all), "hold 85 to 95 %",
       "our goal", fmt::format("{:.1f} %", 100.0 * share), share >= 0.85 && share <= 0.95});
}

void whole(const std::string& name, const std::shared_ptr<const Layout>& layout,
           std::uint32_t plants) {
  const Arms arms = arms_of(name, layout, plants, {});
  against(name, "FIFO for ever", arms, arms.fifo, true);
  against(name, "CR for ever", arms, arms.cr, false);
  promises(name, arms);
}

// A twin that believes all process times to be `factor` times what they are, and learns nothing. What it says it may
// lose at worst is held against what its plants lost: change by change, and in all.
void mistaken(const std::string& fab, const std::shared_ptr<const Layout>& layout, double factor) {
  constexpr std::uint32_t MistakenPlants = 10;
  LoopOptions o;
  o.mistaken = factor;
  const Arms arms = arms_of(fab, layout, MistakenPlants, o);
  twin::decide::Paired tardy;
  double stated = 0.0;
  std::size_t changes = 0, within = 0;
  for (std::size_t k = 0; k < arms.advised.size(); ++k) {
    tardy.add(arms.advised[k].advised.tardy_hours, arms.fifo[k].tardy_hours);
    for (const Promise& p : arms.advised[k].promises) {
      const double downside = std::max(0.0, p.downside);
      ++changes;
      within += -p.realised <= downside;
      stated += downside;
    }
  }
  const auto d = tardy.interval();
  const std::string heading =
      "Decisions, the loop closed on " + fab + " > a twin mistaken by 30 %: ";
  const std::string setting = fmt::format(
      "{} plants with hidden numbers, 90 days; all process times believed {} times as long",
      arms.advised.size(), factor);
  const double mean_stated = changes > 0 ? stated / static_cast<double>(changes) : 0.0;
  publish(heading + fmt::format("mean tardiness against FIFO for ever, times {}", factor),
          {setting, "worse by no more than the downside stated", "our goal",
           fmt::format(
               "{:.2f} against {:.2f} h, difference {:.2f} ± {:.2f}; {:.2f} h stated on average",
               tardy.a().mean(), tardy.b().mean(), d.mean, d.half_width, mean_stated),
           d.mean <= mean_stated});
  publish(
      heading + fmt::format("changes that lose no more than the downside stated, times {}", factor),
      {setting, "at least 95 %", "our goal", fmt::format("{} of {}", within, changes),
       static_cast<double>(within) >= 0.95 * static_cast<double>(changes)});
}

TEST(CaseClosedLoop, ExampleFab) {
  whole("the example fab", compile(import::read("data/example-fab")), 20);
}

TEST(CaseClosedLoop, Hvlm) {
  if (reference_absent()) GTEST_SKIP() << ReferenceAbsent;
  whole("SMT2020 HVLM", compile(import::read(reference_folder() / "smt2020" / "HVLM")), 40);
}

TEST(CaseClosedLoop, AMistakenTwin) {
  if (reference_absent()) GTEST_SKIP() << ReferenceAbsent;
  const auto layout = compile(import::read(reference_folder() / "smt2020" / "HVLM"));
  for (const double factor : {0.7, 1.3}) mistaken("SMT2020 HVLM", layout, factor);
}

}  // namespace
}  // namespace cases
