#include "apps/fabtwin/serve/people_link.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "apps/fabtwin/serve/answers.hpp"
#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/entry_json.hpp"
#include "apps/fabtwin/serve/fab_json.hpp"
#include "apps/fabtwin/serve/forecast_parts.hpp"
#include "apps/fabtwin/serve/job_bars.hpp"
#include "apps/fabtwin/serve/lists.hpp"
#include "apps/fabtwin/serve/moments.hpp"
#include "apps/fabtwin/serve/scenario_of.hpp"
#include "twin/core/error.hpp"
#include "twin/record/file_disk.hpp"
#include "twin/record/reader.hpp"
#include "twins/fab/forecast/json.hpp"

namespace apps::fabtwin::serve {
namespace {

using PeopleLinkClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds NewsEvery{100};      // where something has come in
constexpr std::chrono::milliseconds NewsAtLeast{1'000};  // a sign of life
constexpr std::size_t PastsKept = 4;

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

// The value that stands under a name; nullptr: none.
const std::string* query(const api::Reading& reading, std::string_view name) {
  const auto at =
      std::ranges::find(reading.query, name, [](const auto& pair) { return pair.first; });
  return at == reading.query.end() ? nullptr : &at->second;
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
                     .pages = options_.pages,
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
  tell_state();
  if (PeopleLinkClock::now() < next_tick_) return;
  next_tick_ = PeopleLinkClock::now() + std::chrono::seconds(1);
  desk_->tick(options_.now_ms());
}

void PeopleLink::tell_state() {
  const auto now = PeopleLinkClock::now();
  if (server_->streams() == 0 || now < told_ + NewsEvery) return;
  const std::uint64_t entries = living_.journal().durable();
  if (entries == told_entries_ && now < told_ + NewsAtLeast) return;
  told_ = now;
  told_entries_ = entries;
  server_->publish({.type = "state",
                    .json = state_news(options_.picture(), extras_of(living_)),
                    .passing = true});
  const Tick now_ms = options_.now_ms();
  const std::string groups =
      groups_news(*living_.layout(), living_.believed(now_ms).x, now_ms, told_groups_);
  if (!groups.empty()) server_->publish({.type = "groups", .json = groups, .passing = true});
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
  port.go_back = [this](const std::string& id, Tick at) { return go_back(id, at); };
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

// Results are large, so only the newest few are kept.
std::string PeopleLink::go_back(const std::string& id, Tick at) {
  const std::string why = wait_for(
      {.id = id,
       .run = [layout = living_.layout(), &site = options_.site, at,
               entries = living_.journal().durable()](const AdviceWork&) -> api::Outcome {
         try {
           twin::record::FileDisk files;  // beside the one that the twin uses
           return {.stage = api::ScenarioStage::Done,
                   .json = past_json(files, site, layout, {.at_ms = at, .entries = entries})};
         } catch (const twin::core::Error& e) {
           return {.stage = api::ScenarioStage::Failed, .why = e.what()};
         }
       },
       .of_now = false});
  if (!why.empty()) return why;
  pasts_.push_back(id);
  if (pasts_.size() <= PastsKept) return {};
  const auto old = outcomes_.find(pasts_.front());
  if (old != outcomes_.end())
    old->second = {.stage = api::ScenarioStage::Failed, .why = "newer ones took its place"};
  pasts_.pop_front();
  return {};
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
                        [work = next.of_now ? living_.trial_work(options_.now_ms()) : AdviceWork(),
                         next = std::move(next)] {
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

std::optional<std::string> PeopleLink::entry(const std::string& name) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc{} || end != name.data() + name.size() || stores_ == nullptr)
    return std::nullopt;
  return entry_json(living_, *stores_, number);
}

// Read when somebody asks for the first time.
const WaferMaps& PeopleLink::wafers() {
  if (!wafers_) {
    const auto& folder = options_.site.wafers;
    wafers_ = folder.empty() ? WaferMaps::generated(1) : WaferMaps::read(folder);
  }
  return *wafers_;
}

std::optional<std::string> PeopleLink::read(const api::Reading& reading) {
  using api::Topic;
  switch (reading.topic) {
    case Topic::State: return state_json(options_.picture(), extras_of(living_));
    case Topic::Lots: return lots_json(living_, reading.now);
    case Topic::Lot: return lot_json(living_, stores_, reading.name, reading.now);
    case Topic::Groups: return groups_json(living_, reading.now);
    case Topic::Group: return group_json(living_, reading.name, reading.now);
    case Topic::Tool:
      return tool_json(living_, stores_, reading.name, options_.line(reading.name), reading.now);
    case Topic::Series: {
      if (stores_ == nullptr) return std::nullopt;
      return series_json(*stores_, series_asked(query_of(reading), reading.now));
    }
    case Topic::Forecasts:
      if (!living_.forecast()) return std::nullopt;
      if (const std::string* of = query(reading, "of")) return forecast_part(living_, *of);
      return twins::fab::forecast::to_json(living_.fab().layout(), *living_.forecast());
    case Topic::Alarms: return alarms_json(living_, reading.now);
    case Topic::Metrics: return living_.metrics(reading.now);
    case Topic::Fab: return fab_json(*living_.layout(), options_.site.name);
    case Topic::Tools: return tools_json(living_, reading.now);
    case Topic::Jobs: return jobs_json(living_, jobs_asked(query_of(reading)), reading.now);
    case Topic::Scores: return scores_json(living_, reading.now);
    case Topic::Doubts: return doubts_json(living_, reading.now);
    case Topic::Quarantine: return set_aside_json(living_);
    case Topic::Provenances:
      return nlohmann::json{{"forecasts", living_.provenances().ids()}}.dump() + "\n";
    case Topic::Provenance: return living_.provenances().document(reading.name);
    case Topic::Entry: return entry(reading.name);
    case Topic::Moments: {
      const MomentRange range = moments_of(options_.disk, options_.site, reading.now);
      return nlohmann::json{{"from_ms", range.from_ms}, {"until_ms", range.until_ms}}.dump() + "\n";
    }
    case Topic::Wafers: return wafers().index_json();
    case Topic::WaferMaps: {
      const std::string* ids = query(reading, "ids");
      return wafers().maps_json(ids == nullptr ? "" : *ids);
    }
  }
  return std::nullopt;
}

}  // namespace apps::fabtwin::serve
