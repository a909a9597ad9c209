#include "apps/fabtwin/serve/torture.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "apps/fabtwin/serve/ack_history.hpp"
#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/living.hpp"
#include "apps/plant/arrival.hpp"
#include "apps/plant/comparison.hpp"
#include "apps/plant/site.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"
#include "twin/core/hash.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/simulated_disk.hpp"
#include "twin/record/verify.hpp"
#include "twins/fab/live/replay.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace live = twins::fab::live;
using twin::core::Block;
using twin::core::uniform_of;
using twin::link::Taken;
using twin::record::DiskError;
using twin::record::SimulatedDisk;

constexpr Tick TortureBeat = SecondMs;  // the twin commits, if there is something to
constexpr Tick CommitEvery = 50;        // [ms] under load
constexpr Tick PassEvery = 2 * MinuteMs;
constexpr Tick AskEvery = 30 * MinuteMs;  // each source for its clock
constexpr Tick AuditEvery = 2 * HourMs;
constexpr Tick ClocksAgree = 5 * SecondMs;  // they are put right to this
constexpr const char* Folder = "record";
constexpr std::uint32_t Member = 0x746f7274;  // of the draws
enum class Chance : std::uint32_t { Faults, When, What, Death };

enum class Stroke : std::uint8_t {
  Kill,
  PowerCut,
  StopInOperation,  // of the disk, one of the next
  SyncFails,
  FullOnce,
  FullForAWhile,
  SlowDisk,
  Pause,  // the process stands still, its lines time out
};
constexpr std::uint32_t Strokes = 8;

// Where two beliefs differ, in words; empty: they are one.
std::string first_difference(const live::Live& a, const live::Live& b) {
  if (live::belief_hash(a) == live::belief_hash(b)) return {};
  if (a.newest != b.newest) return "the newest arrival";
  if (a.settled.until != b.settled.until) return "how far it is settled";
  if (a.rungs.size() != b.rungs.size()) return "the number of rungs";
  for (std::size_t k = 0; k < a.rungs.size(); ++k) {
    if (a.rungs[k].until != b.rungs[k].until) return "which rungs there are";
    if (!(a.rungs[k] == b.rungs[k])) return "the rung of " + std::to_string(a.rungs[k].until);
  }
  if (!(a.settled.x == b.settled.x)) return "the fab as settled";
  if (!(a.settled == b.settled)) return "what is settled beside the fab";
  if (a.kept.size() != b.kept.size()) return "the number of events kept";
  for (std::size_t k = 0; k < a.kept.size(); ++k) {
    if (!(a.kept[k] == b.kept[k])) return "the event kept at " + std::to_string(a.kept[k].event.at);
  }
  return "the bytes alone";
}

struct Broken {
  std::string what;
};

class Ordeal {
 public:
  Ordeal(const std::shared_ptr<const twins::fab::Layout>& layout, const TortureOptions& options)
      : layout_(layout),
        options_(options),
        draw_{options.seed, Member},
        disk_(options.seed),
        tolerance_(ClocksAgree + static_cast<Tick>(options.faults.drift_ppm * 1e-6 *
                                                   static_cast<double>(options.away_max))),
        comparison_(*layout),
        plant_(layout, plant_options(), watch()),
        arrivals_(plant_.sources(), plant_.fab().names()),
        acks_(plant_.sources()) {
    site_.name = "torture";
    site_.record = Folder;
    site_.seed = options.seed;
    site_.time_zero_ms = plant_options().time_zero_ms;
    site_.watermark_ms = MinuteMs;
    site_.snapshot_every_ms = 6 * HourMs;
    site_.stale_after_ms = 10 * MinuteMs;
    plan_stroke();
  }

  Tortured run() {
    Tortured out;
    try {
      live_until(options_.length);
      heal();
      check();
    } catch (const Broken& broken) {
      out.broken = broken.what;
    } catch (const twin::core::Error& e) {
      out.broken = std::string("an error that nobody expects: ") + e.what();
    }
    out.counts = counts_;
    twin::core::Hash64 hash;
    for (const std::uint64_t word : {twin::core::fingerprint(counts_), belief_, acks_.hash(),
                                     static_cast<std::uint64_t>(now())})
      hash.absorb(&word, sizeof word);
    out.fingerprint = hash.digest();
    return out;
  }

