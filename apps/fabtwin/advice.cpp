#include "apps/fabtwin/advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/table.hpp"
#include "twin/core/expect.hpp"

namespace apps::fabtwin {

using namespace twins::fab::decide;

namespace {

constexpr std::size_t Shown = 12;  // rows of the table

// The chosen one, then by mean benefit; ties in the menu's order.
std::vector<const Weighed*> in_order(const Advice& advice) {
  std::vector<const Weighed*> all;
  for (const Weighed& w : advice.weighed) all.push_back(&w);
  std::stable_sort(all.begin(), all.end(), [&](const Weighed* a, const Weighed* b) {
    const bool chosen_a = a->alternative == advice.best, chosen_b = b->alternative == advice.best;
    if (chosen_a != chosen_b) return chosen_a;
    return a->benefit.mean > b->benefit.mean;
  });
  return all;
}

const char* why_out(const Weighed& w) {
  if (w.late_out) return "queue times";
  if (w.out && w.stay && w.stay->benefit.high() < 0.0) return "worse if it stays";
  return w.out ? "longer cycle times" : "";
}

// What rules come to if they stay, a line each: the standing one is what they are held against.
std::string stays_text(const AdviceShown& s) {
  std::string text;
  for (const Weighed* w : in_order(s.advice)) {
    if (!w->stay || w->alternative == 0) continue;
    text += fmt::format("  {}: {} h less, cycle times {} % longer\n",
                        s.rollouts.menu()[w->alternative].name,
                        with_half_width(w->stay->benefit.mean, w->stay->benefit.half_width, 3),
                        with_half_width(100.0 * w->stay->cycle_share.mean,
                                        100.0 * w->stay->cycle_share.half_width, 1));
  }
  if (text.empty()) return text;
  return fmt::format("If they stay for {:g} days, the first third not counted:\n{}", s.stay_days,
                     text);
}

Json interval_json(const twin::math::Interval& i) {
  return {{"mean", i.mean}, {"half_width", i.half_width}};
}

}  // namespace

Objective objective_named(const std::string& name) {
  if (name == "weighted") return Objective::WeightedTardiness;
  if (name == "hot") return Objective::HotTardiness;
  if (name == "cycle") return Objective::CycleTime;
  TWIN_EXPECT(name == "tardiness", name);
  return Objective::Tardiness;
}

std::string advice_text(const AdviceShown& s) {
  const Advice& advice = s.advice;
  const auto& menu = s.rollouts.menu();
  const Weighed& best = advice.weighed[advice.best];
  std::string text = fmt::format(
      "day {:.1f}, {}; {} alternatives, {:.0f} h ahead; {} [h], less is better\n", s.day,
      menu[0].name, menu.size(), s.rollouts.asked().horizon_hours, to_string(s.asked.objective));
  if (s.stopped) text += "interrupted: what was known by then\n";
  text += "\n";
  if (advice.best == 0) {
    text += "Leave it as it is: nothing on the menu is better by more than it is worth.\n";
  } else {
    text += fmt::format(
        "{}: {:.3f} ± {:.3f} h less ({:.1f} %); nine in ten between {:.3f} and {:.3f} h, {:.0f} % "
        "do "
        "worse\n",
        menu[advice.best].name, best.benefit.mean, best.benefit.half_width,
        100.0 * best.benefit_share, best.likely_low, best.likely_high, 100.0 * best.worse);
  }
  if (advice.by_stay)
    text += fmt::format("That is not why: if it stays for {:g} days it brings {:.3f} ± {:.3f} h.\n",
                        s.stay_days, best.stay->benefit.mean, best.stay->benefit.half_width);
  for (const Weighed* w : in_order(advice))
    if (w->late_out && w->benefit.mean > best.benefit.mean + advice.zone)
      text += fmt::format(
          "{} would bring {:.3f} ± {:.3f} h and is not proposed: in {} of {} runs more than {:g} % "
          "of the queue-time windows are too late, and {:g} % of runs may be so\n",
          menu[w->alternative].name, w->benefit.mean, w->benefit.half_width, w->late.violations,
          w->late.scenarios, 100.0 * s.asked.late_share, 100.0 * s.asked.late_risk);
  if (s.asked.late_share < 1.0) {
    const twin::uq::Chance& as_it_is = advice.weighed[0].late;
    text +=
        fmt::format("as it is, {} of {} runs have more than {:g} % of them too late{}\n",
                    as_it_is.violations, as_it_is.scenarios, 100.0 * s.asked.late_share,
                    as_it_is.kept == twin::uq::Kept::Yes
                        ? ""
                        : "; it is not shown to keep the limit, so alternatives are held to it");
  }
  if (!advice.by_stay)
    text += fmt::format("the best, or within {:.4f} h of it, with probability {} {:.3f}\n",
                        advice.zone, advice.promised ? "at least" : "about", advice.probability);
  if (advice.validity) {
    const Validity& v = *advice.validity;
    text += fmt::format(
        "more than {:.0f} % is too good to be taken on trust: with other luck {:.3f} ± {:.3f} h, "
        "by the "
        "data set's numbers {:.3f} ± {:.3f} h, {} invariants broken: {}\n",
        100.0 * s.asked.too_good, v.again.mean, v.again.half_width, v.nominal.mean,
        v.nominal.half_width, v.broken.size(), v.holds ? "it holds" : "IT DOES NOT HOLD");
  }
  Table table({"Alternative", "pairs", "less h", "%", "cycle h", "worse %", ""});
  std::size_t rows = 0;
  for (const Weighed* w : in_order(advice)) {
    if (rows++ == Shown) break;
    table.row({menu[w->alternative].name, fmt::format("{}", w->pairs),
               with_half_width(w->benefit.mean, w->benefit.half_width, 4),
               fmt::format("{:.1f}", 100.0 * w->benefit_share),
               with_half_width(w->cycle.mean, w->cycle.half_width, 2), percent(w->worse),
               w->alternative == advice.best ? "best" : why_out(*w)});
  }
  return text + "\n" + table.text() +
         fmt::format(
             "less: of the objective than as it is, ±: {:.0f} % of paired differences; cycle: "
             "longer mean "
             "cycle time.\n{} of {} alternatives.\n",
             100.0 * s.asked.confidence, std::min(Shown, menu.size()), menu.size()) +
         stays_text(s);
}

Json advice_json(const AdviceShown& s) {
  const Advice& advice = s.advice;
  const auto& menu = s.rollouts.menu();
  Json json;
  json["day"] = s.day;
  json["horizon_hours"] = s.rollouts.asked().horizon_hours;
  json["objective"] = std::string(to_string(s.asked.objective));
  json["unit"] = "h";
  json["stopped"] = s.stopped;
  json["best"] = menu[advice.best].name;
  json["probability"] = advice.probability;
  json["promised"] = advice.promised;
  json["confidence"] = s.asked.confidence;
  json["by_stay"] = advice.by_stay;
  json["stay_days"] = s.stay_days;
  json["zone"] = advice.zone;
  json["runs"] = advice.runs;
  json["late_share"] = s.asked.late_share;
  json["late_risk"] = s.asked.late_risk;
  Json all = Json::array();
  for (const Weighed* w : in_order(advice)) {
    all.push_back({{"name", menu[w->alternative].name},
                   {"pairs", w->pairs},
                   {"benefit", interval_json(w->benefit)},
                   {"benefit_share", w->benefit_share},
                   {"likely", {w->likely_low, w->likely_high}},
                   {"cycle", interval_json(w->cycle)},
                   {"worse", w->worse},
                   {"downside_cvar", w->downside.conditional_value_at_risk},
                   {"out", w->out},
                   {"late_windows_more", interval_json(w->later)},
                   {"late_runs", w->late.violations},
                   {"late_out", w->late_out}});
    if (w->stay)
      all.back()["stay"] = {{"benefit", interval_json(w->stay->benefit)},
                            {"cycle_share", interval_json(w->stay->cycle_share)}};
  }
  json["alternatives"] = std::move(all);
  if (advice.validity) {
    const Validity& v = *advice.validity;
    json["validity"] = {{"again", interval_json(v.again)},
                        {"nominal", interval_json(v.nominal)},
                        {"broken", v.broken},
                        {"holds", v.holds}};
  }
  return json;
}

}  // namespace apps::fabtwin
