// A desk with its server, as `fabtwin serve` puts them together, on a clock that a test turns.
#pragma once
#include <string>
#include <vector>

#include "apps/api/example.hpp"
#include "apps/api/server.hpp"

namespace apps::api::example {

class Served {
 public:
  explicit Served(ServerOptions options = {}, DeskOptions with = example::options())
      : house(std::move(with)),
        server(std::move(options),
               {.ask = [this](const Request& r) { return house.desk.ask(r); },
                .goes_on = [this](const StreamPass& p,
                                  Tick now) { return house.desk.goes_on(p, now); },
                .clock = [this] { return house.now; },
                .log =
                    [this](std::string_view what, std::string_view address) {
                      logged.push_back(std::string(what) + " " + std::string(address));
                    }}) {
    lasts();
  }
  void lasts() { server.lasts(house.twin.notes.size()); }
  void publish() {
    for (const News& news : house.desk.take_news()) server.publish(news);
  }
  [[nodiscard]] std::string bearer(const std::string& who) const {
    return "Authorization: Bearer " + house.token.at(who) + "\r\n";
  }

  House house;
  std::vector<std::string> logged;
  Server server;
};

}  // namespace apps::api::example
