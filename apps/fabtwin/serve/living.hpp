// A living twin of a fab: the record and all that is folded from it, driven by what comes in and by
// the time that passes. It has no thread, no socket and no clock, so that the server, the replay of
// a record and tests with a simulated disk run the very same one.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "apps/fabtwin/serve/alarm_watch.hpp"
#include "apps/fabtwin/serve/counsel.hpp"
#include "apps/fabtwin/serve/departures.hpp"
#include "apps/fabtwin/serve/line_memory.hpp"
#include "apps/fabtwin/serve/picture.hpp"
#include "apps/fabtwin/serve/provenances.hpp"
#include "apps/fabtwin/serve/site.hpp"
#include "twin/link/door.hpp"
#include "twin/record/journal.hpp"
#include "twin/record/snapshots.hpp"
#include "twins/fab/forecast/ahead.hpp"
#include "twins/fab/forecast/learner.hpp"
#include "twins/fab/forecast/ledger.hpp"
#include "twins/fab/live/live.hpp"

namespace apps::fabtwin::serve {

// What a record must say of its site, so that it can be folded again without the settings file: the
// text of its first note, of kind "site", and back (`entry` is its number in the record). What a later
// version adds is passed over; twin::core::Error where one of ours is missing or cannot be read.
std::string site_note(const Site& site);
Site site_of(const twin::core::Note& note, std::uint64_t entry);
[[nodiscard]] twins::fab::live::FollowOptions follow_options(const Site& site);
// The site's table of lots and tools to begin with, as text. twin::core::Error for one that is wrong:
// a record is not begun with it.
[[nodiscard]] std::string start_table(const Site& site, const twins::fab::AnyFab& fab, Tick now_ms);

// How the text of an alarm begins that says that forecasts of the fab do not hold (twins/fab/forecast/revalidation).
inline constexpr std::string_view ForecastsOff = "re-validation due: forecasts of the fab's ";

// All of a living twin that changes and must last; what a snapshot holds.
struct Belief {
  twins::fab::live::Live live = {};
  twin::link::DoorMemory door = {};  // in a snapshot; else the door itself has it
  twins::fab::forecast::Ledger ledger = {};
  twins::fab::forecast::Learner::Memory learnt = {};  // the same of the learner
  std::vector<Departure> departures = {};             // of the last 7 days, by time
  Tick streamed = 0;                      // [tick] events before it have been learnt from
  Tick next_learning = 0;                 // [tick] when the tools' laws are learnt anew
  Tick next_forecast = 0;                 // [tick]
  Tick saved = 0;                         // [tick] when the newest snapshot was taken
  AlarmMemory alarms = {};                // what people are to respond to
  std::uint64_t tool_alarms = 0;          // of the learner's, the first ones, in the record
  std::vector<std::string> reasons = {};  // to validate again, in the record
  std::vector<Tick> validations =
      {};                      // [tick] by time: the scores of what is looked at later begin anew
  Counselled counselled = {};  // what was advised, and what people did
  LineMemories lines = {};     // of the tools' lines; the record has what came since
  bool operator==(const Belief&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("live", self.live);
    a("door", self.door);
    a("ledger", self.ledger);
    a("learnt", self.learnt);
    a("departures", self.departures);
    a("streamed", self.streamed);
    a("next_learning", self.next_learning);
    a("next_forecast", self.next_forecast);
    a("saved", self.saved);
    a("alarms", self.alarms);
    a("tool_alarms", self.tool_alarms);
    a("reasons", self.reasons);
    a("validations", self.validations);
    a("counselled", self.counselled);
    a("lines", self.lines);
  }
};

// A snapshot's bytes, and back; what does not fit is a twin::core::Error.
[[nodiscard]] std::vector<std::byte> bytes_of(const Belief& belief);
[[nodiscard]] Belief belief_of(std::span<const std::uint8_t> bytes);

// What a forecast needs, copied: it can be run anywhere, and gives the same everywhere.
struct ForecastWork {
  twins::fab::State x;
  std::vector<twins::fab::calibrate::Posterior> posterior;
  twins::fab::forecast::Asked asked;
  std::uint64_t belief = 0;   // hash of what x was taken from
  std::uint64_t entries = 0;  // of the record that it knew
  std::string chain = {};     // of the record up to there; empty: it had gone on already
  std::string rule = {};      // of dispatching, that is in force
};

// What opening found.
struct Opening {
  bool created = false;        // there was no record
  std::uint64_t snapshot = 0;  // entries below it were not read again
  std::uint64_t entries = 0;   // of the record
  std::vector<std::string> warnings = {};
};

class Living final {
 public:
  // Opens the site's record, or begins it. The disk must outlive it. twin::core::Error.
  Living(twin::record::Disk& disk, Site site, std::shared_ptr<const twins::fab::Layout> layout,
         Tick now_ms);
  ~Living();
  Living(const Living&) = delete;
  Living& operator=(const Living&) = delete;

