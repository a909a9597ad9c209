#include "apps/fabtwin/serve/counsel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "apps/fabtwin/advice.hpp"
#include "apps/fabtwin/serve/duration.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/hash.hpp"
#include "twins/fab/decide/long_run.hpp"
#include "twins/fab/decide/menu.hpp"
#include "twins/fab/rules/policy_text.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace decide_on = twins::fab::decide;
namespace live_of = twins::fab::live;
namespace people_of = twin::people;
using people_of::Stage;
using people_of::Step;
using twin::core::Note;

constexpr Tick LeastJudged = 12 * HourMs;  // of a time in which an act can show
// What is promised for longer than this is promised for what it brings if it stays, and shows in a third of that: until
// then most of what leaves was made before.
constexpr Tick LongPromise = 14 * DayMs;
constexpr double OutlookDays = 60.0;
constexpr std::uint32_t OutlookMembers = 2;

std::uint64_t seed_of(std::uint64_t seed, Tick at, std::uint64_t what) {
  twin::core::Hash64 hash;
  for (const std::uint64_t word : {seed, static_cast<std::uint64_t>(at), what})
    hash.absorb(&word, sizeof word);
  return hash.digest();
}

Tick least_judged(Tick horizon) {
  return horizon > LongPromise ? std::max(LeastJudged, horizon / 3) : LeastJudged;
}

// Nobody has decided yet, or it is not sent yet.
bool is_pending(Stage stage) {
  return stage == Stage::Proposed || stage == Stage::Edited || stage == Stage::Approved;
}

decide_on::AdviceAsked how_asked(const AdviceSettings& s) {
  decide_on::AdviceAsked how;
  how.objective = objective_named(s.objective);
  how.confidence = s.confidence;
  how.budget = s.budget;
  how.late_share = s.late_share;
  how.late_risk = s.late_risk;
  how.zone_least = std::max(s.worth_h, how.zone_least);
  return how;
}

}  // namespace

Counsel::Counsel(const Site& site, std::shared_ptr<const twins::fab::Layout> layout,
                 live_of::Follower& follower, Keep keep)
    : site_(site), layout_(std::move(layout)), follower_(follower), keep_(std::move(keep)) {
  if (!site_.advice) return;
  for (const std::string& rule : site_.advice->rules) {
    if (twins::fab::with_rule(layout_->options, rule).setup_lines && !layout_->options.setup_lines)
      throw twin::core::Error(fmt::format(
          "[advice] rules: \"{}\" (needs queues by setup, which a live twin does not keep)", rule));
  }
  for (const auto* beside : {&site_.advice->releases, &site_.advice->qualifications})
    for (const std::string& parameter : *beside)
      if (parameter != "usual")
        (void)twins::fab::make_fab(layout_, twins::fab::with_parameter(site_.rule, parameter));
}

Tongue Counsel::tongue(const live_of::Live& live) const {
  return {*layout_, live.dialect, site_.time_zero_ms};
}

