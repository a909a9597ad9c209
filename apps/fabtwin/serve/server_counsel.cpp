// The server's advice: run beside the loop, as forecasts are, and handed back to the fold. And what it tells of alarms.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "apps/fabtwin/serve/server.hpp"
#include "twin/people/learning_json.hpp"

namespace apps::fabtwin::serve {
namespace {

bool is_ready(const auto& future) {
  return future.valid() &&
         future.wait_for(std::chrono::milliseconds(0)) == std::future_status::ready;
}

}  // namespace

void Server::counsel() {
  if (!site_.advice) return;
  if (is_ready(advising_)) {
    const AdviceMade made = advising_.get();
    living_->advised(made, now_ms());
    log_.info(now_ms(), "advice",
              {{"best", made.best},
               {"proposed", made.recommendation ? made.recommendation->id : ""},
               {"runs", std::to_string(made.runs)}});
  }
  if (is_ready(judging_)) {
    const Judged one = judging_.get();
    living_->judged(one.work, one.made, now_ms());
    log_.info(now_ms(), "judged",
              {{"id", one.made.id},
               {"realised_h", fmt::format("{:.3f}", one.made.realised.mean)},
               {"members", std::to_string(one.made.realised.members)}});
  }
  // One thing at a time: forecasts have their own times, and are waited for.
  if (running_.valid() || advising_.valid() || judging_.valid()) return;
  if (auto work = living_->to_judge()) {
    judging_ = std::async(std::launch::async, [layout = living_->layout(), &site = site_,
                                               work = std::move(*work)]() mutable {
      Judgement made = judge(layout, *site.advice, work);
      return Judged{std::move(work), std::move(made)};
    });
    return;
  }
  if (auto work = living_->advice_due(now_ms())) {
    advising_ = std::async(std::launch::async,
                           [layout = living_->layout(), &site = site_, work = std::move(*work)] {
                             return advise(layout, *site.advice, site.time_zero_ms, work);
                           });
  }
}

std::string Server::people_json() const {
  std::string text = "{\"rule\":";
  twin::people::put_json(text, living_->rule());
  text += ",\"learning\":" + twin::people::learning_json(living_->people().learning());
  text += ",\"cases\":[";
  bool first = true;
  for (const auto& [_, one] : living_->people().cases()) {
    if (!first) text += ",";
    first = false;
    text += "\n" + twin::people::to_json(one);
  }
  return text + "]}\n";
}

// To the log, and to whoever listens to events; the picture shows them as long as they last.
void Server::tell_alarms() {
  const auto announced = living_->take_announced();
  if (announced.empty()) return;
  const auto rows = living_->alarm_rows();
  for (const alarms::Announcement& a : announced) {
    const std::string& cause = living_->alarm_watch().cause(a.cause);
    const auto row = std::ranges::find(rows, cause, &AlarmRow::cause);
    if (row == rows.end()) continue;  // it is over already
    log_.warning(now_ms(), "alarm",
                 {{"cause", cause},
                  {"alarm", row->alarm},
                  {"active", std::to_string(row->active)},
                  {"response", row->response}});
    if (people_) people_->tell(*row);
  }
}

}  // namespace apps::fabtwin::serve
