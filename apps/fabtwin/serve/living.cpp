#include "apps/fabtwin/serve/living.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <utility>

#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/silence.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/hash.hpp"
#include "twin/link/note_text.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/sha256.hpp"
#include "twins/fab/forecast/count.hpp"
#include "twins/fab/forecast/recalibrated.hpp"
#include "twins/fab/forecast/revalidation.hpp"
#include "twins/fab/live/wip.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace live = twins::fab::live;
namespace forecast = twins::fab::forecast;
using twin::core::Entry;
using twin::core::Note;
using twin::event::Kind;

constexpr const char* SnapshotName = "twin";
constexpr std::size_t ReasonsKept = 64, ValidationsKept = 64;
constexpr Tick SaveAgainMs = 60'000;  // after there was no room
constexpr Tick TimeMax = 1LL << 53;   // [ms] 285,000 years

bool is_of_tool(std::string_view alarm) { return alarm.find("process times of") != alarm.npos; }
// What of an alarm about forecasts stays the same while it lasts: not how many days it is old.
std::string reason_of(std::string_view alarm) {
  return std::string(alarm.substr(0, alarm.find(", in the ")));
}
void remember(std::vector<std::string>& reasons, const std::string& reason) {
  if (is_of_tool(reason) || std::ranges::find(reasons, reason) != reasons.end()) return;
  reasons.push_back(reason);
  if (reasons.size() > ReasonsKept) reasons.erase(reasons.begin());
}

twin::link::DoorOptions door_options(const Site& site, const twins::fab::EventNames& names) {
  twin::link::DoorOptions options = twin::link::at_speed({}, site.speed);
  options.stale_after_ms = site.stale_after_ms;
  // A clock that is behind may date the fab's first events before its time zero.
  options.quality.site_zero_ms = site.time_zero_ms - DayMs;
  using twin::event::Table;
  for (const Table table : {Table::Tool, Table::Route}) {
    for (const std::string& name : names.names.of(table)) options.quality.known.add(table, name);
  }
  return options;
}

// The record means nothing without these.
twin::record::Origin origin_of(const Site& site, const twins::fab::Layout& layout, Tick now_ms) {
  twin::record::Origin origin;
  origin.head.seed = site.seed;
  origin.head.model_version = "fab " FABTWIN_VERSION;
  origin.head.configuration = twin::core::hash64(site.name.data(), site.name.size());
  origin.created = now_ms;
  origin.salt = layout.tools();
  return origin;
}

}  // namespace

std::string site_note(const Site& site) {
  return fmt::format("name={}\ntime_zero_ms={}\nwatermark_ms={}\nseed={}\nrule={}\ndata={}\n",
                     site.name, site.time_zero_ms, site.watermark_ms, site.seed, site.rule,
                     site.data.string());
}

Site site_of(const Note& note, std::uint64_t entry) {
  const auto refuse = [&](const std::string& why) {
    return twin::core::Error(
        fmt::format("entry {} does not say of which site the record is ({})", entry, why));
  };
  std::map<std::string_view, std::string_view> said;  // by key
  std::string_view left = note.text;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find('\n'), left.size());
    const std::string_view line = left.substr(0, end);
    left.remove_prefix(std::min(end + 1, left.size()));
    const std::size_t equals = line.find('=');
    if (equals == line.npos) throw refuse(fmt::format("'{}' says nothing", line.substr(0, 60)));
    said[line.substr(0, equals)] = line.substr(equals + 1);
  }
  const auto text = [&](std::string_view key) {
    if (!said.contains(key)) throw refuse(fmt::format("it has no {}", key));
    return said[key];
  };
  const auto number = [&](std::string_view key, auto least) {
    const auto read = twin::link::number_of<decltype(least)>(text(key));
    if (!read || *read < least)
      throw refuse(fmt::format("{}={} is no such number", key, text(key).substr(0, 60)));
    return *read;
  };
  Site site;
  site.name = text("name");
  site.time_zero_ms = number("time_zero_ms", -TimeMax);
  site.watermark_ms = number("watermark_ms", Tick{0});
  if (site.time_zero_ms > TimeMax || site.watermark_ms > TimeMax)
    throw refuse("its times are beyond all calendars");
  site.seed = number("seed", std::uint64_t{0});
  site.rule = text("rule");
  site.data = text("data");
  return site;
}