  [[nodiscard]] const Site& site() const { return site_; }
  [[nodiscard]] const Opening& opening() const { return opening_; }
  [[nodiscard]] twin::link::Door& door() { return *door_; }
  [[nodiscard]] const twin::link::Door& door() const { return *door_; }
  [[nodiscard]] twin::record::Journal& journal() { return *journal_; }  // commit() from any thread
  [[nodiscard]] const twins::fab::AnyFab& fab() const { return *fab_; }
  [[nodiscard]] const std::shared_ptr<const twins::fab::Layout>& layout() const { return layout_; }
  [[nodiscard]] const Belief& belief() const { return belief_; }

  // Folds what has become durable and answers those who wait for it; cheap enough for every turn.
  void answer();
  // The site's clock says now_ms: answers what has become durable, folds it, learns, scores, and
  // saves where it is time.
  void pass(Tick now_ms);

  // The links have been up and silent for a while: what has not come by now has not happened. Moves
  // the time of a fab that is silent, by an Advance in the record, once a minute of site time at most.
  // lines: the kind of line whose other end itself has shown it ("secs"), which is then not silent;
  // empty: a broker, which does not know whether those who speak through it are well.
  void alive(Tick now_ms, std::string_view lines = {});

  // A forecast that is due, once; run() it, then hand it back.
  [[nodiscard]] std::optional<ForecastWork> due(Tick now_ms);
  [[nodiscard]] static twins::fab::forecast::Ahead run(
      const std::shared_ptr<const twins::fab::Layout>& layout, const ForecastWork& work);
  void made(const ForecastWork& work, twins::fab::forecast::Ahead ahead);

  // Advice that is due, once; serve::advise() it, then hand it back. The same of an act that can be judged.
  [[nodiscard]] std::optional<AdviceWork> advice_due(Tick now_ms);
  void advised(const AdviceMade& made, Tick now_ms);
  [[nodiscard]] std::optional<JudgementWork> to_judge();
  void judged(const JudgementWork& work, const Judgement& made, Tick now_ms);
  // What a person, or a program for one, asks for; why it is refused, or nothing.
  [[nodiscard]] std::string decide(const twin::people::Asked& asked, Tick now_ms);
  [[nodiscard]] const twin::people::People& people() const { return counsel_->people(); }
  void leave_people_to(Counsel::Seat seat) { counsel_->leave_to(std::move(seat)); }
  void complete_proposals_by(std::function<void(twin::people::Recommendation&)> complete) {
    counsel_->complete_by(std::move(complete));
  }
  [[nodiscard]] twin::people::Moment moment(const twin::people::Act& act, Tick now_ms);
  [[nodiscard]] AdviceWork trial_work(Tick now_ms);
  // Of dispatching, as it is in force by all that people did.
  [[nodiscard]] const std::string& rule() const { return counsel_->rule(belief_.counselled); }

  // What people are to respond to, by what has settled; the worst and oldest that are shown first.
  [[nodiscard]] std::vector<AlarmRow> alarm_rows() const {
    return alarm_watch_.rows(belief_.alarms);
  }
  [[nodiscard]] const AlarmWatch& alarm_watch() const { return alarm_watch_; }
  // Announced since it was asked last, each to be told once.
  [[nodiscard]] std::vector<alarms::Announcement> take_announced() {
    return std::exchange(announced_, {});
  }

  // A person's note, an alarm: in the record before it has an effect. False: it cannot be now.
  [[nodiscard]] bool note(twin::core::Note note);

  // Why forecasts of the fab are not to be relied upon until somebody has validated the twin again (docs/forecasts.md);
  // empty: nothing is known against them.
  [[nodiscard]] std::string diverged() const;
  // Who says that it is validated again, in the record: scores begin anew. core::Error: why not.
  void validated(const std::string& who, const std::string& how, Tick now_ms);

  // The fab at now_ms as all that is folded tells it.
  [[nodiscard]] twins::fab::live::Fold believed(Tick now_ms);
  // For questions to the mirror that are not asked here.
  [[nodiscard]] twins::fab::live::Follower& follower() { return *follower_; }
  [[nodiscard]] const twins::fab::live::Live& settled();