void Counsel::absorb(Counselled& c, live_of::Live& live, const Note& note, std::uint64_t number) {
  const bool decision = note.kind == people_of::DecisionNote;
  const bool outcome = note.kind == people_of::OutcomeNote;
  if (!decision && !outcome && note.kind != people_of::AccountNote) return;
  try {
    c.people.apply(note);
  } catch (const twin::core::Error&) {  // it is in the record, and has no effect
    ++c.unfit;
    return;
  }
  c.entries.push_back(number);
  if (outcome) {
    const auto entry = people_of::entry_of<people_of::OutcomeEntry>(note);
    std::erase_if(c.open, [&](const OpenCase& one) { return one.id == entry.id; });
  }
  if (!decision) return;
  const auto entry = people_of::entry_of<people_of::DecisionEntry>(note);
  const people_of::Case* of = c.people.find(entry.id);
  if (of == nullptr) return;
  const people_of::Act& act = of->content.act;
  const Tick at = note.at - site_.time_zero_ms;
  const auto end = [&](bool all) {
    for (OpenCase& one : c.open)
      if (all || one.id == entry.id) one.until = std::min(one.until, at);
    c.unjudged +=
        std::erase_if(c.open, [](const OpenCase& one) { return one.until - one.at < one.least; });
  };
  switch (entry.step) {
    case Step::Send:
      end(true);  // what comes now is another life than the one that they ran
      open(c, live, *of, at, true);
      if (act.policy) c.rule = *act.policy;
      break;
    case Step::Reject:
    case Step::Expire: open(c, live, *of, at, false); break;
    case Step::Fail:
      std::erase_if(c.open, [&](const OpenCase& one) { return one.id == entry.id; });
      if (act.policy) c.rule = act.policy_from.value_or("");
      break;
    case Step::Undo:
      end(false);
      if (act.policy) c.rule = act.policy_from.value_or("");
      break;
    default: break;
  }
}

void Counsel::open(Counselled& c, live_of::Live& live, const people_of::Case& of, Tick at,
                   bool carried_out) {
  auto act = alternative_of(tongue(live), of.content.act);
  const Tick horizon = of.content.benefit.horizon_ms;
  follower_.settle(live);
  if (!act || horizon < LeastJudged || live.rungs.empty()) {
    ++c.unjudged;
    return;
  }
  const Tick begun = std::max(at, live.rungs.front().until);
  c.open.push_back({.id = of.content.id,
                    .carried_out = carried_out,
                    .at = begun,
                    .until = begun + horizon,
                    .least = least_judged(horizon),
                    .act = std::move(*act),
                    .standing = rule(c),
                    .x = follower_.belief(live, begun).x});
  if (c.open.size() <= OpenMax) return;
  c.open.erase(c.open.begin());
  ++c.unjudged;
}

bool Counsel::keep(Note note) {
  if (!keep_(note)) return false;
  seat_.apply ? seat_.apply(note) : ahead_.apply(note);
  return true;
}

people_of::Moment Counsel::moment(const Counselled& c, live_of::Live& live,
                                  const people_of::Act& act, Tick now_ms) {
  follower_.settle(live);
  const twins::fab::State x = follower_.now(live);
  return {.now = now_ms,
          .state = {twin::core::fingerprint(x)},
          .target = {target_of(tongue(live), x, act, rule(c))}};
}

std::string Counsel::decide(const Counselled& c, live_of::Live& live, const people_of::Asked& asked,
                            Tick now_ms) {
  if (!site_.advice) return "this site takes no advice ([advice] is not in its file)";
  if (seat_.decide) return seat_.decide(asked, now_ms);
  const people_of::Case* one = people().find(asked.id);
  people_of::Act act;
  if (one != nullptr) act = one->content.act;
  if (asked.content) act = asked.content->act;
  const people_of::Moment now = moment(c, live, act, now_ms);
  std::string why = people_of::refusal(site_.advice->policy, one, asked, now);
  if (!why.empty()) return why;
  return keep(ahead_.note(one, asked, now)) ? "" : "the record takes nothing now";
}

void Counsel::expire(const Counselled& c, live_of::Live& live, Tick now_ms) {
  if (!site_.advice) return;
  std::vector<std::string> past;
  for (const auto& [_, one] : people().cases())
    if (is_pending(one.stage) && now_ms >= one.content.expires) past.push_back(one.content.id);
  for (const std::string& id : past) {
    people_of::Asked asked;
    asked.id = id;
    asked.step = Step::Expire;
    asked.actor = "twin";
    asked.reason = people_of::Reason::TimePassed;
    if (!decide(c, live, asked, now_ms).empty()) return;
  }
}