 private:
  plant::SiteOptions plant_options() const {
    plant::SiteOptions o;
    o.fab.seed = options_.seed;
    o.faults = options_.faults;
    o.audit_every = AuditEvery;
    return o;
  }

  plant::Site::Watch watch() {
    return {.event = [this](const auto& e) { comparison_.happened(e); },
            .message =
                [this](const plant::Message& m) {
                  ++counts_.messages;
                  acks_.said(m);
                  if (m.told != plant::Told::True) ++counts_.untrue;
                },
            .fault =
                [this](const plant::Fault& f) {
                  if (f.kind == plant::Fault::Kind::Restored) restored_.push_back(f.source);
                },
            .audit =
                [this](const plant::Fab& fab) {
                  waiting_.push_back({fab.now(), fab.view()});
                }};
  }

  [[nodiscard]] Tick now() const { return plant_.now(); }
  [[nodiscard]] Tick now_ms() const { return now() + site_.time_zero_ms; }
  Block next(Chance what) { return draw_.block(static_cast<std::uint32_t>(what), 0, occasion_++); }

  // --- what befalls the twin ---

  void plan_stroke() {
    next_stroke_ = twin::core::Never;
    if (!(options_.strokes_per_day > 0.0)) return;
    const Block b = next(Chance::When);
    const double days = -std::log1p(-uniform_of(b[0], b[1])) / options_.strokes_per_day;
    next_stroke_ = now() + 1 + static_cast<Tick>(days * static_cast<double>(DayMs));
  }

  // From 10 s to away_max, as many short as long ones.
  Tick away(std::uint32_t word) const {
    const double most = std::max(1.0, static_cast<double>(options_.away_max) / (10.0 * SecondMs));
    return static_cast<Tick>(10.0 * SecondMs * std::pow(most, uniform_of(word)));
  }

  void strike() {
    ++counts_.strokes;
    const Block b = next(Chance::What);
    plan_stroke();
    if (!living_) return;
    const std::uint64_t soon = disk_.operations() + b[1] % 40;
    switch (static_cast<Stroke>(b[0] % Strokes)) {
      case Stroke::Kill:
      case Stroke::PowerCut: disk_.stop(); return die();
      case Stroke::StopInOperation: return disk_.stop_at(soon);
      case Stroke::SyncFails: return disk_.fail_at(soon, DiskError::Cause::Failed);
      case Stroke::FullOnce: return disk_.fail_at(soon, DiskError::Cause::Full);
      case Stroke::FullForAWhile: {
        std::uint64_t bytes = b[1] % 20'000;
        for (const auto& path : disk_.paths()) bytes += disk_.bytes(path).size();
        disk_.set_capacity(bytes);
        full_until_ = now() + away(b[2]);
        return;
      }
      case Stroke::SlowDisk:
        slow_until_ = now() + away(b[2]);
        slow_by_ = SecondMs / 2 + static_cast<Tick>(b[3] % (2 * MinuteMs));
        return;
      case Stroke::Pause:
        ++counts_.pauses;
        paused_until_ = now() + away(b[2]);
        plant_.wire().hang_up(now(), paused_until_);
        return;
    }
  }

  // The process is gone, perhaps with the machine's power, and is started anew a while later.
  void die() {
    living_.reset();
    doomed_ = false;
    ++life_;
    const Block b = next(Chance::Death);
    if (b[0] % 2 == 0) {
      ++counts_.kills;
      disk_.restart();
    } else {
      ++counts_.power_cuts;
      disk_.power_cut();
    }
    if (b[1] % 4 == 0) disk_.stop_at(disk_.operations() + b[2] % 12);  // while it recovers
    start_at_ = now() + (b[1] % 8 < 6 ? 5 * SecondMs : away(b[3]));
    paused_until_ = next_sync_ = 0;
    plant_.wire().hang_up(now(), start_at_);
  }

