// The loop closed by the twin itself, over real lines: a plant's tools on HSMS, a server with its API, the guard's
// process, an observer at the plant, two persons who sign on their own. If this failed, what the parts prove of
// themselves would not hold of the whole.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "apps/fabtwin/api_client.hpp"
#include "apps/fabtwin/approval_line.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/serve/guarded_site.hpp"
#include "apps/fabtwin/serve/server.hpp"
#include "apps/plant/plant.hpp"
#include "apps/plant/secs_outlet.hpp"
#include "apps/plant/tool_class.hpp"
#include "apps/plant/tool_status.hpp"

namespace apps::fabtwin::serve {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using twin::people::Stage;

constexpr const char* PermitsFab = "data/minifab";
constexpr Tick PermitsHour = 3'600'000;

// A plant in real time, its observer, its guard, and a server beside it.
class GuardedPlant : public testing::Test {
 protected:
  GuardedPlant() : layout_(twins::fab::compile(read_fab(PermitsFab))) {
    options_.fab.seed = 3;
    plant_ = std::make_unique<plant::Plant>(
        layout_,
        plant::PlantOptions{.folder = scratch_ / "plant", .data = PermitsFab, .site = options_},
        real_ms() - 60 * PermitsHour);
    auto outlet = std::make_unique<plant::SecsOutlet>(
        plant_->site().sources(), plant_->site().fab().names(),
        plant::SecsOutlet::Options{
            .line_time = line_ms,
            .plant_time =
                [this] { return plant_->notice().time_zero_ms + plant_->notice().at(real_ms()); },
            .obey =
                [this](const plant::Command& c) {
                  obeyed_.push_back(c);
                  return plant_->obey(c);
                },
            .status =
                [this](std::uint32_t source) {
                  return plant::tool_status(plant_->site(), source);
                }});
    write_file(plant_->folder() / "tools.toml", plant::tool_class_text());
    plant_->notice().description = "tools.toml";
    plant_->notice().tools = outlet->doors();
    plant_->add(std::move(outlet));
    plant_->announce();
    while (plant_->site().now() < 60 * PermitsHour) plant_->turn(real_ms(), twin::core::Never);
    guarded_.observe(
        [this](const plant::Look& look) { return plant::sight_of(plant_->site().fab(), look); });
    guarded_.start();
    begin();
  }
  void begin() {
    server_.reset();
    Site site;
    site.name = "test";
    site.data = PermitsFab;
    site.record = scratch_ / "record";
    site.plant = plant_->folder() / "plant.toml";
    site.watermark_ms = 1'000;
    site.snapshot_every_ms = PermitsHour;
    site.stale_after_ms = 100 * PermitsHour;
    site.secs = SecsLinks{};
    site.api = ApiSettings{.listen = {.host = "127.0.0.1", .port = 0}};
    site.advice = AdviceSettings{.every_ms = 12 * PermitsHour, .horizon_ms = 48 * PermitsHour};
    site.advice->policy = GuardedSite::rules();
    site.guard = guarded_.settings;
    if (log_ != nullptr) std::fclose(log_);
    log_ = std::fopen((scratch_ / "log").c_str(), "a");
    server_ = std::make_unique<Server>(site, ServerOptions{.log = log_});
  }
  ~GuardedPlant() override {
    server_.reset();
    if (log_ != nullptr) std::fclose(log_);
  }
  // What the server says of what it sends.
  [[nodiscard]] std::string said() const {
    std::fflush(log_);
    std::string lines;
    std::istringstream all(read_text(scratch_ / "log"));
    for (std::string line; std::getline(all, line);)
      if (line.find("\"permit\"") != std::string::npos) lines += line + "\n";
    return lines;
  }
  void turn() {
    plant_->turn(real_ms(), twin::core::Never);
    if (observing_) guarded_.observer->turn();
    if (kill_when_obeyed_ != 0 && obeyed_.size() >= kill_when_obeyed_) {
      kill_when_obeyed_ = 0;
      begin();  // what the tool has just answered is lost
    }
    ASSERT_TRUE(server_->turn(1ms));
  }
  bool until(const std::function<bool()>& so, int seconds = 60) {
    for (const Tick end = line_ms() + seconds * 1'000; line_ms() < end;) {
      turn();
      if (so()) return true;
    }
    return false;
  }
  bool comes_to(const std::string& id, Stage stage) {
    return until([&] {
      const auto* one = server_->living().people().find(id);
      return one != nullptr && one->stage == stage;
    });
  }
  // Somebody speaks in a thread of his own.
  void while_turning(const std::function<void(ApiClient&)>& speak) {
    std::atomic<bool> done{false};
    std::string wrong;
    std::thread people([&] {
      try {
        ApiClient client(
            {.tls = false, .host = "127.0.0.1", .port = std::to_string(server_->api_port())},
            {.patience = 20'000ms});
        speak(client);
      } catch (const std::exception& e) {
        wrong = e.what();
      }
      done = true;
    });
    while (!done) turn();
    people.join();
    EXPECT_EQ(wrong, "");
  }
  static json asked(ApiClient& twin, const char* method, const std::string& target, unsigned status,
                    const json& body = {}) {
    const ApiAnswer a = twin.ask(method, target, body.is_null() ? "" : body.dump());
    EXPECT_EQ(a.status, status) << method << ' ' << target << ' ' << a.body.substr(0, 300);
    return json::parse(a.body, nullptr, false);
  }
  void person(ApiClient& twin, const std::string& admin, const char* name, const char* role) {
    twin.token(admin);
    const json given =
        asked(twin, "POST", "/v1/accounts", 201, {{"name", name}, {"roles", json::array({role})}});
    twin.token(given.at("token"));
    token_[name] = asked(twin, "POST", "/v1/sessions", 201).at("token");
  }
  [[nodiscard]] LinkRow row(const std::string& name) {
    for (const LinkRow& one : server_->picture().links)
      if (one.name == name) return one;
    return {};
  }
  void come_in() {
    ASSERT_TRUE(until([&] { return row("secs").well; }));
    const auto first = server_->first_token();
    ASSERT_TRUE(first);
    while_turning([&](ApiClient& twin) {
      twin.token(*first);
      const std::string admin = asked(twin, "POST", "/v1/sessions", 201).at("token");
      person(twin, admin, "emil", "engineer");
      person(twin, admin, "alice", "approver");
      person(twin, admin, "bob", "approver");
    });
  }
  void propose(const std::string& id, double from, double value) {
    ASSERT_TRUE(until([&] { return row("secs").well; }));
    auto offset = guarded_.offset(id, value);
    offset.act.from = from;
    const std::string text = twin::people::to_json(proposal(offset));
    while_turning([&](ApiClient& twin) {
      twin.token(token_["emil"]);
      const json made = asked(twin, "POST", "/v1/recommendations", 201, json::parse(text));
      EXPECT_TRUE(made.at("content").contains("command"));
    });
  }
  // As fabtwin decide --sign does it.
  json approve(ApiClient& twin, const std::string& id, const char* who, std::uint8_t key,
               unsigned status) {
    guarded_.write("his.key", twin::guard::show(GuardedSite::seed(key)) + "\n");
    twin.token(token_[who]);
    const json one = asked(twin, "GET", "/v1/recommendations/" + id, 200);
    const std::string line = approval_line(
        {.key = guarded_.folder / "his.key", .person = who, .role = "approver", .at = real_ms()},
        one.at("content").at("command"));
    return asked(twin, "POST", "/v1/recommendations/" + id + "/approve", status,
                 {{"seen", one.at("digest")}, {"signature", line}});
  }
  void approve_both(const std::string& id) {
    observing_ = false;  // nothing is sent before they have heard that it is approved
    while_turning([&](ApiClient& twin) {
      EXPECT_EQ(approve(twin, id, "alice", GuardedSite::Alice, 200).at("stage"), "proposed");
      EXPECT_EQ(approve(twin, id, "bob", GuardedSite::Bob, 200).at("stage"), "approved");
    });
    observing_ = true;
  }
  // What an engineer's screen would say of the fab as it is.
  twin::people::Recommendation proposal(twin::people::Recommendation r) {
    const Tick now = server_->now_ms();
    r.proposer = "emil";
    r.made = now - 10;
    r.expires = now + 300'000;
    r.assumed.state_at = now - 20;
    r.assumed.target = r.assumed.state = {};  // nobody but the twin knows them
    return r;
  }

  twin::record::ScratchFolder scratch_{"permits_plant"};
  std::shared_ptr<const twins::fab::Layout> layout_;
  GuardedSite guarded_{"permits_plant_guard", layout_->tool_name(0)};
  plant::SiteOptions options_;
  std::unique_ptr<plant::Plant> plant_;
  std::vector<plant::Command> obeyed_;  // what came to its tools
  bool observing_ = true;
  std::size_t kill_when_obeyed_ = 0;  // 0: never
  std::map<std::string, std::string> token_;
  std::FILE* log_ = nullptr;
  std::unique_ptr<Server> server_;
};

TEST_F(GuardedPlant, WhatIsSignedComesToTheToolAndIsSeenThere) {
  ASSERT_TRUE(until([&] {
    return row("guard").state == "running; 'rule' by hand (the guard's limits have no such class)";
  })) << row("guard").state;
  come_in();
  propose("R-1", 0.0, 1.75);
  while_turning([&](ApiClient& twin) {
    EXPECT_EQ(approve(twin, "R-1", "alice", GuardedSite::Stranger, 409).at("error"),
              "the signature is not alice's of this text");
  });
  approve_both("R-1");
  ASSERT_TRUE(comes_to("R-1", Stage::Verified)) << said();
  ASSERT_EQ(obeyed_.size(), 1U);
  EXPECT_EQ(obeyed_[0].kind, plant::Command::Kind::RecipeOffset);
  EXPECT_EQ(obeyed_[0].tool, 0U);
  EXPECT_EQ(obeyed_[0].value, 1.75);
  EXPECT_NEAR(plant_->site().fab().recipe_offset(0), 1.75, 1e-9);
  // Each step is an entry, which lasts.
  ASSERT_TRUE(until([&] {
    const auto* one = server_->living().belief().counselled.people.find("R-1");
    return one != nullptr && one->stage == Stage::Verified;
  }));
  EXPECT_EQ(server_->living().people().find("R-1")->entries, 6U)
      << "proposed, approved twice, sent, acknowledged, verified";

  // The server is gone just as the tool obeys: its answer finds nobody.
  propose("R-2", 1.75, 0.5);
  kill_when_obeyed_ = 2;
  approve_both("R-2");
  ASSERT_TRUE(comes_to("R-2", Stage::Verified)) << said();
  EXPECT_EQ(kill_when_obeyed_, 0U);
  EXPECT_EQ(obeyed_.size(), 2U);
  EXPECT_NE(said().find("taken up: it is looked at, not sent again"), std::string::npos);

  // Without its guard nothing comes to the tool, and people hear why.
  (void)guarded_.guard->end(SIGKILL);
  propose("R-3", 0.5, 1.0);
  approve_both("R-3");
  ASSERT_TRUE(comes_to("R-3", Stage::Failed)) << said();
  EXPECT_NE(said().find("fail: the guard is not there"), std::string::npos) << said();
  ASSERT_TRUE(until([&] { return row("guard").state.starts_with("the guard is not there"); }));
  EXPECT_FALSE(row("guard").well);

  // A server that begins anew finds nothing to do.
  server_->stop();
  begin();
  EXPECT_FALSE(until([&] { return obeyed_.size() > 2; }, 3));
  EXPECT_EQ(server_->living().people().find("R-2")->stage, Stage::Verified);
}

}  // namespace
}  // namespace apps::fabtwin::serve
