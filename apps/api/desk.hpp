// Where people's questions are answered: routing, tokens, roles, limits, the steps of a recommendation's life,
// accounts, the trail. It has no socket, no thread and no clock. What it decides goes into the record
// as notes, and it is the fold over them: a restart gives back the same desk.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/api/entrance.hpp"
#include "apps/api/message.hpp"
#include "apps/api/port.hpp"
#include "apps/api/routes.hpp"
#include "apps/api/scenarios.hpp"
#include "twin/people/people.hpp"

namespace apps::api {

struct DeskOptions {
  people::Rules rules = {};
  Paces paces = {};
  Tick session_ms = 12 * 3'600'000;
  Tick once_ms = 24 * 3'600'000;          // of a token that an admin gives
  Tick own_once_ms = 7 * 24 * 3'600'000;  // of one that somebody makes for himself
  Tick ticket_ms = 30'000;                // to open a stream
  Tick stream_ms = 3'600'000;             // of a stream that was opened by a ticket
  std::size_t body_bytes_max = 262'144;
  std::size_t open_cases_max = 500;  // beyond them nothing more is proposed
  std::string openapi = {};          // the text of the API; empty: made here
};

struct News {  // for whoever listens to events
  std::string type = {};
  std::string json = {};        // one line
  std::uint64_t waits_for = 0;  // entries of the trail that must last before it is told
  bool passing =
      false;  // out of date with the next one of its type: who comes back needs none of it
};

class Desk {
 public:
  Desk(TwinPort port, DeskOptions options);

  // A note of the record, at a start, in order; any that is not ours is passed over. Throws core::Error where the
  // trail is broken.
  void apply(const twin::core::Note& note) { people_.apply(note); }
  // The same all at once: what people had done by then, from a snapshot.
  void begin(people::People people) { people_ = std::move(people); }

  [[nodiscard]] Answer ask(const Request& request);

  // A step of the twin or of a link. Why it is refused, or cannot be recorded now; empty: it is done.
  [[nodiscard]] std::string take(const people::Asked& asked, Tick now);
  // Each second or so: ends what has expired, sends on what nobody has vetoed, asks how scenarios stand.
  void tick(Tick now);

  // Of the first start: an admin's token of one use, to be printed once. Nothing where somebody has come in already.
  [[nodiscard]] std::optional<std::string> first_token(Tick now);
  // The same for whoever may start the program, after all admins have lost their tokens: another one for an admin.
  [[nodiscard]] std::optional<std::string> admin_token(Tick now);

  [[nodiscard]] bool goes_on(const StreamPass& pass, Tick now) const;
  // What is no decision: an alarm that is announced. It waits for nothing.
  void tell(News news) { news_.push_back(std::move(news)); }
  [[nodiscard]] std::vector<News> take_news() { return std::exchange(news_, {}); }
  [[nodiscard]] const people::People& people() const { return people_; }
  [[nodiscard]] const Entrance& entrance() const { return entrance_; }

 private:
  struct Question {
    const Request& request;
    const Route& route;
    const Target& target;
    const std::vector<std::string>& names;
    const Visitor& who;
  };

  Answer answer(const Request& request);
  Answer answer(const Question& q);
  Answer checked(const Question& q);
  // desk_session.cpp
  Answer enter(const Question& q);
  Answer me(const Question& q) const;
  Answer tokens(const Question& q) const;
  Answer own_token(const Question& q);
  Answer end_token(const Question& q);
  Answer ticket(const Question& q);
  Answer stream(const Question& q);
  Answer accounts(const Question& q) const;
  Answer open_account(const Question& q);
  Answer change_roles(const Question& q);
  Answer close_account(const Question& q);
  Answer renew_token(const Question& q);
  Answer revoke_tokens(const Question& q);
  Answer audit(const Question& q) const;
  // desk_decisions.cpp
  Answer cases(const Question& q) const;
  Answer show_case(const Question& q) const;
  Answer propose(const Question& q);
  Answer edit(const Question& q);
  Answer step(const Question& q, people::Step step);
  Answer decided(const Question& q, const people::Asked& asked);
  Answer begun(const Question& q, Scenarios::Kept kept,
               const std::function<std::string(const std::string& id)>& begin);
  Answer try_value(const Question& q);
  Answer ask_scenario(const Question& q);
  Answer scenarios(const Question& q);
  Answer scenario(const Question& q);
  Answer result(const Question& q);
  Answer reading(const Question& q, Topic topic) const;
  template <class Said>
  Answer told(const Question& q,
              const std::function<void(const Said&, const std::string& who, Tick now)>& tell);
  Answer ask_moment(const Question& q);
  Answer outcome(const Question& q) const;
  Answer shelve(const Question& q);
  Answer acknowledge_alarms(const Question& q);
  Answer validate(const Question& q);

  [[nodiscard]] people::Moment moment_of(const people::Case* one, const people::Asked& asked,
                                         Tick now) const;
  void settle(const std::string& id);
  [[nodiscard]] std::string go(const people::Asked& asked, Tick now);
  // What cannot be recorded now is Refused with 503.
  void record(const twin::core::Note& note);
  void account_step(people::AccountEntry entry);
  std::string issue(const std::string& actor, const std::string& account, people::TokenUse use,
                    Tick expires, Tick now);
  [[nodiscard]] AccountLine line_of(const std::string& name, Tick now) const;

  TwinPort port_;
  DeskOptions options_;
  Entrance entrance_;
  people::People people_;
  Scenarios scenarios_;
  std::vector<News> news_;
};

}  // namespace apps::api