  template <class F>
  bool survives(const F& f) {
    try {
      f();
      return true;
    } catch (const twin::record::Stopped&) {
    } catch (const DiskError&) {
      ++counts_.disk_errors;
    }
    return false;
  }

  void start() {
    ++counts_.openings;
    const bool done =
        survives([&] { living_ = std::make_unique<Living>(disk_, site_, layout_, now_ms()); });
    if (done) return ask_all();
    ++counts_.openings_failed;
    die();
  }

  // --- the twin's life ---

  void receive(const plant::Delivery& d) {
    ++counts_.deliveries;
    if (!living_ || doomed_ || now() < paused_until_) return;
    ask_restored();
    if (d.at >= next_commit_) {  // what has come before is made durable as a server would, soon
      next_commit_ = d.at + CommitEvery;
      doomed_ = !survives([&] { commit(); });
      if (doomed_) return;
    }
    auto arrival = arrivals_.arrival(*d.message, d.at);
    if (d.corrupt) return living_->door().unreadable(arrival, "broken bytes");
    living_->door().take(
        std::move(arrival), arrivals_.names(),
        [this, ticket = d.ticket, life = life_, key = AckHistory::key_of(*d.message)](Taken how) {
          if (life != life_) return;
          if (how == Taken::Refused) ++counts_.refused;
          if (how == Taken::Duplicate) ++counts_.duplicates;
          if (how == Taken::Quarantined) ++counts_.quarantined;
          if (how == Taken::Refused) return;
          acks_.acknowledged(key);
          ++counts_.acknowledged;
          plant_.wire().acknowledge(ticket, std::max(now(), plant_.wire().now()));
        });
  }

  void ask(std::uint32_t source) {
    if (!plant_.wire().up(source)) return;
    const Tick at = plant_.wire().now();
    living_->door().clock_answer(plant_.sources().name(source),
                                 {.asked = at + site_.time_zero_ms,
                                  .answered = at + site_.time_zero_ms + 40,
                                  .clock = plant_.sources().shown(source, at + 20)});
  }
  void ask_all() {
    restored_.clear();
    for (std::uint32_t s = 0; s < plant_.sources().size(); ++s) ask(s);
    next_ask_ = now() + AskEvery;
  }
  void ask_restored() {
    for (const std::uint32_t s : std::exchange(restored_, {})) ask(s);
  }

  // Whether all is durable; a broken record ends the process.
  void commit() {
    auto& journal = living_->journal();
    if (journal.size() == journal.durable()) return;
    if (now() < next_sync_) return;
    const auto made = journal.commit();
    // What a full disk refuses is hashed anew at each attempt, and grows meanwhile.
    next_sync_ = now() + (now() < slow_until_ ? slow_by_ : 0) +
                 (made == twin::record::Committed::Durable ? 0 : 10 * SecondMs);
    if (made == twin::record::Committed::Broken) {
      ++counts_.disk_errors;
      disk_.stop();
      throw twin::record::Stopped{};
    }
    living_->answer();
  }

  void beat() {
    if (now() >= full_until_) disk_.set_capacity(SimulatedDisk::NoOperation);
    if (now() < paused_until_) return;
    if (doomed_) return die();
    if (!living_) {
      if (now() >= start_at_) start();
      return;
    }
    const bool alive = survives([&] {
      ask_restored();
      commit();
      if (now() >= next_ask_) ask_all();
      if (now() < next_pass_) return;
      next_pass_ = now() + PassEvery;
      living_->pass(now_ms());
      watch_memory();
      audit();
    });
    if (!alive) die();
  }

  void live_until(Tick until) {
    while (now() < until) {
      if (now() >= next_stroke_) strike();
      const Tick next = std::min(
          {until, (now() / TortureBeat + 1) * TortureBeat, std::max(next_stroke_, now() + 1)});
      plant_.run_until(next, [this](const plant::Delivery& d) { receive(d); });
      beat();
    }
  }

