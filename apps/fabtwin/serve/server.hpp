// The server: a living twin with its links, its screens and the computer's clock. One loop moves
// bytes and folds; the disk is synced and forecasts are run in threads beside it.
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/fabtwin/serve/automation.hpp"
#include "apps/fabtwin/serve/living.hpp"
#include "apps/fabtwin/serve/log_lines.hpp"
#include "apps/fabtwin/serve/people_link.hpp"
#include "apps/fabtwin/serve/permits.hpp"
#include "apps/fabtwin/serve/secs_lines.hpp"
#include "apps/fabtwin/serve/site_clock.hpp"
#include "apps/fabtwin/serve/stores.hpp"
#include "twin/link/drop.hpp"
#include "twin/link/http.hpp"
#include "twin/link/ingest.hpp"
#include "twin/link/mqtt.hpp"
#include "twin/link/uns_link.hpp"
#include "twin/record/committer.hpp"
#include "twin/record/file_disk.hpp"

namespace apps::fabtwin::serve {

struct ServerOptions {
  std::FILE* log = nullptr;  // of structured lines; nullptr: none
};

class Server {
 public:
  // Opens record and links. twin::core::Error.
  Server(Site site, ServerOptions options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Serves for as long as there is something to do, at most `wait`. False: the record is broken.
  [[nodiscard]] bool turn(std::chrono::milliseconds wait);
  void stop();  // the belief is saved, the record closed, every tool told

  [[nodiscard]] Picture picture();
  [[nodiscard]] Tick now_ms() const;  // site time [ms since 1970]
  [[nodiscard]] Living& living() { return *living_; }
  [[nodiscard]] twin::link::HttpServer* http() { return http_.get(); }  // null: none
  // Of the API: an admin's token of one use, at the first start alone.
  [[nodiscard]] std::optional<std::string> first_token() {
    return people_ ? people_->first_token() : std::nullopt;
  }
  [[nodiscard]] int api_port() const { return people_ ? people_->port() : 0; }
  [[nodiscard]] int http_port() const { return http_ ? http_->port() : 0; }

 private:
  void read_plant();
  void open_links();
  [[nodiscard]] std::string line_state(const std::string& tool) const;  // empty: it has none
  void routes();
  void questions();  // the routes of answers.hpp
  void forecast();
  void cap_automation();  // what nobody guards is carried out by hand
  void open_guard();
  void show_guard(Picture& p) const;
  void counsel();  // advises, and judges what was done
  [[nodiscard]] bool listening_well();
  void feed_stores();
  void beat();
  void tell_trouble();
  void tell_alarms();
  enum class Link : std::uint8_t { Secs, Mqtt };
  void hear_links();
  [[nodiscard]] std::string health_json();
  [[nodiscard]] std::string state_json();
  [[nodiscard]] std::string quarantine_json() const;
  [[nodiscard]] std::string people_json() const;  // what is proposed, and what came of it

  Site site_;
  LogLines log_;
  SiteClock clock_ = RealTime;
  std::string description_ = {};  // of the tools' class: its text
  std::string description_file_ = {};
  twin::record::FileDisk disk_;
  std::unique_ptr<Living> living_;
  std::atomic<bool> broken_{false};  // the disk failed: nothing becomes durable any more
  std::atomic<bool> full_{false};    // no room: tried again
  std::chrono::steady_clock::time_point next_try_{};
  std::string trouble_ = {};  // of the record, as it was logged last
  std::unique_ptr<twin::record::Committer> committer_;
  std::unique_ptr<Stores> stores_;  // null: off
  std::chrono::steady_clock::time_point next_feed_{}, next_flush_{};
  std::string store_trouble_ = {};  // as it was logged last
  std::unique_ptr<SecsLines> secs_;
  std::unique_ptr<twin::link::Mqtt> mqtt_;
  std::unique_ptr<twin::link::UnsLink> uns_;
  std::unique_ptr<twin::link::Drop> drop_;
  std::unique_ptr<twin::link::HttpServer> http_;
  std::vector<Capped> capped_ = {};            // classes whose level is taken down
  std::optional<twin::guard::Limits> limits_;  // of the guard; nothing: there is none
  std::unique_ptr<Permits> permits_;           // null: nothing is sent
  std::unique_ptr<PeopleLink> people_;         // null: no [api]
  std::unique_ptr<twin::link::Ingest> ingest_;
  struct LinksSeen {
    std::size_t lines = 0;  // that tell
    bool broker = false;
    std::uint64_t heard = 0;  // messages, whatever became of them
    bool operator==(const LinksSeen&) const = default;
  };
  LinksSeen links_seen_ = {};
  std::chrono::steady_clock::time_point quiet_since_{};  // that they have been as seen
  std::array<bool, 2> links_well_{true, true};  // [Link] as the log says; a break is told at once
  std::future<twins::fab::forecast::Ahead> running_;
  std::optional<ForecastWork> work_;
  std::future<AdviceMade> advising_;
  struct Judged {
    JudgementWork work;
    Judgement made;
  };
  std::future<Judged> judging_;
  std::chrono::steady_clock::time_point next_beat_{}, next_tidy_{};
  std::chrono::steady_clock::time_point opened_{},
      all_lines_{};                 // all_lines_: since when they tell
  std::uint64_t seen_entries_ = 0;  // for the rate
  std::chrono::steady_clock::time_point seen_at_{};
  double rate_ = 0.0;  // [entries/s]
};

}  // namespace apps::fabtwin::serve