std::optional<AdviceWork> Counsel::due(const Counselled& c, live_of::Live& live, Tick now_ms,
                                       const Believed& believed) {
  const Tick now = now_ms - site_.time_zero_ms;
  if (!site_.advice || advising_ || now < next_advice_) return std::nullopt;
  const Tick every = site_.advice->every_ms;
  next_advice_ = (now / every + 1) * every;
  for (const auto& [_, one] : people().cases())
    // One thing at a time; but whoever was to do it and says nothing blocks no advice for ever.
    if (is_pending(one.stage) || (one.stage == Stage::Sent && now_ms < one.content.expires))
      return std::nullopt;
  AdviceWork made = work(c, live, now_ms, believed);
  if (made.x.wip == 0) return std::nullopt;
  made.expires_ms = next_advice_ + site_.time_zero_ms;
  advising_ = true;
  return made;
}

AdviceWork Counsel::work(const Counselled& c, live_of::Live& live, Tick now_ms,
                         const Believed& believed) {
  follower_.settle(live);
  AdviceWork work;
  work.x = follower_.now(live);
  work.dialect = live.dialect;
  work.posterior = believed();
  work.standing = rule(c);
  work.now = std::max(now_ms - site_.time_zero_ms, work.x.now);
  work.made_ms = now_ms;
  work.id = "advice-" + std::to_string(now_ms);
  work.seed = seed_of(site_.seed, work.now, 1);
  work.assumed.state_at = std::min(work.x.now + site_.time_zero_ms, now_ms);
  work.assumed.state = {twin::core::fingerprint(work.x)};
  work.assumed.model = "fab " FABTWIN_VERSION;
  work.assumed.seed = {work.seed};
  return work;
}

void Counsel::advised(const Counselled& c, live_of::Live& live, const AdviceMade& made,
                      Tick now_ms) {
  advising_ = false;
  if (!made.recommendation) return;
  people_of::Asked asked;
  asked.id = made.recommendation->id;
  asked.step = Step::Propose;
  asked.actor = "twin";
  asked.content = made.recommendation;
  asked.content->past = people_of::similar(people(), *made.recommendation);
  if (complete_) complete_(*asked.content);
  (void)decide(c, live, asked, now_ms);  // refused: the fab has gone on without it
}

std::optional<JudgementWork> Counsel::to_judge(const Counselled& c, live_of::Live& live,
                                               const Believed& believed) {
  if (!site_.advice || judging_) return std::nullopt;
  for (const OpenCase& one : c.open) {
    const bool known = one.until < live.settled.until && !live.rungs.empty() &&
                       one.until >= live.rungs.front().until;
    const people_of::Sequel* sequel = people().sequel(one.id);
    if (sequel != nullptr && sequel->outcome) continue;  // told, and not durable yet
    if (!known || std::ranges::find(hopeless_, one.id) != hopeless_.end()) continue;
    judging_ = true;
    return JudgementWork{.of = one,
                         .after = follower_.belief(live, one.until).x,
                         .posterior = believed(),
                         .seed = seed_of(site_.seed, one.at, 2)};
  }
  return std::nullopt;
}

void Counsel::judged(const JudgementWork& work, const Judgement& made, Tick now_ms) {
  judging_ = false;
  const people_of::Case* one = people().find(work.of.id);
  if (made.realised.members == 0 || one == nullptr) {
    hopeless_.push_back(work.of.id);
    return;
  }
  const auto& r = made.realised;
  people_of::OutcomeEntry entry = people_of::outcome_of(
      *one,
      {.became =
           work.of.carried_out ? people_of::Became::CarriedOut : people_of::Became::NotCarriedOut,
       .from = work.of.at + site_.time_zero_ms,
       .until = work.of.until + site_.time_zero_ms,
       .realised = {r.low, r.mean, r.high, 0.9},
       .method = fmt::format("{} members lived both lives; the lived one tells {:.0f} % of the "
                             "difference; likeness {:.3f}",
                             r.members, 100.0 * r.explained, r.likeness)},
      now_ms);
  if (!people_of::refusal(one, people().sequel(work.of.id), entry).empty()) {
    hopeless_.push_back(work.of.id);  // nobody has said that it was done
    return;
  }
  (void)keep(people().note(std::move(entry)));
}

