// What a living twin advises and what becomes of it: proposals as notes of people's trail, the rule that is in force,
// and, when an act's time has passed, what it brought. The part that changes is a fold over the record; what takes long
// is a value that is copied, run anywhere, and handed back.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/fabtwin/serve/proposal.hpp"
#include "apps/fabtwin/serve/site.hpp"
#include "twin/people/outcome.hpp"
#include "twin/people/people.hpp"
#include "twin/people/similar.hpp"
#include "twins/fab/calibrate/posterior.hpp"
#include "twins/fab/decide/realised.hpp"
#include "twins/fab/live/live.hpp"

namespace apps::fabtwin::serve {

// An act that was carried out, or was not: it is judged when its horizon has passed, or something else was done.
struct OpenCase {
  std::string id = {};
  bool carried_out = false;
  Tick at = 0, until = 0;  // [tick]
  Tick least = 0;          // [tick] cut shorter, it is not judged
  twins::fab::decide::Alternative act = {};
  std::string standing = {};  // the rule that was in force
  twins::fab::State x = {};   // the fab as it was believed to be then
  bool operator==(const OpenCase&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("id", self.id);
    a("carried_out", self.carried_out);
    a("at", self.at);
    a("until", self.until);
    a("least", self.least);
    a("act", self.act);
    a("standing", self.standing);
    a("x", self.x);
  }
};

// All that changes and must last.
struct Counselled {
  twin::people::People people = {};
  std::string rule = {};            // in force; empty: the site's
  std::vector<OpenCase> open = {};  // by time
  std::uint64_t unjudged = 0;       // whose time was too short, or came too late to be known
  std::uint64_t unfit = 0;          // notes of people that did not fit their trail
  std::vector<std::uint64_t> entries = {};  // [number in the trail] in the record
  bool operator==(const Counselled&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("people", self.people);
    a("rule", self.rule);
    a("open", self.open);
    a("unjudged", self.unjudged);
    a("unfit", self.unfit);
    a("entries", self.entries);
  }
};

inline constexpr std::size_t OpenMax = 16;  // cases whose States are kept

struct AdviceWork {
  std::string id;
  twins::fab::State x;
  twins::fab::live::Dialect dialect;
  std::vector<twins::fab::calibrate::Posterior> posterior;
  std::string standing;
  Tick now = 0;  // [tick]
  Tick made_ms = 0, expires_ms = 0;
  std::uint64_t seed = 1;
  twin::people::Assumed assumed;
};
struct AdviceMade {
  std::optional<twin::people::Recommendation> recommendation;
  std::string best;  // of the menu
  std::uint64_t runs = 0;
};

struct JudgementWork {
  OpenCase of;
  twins::fab::State after;
  std::vector<twins::fab::calibrate::Posterior> posterior;
  std::uint64_t seed = 1;
};
struct Judgement {
  std::string id;
  twins::fab::decide::Realised realised;
};

class Counsel {
 public:
  using Keep =
      std::function<bool(twin::core::Note)>;  // into the record; false: it takes nothing now
  using Believed = std::function<std::vector<twins::fab::calibrate::Posterior>()>;  // of theta

  // All must outlive it. twin::core::Error where the site's advice names a rule that is none, or that a live twin
  // cannot rank its queues by.
  Counsel(const Site& site, std::shared_ptr<const twins::fab::Layout> layout,
          twins::fab::live::Follower& follower, Keep keep);

  // Who keeps what people do in step, where somebody else does: an API's desk. Must outlive this.
  struct Seat {
    const twin::people::People* people = nullptr;
    std::function<std::string(const twin::people::Asked&, Tick now_ms)> decide = {};
    std::function<void(const twin::core::Note&)> apply = {};  // a note that is in the record
  };
  void leave_to(Seat seat) {
    if (seat_.people != nullptr && seat.people == nullptr) ahead_ = *seat_.people;
    seat_ = std::move(seat);
  }

  // What a proposal of the twin's gets before it is made: the guard's text.
  void complete_by(std::function<void(twin::people::Recommendation&)> complete) {
    complete_ = std::move(complete);
  }

