// From an approval to a message on the line, and what is seen of it. permits_texts.cpp has what people read and sign.
#include "apps/fabtwin/serve/permits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "apps/fabtwin/serve/act_message.hpp"
#include "twin/guard/checks.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace guard = twin::guard;
namespace people = twin::people;
using people::Stage;
using people::Step;

constexpr Tick LookEvery = 1'000, WatchEvery = 5'000, SayAgain = 1'000;  // [ms]
constexpr Tick AnswerMs = 60'000;  // for a tool's answer: T3 is 45 s, a permit lives for seconds

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// What stands behind the first line.
std::string rest_of(const std::string& text) {
  const std::size_t end = text.find('\n');
  return end == std::string::npos ? "" : text.substr(end + 1);
}

std::string look_text(const guard::Command& c) {
  return fmt::format(
      "fabtwin-observer look 1\nclass {}\ntool {}\nlot {}\nrecipe {}\nparameter {}\nunit {}\n",
      c.action, c.tool, guard::show(c.lot), guard::show(c.recipe), guard::show(c.parameter),
      guard::show(c.unit));
}

std::optional<guard::PermitText> read_permit(std::string_view text) {
  guard::PermitText p;
  guard::Reading in{text};
  in.good = guard::take(in.text, "fabtwin-guard") == "permit 1";
  guard::PermitText::fields(in, p);
  if (!in.good) return std::nullopt;
  return p;
}

std::string seen_words(const guard::Witness& w) {
  std::string conditions;
  for (const std::string& c : w.conditions) conditions += (conditions.empty() ? "" : ", ") + c;
  return fmt::format("{} sees {}{}{}", w.observer, w.state,
                     conditions.empty() ? "" : " (" + conditions + ")",
                     w.value ? ", value " + guard::show(*w.value) : "");
}

}  // namespace

Permits::Permits(Options options)
    : options_(std::move(options)), gate_(options_.settings.key, options_.real_ms()) {
  take_up();
}

void Permits::log(const std::string& id, const std::string& what) const {
  if (options_.log) options_.log(id, what);
}

Permits::Job Permits::job_of(const people::Case& of, const guard::Command& command) const {
  Job job;
  job.id = of.content.id;
  job.command = command;
  job.action = guard::named(options_.limits.classes, command.action);
  job.since = options_.real_ms();
  return job;
}

void Permits::take_up() {
  for (const auto& [_, one] : options_.people().cases()) {
    const bool open = one.stage == Stage::Sent || one.stage == Stage::Acknowledged;
    if (!open || one.content.level < people::SentOnApproval || !one.content.command) continue;
    const auto command = guard::read_command(*one.content.command);
    if (!command) continue;
    Job job = job_of(one, *command);
    job.since = options_.clock.real_ms(one.since);
    if (one.stage == Stage::Sent) job.unsure = "the twin was started anew in between";
    look_back(job, options_.settings.read_back_ms);
    log(job.id, "taken up: it is looked at, not sent again");
    jobs_.push_back(std::move(job));
  }
}

void Permits::turn() {
  watch_guard();
  begin();
  for (Job& job : jobs_) {
    if (say(job)) go_on(job);
  }
  std::erase_if(jobs_, [](const Job& j) { return j.doing == Doing::Ended && j.to_say.empty(); });
}

