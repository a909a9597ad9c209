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
#include "apps/fabtwin/serve/state_json.hpp"
#include "apps/fabtwin/serve/stores.hpp"
#include "apps/fabtwin/serve/wafers.hpp"

namespace apps::fabtwin::serve {

class PeopleLink {
 public:
  struct Options {
    const Site& site;                  // has an [api]
    std::function<Tick()> now_ms;      // site time [ms since 1970]
    std::function<Picture()> picture;  // of now
    std::function<void(const std::string& what, const std::string& whose)> log;
    twin::record::Disk& disk;                                  // of the record
    std::function<std::string(const std::string& tool)> line;  // what it does; empty: there is none
    const Permits* permits = nullptr;                          // null: nothing is sent
    api::Pages pages = {};  // of the window; empty: there is none
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
  struct
      Waiting {  // what takes long: a recommendation with another value, a what-if, the twin as it was
    std::string id;
    std::function<api::Outcome(const AdviceWork&)> run;
    bool of_now = true;  // it is told how the fab is believed to be
  };
  struct Tried {
    std::string id;
    api::Outcome outcome;
  };
  static constexpr std::size_t WaitingMax = 16;

  [[nodiscard]] api::TwinPort port_of();
  [[nodiscard]] std::vector<twin::core::Note> trail(std::uint64_t from, std::size_t most);
  [[nodiscard]] std::optional<std::string> read(const api::Reading& reading);
  [[nodiscard]] std::optional<std::string> entry(const std::string& name);
  [[nodiscard]] const WaferMaps& wafers();
  std::string simulate(const std::string& id, const api::Scenario& scenario);
  std::string try_value(const std::string& id, const twin::people::Recommendation& of,
                        double value);
  std::string go_back(const std::string& id, Tick at);
  std::string wait_for(Waiting what);
  void work_on();
  void tell_state();  // what has changed since it was told last, to whoever listens

  Living& living_;
  Stores* stores_;
  Options options_;
  std::optional<api::Desk> desk_;
  std::optional<api::Server> server_;
  std::deque<Waiting> waiting_;
  std::future<Tried> running_;
  std::map<std::string, api::Outcome> outcomes_;
  std::deque<std::string> pasts_;  // whose results are kept, the newest last
  std::chrono::steady_clock::time_point next_tick_{}, told_{};
  std::uint64_t told_entries_ = 0;  // of the record, when news were told last
  std::vector<GroupNow> told_groups_;
  std::optional<WaferMaps> wafers_;
};

}  // namespace apps::fabtwin::serve
