// If these failed, people could not come in to a live twin, would decide on another fab than it believes in, or what
// they decided would be lost.
#include "apps/fabtwin/serve/people_link.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "apps/fabtwin/api_client.hpp"
#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/rig_example.hpp"
#include "twin/record/simulated_disk.hpp"

namespace apps::fabtwin::serve {
namespace {

using nlohmann::json;

RigOptions open_to_people() {
  RigOptions o = advised_rig(7);
  o.site.api = ApiSettings{.listen = {.host = "127.0.0.1", .port = 0}};
  return o;
}

// A twin with people at its door: they speak in a thread of their own, the twin turns in this one.
struct House {
  House() : rig(disk, crowded_fab(), open_to_people()) { open(); }
  void open() {
    site = open_to_people().site;
    site.time_zero_ms = rig.living().site().time_zero_ms;
    link.emplace(rig.living(), nullptr,
                 PeopleLink::Options{.site = site,
                                     .now_ms = [this] { return now(); },
                                     .picture = [this] { return rig.living().picture(now()); },
                                     .log = {},
                                     .disk = disk,
                                     .line = [](const std::string& tool) { return "of " + tool; }});
  }
  [[nodiscard]] Tick now() { return rig.plant().now() + site.time_zero_ms; }
  // Until a proposal waits.
  std::string proposed() {
    for (int hours = 0; hours < 40 * 24; ++hours) {
      rig.run_until(rig.plant().now() + HourMs);
      for (const auto& [_, one] : rig.living().people().cases())
        if (one.stage == twin::people::Stage::Proposed) return one.content.id;
    }
    return {};
  }
  void while_turning(const std::function<void(ApiClient&)>& speak) {
    std::atomic<bool> done{false};
    std::string wrong;
    std::thread people([&] {
      try {
        ApiClient client({.tls = false, .host = "127.0.0.1", .port = std::to_string(link->port())},
                         {.patience = std::chrono::milliseconds(20'000)});
        speak(client);
      } catch (const std::exception& e) {
        wrong = e.what();
      }
      done = true;
    });
    while (!done) {
      (void)rig.living().journal().commit();
      rig.living().answer();
      link->turn();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    people.join();
    EXPECT_EQ(wrong, "");
  }
  twin::record::SimulatedDisk disk{7};
  Rig rig;
  Site site;
  std::optional<PeopleLink> link;
};

json asked_people_link(ApiClient& twin, const char* method, const std::string& target,
                       unsigned status, const json& body = {}) {
  const ApiAnswer a = twin.ask(method, target, body.is_null() ? "" : body.dump());
  EXPECT_EQ(a.status, status) << method << ' ' << target << ' ' << a.body.substr(0, 300);
  return json::parse(a.body, nullptr, false);
}

std::string person(ApiClient& twin, const std::string& admin, const char* name, const char* role) {
  twin.token(admin);
  const json given = asked_people_link(twin, "POST", "/v1/accounts", 201,
                                       {{"name", name}, {"roles", json::array({role})}});
  twin.token(given.at("token"));
  return asked_people_link(twin, "POST", "/v1/sessions", 201).at("token");
}

TEST(PeopleLink, LetsPeopleInAndKeepsWhatTheyDecide) {
  House house;
  const std::string id = house.proposed();
  ASSERT_NE(id, "");
  const auto first = house.link->first_token();
  ASSERT_TRUE(first);
  std::string anna, olaf, admin;
  house.while_turning([&](ApiClient& twin) {
    (void)asked_people_link(twin, "GET", "/v1/lots", 401);
    twin.token(*first);
    admin = asked_people_link(twin, "POST", "/v1/sessions", 201).at("token");
    anna = person(twin, admin, "anna", "approver");
    olaf = person(twin, admin, "olaf", "operator");
    twin.token(anna);
    EXPECT_EQ(asked_people_link(twin, "GET", "/v1/state", 200).at("site"), "test");
    const json lots = asked_people_link(twin, "GET", "/v1/lots", 200);
    EXPECT_GT(lots.at("lots").size(), 3U);
    const std::string lot = lots.at("lots")[0].at("name");
    EXPECT_EQ(asked_people_link(twin, "GET", "/v1/lots/" + lot, 200).at("name"), lot);
    (void)asked_people_link(twin, "GET", "/v1/lots/nobody", 404);
    const json groups = asked_people_link(twin, "GET", "/v1/groups", 200);
    const std::string group = groups.at("groups")[0].at("name");
    const json one_group = asked_people_link(twin, "GET", "/v1/groups/" + group, 200);
    EXPECT_GT(one_group.at("tools_now").size(), 0U);
    EXPECT_TRUE(asked_people_link(twin, "GET", "/v1/forecasts", 200).is_object());
    (void)asked_people_link(twin, "GET", "/v1/series?signal=x", 404);  // there is no store
    EXPECT_EQ(asked_people_link(twin, "GET", "/v1/rules", 200).at("classes").size(), 1U);
    const Tick now = asked_people_link(twin, "GET", "/v1/health", 200).at("now");
    const auto tool_down = [&](const json& tool) {
      return json{{"words", "one of the tools is down"},
                  {"horizon_h", 24},
                  {"runs", 4},
                  {"changes",
                   {{{"kind", "tool-down"}, {"tool", tool}, {"from", now}, {"to", now + HourMs}}}}};
    };
    const json tool = one_group.at("tools_now")[0].at("name");
    const json what_if = asked_people_link(twin, "POST", "/v1/scenarios", 202, tool_down(tool));
    (void)asked_people_link(twin, "POST", "/v1/scenarios", 409, tool_down("nobody's"));
    const std::string scenario = "/v1/scenarios/" + what_if.at("id").get<std::string>();
    json stage;
    for (int k = 0; k < 2'000 && stage != "done"; ++k) {
      stage = asked_people_link(twin, "GET", scenario, 200).at("stage");
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_EQ(asked_people_link(twin, "GET", scenario + "/result", 200).at("pairs"), 4);
    const json open = asked_people_link(twin, "GET", "/v1/recommendations?stage=open", 200);
    ASSERT_EQ(open.at("cases").size(), 1U);
    EXPECT_EQ(open.at("cases")[0].at("id"), id);
    const json seen = {{"seen", open.at("cases")[0].at("digest")}};
    const std::string path = "/v1/recommendations/" + id;
    (void)asked_people_link(twin, "POST", path + "/send", 403, seen);  // she is no operator
    EXPECT_EQ(asked_people_link(twin, "POST", path + "/approve", 200, seen).at("stage"),
              "approved");
    twin.token(olaf);
    EXPECT_EQ(asked_people_link(twin, "POST", path + "/send", 200, seen).at("stage"), "sent");
    EXPECT_EQ(asked_people_link(twin, "POST", path + "/acknowledge", 200, seen).at("stage"),
              "acknowledged");
    twin.token(admin);
    const json audit = asked_people_link(twin, "GET", "/v1/audit", 200);
    // Two accounts with a token each and a session each, the admin's own, and four steps.
    EXPECT_EQ(audit.at("entries").size(), audit.at("size"));
    EXPECT_GE(audit.at("size").get<int>(), 10);
  });
  EXPECT_FALSE(house.link->first_token());
  const auto& counselled = house.rig.living().belief().counselled;
  EXPECT_EQ(counselled.unfit, 0U);
  EXPECT_EQ(counselled.people.find(id)->stage, twin::people::Stage::Acknowledged);
  const auto& act = counselled.people.find(id)->content.act;
  EXPECT_EQ(house.rig.living().rule(), act.policy.value_or("fifo"));

  // The process is gone: sessions and decisions are there again.
  house.link.reset();
  house.disk.stop();
  house.disk.restart();
  house.rig.kill();
  house.open();
  house.while_turning([&](ApiClient& twin) {
    twin.token(anna);
    EXPECT_EQ(asked_people_link(twin, "GET", "/v1/recommendations/" + id, 200).at("stage"),
              "acknowledged");
  });
  // And the loop goes on: what was done is judged, though nobody asks.
  house.rig.run_until(house.rig.plant().now() + 3 * DayMs);
  const auto* sequel = house.rig.living().people().sequel(id);
  ASSERT_NE(sequel, nullptr);
  EXPECT_TRUE(sequel->outcome.has_value());
}

}  // namespace
}  // namespace apps::fabtwin::serve