// What was approved and is on its way to no tool yet.
void Permits::begin() {
  waits_.clear();
  std::vector<std::pair<std::string, guard::Command>> ready;
  for (const auto& [_, one] : options_.people().cases()) {
    if (one.stage != Stage::Approved || one.content.level < people::SentOnApproval) continue;
    const auto command = guard::read_command(one.content.command.value_or(""));
    if (command) ready.emplace_back(one.content.id, *command);
  }
  if (ready.empty()) return;
  const auto waits = [this](const std::string& id, const std::string& why) {
    if (waits_.empty()) waits_ = id + " waits: " + why;
  };
  const std::string unwell = options_.unwell();
  for (const auto& [id, command] : ready) {
    const auto later = not_before_.find(id);
    if (later != not_before_.end() && options_.line_ms() < later->second) continue;
    const std::string why = !unwell.empty() ? unwell : options_.unready(command.tool);
    const bool busy =
        std::ranges::any_of(jobs_, [&](const Job& j) { return j.command.tool == command.tool; });
    if (!why.empty() || busy) {
      waits(id, busy ? command.tool + " is not read back yet" : why);
      continue;
    }
    people::Asked asked;
    asked.id = id;
    asked.step = Step::Send;
    asked.actor = "link";
    asked.capacity = people::Capacity::Link;
    const std::string no = options_.decide(asked);
    if (no.empty()) {
      jobs_.push_back(job_of(*options_.people().find(id), command));
      continue;
    }
    waits(id, no);
    not_before_[id] = options_.line_ms() + SayAgain;
  }
  std::erase_if(not_before_, [&](const auto& one) {
    return std::ranges::none_of(ready, [&](const auto& r) { return r.first == one.first; });
  });
}

// What is to be recorded goes before all else; false: it cannot be now.
bool Permits::say(Job& job) {
  const Tick now = options_.line_ms();
  while (!job.to_say.empty()) {
    if (now < job.say_again) return false;
    const people::Asked& asked = job.to_say.front();
    const people::Case* one = options_.people().find(job.id);
    if (one != nullptr && people::next(one->stage, asked.step)) {
      if (const std::string no = options_.decide(asked); !no.empty()) {
        waits_ = job.id + " waits: " + no;
        job.say_again = now + SayAgain;
        return false;
      }
    }
    job.to_say.pop_front();
  }
  return true;
}

void Permits::step(Job& job, Step what, Reason reason, std::string remark) {
  people::Asked asked;
  asked.id = job.id;
  asked.step = what;
  asked.actor = "link";
  asked.capacity = people::Capacity::Link;
  asked.reason = reason;
  asked.remark = std::move(remark);
  log(job.id, fmt::format("{}: {}", people::word(what), asked.remark));
  job.to_say.push_back(std::move(asked));
}

void Permits::fail(Job& job, Reason reason, std::string remark) {
  step(job, Step::Fail, reason, std::move(remark));
  job.doing = Doing::Ended;
}

void Permits::ask(Job& job, std::string question, Doing doing) {
  const bool observer = doing == Doing::Looking || doing == Doing::LookingBack;
  job.doing = doing;
  job.line.emplace(PacketLine::Options{.socket = observer ? options_.settings.observer
                                                          : options_.settings.socket,
                                       .who = observer ? "the observer" : "the guard",
                                       .patience_ms = options_.settings.patience_ms},
                   std::move(question), options_.line_ms());
}

void Permits::look(Job& job) { ask(job, look_text(job.command), job.doing); }

void Permits::go_on(Job& job) {
  const Tick now = options_.line_ms();
  if (job.doing == Doing::Recording) {
    const people::Case* one = options_.lasting().find(job.id);
    if (one == nullptr || one->stage != Stage::Sent) return;
    job.doing = Doing::Looking;
    look(job);
  }
  if (job.doing == Doing::Sent || job.doing == Doing::PuttingBack) {
    if (*job.answer) return on_answer(job, **job.answer);
    if (now >= job.until) on_answer(job, {.message = {}, .why = "the tool does not answer"});
    return;
  }
  if (!job.line) {
    if (job.doing == Doing::LookingBack && now >= job.next) look(job);
    return;
  }
  const auto heard = job.line->hear(now);
  if (!heard) return;
  job.line.reset();
  switch (job.doing) {
    case Doing::Looking: return on_look(job, *heard);
    case Doing::Asking: return on_permit(job, *heard);
    case Doing::LookingBack: return on_look_back(job, *heard);
    case Doing::ReadingBack: return on_read_back(job, *heard);
    default: return;
  }
}