  void heal() {
    disk_.mend();
    next_stroke_ = twin::core::Never;
    full_until_ = slow_until_ = 0;
    waiting_.push_back({plant_.fab().now(), plant_.fab().view()});
    const Tick at_most = now() + 3 * DayMs;
    while (now() < at_most) {
      const bool all =
          plant_.settle(now() + TortureBeat, [this](const plant::Delivery& d) { receive(d); });
      beat();
      if (all && living_ && settled()) return;
      if (all) idle();
    }
    throw Broken{std::to_string(plant_.wire().waiting()) +
                 " messages are not acknowledged three days after all was healed"};
  }
  // The wire has nothing left to do, and its time goes on.
  void idle() {
    plant_.wire().run_until(now() + TortureBeat, [this](const plant::Delivery& d) { receive(d); });
  }
  bool settled() {
    return waiting_.empty() && living_->journal().size() == living_->journal().durable() &&
           living_->door().waiting() == 0;
  }

  // --- the checks ---

  void watch_memory() {
    const auto& mirror = living_->belief().live;
    counts_.kept_max = std::max<std::uint64_t>(counts_.kept_max, mirror.kept.size());
    // The ladder reaches 26 h back and its oldest rung is at most 6 h older.
    constexpr Tick Reach = (26 + 7) * HourMs;
    if (!mirror.kept.empty() && mirror.kept.front().event.at < mirror.settled.until - Reach)
      throw Broken{"the mirror keeps events that are older than its reach"};
  }

  // What was set aside though it was true is released, as a person would.
  void release() {
    auto& door = living_->door();
    const auto entry_at = [&](std::uint64_t index) -> std::optional<twin::core::Entry> {
      twin::record::Reader reader(disk_, Folder);
      reader.seek(index);
      twin::record::EntryView view;
      if (!reader.next(view)) return std::nullopt;
      return view.entry();
    };
    std::vector<std::uint64_t> wrongly;
    for (const auto& q : door.quarantine()) {
      if (q.observation && !q.released && acks_.is_true(q.source, q.epoch, q.seq))
        wrongly.push_back(*q.observation);
    }
    for (const std::uint64_t observation : wrongly) {
      const auto made = door.release({observation, "auditor", "was so", now_ms()}, entry_at);
      counts_.released += made == twin::link::Release::Made ? 1U : 0U;
    }
    if (!wrongly.empty()) commit();
  }

  void audit() {
    const auto ready = [&] {
      return !waiting_.empty() && now() > waiting_.front().at + tolerance_ &&
             plant_.wire().settled() > waiting_.front().at + tolerance_;
    };
    if (!ready()) return;
    release();
    while (ready()) {
      const plant::Instant instant = std::move(waiting_.front());
      waiting_.pop_front();
      if (instant.at < living_->belief().live.rungs.front().until) continue;
      const plant::Audit a = comparison_.audit(living_->follower(), living_->settled(), instant);
      ++counts_.audits;
      counts_.exact += a.first.empty() ? 1U : 0U;
      counts_.lots += a.lots;
      counts_.lots_wrong += a.lots_wrong;
      counts_.tools_wrong += a.tools_wrong;
      if (!a.first.empty() && options_.faults.clock_steps_per_month == 0.0)
        throw Broken{"the mirror is not the fab at " + std::to_string(instant.at) +
                     " ms: " + a.first};
    }
  }