namespace {

// fab: under the standing rule.
decide_on::RolloutsAsked rollouts_asked(const twins::fab::AnyFab& fab,
                                        const AdviceSettings& settings, const AdviceWork& work) {
  decide_on::RolloutsAsked asked;
  asked.now = work.now;
  asked.horizon_hours = static_cast<double>(settings.horizon_ms) / twins::fab::HourMs;
  asked.standing = work.standing;
  asked.seed = work.seed;
  asked.outlook = decide_on::learn_outlook(
      fab, work.x, work.posterior, {OutlookMembers, OutlookDays, work.seed + 1, settings.threads});
  return asked;
}

// A rule for what it brings if it stays: promised, and judged later, over all the time that it was run for. Its runs
// are long, so they are few.
std::optional<people_of::Recommendation> to_stay(const Tongue& tongue,
                                                 const decide_on::Rollouts& rollouts,
                                                 std::size_t rule, decide_on::AdviceAsked how,
                                                 const AdviceSettings& settings,
                                                 ProposalAsked wanted) {
  decide_on::Rollouts stays =
      rollouts.over(std::array<std::size_t, 2>{0, rule},
                    static_cast<double>(settings.stay_ms) / twins::fab::HourMs);
  how.stays.clear();
  how.best_by_stay = false;
  how.of_best = 20;
  how.budget = 2 * how.of_best;
  wanted.pairs = 6;
  const decide_on::Advice advice = decide_on::advise(stays, how, settings.threads);
  if (advice.best == 0 || advice.weighed[1].benefit.low() <= 0.0) return std::nullopt;
  return proposal(tongue, stays, advice, how, settings.policy, wanted, settings.threads);
}

}  // namespace

AdviceMade advise(const std::shared_ptr<const twins::fab::Layout>& layout,
                  const AdviceSettings& settings, Tick time_zero_ms, const AdviceWork& work) {
  decide_on::AdviceAsked how = how_asked(settings);
  const auto fab = twins::fab::make_fab(layout, work.standing);
  const decide_on::RolloutsAsked asked = rollouts_asked(*fab, settings, work);
  decide_on::MenuAsked menu_asked;
  menu_asked.standing = work.standing;
  menu_asked.rules = settings.rules;
  menu_asked.releases = settings.releases;
  menu_asked.qualifications = settings.qualifications;
  menu_asked.most = settings.menu;
  menu_asked.shift_hours = static_cast<double>(settings.every_ms) / twins::fab::HourMs;
  std::vector<decide_on::Alternative> menu = menu_of(*fab, work.x, asked.outlook, menu_asked);
  const Tongue tongue{*layout, work.dialect, time_zero_ms};
  // Nobody is asked for what the site's policy does not allow.
  std::erase_if(menu, [&](const decide_on::Alternative& a) {
    if (a.rule.empty() && a.acts.empty()) return false;
    const auto act = act_of(tongue, work.x, a, work.standing);
    return !act || settings.policy.find(act->kind) == nullptr;
  });
  AdviceMade made;
  if (menu.size() < 2) return made;
  if (settings.stay_ms > 0) {
    decide_on::LongRunsAsked stay;
    stay.now = asked.now;
    stay.standing = asked.standing;
    stay.days = static_cast<double>(settings.stay_ms) / twins::fab::DayMs;
    stay.settle_days = stay.days / 3.0;
    stay.seed = work.seed + 2;
    stay.threads = settings.threads;
    how.stays = stays_of(layout, work.x, work.posterior, menu, how, stay);
  }
  decide_on::Rollouts rollouts(layout, work.x, work.posterior, std::move(menu), asked);
  const decide_on::Advice advice = decide_on::advise(rollouts, how, settings.threads);
  made.best = rollouts.menu()[advice.best].name;
  made.runs = rollouts.spent();
  const ProposalAsked wanted = {.id = work.id,
                                .made_ms = work.made_ms,
                                .expires_ms = work.expires_ms,
                                .assumed = work.assumed};
  made.recommendation =
      advice.by_stay
          ? to_stay(tongue, rollouts, advice.best, how, settings, wanted)
          : proposal(tongue, rollouts, advice, how, settings.policy, wanted, settings.threads);
  return made;
}