  // A note that lasts, and its number in the record. What is not of people is passed over.
  void absorb(Counselled& counselled, twins::fab::live::Live& live, const twin::core::Note& note,
              std::uint64_t entry);
  // After a restart: all that is in the record has been absorbed.
  void begin(const Counselled& counselled) { ahead_ = counselled.people; }

  // What somebody asks for, judged by the fab as it is believed to be at now_ms. Empty: it is in the record, and holds
  // once that is durable; else why not.
  std::string decide(const Counselled& counselled, twins::fab::live::Live& live,
                     const twin::people::Asked& asked, Tick now_ms);
  // What nobody has decided upon in time.
  void expire(const Counselled& counselled, twins::fab::live::Live& live, Tick now_ms);

  // Once when it is time to advise; advised() ends it.
  [[nodiscard]] std::optional<AdviceWork> due(const Counselled& counselled,
                                              twins::fab::live::Live& live, Tick now_ms,
                                              const Believed& believed);
  void advised(const Counselled& counselled, twins::fab::live::Live& live, const AdviceMade& made,
               Tick now_ms);
  // Something has changed: it is time again.
  void hasten() { next_advice_ = 0; }

  // Once when an act can be judged; judged() ends it.
  [[nodiscard]] std::optional<JudgementWork> to_judge(const Counselled& counselled,
                                                      twins::fab::live::Live& live,
                                                      const Believed& believed);
  void judged(const JudgementWork& work, const Judgement& made, Tick now_ms);

  [[nodiscard]] const std::string& rule(const Counselled& counselled) const {
    return counselled.rule.empty() ? site_.rule : counselled.rule;
  }
  // All that people have done, what is not durable yet included.
  [[nodiscard]] const twin::people::People& people() const {
    return seat_.people != nullptr ? *seat_.people : ahead_;
  }
  // The fab as it is believed to be, as far as a decision depends on it.
  [[nodiscard]] twin::people::Moment moment(const Counselled& counselled,
                                            twins::fab::live::Live& live,
                                            const twin::people::Act& act, Tick now_ms);
  // For trying what a recommendation would bring with another value.
  [[nodiscard]] AdviceWork work(const Counselled& counselled, twins::fab::live::Live& live,
                                Tick now_ms, const Believed& believed);

 private:
  [[nodiscard]] Tongue tongue(const twins::fab::live::Live& live) const;
  void open(Counselled& counselled, twins::fab::live::Live& live, const twin::people::Case& of,
            Tick at, bool carried_out);
  bool keep(twin::core::Note note);

  const Site& site_;
  std::shared_ptr<const twins::fab::Layout> layout_;
  twins::fab::live::Follower& follower_;
  Keep keep_;
  twin::people::People ahead_;
  Seat seat_;
  std::function<void(twin::people::Recommendation&)> complete_ = {};
  Tick next_advice_ = 0;  // [tick]
  bool advising_ = false, judging_ = false;
  std::vector<std::string> hopeless_;  // that cannot be judged
};

// The newest cases in a line each: what is proposed, decided, and what came of it.
[[nodiscard]] std::vector<std::string> told(const twin::people::People& people, Tick now_ms,
                                            std::size_t most);

// What takes long, anywhere: the same everywhere.
[[nodiscard]] AdviceMade advise(const std::shared_ptr<const twins::fab::Layout>& layout,
                                const AdviceSettings& settings, Tick time_zero_ms,
                                const AdviceWork& work);
// The same recommendation with another value of its act, all its figures anew by work.x; nothing: it cannot be done.
[[nodiscard]] std::optional<twin::people::Recommendation> with_value(
    const std::shared_ptr<const twins::fab::Layout>& layout, const AdviceSettings& settings,
    Tick time_zero_ms, const AdviceWork& work, const twin::people::Recommendation& of,
    double value);
[[nodiscard]] Judgement judge(const std::shared_ptr<const twins::fab::Layout>& layout,
                              const AdviceSettings& settings, const JudgementWork& work);

}  // namespace apps::fabtwin::serve
