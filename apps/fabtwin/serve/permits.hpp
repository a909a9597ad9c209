// What is approved and may be sent is sent: by the guard's permit, with the signatures of those who approved and the
// word of an observer, and then looked at. Each step is a note of the record before the next is taken, and what was
// sent once is never sent again. Sockets, lines and clocks are its owner's; it waits for none of them.
#pragma once
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/fabtwin/serve/packet_line.hpp"
#include "apps/fabtwin/serve/secs_lines.hpp"
#include "apps/fabtwin/serve/site.hpp"
#include "apps/fabtwin/serve/site_clock.hpp"
#include "twin/guard/gate.hpp"
#include "twin/guard/limits.hpp"
#include "twin/people/people.hpp"

namespace apps::fabtwin::serve {

class Permits {
 public:
  struct Options {
    GuardSettings settings;
    twin::guard::Limits limits;
    SiteClock clock = RealTime;
    std::function<Tick()> real_ms;                         // the guard's clock [ms since 1970]
    std::function<Tick()> line_ms;                         // [ms] of one that never runs backwards
    std::function<const twin::people::People&()> people;   // all that was decided
    std::function<const twin::people::People&()> lasting;  // as far as it is on the disk
    std::function<std::string(const twin::people::Asked&)> decide;  // empty: it is in the record
    std::function<std::vector<std::string>(const twin::people::Act&)> tools;  // that it may go to
    std::function<std::string(const std::string& tool)> unready;  // why no command can go there
    std::function<std::string(const std::string& tool, twin::link::secs::Message,
                              twin::guard::Permit, SecsLines::Told)>
        send;
    std::function<std::string()> unwell;  // what is wrong with the twin; empty: nothing
    std::function<void(const std::string& id, const std::string& what)> log = {};
  };
  // Takes up what an earlier life had sent and not seen the end of: it is looked at, and not sent again.
  explicit Permits(Options options);
  Permits(const Permits&) = delete;
  Permits& operator=(const Permits&) = delete;

  // Puts the guard's text into a recommendation that the twin would send, or takes it out where there is none; it
  // expires no later than that text.
  void attach(twin::people::Recommendation& r) const;
  // Why a step that the rules allow cannot be: it could not be sent, or the approval is not signed. A courtesy; it
  // is the guard that judges.
  [[nodiscard]] std::string objection(const twin::people::Case* one,
                                      const twin::people::Asked& asked) const;

  void turn();

  struct Status {
    std::string state;
    bool well = false;
  };
  [[nodiscard]] Status status() const;
  [[nodiscard]] std::size_t under_way() const { return jobs_.size(); }

 private:
  enum class Doing : std::uint8_t {
    Recording,    // until the record holds that it is sent
    Looking,      // the observer, before
    Asking,       // the guard
    Sent,         // the tool has its message
    LookingBack,  // the observer, after
    ReadingBack,  // the guard
    PuttingBack,  // the tool has the message that undoes it
    Ended
  };
  struct Job {
    std::string id;
    twin::guard::Command command;
    const twin::guard::ActionClass* action = nullptr;
    Doing doing = Doing::Recording;
    std::optional<PacketLine> line = {};  // of the question that is out
    Tick next = 0, until = 0;             // [ms by line_ms] to look again, to give up
    Tick since = 0;                       // [ms since 1970] an older sight does not show it
    std::optional<twin::guard::Witness> sight = {};
    std::string sight_line = {};
    std::shared_ptr<std::optional<SecsLines::ToolAnswer>> answer = {};
    std::string unsure = {};  // why it is not known whether the tool did it
    std::optional<std::pair<twin::people::Reason, std::string>> lost = {};  // it has failed: why
    std::deque<twin::people::Asked> to_say = {};                            // in the record
    Tick say_again = 0;                                                     // [ms by line_ms]
  };
  using Reason = twin::people::Reason;

  [[nodiscard]] std::optional<twin::guard::Command> made(const twin::people::Recommendation& r,
                                                         std::string& why) const;
  [[nodiscard]] Job job_of(const twin::people::Case& of, const twin::guard::Command& command) const;
  void take_up();
  void begin();
  bool say(Job& job);
  void go_on(Job& job);
  void look(Job& job);
  void ask(Job& job, std::string question, Doing doing);
  void on_look(Job& job, const PacketLine::Heard& heard);
  void on_permit(Job& job, const PacketLine::Heard& heard);
  void on_answer(Job& job, const SecsLines::ToolAnswer& answer);
  void on_look_back(Job& job, const PacketLine::Heard& heard);
  void on_read_back(Job& job, const PacketLine::Heard& heard);
  bool send(Job& job, const std::string& permit, Doing doing);
  void look_back(Job& job, Tick patience);
  void conclude(Job& job, const std::string& guard_says);
  void fail(Job& job, Reason reason, std::string remark);
  void step(Job& job, twin::people::Step what, Reason reason, std::string remark);
  [[nodiscard]] bool sees(const Job& job, const twin::guard::Witness& w) const;
  [[nodiscard]] bool is_done(const Job& job) const;
  [[nodiscard]] bool guard_waits(const Job& job) const;
  void watch_guard();
  void log(const std::string& id, const std::string& what) const;

  Options options_;
  twin::guard::Gate gate_;
  std::vector<Job> jobs_;
  std::map<std::string, Tick> not_before_;  // [ms by line_ms] ids whose sending was refused
  std::string waits_ = {};                  // why what is approved is not sent yet
  std::optional<PacketLine> watching_ = {};
  Tick next_watch_ = 0;
  std::string guard_is_ = "not asked yet";
};

}  // namespace apps::fabtwin::serve
