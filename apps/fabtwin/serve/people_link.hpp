// The link to people: the API's desk and server at a living twin. What they ask is read from the twin, what they decide
// goes into its record, what takes long is run beside the loop.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <string>

#include "apps/api/desk.hpp"
#include "apps/api/server.hpp"
#include "apps/fabtwin/serve/living.hpp"
#include "apps/fabtwin/serve/permits.hpp"
#include "apps/fabtwin/serve/stores.hpp"

namespace apps::fabtwin::serve {

class PeopleLink {
 public:
  struct Options {
    const Site& site;                    // has an [api]
    std::function<Tick()> now_ms;        // site time [ms since 1970]
    std::function<std::string()> state;  // JSON of the whole picture
    std::function<void(const std::string& what, const std::string& whose)> log;
    twin::record::Disk& disk;          // of the record
    const Permits* permits = nullptr;  // null: nothing is sent
  };
  // Listens at once. All must outlive it; twin::core::Error where it cannot.
  PeopleLink(Living& living, Stores* stores, Options options);
  ~PeopleLink();
  PeopleLink(const PeopleLink&) = delete;
  PeopleLink& operator=(const PeopleLink&) = delete;

  void tell(const AlarmRow& row);  // whoever listens to events
  void turn();  // what can be done without waiting; each second also what ends by itself
  // Of the first start, to be shown once; nothing where somebody has come in already.
  [[nodiscard]] std::optional<std::string> first_token();
  [[nodiscard]] int port() const { return server_->port(); }
  [[nodiscard]] const api::Server& server() const { return *server_; }

 private:
  struct Waiting {  // what takes long: a recommendation with another value, a what-if
    std::string id;
    std::function<api::Outcome(const AdviceWork&)> run;
  };
  struct Tried {
    std::string id;
    api::Outcome outcome;
  };
  static constexpr std::size_t WaitingMax = 16;

  [[nodiscard]] api::TwinPort port_of();
  [[nodiscard]] std::vector<twin::core::Note> trail(std::uint64_t from, std::size_t most);
  [[nodiscard]] std::optional<std::string> read(const api::Reading& reading);
  std::string simulate(const std::string& id, const api::Scenario& scenario);
  std::string try_value(const std::string& id, const twin::people::Recommendation& of,
                        double value);
  std::string wait_for(Waiting what);
  void work_on();

  Living& living_;
  Stores* stores_;
  Options options_;
  std::optional<api::Desk> desk_;
  std::optional<api::Server> server_;
  std::deque<Waiting> waiting_;
  std::future<Tried> running_;
  std::map<std::string, api::Outcome> outcomes_;
  std::chrono::steady_clock::time_point next_tick_{};
};

}  // namespace apps::fabtwin::serve