void Permits::on_look(Job& job, const PacketLine::Heard& heard) {
  if (!heard.answered) return fail(job, Reason::NoAnswer, heard.text + "; nothing was sent");
  if (!guard::read_witness(heard.text))
    return fail(job, Reason::Other,
                "the observer says: " + first_line(heard.text) + "; nothing was sent");
  std::string request = "fabtwin-guard request 1\n" + guard::show(job.command);
  for (const people::Approval& a : options_.people().find(job.id)->approvals) {
    if (a.signature) request += *a.signature + "\n";
  }
  ask(job, request + heard.text, Doing::Asking);
}

void Permits::on_permit(Job& job, const PacketLine::Heard& heard) {
  if (!heard.answered) return fail(job, Reason::GuardRefused, heard.text + "; nothing was sent");
  if (first_line(heard.text) != "granted")
    return fail(job, Reason::GuardRefused,
                "the guard says: " + first_line(heard.text) + "; nothing was sent");
  if (send(job, rest_of(heard.text), Doing::Sent)) return;
  // The guard waits for a sight of it, and must not wait for ever.
  look_back(job, 0);
}

// False: nothing left, and job.lost says why.
bool Permits::send(Job& job, const std::string& permit, Doing doing) {
  const auto lost = [&](std::string why) {
    if (!job.lost) job.lost = {Reason::NoAnswer, std::move(why) + "; nothing was sent"};
    return false;
  };
  const auto text = read_permit(permit);
  auto allowed = gate_.take(permit, options_.real_ms(), options_.line_ms());
  if (!text || !allowed) return lost("the permit is not of the guard's key, or not of now");
  auto message = message_of(text->bytes);
  if (!message) return lost("the permit is for no message");
  job.answer = std::make_shared<std::optional<SecsLines::ToolAnswer>>();
  job.since = options_.real_ms();
  const std::string why =
      options_.send(job.command.tool, std::move(*message), std::move(*allowed),
                    [to = job.answer](const SecsLines::ToolAnswer& answer) { *to = answer; });
  if (!why.empty()) return lost(why);
  log(job.id, doing == Doing::Sent ? "sent" : "sent what puts it back");
  job.doing = doing;
  job.until = options_.line_ms() + AnswerMs;
  return true;
}

void Permits::on_answer(Job& job, const SecsLines::ToolAnswer& answer) {
  const Taking taking = answer.message ? taking_of(*answer.message) : Taking{false, answer.why};
  if (job.doing == Doing::PuttingBack) {
    job.lost->second += "; put back: " + taking.words;
    return fail(job, job.lost->first, job.lost->second);
  }
  if (taking.taken) {
    step(job, Step::Acknowledge, Reason::None, taking.words);
  } else if (answer.message) {
    job.lost = {Reason::ToolRefused, "the tool says: " + taking.words};
  } else {
    job.unsure = taking.words;
  }
  look_back(job, job.lost ? 0 : options_.settings.read_back_ms);
}

void Permits::look_back(Job& job, Tick patience) {
  job.doing = Doing::LookingBack;
  job.line.reset();
  job.next = 0;
  job.until = options_.line_ms() + patience + options_.limits.skew;
}

// Whether an observer that the limits know says this of just this target, and late enough.
bool Permits::sees(const Job& job, const guard::Witness& w) const {
  const guard::Person* observer = guard::named(options_.limits.observers, w.observer);
  const guard::Command& c = job.command;
  return observer != nullptr && guard::verify(observer->key, w.signed_text, w.signature) &&
         w.tool == c.tool && w.lot == c.lot && w.recipe == c.recipe && w.parameter == c.parameter &&
         w.unit == c.unit && w.at - options_.limits.skew > job.since;
}

bool Permits::is_done(const Job& job) const {
  return job.action != nullptr && job.sight && guard::is_done(*job.action, job.command, *job.sight);
}

// Whether the guard keeps the tool until it is read back.
bool Permits::guard_waits(const Job& job) const {
  return job.action != nullptr && (job.action->kind == "setpoint" || !job.action->after.empty());
}