std::optional<people_of::Recommendation> with_value(
    const std::shared_ptr<const twins::fab::Layout>& layout, const AdviceSettings& settings,
    Tick time_zero_ms, const AdviceWork& work, const people_of::Recommendation& of, double value) {
  const Tongue tongue{*layout, work.dialect, time_zero_ms};
  people_of::Act act = of.act;
  act.value = value;
  auto alternative = alternative_of(tongue, act);
  if (!alternative) return std::nullopt;
  const decide_on::AdviceAsked how = how_asked(settings);
  std::optional<people_of::Recommendation> made;
  try {
    decide_on::Rollouts rollouts(
        layout, work.x, work.posterior,
        {{"as it is: " + work.standing, "", {}}, std::move(*alternative)},
        rollouts_asked(*twins::fab::make_fab(layout, work.standing), settings, work));
    decide_on::Advice advice = decide_on::advise(rollouts, how, settings.threads);
    advice.best = 1;  // that is what is asked, good or bad
    advice.validity.reset();
    made = proposal(tongue, rollouts, advice, how, settings.policy,
                    {.id = of.id,
                     .made_ms = work.made_ms,
                     .expires_ms = of.expires,
                     .assumed = work.assumed,
                     .worth = Worth::Anything},
                    settings.threads);
  } catch (const twin::core::Error&) {  // it cannot be done to the fab as it is now
    return std::nullopt;
  }
  if (!made) return std::nullopt;
  // All but the value and what follows from it stays.
  people_of::Recommendation edited = of;
  edited.made = made->made;
  edited.why = made->why;
  edited.benefit = made->benefit;
  edited.downside = made->downside;
  edited.assumed = made->assumed;
  edited.what_if = made->what_if;
  edited.act.value = value;
  edited.act.words = made->act.words;
  return edited;
}

Judgement judge(const std::shared_ptr<const twins::fab::Layout>& layout,
                const AdviceSettings& settings, const JudgementWork& work) {
  Judgement made{.id = work.of.id, .realised = {}};
  try {
    const auto fab = twins::fab::make_fab(layout, work.of.standing);
    decide_on::RolloutsAsked asked;
    asked.now = work.of.at;
    asked.horizon_hours = static_cast<double>(work.of.until - work.of.at) / twins::fab::HourMs;
    asked.standing = work.of.standing;
    asked.seed = work.seed;
    asked.outlook =
        decide_on::learn_outlook(*fab, work.of.x, work.posterior,
                                 {OutlookMembers, OutlookDays, work.seed + 1, settings.threads});
    const auto came = outcome_of(*layout, asked.outlook, work.of.x, work.after);
    decide_on::Rollouts rollouts(layout, work.of.x, work.posterior,
                                 {{"as it was", "", {}}, work.of.act}, asked);
    decide_on::RealisedAsked how;
    how.objective = objective_named(settings.objective);
    how.lived = work.of.carried_out ? 1 : 0;
    how.other = 1 - how.lived;
    made.realised = realised(rollouts, came, how, settings.threads);
    if (!work.of.carried_out) {  // what the act would have brought is what leaving it has cost
      auto& r = made.realised;
      r.mean = -r.mean;
      r.low = -std::exchange(r.high, -r.low);
    }
  } catch (const twin::core::Error&) {  // the act cannot be run on the fab as it was believed to be
    made.realised = {};
  }
  return made;
}

}  // namespace apps::fabtwin::serve