  // A snapshot of what is durable and folded; where there is no room, trouble() says so.
  void save();
  // Why nothing becomes durable now, or why the belief is not saved; empty: all is well. A full disk
  // ends nothing: what came is kept and not acknowledged, and all goes on when there is room.
  [[nodiscard]] std::string trouble() const;
  // What the lines of tools remember, as of the newest snapshot; who owns the lines says for the
  // next one what they remember then.
  [[nodiscard]] const LineMemories& lines() const { return belief_.lines; }
  void lines_from(std::function<std::vector<LineMemory>()> lines) { lines_ = std::move(lines); }
  // What the links know to be missing of the fab, in sentences.
  void links_miss(std::vector<std::string> missing) { links_missing_ = std::move(missing); }

  [[nodiscard]] Picture picture(Tick now_ms);
  // As of `now` [tick], of a fab that is believed to be x then.
  [[nodiscard]] Leavings leavings(const twins::fab::State& x, Tick now) const {
    return serve::leavings(belief_.departures, raw_days_, x, now);
  }
  [[nodiscard]] std::string metrics(Tick now_ms);
  // The newest forecast as past scores say it should be told, and as the ensemble says it.
  [[nodiscard]] const std::optional<twins::fab::forecast::Forecast>& forecast() const {
    return forecast_;
  }
  [[nodiscard]] const std::optional<twins::fab::forecast::Forecast>& raw_forecast() const {
    return raw_forecast_;
  }
  [[nodiscard]] const twins::fab::forecast::Learner& learner() const { return *learner_; }
  // theta as what has settled tells it; learnt anew when it is asked for an hour of site time later.
  [[nodiscard]] const std::vector<twins::fab::calibrate::Posterior>& theta();
  // What each forecast was made from, by its name.
  [[nodiscard]] const Provenances& provenances() const { return *provenances_; }
  [[nodiscard]] std::string forecast_name(Tick now) const;  // of the one made at `now` [tick]

 private:
  // The door's recorder: into the journal, and folded once it lasts.
  class Keeper final : public twin::record::Recorder {
   public:
    explicit Keeper(Living& living) : living_(living) {}
    twin::record::Receipt append(const twin::core::Entry& entry) override;
    [[nodiscard]] std::uint64_t size() const override;
    [[nodiscard]] std::uint64_t durable() const override;

   private:
    Living& living_;
  };

  void recover();
  void fold_durable();
  void absorb(const twin::core::Entry& entry);
  void stream();  // settled events to whom they teach
  void look();    // forecasts whose moment has come
  void watch(Tick now_ms);
  void watch_lines(Tick now_ms);
  [[nodiscard]] bool caught_up() const;
  [[nodiscard]] AdviceWork assuming(AdviceWork work, Tick now_ms) const;
  void keep_origin(const ForecastWork& work, const twins::fab::forecast::Forecast& made);
  [[nodiscard]] Tick tick(Tick ms) const { return ms - site_.time_zero_ms; }

  twin::record::Disk& disk_;
  Site site_;
  std::shared_ptr<const twins::fab::Layout> layout_;
  std::unique_ptr<twins::fab::AnyFab> fab_;
  std::unique_ptr<twin::record::Journal> journal_;
  std::optional<twin::record::Snapshots> snapshots_;
  std::optional<Provenances> provenances_;
  std::optional<twins::fab::live::Follower> follower_;
  std::optional<Counsel> counsel_;
  Keeper keeper_{*this};
  std::unique_ptr<twin::link::Door> door_;
  std::optional<twins::fab::forecast::Learner> learner_;
  AlarmWatch alarm_watch_;
  std::vector<alarms::Announcement> announced_ = {};
  Opening opening_;
  Belief belief_;
  std::deque<twin::core::Entry> undurable_;              // appended, not durable yet
  std::uint64_t folded_ = 0;                             // [entries] of the record
  std::size_t tool_alarms_ = 0;                          // noted, durable or not
  std::vector<std::string> reasons_;                     // the same
  std::string unsaved_ = {};                             // why the last snapshot could not be saved
  Tick next_save_ = 0;                                   // [tick] not tried again before
  std::map<std::string, Tick, std::less<>> shown_ = {};  // [tick] when lines of a kind were last up
  std::map<std::string, bool> silent_ = {};              // what was noted of lines of a kind
  Tick watching_ = twin::core::Never;                    // [tick] since when
  Tick advanced_ = 0;  // [tick] the newest Advance, durable or not
  std::function<std::vector<LineMemory>()> lines_ = {};
  std::vector<std::string> links_missing_ = {};
  std::vector<twins::fab::calibrate::Posterior> theta_ = {};
  Tick theta_of_ = -1;                 // [tick] when it was learnt; -1: not yet
  std::vector<double> raw_days_ = {};  // [product] [day] in an empty fab
  bool forecasting_ = false;           // a forecast is out
  std::optional<twins::fab::forecast::Forecast> forecast_, raw_forecast_;
};

}  // namespace apps::fabtwin::serve