  void check() {
    const auto& mirror = living_->belief().live;
    living_->pass(now_ms());
    belief_ = live::belief_hash(mirror);
    auto door = living_->door().memory();
    door.entries = living_->journal().size();  // those that others appended after its last one too
    counts_.late = mirror.ledger.late;
    counts_.anomalies = mirror.settled.anomalous;
    counts_.entries = living_->journal().size();
    if (plant_.wire().counts().lost_spool != 0) throw Broken{"a source's spool was too small"};
    if (mirror.ledger.beyond != 0)
      throw Broken{std::to_string(mirror.ledger.beyond) + " events came too late for the mirror"};
    if (const auto gaps = living_->door().gaps(); !gaps.empty())
      throw Broken{"a gap is still open: " + gaps.front().source + " number " +
                   std::to_string(gaps.front().missing.first)};
    if (const auto wrong = acks_.check(disk_, Folder, living_->door().names()); !wrong.empty())
      throw Broken{wrong};
    const auto verdict = twin::record::verify(disk_, Folder);
    if (!verdict.good()) throw Broken{"verify: " + to_string(verdict.findings.front())};
    if (verdict.entries != counts_.entries) throw Broken{"verify finds another number of entries"};
    fold_anew();
    disk_.stop();
    living_.reset();
    disk_.restart();
    living_ = std::make_unique<Living>(disk_, site_, layout_, now_ms());
    if (live::belief_hash(living_->belief().live) != belief_)
      throw Broken{"what is believed after a restart is not what was believed before"};
    if (living_->journal().size() == counts_.entries && !(living_->door().memory() == door))
      throw Broken{"the door remembers something else after a restart"};
  }

  void fold_anew() {
    const auto fab = twins::fab::make_fab(layout_, site_.rule);
    live::Follower follower(*fab, follow_options(site_));
    live::Live anew = follower.start();
    twin::record::Reader reader(disk_, Folder);
    twin::record::EntryView view;
    (void)live::replay(follower, anew, [&](twin::core::Entry& entry) {
      if (!reader.next(view)) return false;
      entry = view.entry();
      return true;
    });
    const auto different = first_difference(living_->belief().live, anew);
    if (!different.empty())
      throw Broken{"the record folded anew is not what the twin believes: " + different};
  }

  std::shared_ptr<const twins::fab::Layout> layout_;
  TortureOptions options_;
  Site site_;
  twin::core::Draw draw_;
  std::uint32_t occasion_ = 0;
  SimulatedDisk disk_;
  Tick tolerance_;
  plant::Comparison comparison_;
  std::vector<std::uint32_t> restored_;  // sources whose lines came back
  std::deque<plant::Instant> waiting_;
  TortureCounts counts_;
  plant::Site plant_;
  plant::Arrivals arrivals_;
  AckHistory acks_;
  std::unique_ptr<Living> living_;
  std::uint64_t life_ = 0;
  bool doomed_ = false;  // the process has ended within a call of the wire
  std::uint64_t belief_ = 0;
  Tick next_stroke_ = 0, start_at_ = 0, paused_until_ = 0, full_until_ = 0, slow_until_ = 0;
  Tick slow_by_ = 0, next_sync_ = 0, next_pass_ = 0, next_ask_ = 0, next_commit_ = 0;
};

}  // namespace

TortureOptions torture_options(std::string_view level, std::uint64_t seed, Tick length) {
  TortureOptions o{.seed = seed, .length = length};
  plant::Faults& f = o.faults = plant::faults_of_level(level);
  const twin::core::Draw draw{seed, Member};
  std::uint32_t occasion = 0;
  for (double* rate : {&f.drop, &f.twice, &f.reorder, &f.delay, &f.corrupt, &f.cuts_per_day,
                       &f.reboots_per_month, &f.skew_ms, &f.drift_ppm, &f.ghosts}) {
    const double u = draw.uniform(static_cast<std::uint32_t>(Chance::Faults), 1, occasion++);
    *rate *= u < 0.25 ? 0.0 : 2.0 * (u - 0.25);
  }
  if (seed % 4 != 0) f.clock_steps_per_month = 0.0;
  if (level != "none") o.strokes_per_day = level == "light" ? 2.0 : 12.0;
  // Clocks that drift while the twin is away must not drift further than it can put right.
  o.away_max = f.drift_ppm > 50.0 ? HourMs : 12 * HourMs;
  return o;
}

Tortured torture(const std::shared_ptr<const twins::fab::Layout>& layout,
                 const TortureOptions& options) {
  return Ordeal(layout, options).run();
}

}  // namespace apps::fabtwin::serve
