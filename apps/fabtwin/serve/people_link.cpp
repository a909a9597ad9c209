#include "apps/fabtwin/serve/people_link.hpp"

#include <algorithm>
#include <utility>

#include "apps/fabtwin/serve/answers.hpp"
#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/lists.hpp"
#include "apps/fabtwin/serve/scenario_of.hpp"
#include "twin/core/error.hpp"
#include "twin/record/reader.hpp"
#include "twins/fab/forecast/json.hpp"

namespace apps::fabtwin::serve {
namespace {

using PeopleLinkClock = std::chrono::steady_clock;

api::ServerOptions server_options(const ApiSettings& settings) {
  api::ServerOptions o;
  o.address = settings.listen.host;
  o.port = settings.listen.port;
  if (!settings.certificate.empty())
    o.tls = api::TlsFiles{.certificate = settings.certificate.string(),
                          .key = settings.key.string(),
                          .client_ca = settings.clients_ca.string()};
  return o;
}

std::string query_of(const api::Reading& reading) {
  std::string text;
  for (const auto& [key, value] : reading.query) {
    if (!text.empty()) text += '&';
    text += (key == "points" ? "pixels" : key) + "=" + value;
  }
  return text;
}

}  // namespace

PeopleLink::PeopleLink(Living& living, Stores* stores, Options options)
    : living_(living), stores_(stores), options_(std::move(options)) {
  api::DeskOptions desk;
  // People live by the computer's clock, however fast the plant beside them runs.
  for (Tick* lasting :
       {&desk.session_ms, &desk.once_ms, &desk.own_once_ms, &desk.ticket_ms, &desk.stream_ms})
    *lasting = static_cast<Tick>(static_cast<double>(*lasting) * options_.site.speed);
  if (options_.site.advice) desk.rules = options_.site.advice->policy;
  desk_.emplace(port_of(), std::move(desk));
  desk_->begin(living_.people());
  living_.leave_people_to({.people = &desk_->people(),
                           .decide = [this](const twin::people::Asked& asked,
                                            Tick now) { return desk_->take(asked, now); },
                           .apply = [this](const twin::core::Note& note) { desk_->apply(note); }});
  server_.emplace(
      server_options(*options_.site.api),
      api::ServerUse{.ask = [this](const api::Request& request) { return desk_->ask(request); },
                     .goes_on = [this](const api::StreamPass& pass,
                                       Tick now) { return desk_->goes_on(pass, now); },
                     .clock = options_.now_ms,
                     .log =
                         [this](std::string_view what, std::string_view whose) {
                           if (options_.log) options_.log(std::string(what), std::string(whose));
                         }});
}

PeopleLink::~PeopleLink() {
  living_.leave_people_to({});
  if (running_.valid()) running_.wait();
}

std::optional<std::string> PeopleLink::first_token() {
  return desk_->first_token(options_.now_ms());
}

void PeopleLink::tell(const AlarmRow& row) {
  desk_->tell({.type = "alarm", .json = alarm_json(row, options_.site.time_zero_ms)});
}

void PeopleLink::turn() {
  server_->lasts(living_.belief().counselled.people.trail().size());
  for (const api::News& news : desk_->take_news()) server_->publish(news);
  server_->turn();
  work_on();
  if (PeopleLinkClock::now() < next_tick_) return;
  next_tick_ = PeopleLinkClock::now() + std::chrono::seconds(1);
  desk_->tick(options_.now_ms());
}

api::TwinPort PeopleLink::port_of() {
  api::TwinPort port;
  port.record = [this](const twin::core::Note& note) {
    if (!living_.note(note)) throw twin::core::Error("the record takes nothing now");
  };
  port.trail = [this](std::uint64_t from, std::size_t most) { return trail(from, most); };
  port.moment = [this](const twin::people::Recommendation& r, Tick now) {
    return living_.moment(r.act, now);
  };
  // Whoever proposes by hand knows no fingerprints: those of the moment are meant.
  port.complete = [this](twin::people::Recommendation& r) {
    if (options_.permits != nullptr) options_.permits->attach(r);
    const auto moment = living_.moment(r.act, options_.now_ms());
    if (r.assumed.target.bits == 0) r.assumed.target = moment.target;
    if (r.assumed.state.bits == 0) r.assumed.state = moment.state;
  };
  if (options_.permits != nullptr) {
    port.objection = [this](const twin::people::Case* one, const twin::people::Asked& asked) {
      return options_.permits->objection(one, asked);
    };
  }
  port.read = [this](const api::Reading& reading) { return read(reading); };
  port.shelve = [this](const api::ShelfAsked& asked, const std::string& who, Tick now) {
    (void)living_.alarm_watch().named(asked.cause, asked.alarm);
    const auto lasting = static_cast<Tick>(asked.hours * static_cast<double>(HourMs));
    const Tick until = asked.hours > 0.0 ? now - options_.site.time_zero_ms + lasting : 0;
    if (!living_.note({.at = now,
                       .kind = "shelf",
                       .text = shelf_note(who, asked.cause, asked.alarm, until, asked.reason)}))
      throw twin::core::Error("the record takes nothing now");
  };
  port.acknowledge_alarms = [this](const api::AlarmsSeen& asked, const std::string& who, Tick now) {
    const std::string text = living_.alarm_watch().acknowledgement(
        living_.belief().alarms, who, asked.cause, asked.remark.value_or(""));
    if (!living_.note({.at = now, .kind = "acknowledgement", .text = text}))
      throw twin::core::Error("the record takes nothing now");
  };
  port.validated = [this](const api::Validated& said, const std::string& who, Tick now) {
    living_.validated(who, said.how, now);
  };
  port.simulate = [this](const std::string& id, const api::Scenario& scenario) {
    return simulate(id, scenario);
  };
  port.try_value = [this](const std::string& id, const twin::people::Recommendation& of,
                          double value) { return try_value(id, of, value); };
  port.outcome = [this](const std::string& id) -> api::Outcome {
    const auto at = outcomes_.find(id);
    if (at == outcomes_.end())
      return {.stage = api::ScenarioStage::Failed, .why = "it was lost at a restart"};
    return at->second;
  };
  port.drop = [this](const std::string& id) { outcomes_.erase(id); };
  return port;
}

std::string PeopleLink::wait_for(Waiting what) {
  if (waiting_.size() >= WaitingMax) return "too many wait to be simulated";
  outcomes_[what.id] = {};
  waiting_.push_back(std::move(what));
  return {};
}

std::string PeopleLink::simulate(const std::string& id, const api::Scenario& scenario) {
  const Tongue tongue{*living_.layout(), living_.belief().live.dialect, options_.site.time_zero_ms};
  const auto read =
      what_if_of(tongue, living_.fab(), living_.believed(options_.now_ms()).x, scenario);
  if (const auto* why = std::get_if<std::string>(&read)) return *why;
  const unsigned threads = options_.site.advice ? options_.site.advice->threads : 1;
  return wait_for(
      {id,
       [layout = living_.layout(), scenario, what_if = std::get<twins::fab::decide::WhatIf>(read),
        threads](const AdviceWork& work) -> api::Outcome {
         try {
           return {.stage = api::ScenarioStage::Done,
                   .json = answered(layout, scenario, what_if, work, threads)};
         } catch (const twin::core::Error& e) {
           return {.stage = api::ScenarioStage::Failed, .why = e.what()};
         }
       }});
}

std::string PeopleLink::try_value(const std::string& id, const twin::people::Recommendation& of,
                                  double value) {
  if (!options_.site.advice) return "this site takes no advice";
  return wait_for({id,
                   [layout = living_.layout(), &site = options_.site, of,
                    value](const AdviceWork& work) -> api::Outcome {
                     auto made =
                         with_value(layout, *site.advice, site.time_zero_ms, work, of, value);
                     if (!made)
                       return {.stage = api::ScenarioStage::Failed,
                               .why = "it cannot be done to the fab as it is now"};
                     return {.stage = api::ScenarioStage::Done,
                             .json = twin::people::to_json(*made),
                             .edited = std::move(made)};
                   }});
}

// One at a time: forecasts and advice want the cores too.
void PeopleLink::work_on() {
  if (running_.valid() &&
      running_.wait_for(std::chrono::milliseconds(0)) == std::future_status::ready) {
    Tried tried = running_.get();
    // Another value is another message, and another text to sign.
    if (auto& edited = tried.outcome.edited; edited && options_.permits != nullptr) {
      options_.permits->attach(*edited);
      tried.outcome.json = twin::people::to_json(*edited);
    }
    const auto at = outcomes_.find(tried.id);  // who asked may have dropped it
    if (at != outcomes_.end()) at->second = std::move(tried.outcome);
  }
  if (running_.valid() || waiting_.empty()) return;
  Waiting next = std::move(waiting_.front());
  waiting_.pop_front();
  running_ = std::async(std::launch::async,
                        [work = living_.trial_work(options_.now_ms()), next = std::move(next)] {
                          return Tried{next.id, next.run(work)};
                        });
}

std::vector<twin::core::Note> PeopleLink::trail(std::uint64_t from, std::size_t most) {
  const auto& entries = living_.belief().counselled.entries;
  std::vector<twin::core::Note> notes;
  twin::record::Reader reader(options_.disk, options_.site.record.string());
  reader.limit(living_.journal().durable());
  twin::record::EntryView view;
  for (std::uint64_t k = from; k < entries.size() && notes.size() < most; ++k) {
    reader.seek(entries[k]);
    if (!reader.next(view)) break;
    const twin::core::Entry entry = view.entry();
    const auto* note = std::get_if<twin::core::Note>(&entry);
    if (note == nullptr) break;
    notes.push_back(*note);
  }
  return notes;
}

std::optional<std::string> PeopleLink::read(const api::Reading& reading) {
  using api::Topic;
  switch (reading.topic) {
    case Topic::State: return options_.state();
    case Topic::Lots: return lots_json(living_, reading.now);
    case Topic::Lot: return lot_json(living_, stores_, reading.name, reading.now);
    case Topic::Groups: return groups_json(living_, reading.now);
    case Topic::Group: return group_json(living_, reading.name, reading.now);
    case Topic::Tool: return tool_json(living_, stores_, reading.name, reading.now);
    case Topic::Series: {
      if (stores_ == nullptr) return std::nullopt;
      return series_json(*stores_, series_asked(query_of(reading), reading.now));
    }
    case Topic::Forecasts:
      if (!living_.forecast()) return std::nullopt;
      return twins::fab::forecast::to_json(living_.fab().layout(), *living_.forecast());
    case Topic::Alarms: return alarms_json(living_, reading.now);
    case Topic::Metrics: return living_.metrics(reading.now);
  }
  return std::nullopt;
}

}  // namespace apps::fabtwin::serve