void Permits::on_look_back(Job& job, const PacketLine::Heard& heard) {
  const Tick now = options_.line_ms();
  const bool late = now >= job.until + (job.lost ? options_.settings.patience_ms : 0);
  const auto sight = heard.answered ? guard::read_witness(heard.text) : std::nullopt;
  if (sight && sees(job, *sight)) {
    job.sight = sight;
    job.sight_line = heard.text;
    if (job.lost || is_done(job) || now >= job.until) {
      if (!guard_waits(job)) return conclude(job, "");
      return ask(job,
                 "fabtwin-guard readback 1\nnonce " + guard::show(job.command.nonce) + "\n" +
                     job.sight_line,
                 Doing::ReadingBack);
    }
  } else if (late) {
    if (job.unsure.empty() && !job.lost)
      job.unsure = heard.answered ? "the observer does not say" : heard.text;
    return conclude(job, "");
  }
  job.next = now + LookEvery;
}

void Permits::on_read_back(Job& job, const PacketLine::Heard& heard) {
  const std::string says = heard.answered ? first_line(heard.text) : heard.text;
  if (says == "compensate" && job.sight->value != job.command.from) {
    job.lost = {Reason::ReadBackDiffers,
                seen_words(*job.sight) + "; the guard has stopped the tool"};
    if (send(job, rest_of(heard.text), Doing::PuttingBack)) return;
    job.lost->second += "; it could not be put back";
    return fail(job, job.lost->first, job.lost->second);
  }
  const bool said = says == "verified" || says == "failed" || says == "compensate" ||
                    says == "refused nothing to read back";
  if (said) return conclude(job, says);
  if (options_.line_ms() >= job.until + AnswerMs) return conclude(job, says);
  job.doing = Doing::LookingBack;  // seen too early for the guard, or it is away: once more
  job.next = options_.line_ms() + LookEvery;
}

void Permits::conclude(Job& job, const std::string& guard_says) {
  const bool stopped = guard_says == "failed" || guard_says == "compensate";
  const bool known = guard_says.empty() || guard_says == "verified" || stopped ||
                     guard_says == "refused nothing to read back";
  const std::string guard_words = stopped ? "; the guard has stopped the tool"
                                  : known ? ""
                                          : "; the guard was not told: " + guard_says;
  if (job.lost) return fail(job, job.lost->first, job.lost->second + guard_words);
  if (is_done(job) && !stopped) {
    if (!job.unsure.empty())
      step(job, Step::Acknowledge, Reason::None, job.unsure + "; but it is seen to be done");
    step(job, Step::Verify, Reason::None, seen_words(*job.sight) + guard_words);
    job.doing = Doing::Ended;
    return;
  }
  const std::string seen = job.sight ? seen_words(*job.sight) : "nobody has seen it since";
  if (!job.unsure.empty())
    return fail(job, Reason::NoAnswer,
                fmt::format("unknown whether it was carried out ({}; {}): look at the tool{}",
                            job.unsure, seen, guard_words));
  fail(job, Reason::ReadBackDiffers, seen + guard_words);
}

void Permits::watch_guard() {
  const Tick now = options_.line_ms();
  if (!watching_) {
    if (now < next_watch_) return;
    next_watch_ = now + WatchEvery;
    watching_.emplace(PacketLine::Options{.socket = options_.settings.socket,
                                          .who = "the guard",
                                          .patience_ms = options_.settings.patience_ms},
                      "fabtwin-guard status 1\n", now);
  }
  const auto heard = watching_->hear(now);
  if (!heard) return;
  guard_is_ = heard->answered ? first_line(heard->text) : heard->text;
  watching_.reset();
}

Permits::Status Permits::status() const {
  std::string text = guard_is_;
  if (!jobs_.empty()) text += fmt::format(", {} under way", jobs_.size());
  if (!waits_.empty()) text += ", " + waits_;
  const auto ends = std::ranges::count_if(options_.people().cases(), [](const auto& c) {
    const people::Recommendation& r = c.second.content;
    return c.second.stage == Stage::Verified && r.level >= people::SentOnApproval && r.act.until;
  });
  if (ends > 0) text += fmt::format(", {} to be taken back by people when its time is over", ends);
  return {std::move(text), guard_is_ == "running"};
}

}  // namespace apps::fabtwin::serve