std::string start_table(const Site& site, const twins::fab::AnyFab& fab, Tick now_ms) {
  std::string table = read_text(site.start);
  live::Dialect dialect;
  std::vector<std::string> missing;
  (void)live::read_wip(
      fab, table, {.file = site.start.string(), .at_ms = now_ms, .time_zero_ms = site.time_zero_ms},
      dialect, missing);
  return table;
}

live::FollowOptions follow_options(const Site& site) {
  live::FollowOptions options;
  options.time_zero_ms = site.time_zero_ms;
  options.watermark = site.watermark_ms;
  options.patience = std::min<Tick>(site.watermark_ms, 30'000);
  options.clocks.resolution = twin::link::at_speed({}, site.speed).clock.resolution_ms;
  return options;
}

namespace {

std::uint64_t occasion_seed(std::uint64_t seed, Tick now) {
  twin::core::Hash64 hash;
  hash.absorb(&seed, sizeof seed);
  hash.absorb(&now, sizeof now);
  return hash.digest();
}

}  // namespace

Living::Living(twin::record::Disk& disk, Site site,
               std::shared_ptr<const twins::fab::Layout> layout, Tick now_ms)
    : disk_(disk),
      site_(std::move(site)),
      layout_(std::move(layout)),
      fab_(twins::fab::make_fab(layout_, site_.rule)),
      alarm_watch_(*layout_, site_.name) {
  const std::string folder = site_.record.string();
  follower_.emplace(*fab_, follow_options(site_));
  raw_days_ = raw_days(*layout_);
  learner_.emplace(*layout_, 0);
  belief_.live = follower_->start();
  belief_.alarms = alarm_watch_.start();
  counsel_.emplace(site_, layout_, *follower_, [this](Note n) { return note(std::move(n)); });
  const bool there = disk_.exists(folder) && !twin::record::segments_in(disk_, folder).empty();
  if (there) {
    journal_ = twin::record::Journal::open(disk_, folder);
  } else {
    if (!site_.start.empty()) (void)start_table(site_, *fab_, now_ms);
    disk_.make_folder(folder);
    journal_ = twin::record::Journal::create(disk_, folder, origin_of(site_, *layout_, now_ms));
    opening_.created = true;
    belief_.saved = tick(now_ms);  // a record without a snapshot that can be used gets one at once
  }
  opening_.warnings = journal_->recovery().warnings;
  snapshots_.emplace(disk_, folder, journal_->id());
  provenances_.emplace(disk_, folder, site_.forecast ? site_.forecast->provenance : 1);
  door_ = std::make_unique<twin::link::Door>(keeper_, door_options(site_, follower_->names()));
  recover();
  // Empty: new, or its process died before the first sync.
  if (journal_->size() == 0) {
    bool kept = note({.at = now_ms, .kind = "site", .text = site_note(site_)});
    if (!site_.start.empty()) {
      kept = kept && note({.at = now_ms, .kind = "wip", .text = start_table(site_, *fab_, now_ms)});
    }
    if (!kept || journal_->commit() != twin::record::Committed::Durable) {
      throw twin::core::Error("the record takes nothing (" + journal_->trouble() + ")");
    }
  }
  pass(now_ms);
  if (!belief_.live.missing.empty() && opening_.created && !site_.start.empty()) {
    opening_.warnings.push_back(site_.start.string() + ": " + belief_.live.missing.front());
  }
}

Living::~Living() = default;

void Living::recover() {
  const auto newest = snapshots_->newest(SnapshotName, journal_->durable());
  for (const std::string& why : newest.skipped) opening_.warnings.push_back(why);
  if (newest.found) {
    try {
      auto saved = belief_of(newest.found->bytes);
      learner_->restore(std::exchange(saved.learnt, {}));
      door_->restore(std::exchange(saved.door, {}));
      if (!alarm_watch_.fits(saved.alarms)) saved.alarms = alarm_watch_.start();
      belief_ = std::move(saved);
      folded_ = newest.found->index;
      opening_.snapshot = folded_;
    } catch (const twin::core::Error& e) {  // of another version: the record has all of it
      opening_.warnings.push_back(std::string(e.what()) + "; all entries are folded again");
    }
  }
  twin::record::Reader reader(disk_, site_.record.string());
  reader.limit(journal_->durable());
  reader.seek(folded_);
  twin::record::EntryView view;
  Tick streaming = belief_.live.newest + HourMs;
  while (reader.next(view)) {
    const Entry entry = view.entry();
    door_->learn(entry);
    absorb(entry);
    ++folded_;
    // The mirror forgets its events after a day: whoever learns from them must keep pace.
    if (belief_.live.newest < streaming) continue;
    streaming = belief_.live.newest + HourMs;
    follower_->settle(belief_.live);
    stream();
    look();
  }
  opening_.entries = folded_;
  follower_->settle(belief_.live);
  announced_.clear();  // was told before
  for (const AlarmGround& g : belief_.alarms.grounds) {
    if (g.alarm.kind == static_cast<std::uint32_t>(AlarmOf::Silence)) silent_[g.of] = true;
  }
  counsel_->begin(belief_.counselled);
}

twin::record::Receipt Living::Keeper::append(const Entry& entry) {
  const twin::record::Receipt receipt = living_.journal_->append(entry);
  if (receipt.outcome == twin::record::Receipt::Outcome::Appended) {
    living_.undurable_.push_back(entry);
  }
  return receipt;
}

std::uint64_t Living::Keeper::size() const { return living_.journal_->size(); }
std::uint64_t Living::Keeper::durable() const { return living_.journal_->durable(); }

bool Living::note(Note note) {
  return keeper_.append(Entry(std::move(note))).outcome == twin::record::Receipt::Outcome::Appended;
}

void Living::absorb(const Entry& entry) {
  follower_->absorb(belief_.live, entry);
  const auto* note = std::get_if<Note>(&entry);
  if (note != nullptr) counsel_->absorb(belief_.counselled, belief_.live, *note, folded_);
  if (note != nullptr) alarm_watch_.heard(belief_.alarms, *note, belief_.live.newest);
  if (note != nullptr && note->kind == "alarm") {
    if (is_of_tool(note->text)) ++belief_.tool_alarms;
    remember(belief_.reasons, reason_of(note->text));
  }
  if (note != nullptr && note->kind == ValidationNote) {
    const auto is_answered = [](const std::string& r) { return r.starts_with(ForecastsOff); };
    std::erase_if(belief_.reasons, is_answered);
    std::erase_if(reasons_, is_answered);
    belief_.validations.push_back(belief_.live.newest);
    if (belief_.validations.size() > ValidationsKept)
      belief_.validations.erase(belief_.validations.begin());
  }
}

void Living::fold_durable() {
  for (const std::uint64_t durable = journal_->durable(); folded_ < durable; ++folded_) {
    TWIN_EXPECT(!undurable_.empty(), folded_, durable);
    absorb(undurable_.front());
    undurable_.pop_front();
  }
}

void Living::answer() {
  fold_durable();
  door_->on_durable(folded_);
}

void Living::pass(Tick now_ms) {
  answer();
  door_->pass(now_ms);
  follower_->settle(belief_.live);
  stream();
  look();
  watch(now_ms);
  watch_lines(now_ms);
  counsel_->expire(belief_.counselled, belief_.live, now_ms);
  if (tick(now_ms) - belief_.saved >= site_.snapshot_every_ms && tick(now_ms) >= next_save_) {
    const Tick before = std::exchange(belief_.saved, tick(now_ms));
    save();
    if (unsaved_.empty()) return;
    belief_.saved = before;
    next_save_ = tick(now_ms) + SaveAgainMs;
  }
}

void Living::alive(Tick now_ms, std::string_view lines) {
  const Tick now = tick(now_ms);
  if (!lines.empty()) shown_.insert_or_assign(std::string(lines), now);
  if (now - std::max(belief_.live.newest, advanced_) < MinuteMs) return;
  const auto receipt = keeper_.append(Entry(twin::core::Advance{.until = now_ms}));
  if (receipt.outcome == twin::record::Receipt::Outcome::Appended) advanced_ = now;
}

void Living::stream() {
  const auto& kept = belief_.live.kept;
  const Tick until = belief_.live.settled.until;
  const auto earlier = [](const live::Told& told, Tick at) { return told.event.at < at; };
  const auto from = std::lower_bound(kept.begin(), kept.end(), belief_.streamed, earlier);
  const auto end = std::lower_bound(from, kept.end(), until, earlier);
  // At the turn of a day, whoever asks for forecasts and whenever: so a replay learns the same.
  const auto learn = [&](Tick at) {
    if (at < belief_.next_learning) return;
    const Tick day = at / DayMs * DayMs;
    if (belief_.next_learning != 0) (void)learner_->posterior(day);
    belief_.next_learning = day + DayMs;
  };
  const auto announce = [&](const std::vector<alarms::Announcement>& some) {
    announced_.insert(announced_.end(), some.begin(), some.end());
  };
  for (auto told = from; told != end; ++told) {
    if (!told->believed()) continue;
    learn(told->event.at);
    learner_->saw(told->event);
    announce(alarm_watch_.saw(belief_.alarms, told->event));
    if (told->event.kind != Kind::Finished) continue;
    belief_.ledger.left(told->event.lot, told->event.at);
    belief_.departures.push_back(departed(*layout_, belief_.live, told->event.lot, told->event.at));
  }
  learn(until);
  if (until > 0)
    announce(alarm_watch_.advance(belief_.alarms, until - 1));  // `until` itself is open
  belief_.streamed = std::max(belief_.streamed, until);
  std::erase_if(belief_.departures,
                [&](const Departure& d) { return d.at <= belief_.streamed - 7 * DayMs; });
}

void Living::look() {
  const auto& settled = belief_.live.settled;
  while (const auto at = belief_.ledger.next_look()) {
    if (*at >= settled.until) return;
    while (!belief_.validations.empty() && belief_.validations.front() <= *at) {
      belief_.ledger.validated();
      belief_.validations.erase(belief_.validations.begin());
    }
    if (belief_.live.rungs.empty() || *at < belief_.live.rungs.front().until) {
      belief_.ledger.miss();  // the mirror's memory does not go back so far
      continue;
    }
    forecast::Count count;
    forecast::count(*layout_, follower_->belief(belief_.live, *at).x, count);
    count.at = *at;
    belief_.ledger.look(*layout_, count);
  }
}

void Living::watch(Tick now_ms) {
  const std::size_t told = std::max<std::size_t>(tool_alarms_, belief_.tool_alarms);
  tool_alarms_ = told;
  for (Note& alarm : forecast::revalidation_due(*layout_, belief_.ledger, learner_->tools(), told,
                                                tick(now_ms))) {
    alarm.at = now_ms;
    const bool of_tool = is_of_tool(alarm.text);
    if (!of_tool && !belief_.validations.empty()) continue;  // scores from before it
    const std::string reason = reason_of(alarm.text);
    const auto known = [&](const auto& all) { return std::ranges::find(all, reason) != all.end(); };
    if (!of_tool && (known(belief_.reasons) || known(reasons_))) continue;
    if (!note(std::move(alarm))) return;  // the record takes nothing now
    counsel_->hasten();                   // what was best may be so no more
    if (of_tool) {
      ++tool_alarms_;
    } else {
      remember(reasons_, reason);
    }
  }
}

// Lines that have been silent for too long while we were there to hear, and that they are not any more.
void Living::watch_lines(Tick now_ms) {
  const Tick now = tick(now_ms);
  watching_ = std::min(watching_, now);
  if (now - watching_ <= site_.stale_after_ms) return;
  const auto silent = silences(belief_.live, shown_, now, site_.stale_after_ms);
  const auto is_silent = [&](const std::string& lines) {
    return std::ranges::find(silent, lines, &Silence::lines) != silent.end();
  };
  for (const Silence& s : silent) silent_.try_emplace(s.lines, false);
  for (auto& [lines, noted] : silent_) {
    if (noted == is_silent(lines)) continue;
    if (!note({.at = now_ms, .kind = "alarm", .text = silence_note(lines, !noted)})) return;
    noted = !noted;
  }
}

// Whether what the sources kept for us is in: until then the fab is known in part only.
bool Living::caught_up() const {
  return std::ranges::none_of(belief_.live.sources, [&](const live::Hearing& source) {
    return source.last_arrived > belief_.live.newest - site_.watermark_ms &&
           source.last_arrived - source.last_at > site_.watermark_ms;
  });
}

std::optional<ForecastWork> Living::due(Tick now_ms) {
  const Tick now = tick(now_ms);
  if (!site_.forecast || forecasting_ || now < belief_.next_forecast) return std::nullopt;
  if (belief_.live.settled.x.wip == 0) return std::nullopt;  // nothing to say anything about
  if (belief_.next_forecast == 0 && !caught_up()) return std::nullopt;
  follower_->settle(belief_.live);
  ForecastWork work;
  const auto silent = silences(belief_.live, shown_, now, site_.stale_after_ms);
  // Where a kind of line is silent, the forecast begins at what it told of last, and members run
  // through the time since: what the others tell meanwhile is half a story.
  const auto& rungs = belief_.live.rungs;
  work.x =
      silent.empty() || rungs.empty()
          ? follower_->now(belief_.live)
          : follower_->belief(belief_.live, std::max(silent.front().since, rungs.front().until)).x;
  const Tick every = site_.forecast->every_ms;
  belief_.next_forecast = (now / every + 1) * every;
  work.posterior = learner_->believed(belief_.live.settled.until);
  work.asked.now = std::max(now, work.x.now);
  work.asked.budget.members = site_.forecast->members;
  work.asked.budget.horizon_hours =
      static_cast<std::uint32_t>((site_.forecast->horizons_ms.back() + 3'599'999) / 3'600'000);
  work.asked.seed = occasion_seed(site_.seed, work.asked.now);
  work.asked.threads = site_.forecast->threads;
  // The uncalibrated simulator is worth its time only where it will be scored beside.
  if (belief_.ledger.wants(work.asked.now))
    work.asked.nominal_members = std::max(2U, work.asked.budget.members / 4);
  work.belief = live::belief_hash(belief_.live);
  work.entries = folded_;
  work.rule = counsel_->rule(belief_.counselled);
  if (work.rule != site_.rule) work.asked.queues = forecast::Queues::RankAnew;
  const auto chain = journal_->chain();
  if (chain.entries == folded_) work.chain = twin::record::hex(chain.chain);
  if (!note(forecast::note_of(work.asked.budget, now_ms))) return std::nullopt;
  forecasting_ = true;
  return work;
}

forecast::Ahead Living::run(const std::shared_ptr<const twins::fab::Layout>& layout,
                            const ForecastWork& work) {
  const auto fab = twins::fab::make_fab(layout, work.rule);
  return forecast::ahead(*fab, work.x, work.posterior, work.asked);
}

// What a proposal rests on beside the State: all the settings, and which lines have told of nothing.
AdviceWork Living::assuming(AdviceWork work, Tick now_ms) const {
  const std::string settings = site_note(site_);
  work.assumed.configuration = {twin::core::hash64(settings.data(), settings.size())};
  for (const Silence& s : silences(belief_.live, shown_, tick(now_ms), site_.stale_after_ms))
    work.assumed.gaps.push_back(
        {s.lines + " lines", std::max<Tick>(s.since + site_.time_zero_ms, 0)});
  return work;
}

std::optional<AdviceWork> Living::advice_due(Tick now_ms) {
  // Who does not know yet how good it is gives no advice.
  if (!forecast_ || belief_.ledger.windows().empty()) return std::nullopt;
  auto work = counsel_->due(belief_.counselled, belief_.live, now_ms,
                            [this] { return learner_->believed(belief_.live.settled.until); });
  if (work) work = assuming(std::move(*work), now_ms);
  return work;
}

void Living::advised(const AdviceMade& made, Tick now_ms) {
  counsel_->advised(belief_.counselled, belief_.live, made, now_ms);
}

std::optional<JudgementWork> Living::to_judge() {
  return counsel_->to_judge(belief_.counselled, belief_.live,
                            [this] { return learner_->believed(belief_.live.settled.until); });
}

void Living::judged(const JudgementWork& work, const Judgement& made, Tick now_ms) {
  counsel_->judged(work, made, now_ms);
}

twin::people::Moment Living::moment(const twin::people::Act& act, Tick now_ms) {
  return counsel_->moment(belief_.counselled, belief_.live, act, now_ms);
}

AdviceWork Living::trial_work(Tick now_ms) {
  return assuming(counsel_->work(belief_.counselled, belief_.live, now_ms,
                                 [this] { return learner_->believed(belief_.live.settled.until); }),
                  now_ms);
}

std::string Living::decide(const twin::people::Asked& asked, Tick now_ms) {
  return counsel_->decide(belief_.counselled, belief_.live, asked, now_ms);
}

void Living::made(const ForecastWork& work, forecast::Ahead ahead) {
  forecasting_ = false;
  (void)belief_.ledger.open(*layout_, work.x, ahead, ahead.compared());
  const auto& f = ahead.forecast;
  forecast::Forecast told = forecast::recalibrated(f, belief_.ledger);
  (void)note(
      {.at = f.now + site_.time_zero_ms,
       .kind = "forecast",
       .text = fmt::format("id={} now={} known={} seed={} members={} horizon_hours={} entries={} "
                           "belief={:016x} result={:016x} told={:016x}",
                           forecast_name(f.now), f.now, f.known, f.seed, f.budget.members,
                           f.budget.horizon_hours, work.entries, work.belief,
                           twin::core::fingerprint(f), twin::core::fingerprint(told))});
  keep_origin(work, f);
  forecast_ = std::move(told);
  raw_forecast_ = std::move(ahead.forecast);
}

std::string Living::forecast_name(Tick now) const {
  return fmt::format("forecast-{}", now + site_.time_zero_ms);
}

void Living::keep_origin(const ForecastWork& work, const forecast::Forecast& made) {
  twin::core::Hash64 theta;
  for (const auto& p : work.posterior) {
    theta.absorb(p.quantiles.data(), sizeof p.quantiles);
  }
  const std::string settings = site_note(site_);
  twin::record::ProvOrigin origin;
  origin.id = forecast_name(made.now);
  origin.begun_ms = origin.ended_ms = made.now + site_.time_zero_ms;  // the site's clock
  origin.entry_end = work.entries;
  origin.journal_head = work.chain;
  origin.belief = fmt::format("{:016x}", work.belief);
  origin.model = "fab";
  origin.model_version = FABTWIN_VERSION;
  origin.posterior = fmt::format("{:016x}", theta.digest());
  origin.seed = made.seed;
  origin.configuration =
      fmt::format("{:016x}", twin::core::hash64(settings.data(), settings.size()));
  origin.work_budget = forecast::note_of(made.budget, 0).text;
  origin.program = "fabtwin " FABTWIN_VERSION;
  try {
    provenances_->keep(origin);
  } catch (const twin::core::Error& e) {  // the forecast stands, and so does the record
    (void)note({.at = origin.begun_ms, .kind = "alarm", .text = e.what()});
  }
}

live::Fold Living::believed(Tick now_ms) { return follower_->belief(settled(), tick(now_ms)); }

const live::Live& Living::settled() {
  follower_->settle(belief_.live);
  return belief_.live;
}

void Living::save() {
  // The door knows of what it appended last: a snapshot is taken where that is durable and folded.
  if (!undurable_.empty() && journal_->commit() != twin::record::Committed::Durable) {
    unsaved_ = journal_->trouble();
    return;
  }
  fold_durable();
  follower_->settle(belief_.live);
  belief_.door = door_->memory();
  belief_.door.entries = folded_;  // those that others appended after its last one too
  belief_.learnt = learner_->memory();
  if (lines_) belief_.lines = {.entries = folded_, .lines = lines_()};
  const auto bytes = bytes_of(belief_);
  belief_.door = {};
  belief_.learnt = {};
  try {
    snapshots_->save(SnapshotName, folded_,
                     {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    unsaved_.clear();
  } catch (const twin::record::DiskError& e) {  // the record has all of it: a restart takes longer
    unsaved_ = e.what();
  }
}

std::string Living::trouble() const {
  if (const std::string why = journal_->trouble(); !why.empty())
    return "nothing is acknowledged until the disk takes it (" + why + ")";
  if (unsaved_.empty()) return {};
  return "the belief is not saved, a restart would take longer (" + unsaved_ + ")";
}

}  // namespace apps::fabtwin::serve
