#include "apps/fabtwin/serve/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/real_time.hpp"
#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/serve/answers.hpp"
#include "apps/fabtwin/serve/descriptors.hpp"
#include "apps/fabtwin/serve/forecast_parts.hpp"
#include "apps/fabtwin/serve/heap.hpp"
#include "apps/fabtwin/serve/query.hpp"
#include "apps/fabtwin/serve/state_json.hpp"
#include "apps/plant/notice.hpp"
#include "apps/web/pages.hpp"
#include "twin/core/error.hpp"
#include "twins/fab/forecast/json.hpp"

namespace apps::fabtwin::serve {
namespace {

using ServerClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds Beat{200};     // between two looks at what only time changes
constexpr milliseconds Quiet{5'000};  // of all links, until their silence means anything
constexpr milliseconds FeedTime{5}, FlushEvery{10'000};  // of the store
constexpr std::chrono::seconds TidyEvery{60};
constexpr milliseconds TryAgain{200};  // where the disk is full

// Names come from outside and may be no UTF-8.
std::string text_of_server(const nlohmann::ordered_json& json) {
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

twin::link::HttpRoute json_route(std::function<std::string()> body) {
  return
      [body = std::move(body)](const twin::link::HttpRequest&, const twin::link::HttpReply& reply) {
        reply({.type = "application/json", .body = body()});
      };
}

}  // namespace

Server::Server(Site site, ServerOptions options) : site_(std::move(site)), log_(options.log) {
  (void)allow_descriptors();
  if (!site_.plant.empty()) read_plant();
  cap_automation();
  const auto layout =
      twins::fab::compile(read_fab(site_.data.string()), twins::fab::with_rule({}, site_.rule));
  living_ = std::make_unique<Living>(disk_, site_, layout, now_ms());
  const Opening& opening = living_->opening();
  log_.info(now_ms(), opening.created ? "record begun" : "record opened",
            {{"folder", site_.record.string()},
             {"entries", std::to_string(opening.entries)},
             {"snapshot", std::to_string(opening.snapshot)}});
  for (const std::string& why : opening.warnings) log_.warning(now_ms(), "record", {{"why", why}});
  committer_ = std::make_unique<twin::record::Committer>(
      living_->journal(), [this](twin::record::Committed committed, std::uint64_t) {
        if (committed == twin::record::Committed::Broken) broken_ = true;
        full_ = committed == twin::record::Committed::Full;
      });
  if (site_.store) {
    stores_ = std::make_unique<Stores>(disk_,
                                       Stores::Options{.record = site_.record.string(),
                                                       .place = *site_.store,
                                                       .entries = living_->journal().durable()},
                                       living_->door().names());
  }
  open_links();
}

Server::~Server() {
  if (running_.valid()) running_.wait();
  if (advising_.valid()) advising_.wait();
  if (judging_.valid()) judging_.wait();
}

Tick Server::now_ms() const { return clock_.at(real_ms()); }

void Server::read_plant() {
  const auto notice = plant::read_notice(read_text(site_.plant), site_.plant.string());
  clock_ = {.zero_ms = notice.time_zero_ms,
            .started_real_ms = notice.started_real_ms,
            .speed = notice.speed};
  site_.time_zero_ms = notice.time_zero_ms;
  site_.speed = notice.speed;
  if (site_.secs) {
    for (const auto& tool : notice.tools) {
      site_.secs->tools.push_back(
          {.name = tool.name, .address = {.host = tool.host, .port = tool.port}});
    }
    if (site_.secs->description.empty()) {
      if (notice.description.empty()) {
        throw twin::core::Error(site_.plant.string() +
                                ": the plant's tools have no lines (start it with --hsms-port)");
      }
      site_.secs->description = site_.plant.parent_path() / notice.description;
    }
  }
  if (site_.mqtt && !notice.broker.empty()) {
    if (const auto broker = parse_address(notice.broker)) site_.mqtt->broker = *broker;
  }
}

void Server::open_links() {
  using namespace twin::link;
  Door& door = living_->door();
  if (site_.secs) {
    secs_ = std::make_unique<SecsLines>(
        door,
        SecsLines::Options{
            .description = read_text(site_.secs->description),
            .file = site_.secs->description.string(),
            .tools = site_.secs->tools,
            .define_reports = site_.secs->define_reports,
            .line_time = line_ms,
            .site_time = [this] { return now_ms(); },
            .speed = clock_.speed,
            .memories = living_->lines(),
            .disk = &disk_,
            .record = {.folder = site_.record.string(),
                       .durable = living_->journal().durable(),
                       .names = &door.names()},
            .note = [this](twin::core::Note note) { return living_->note(std::move(note)); }});
    living_->lines_from([this] { return secs_->memory(); });
  }
  if (site_.mqtt) {
    MqttOptions o;
    o.host = site_.mqtt->broker.host;
    o.port = site_.mqtt->broker.port;
    o.version = site_.mqtt->version == "5" ? MqttVersion::V5 : MqttVersion::V311;
    o.client_id = site_.mqtt->client_id;
    o.session = MqttSession::Kept;
    o.user = site_.mqtt->user;
    if (!site_.mqtt->password_file.empty()) {
      o.password = read_text(site_.mqtt->password_file);
      while (!o.password.empty() && (o.password.back() == '\n' || o.password.back() == '\r')) {
        o.password.pop_back();
      }
    }
    o.subscriptions = {{.filter = UnsLink::filter(site_.name), .qos = 1}};
    mqtt_ = std::make_unique<Mqtt>(std::move(o));
    uns_ = std::make_unique<UnsLink>(
        *mqtt_, door, UnsLink::Options{.site = site_.name, .now = [this] { return now_ms(); }});
  }
  if (!site_.drop.empty()) {
    drop_ = std::make_unique<Drop>(Drop::Options{.folder = site_.drop});
    drop_->deliver_to(door.inlet(drop_->names()));
  }
  if (site_.http) {
    http_ = std::make_unique<HttpServer>(
        HttpOptions{.address = site_.http->host, .port = site_.http->port});
    ingest_ = std::make_unique<Ingest>([this] { return now_ms(); }, Ingest::Options{});
    ingest_->deliver_to(door.inlet(ingest_->names()));
    routes();
  }
  open_guard();
  if (site_.api) {
    people_ = std::make_unique<PeopleLink>(
        *living_, stores_.get(),
        PeopleLink::Options{
            .site = site_,
            .now_ms = [this] { return now_ms(); },
            .picture = [this] { return picture(); },
            .log =
                [this](const std::string& what, const std::string& whose) {
                  log_.warning(now_ms(), "people", {{"what", what}, {"whose", whose}});
                },
            .disk = disk_,
            .line = [this](const std::string& tool) { return line_state(tool); },
            .permits = permits_.get(),
            .pages = web::pages()});
  }
}

std::string Server::line_state(const std::string& tool) const {
  const auto phase = secs_ ? secs_->phase(tool) : std::nullopt;
  return phase ? std::string(twin::link::gem::to_string(*phase)) : std::string();
}

void Server::routes() {
  using twin::link::HttpReply;
  using twin::link::HttpRequest;
  http_->route("POST", "/ingest", [this](const HttpRequest& request, const HttpReply& reply) {
    ingest_->answer(request, reply);
  });
  http_->route("GET", "/metrics", [this](const HttpRequest&, const HttpReply& reply) {
    reply({.type = "text/plain; version=0.0.4; charset=utf-8", .body = living_->metrics(now_ms())});
  });
  http_->route("GET", "/health", [this](const HttpRequest&, const HttpReply& reply) {
    const bool well = !broken_ && !full_;
    reply({.status = well ? 200U : 503U, .type = "application/json", .body = health_json()});
  });
  http_->route("GET", "/state", json_route([this] { return state_json(); }));
  http_->route("GET", "/quarantine", json_route([this] { return quarantine_json(); }));
  http_->route("GET", "/people", json_route([this] { return people_json(); }));
  questions();
  http_->route("GET", "/forecast", [this](const HttpRequest& request, const HttpReply& reply) {
    const bool raw = request.query == "raw";
    const auto& forecast = raw ? living_->raw_forecast() : living_->forecast();
    if (!forecast) return reply(twin::link::http_error(404, "no forecast yet"));
    reply({.type = "application/json",
           .body = twins::fab::forecast::to_json(living_->fab().layout(), *forecast)});
  });
}

void Server::questions() {
  using twin::link::http_error;
  using twin::link::HttpReply;
  using twin::link::HttpRequest;
  // A question that cannot be understood is the asker's mistake; a store in trouble is ours.
  const auto answered = [](const HttpReply& reply, unsigned status, auto answer) {
    try {
      answer();
    } catch (const twin::core::Error& e) {
      reply(http_error(status, e.what()));
    }
  };
  const auto of_name = [answered](auto ask) {
    return [answered, ask](const HttpRequest& request, const HttpReply& reply) {
      const auto name = query_value(request.query, "name");
      if (!name) return reply(http_error(400, "no name is asked for (?name=...)"));
      answered(reply, 503, [&] {
        const auto body = ask(*name);
        if (!body) return reply(http_error(404, "nothing is known of this name"));
        reply({.type = "application/json", .body = *body});
      });
    };
  };
  http_->route("GET", "/doubts", json_route([this] { return doubts_json(*living_, now_ms()); }));
  http_->route("GET", "/alarms", json_route([this] { return alarms_json(*living_, now_ms()); }));
  http_->route("GET", "/lot", of_name([this](const std::string& name) {
                 return lot_json(*living_, stores_.get(), name, now_ms());
               }));
  http_->route("GET", "/tool", of_name([this](const std::string& name) {
                 return tool_json(*living_, stores_.get(), name, line_state(name), now_ms());
               }));
  http_->route("GET", "/series",
               [this, answered](const HttpRequest& request, const HttpReply& reply) {
                 if (!stores_) return reply(http_error(404, "there is no store ([store] is off)"));
                 answered(reply, 400, [&] {
                   const SeriesAsked asked = series_asked(request.query, now_ms());
                   answered(reply, 503, [&] {
                     const auto body = series_json(*stores_, asked);
                     if (!body) return reply(http_error(404, "there is no signal of this name"));
                     reply({.type = "application/json", .body = *body});
                   });
                 });
               });
  http_->route(
      "GET", "/provenance", [this, answered](const HttpRequest& request, const HttpReply& reply) {
        answered(reply, 503, [&] {
          const Provenances& kept = living_->provenances();
          const auto id = query_value(request.query, "forecast");
          if (!id) {
            return reply(
                {.type = "application/json", .body = nlohmann::json(kept.ids()).dump(1) + "\n"});
          }
          const auto body = kept.document(*id);
          if (!body) return reply(http_error(404, "there is no such forecast"));
          reply({.type = "application/json", .body = *body});
        });
      });
}

bool Server::turn(milliseconds wait) {
  const Tick now = now_ms();
  if (secs_) {
    secs_->turn(wait);
  } else if (mqtt_) {
    mqtt_->wait(wait);
  } else if (http_) {
    http_->wait(wait);
  }
  if (mqtt_ && secs_) mqtt_->turn();
  if (uns_) uns_->turn(now);
  if (drop_) drop_->turn(now);
  if (http_ && (secs_ || mqtt_)) http_->turn();
  if (people_) people_->turn();
  if (permits_) permits_->turn();
  if (!secs_ && !mqtt_ && !http_) std::this_thread::sleep_for(wait);
  if (living_->journal().size() > living_->journal().durable() &&
      (!full_ || ServerClock::now() >= next_try_)) {
    committer_->poke();
    next_try_ = ServerClock::now() + TryAgain;
  }
  living_->answer();
  feed_stores();
  if (ServerClock::now() >= next_beat_) {
    beat();
    next_beat_ = ServerClock::now() + Beat;
  }
  return !broken_;
}

// Said once when it begins and once when it is over, though the disk's words may change between.
void Server::tell_trouble() {
  const std::string why = living_->trouble();
  if (why.empty() == trouble_.empty()) return;
  trouble_ = why;
  if (why.empty()) {
    log_.info(now_ms(), "record", {{"state", "all becomes durable again"}});
  } else {
    log_.warning(now_ms(), "record", {{"why", why}});
  }
}

void Server::beat() {
  hear_links();
  living_->pass(now_ms());
  tell_trouble();
  tell_alarms();
  if (stores_) {
    stores_->sample(
        living_->fab().layout(), living_->belief().live, site_.time_zero_ms,
        [this](const twins::fab::State& x, Tick now) { return living_->leavings(x, now); });
  }
  forecast();
  counsel();
  if (ServerClock::now() >= next_tidy_) {
    return_free_pages();
    next_tidy_ = ServerClock::now() + TidyEvery;
  }
  const auto passed = std::chrono::duration<double>(ServerClock::now() - seen_at_).count();
  if (passed < 2.0) return;
  const std::uint64_t entries = living_->journal().durable();
  if (seen_entries_ != 0) rate_ = static_cast<double>(entries - seen_entries_) / passed;
  seen_entries_ = entries;
  seen_at_ = ServerClock::now();
}

// A tool whose line is selected has answered within a linktest's time, a broker within a keepalive's:
// from them nothing has come because nothing has happened.
void Server::hear_links() {
  std::vector<std::string> missing;
  const auto hear = [&](Link link, bool well, const std::string& lacks) {
    if (!well) missing.push_back(lacks);
    bool& known = links_well_[static_cast<std::size_t>(link)];
    if (well == known) return;
    known = well;
    if (well) {
      log_.info(now_ms(), "link up", {{"link", link == Link::Secs ? "secs" : "mqtt"}});
    } else {
      log_.warning(now_ms(), "link down", {{"missing", lacks}});
    }
  };
  const std::size_t tell = secs_ ? secs_->running() : 0;
  if (secs_) {
    hear(Link::Secs, tell == secs_->lines(),
         fmt::format("the states of {} of {} tools, whose lines do not tell", secs_->lines() - tell,
                     secs_->lines()));
  }
  const bool broker = mqtt_ && mqtt_->connected();
  if (mqtt_) {
    hear(Link::Mqtt, broker,
         "what " + to_string(site_.mqtt->broker) + " has to tell (" + mqtt_->problem() + ")");
  }
  living_->links_miss(std::move(missing));
  // What a link has kept while we were away comes at once when it is up: only one that has been up
  // and silent for a while has nothing to tell.
  const auto& counts = living_->door().counts();
  const std::uint64_t heard =
      counts.accepted + counts.duplicates + counts.quarantined + counts.refused + counts.unreadable;
  const LinksSeen seen{.lines = tell, .broker = broker, .heard = heard};
  if (seen != links_seen_) {
    links_seen_ = seen;
    quiet_since_ = ServerClock::now();
  }
  if ((tell > 0 || broker) && ServerClock::now() - quiet_since_ > Quiet)
    living_->alive(now_ms(), tell > 0 ? "secs" : "");
}

// In portions that the loop does not feel; after trouble, once a second.
void Server::feed_stores() {
  if (!stores_ || ServerClock::now() < next_feed_) return;
  const auto until = ServerClock::now() + FeedTime;
  const std::uint64_t durable = living_->journal().durable();
  while (stores_->feed(durable, 256) != 0 && stores_->trouble().empty() &&
         ServerClock::now() < until) {
  }
  if (ServerClock::now() >= next_flush_ && stores_->trouble().empty()) {
    stores_->flush();
    next_flush_ = ServerClock::now() + FlushEvery;
  }
  const std::string& trouble = stores_->trouble();
  if (!trouble.empty()) next_feed_ = ServerClock::now() + std::chrono::seconds(1);
  if (trouble != store_trouble_) {
    store_trouble_ = trouble;
    if (!trouble.empty()) log_.warning(now_ms(), "store", {{"why", trouble}});
  }
}

// Whether the first forecast may be made: the tools' lines have told for a while, or too many do not
// come for waiting to make sense. A fab of which half the tools have not been heard is another fab.
bool Server::listening_well() {
  constexpr std::chrono::seconds Settling{5}, Patience{60};
  const auto now = ServerClock::now();
  if (opened_ == ServerClock::time_point{}) opened_ = now;
  if (!secs_ || now - opened_ > Patience) return true;
  if (secs_->running() < secs_->lines()) {
    all_lines_ = {};
    return false;
  }
  if (all_lines_ == ServerClock::time_point{}) all_lines_ = now;
  return now - all_lines_ > Settling;
}

void Server::forecast() {
  if (running_.valid()) {
    if (running_.wait_for(milliseconds(0)) != std::future_status::ready) return;
    living_->made(*work_, running_.get());
    if (stores_ && living_->forecast())
      keep_ahead(*stores_, *living_->forecast(), site_.time_zero_ms);
    log_.info(now_ms(), "forecast",
              {{"members", std::to_string(work_->asked.budget.members)},
               {"entries", std::to_string(work_->entries)}});
    work_.reset();
  }
  if (!living_->forecast() && !listening_well()) return;
  work_ = living_->due(now_ms());
  if (!work_) return;
  running_ = std::async(std::launch::async, [layout = living_->layout(), work = *work_] {
    return Living::run(layout, work);
  });
}

void Server::stop() {
  if (running_.valid()) {
    living_->made(*work_, running_.get());
    if (stores_ && living_->forecast())
      keep_ahead(*stores_, *living_->forecast(), site_.time_zero_ms);
    work_.reset();
  }
  if (advising_.valid()) living_->advised(advising_.get(), now_ms());
  if (judging_.valid()) {
    const Judged one = judging_.get();
    living_->judged(one.work, one.made, now_ms());
  }
  if (secs_) secs_->shut();
  committer_.reset();
  if (living_->journal().commit() == twin::record::Committed::Durable) {
    living_->answer();
    living_->save();
    if (stores_) {
      while (stores_->feed(living_->journal().durable(), 4'096) != 0 &&
             stores_->trouble().empty()) {
      }
      stores_->flush();
    }
    (void)living_->journal().close();
  }
  log_.info(now_ms(), "stopped", {{"entries", std::to_string(living_->journal().durable())}});
}

Picture Server::picture() {
  Picture p = living_->picture(now_ms());
  p.speed = clock_.speed;
  p.messages_s = rate_;
  if (secs_) {
    p.links.push_back(
        {.name = "secs",
         .state = fmt::format("{} of {} tools tell", secs_->running(), secs_->lines()),
         .well = secs_->running() == secs_->lines()});
  }
  if (mqtt_) {
    p.links.push_back({.name = "mqtt",
                       .state = mqtt_->connected() ? "connected to " + to_string(site_.mqtt->broker)
                                                   : "down (" + mqtt_->problem() + ")",
                       .well = mqtt_->connected()});
  }
  if (drop_) {
    p.links.push_back({.name = "drop",
                       .state = fmt::format("{} files taken, {} refused", drop_->files_done(),
                                            drop_->files_refused()),
                       .well = drop_->files_refused() == 0});
  }
  if (http_) {
    p.links.push_back({.name = "http",
                       .state = fmt::format("http://{}:{}/state", site_.http->host, http_->port()),
                       .well = true});
  }
  show_guard(p);
  if (people_) {
    p.links.push_back(
        {.name = "api",
         .state = fmt::format("{}://{}:{}, {} connections, {} streams",
                              site_.api->certificate.empty() ? "http" : "https",
                              site_.api->listen.host, people_->port(),
                              people_->server().connections(), people_->server().streams()),
         .well = true});
  }
  if (stores_) {
    p.links.push_back({.name = "store",
                       .state = stores_->trouble().empty()
                                    ? fmt::format("{} entries taken in", stores_->position())
                                    : stores_->trouble(),
                       .well = stores_->trouble().empty()});
  }
  return p;
}

std::string Server::health_json() {
  const Picture p = picture();
  nlohmann::ordered_json links = nlohmann::ordered_json::object();
  for (const LinkRow& row : p.links) links[row.name] = {{"well", row.well}, {"state", row.state}};
  const nlohmann::ordered_json health = {{"record", broken_ ? "broken"
                                                    : full_ ? "full"
                                                            : "durable"},
                                         {"trouble", p.trouble},
                                         {"ready", p.missing.empty()},
                                         {"missing", p.missing},
                                         {"stale", p.stale},
                                         {"diverged", p.diverged},
                                         {"data_age_ms", p.data_age_ms},
                                         {"links", links}};
  return text_of_server(health);
}

std::string Server::state_json() { return serve::state_json(picture(), extras_of(*living_)); }

std::string Server::quarantine_json() const {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const auto& q : living_->door().quarantine()) {
    nlohmann::ordered_json one = {{"note", q.note},          {"source", q.source},
                                  {"epoch", q.epoch},        {"seq", q.seq},
                                  {"reason", q.reason},      {"words", q.words},
                                  {"arrived_ms", q.arrived}, {"released", q.released}};
    if (q.observation) one["observation"] = *q.observation;
    all.push_back(std::move(one));
  }
  return text_of_server(all);
}

}  // namespace apps::fabtwin::serve
