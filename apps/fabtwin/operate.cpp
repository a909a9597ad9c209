// fabtwin operate: a scripted operator, for demos and tests of the whole loop. It comes in as an admin, opens the
// accounts of an approver and an operator, says yes (or no) to what is proposed, and does it at the plant.
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "apps/fabtwin/api_client.hpp"
#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/interrupt.hpp"
#include "apps/fabtwin/serve/site.hpp"
#include "twin/link/mqtt.hpp"

namespace apps::fabtwin {
namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::json;
using std::chrono::milliseconds;

struct OperateFlags {
  std::string url, once_file, visitor, ca, broker, site = "example", says = "yes";
  double patience = 0.0;  // [s] before anything is decided
  double seconds = 0.0;   // [s] 0: until it is interrupted
};

// The plant's command desk, by MQTT.
class Plant {
 public:
  Plant(const serve::Address& broker, const std::string& site)
      : topic_("fab/" + site + "/mes/command"),
        mqtt_({.host = broker.host,
               .port = broker.port,
               .client_id = "fabtwin-operator-" + site,
               .subscriptions = {{.filter = topic_ + "/answer"}}}) {
    mqtt_.on_message([this](const twin::link::MqttMessage& m) {
      const json answer = json::parse(m.payload, nullptr, false);
      if (answer.is_object() && answer.value("id", "") == waits_for_) answer_ = answer;
    });
  }

  // Why it was not done; empty: it was.
  std::string command(const std::string& id, json what) {
    const auto until = Clock::now() + std::chrono::seconds(10);
    while (!mqtt_.connected() && Clock::now() < until) mqtt_.wait(milliseconds(50));
    waits_for_ = id;
    answer_.reset();
    what["id"] = id;
    if (!mqtt_.publish(topic_, what.dump(), 1)) return "the broker takes nothing";
    while (!answer_ && Clock::now() < until) mqtt_.wait(milliseconds(50));
    if (!answer_) return "the plant does not answer";
    return answer_->value("done", false) ? "" : answer_->value("why", "no reason given");
  }
  void turn() { mqtt_.turn(); }

 private:
  std::string topic_, waits_for_;
  std::optional<json> answer_;
  twin::link::Mqtt mqtt_;
};

// What the plant is told for an act; nothing: it has no such command.
std::optional<json> command_of(const json& act) {
  const std::string kind = act.at("kind").get<std::string>();
  if (act.contains("policy") && !act.at("policy").is_null())
    return json{{"do", "rule"}, {"rule", act.at("policy")}};
  if (kind == "priority")
    return json{{"do", "priority"}, {"lot", act.at("lot")}, {"value", act.at("value")}};
  if (kind == "hold" || kind == "release") return json{{"do", kind}, {"lot", act.at("lot")}};
  if (kind == "start_pm")
    return json{{"do", "start_pm"},
                {"tool", act.at("tool")},
                {"calendar", static_cast<unsigned>(act.at("value").get<double>())}};
  return std::nullopt;
}

// What takes it back when its time is over; nothing: it stays.
std::optional<json> ending_of(const json& act, json command) {
  if (!act.contains("until")) return std::nullopt;
  if (act.at("kind") == "hold") {
    command["do"] = "release";
  } else if (act.at("kind") == "priority" && act.contains("from")) {
    command["value"] = act.at("from");
  } else {
    return std::nullopt;
  }
  return command;
}

class Operator {
 public:
  explicit Operator(const OperateFlags& flags)
      : flags_(flags), twin_(api_address(flags.url), {.ca = flags.ca}) {
    const auto broker = serve::parse_address(flags.broker);
    if (!broker) throw Failure(Exit::Usage, fmt::format("--broker {} (HOST:PORT)", flags.broker));
    plant_ = std::make_unique<Plant>(*broker, flags.site);
    twin_.token(token_in(flags.once_file));
    const std::string admin = text(ask("POST", "/v1/sessions"), "token");
    approver_ = person(admin, "anna", "approver");
    operator_ = person(admin, "olaf", "operator");
    say("anna approves, olaf carries out");
    if (!flags.visitor.empty()) {  // whoever looks on may try all that people do
      twin_.token(admin);
      const json roles = {"engineer", "approver", "operator"};
      const json given = ask("POST", "/v1/accounts", {{"name", "visitor"}, {"roles", roles}});
      write_file(flags.visitor, text(given, "token") + "\n");
    }
  }

  void look() {
    plant_->turn();
    twin_.token(approver_);
    take_back(ask("GET", "/v1/health").at("now").get<std::int64_t>());
    const json open = ask("GET", "/v1/recommendations?stage=open");
    for (const json& line : open.at("cases")) {
      if (line.at("stage") != "proposed") continue;
      const std::string id = line.at("id").get<std::string>();
      if (id == last_) continue;  // it was refused, and will be
      const json one = ask("GET", "/v1/recommendations/" + id);
      if (first_seen_ != id) {
        first_seen_ = id;
        seen_at_ = Clock::now();
        say("proposed: " + line.at("words").get<std::string>());
      }
      if (std::chrono::duration<double>(Clock::now() - seen_at_).count() < flags_.patience)
        continue;
      last_ = id;
      flags_.says == "yes" ? accept(id, one) : refuse(id, one);
    }
  }

 private:
  static void say(const std::string& what) {
    print(what + "\n");
    (void)std::fflush(stdout);
  }
  static std::string text(const json& of, const char* name) {
    return of.at(name).get<std::string>();
  }

  json ask(std::string_view method, const std::string& target, const json& body = {}) {
    const ApiAnswer answer = twin_.ask(method, target, body.is_null() ? "" : body.dump());
    json read = json::parse(answer.body, nullptr, false);
    if (answer.status >= 400)
      throw Failure(Exit::Failed,
                    fmt::format("{} {}: {} {}", method, target, answer.status,
                                read.is_object() ? read.value("error", "") : std::string()));
    return read;
  }
  std::string person(const std::string& admin, const char* name, const char* role) {
    twin_.token(admin);
    const json given =
        ask("POST", "/v1/accounts", {{"name", name}, {"roles", json::array({role})}});
    twin_.token(text(given, "token"));
    return text(ask("POST", "/v1/sessions"), "token");
  }
  bool step(const std::string& id, const json& one, const char* what, const json& more = {}) {
    json body = {{"seen", one.at("digest")}};
    if (!more.is_null()) body.update(more);
    try {
      (void)ask("POST", "/v1/recommendations/" + id + "/" + what, body);
      return true;
    } catch (const Failure& e) {
      say(e.what());
      return false;
    }
  }
  void take_back(std::int64_t now_ms) {
    std::erase_if(later_, [&](const Later& l) {
      if (now_ms < l.at_ms) return false;
      const std::string why = plant_->command(l.id, l.command);
      say("taken back: " + l.id + (why.empty() ? "" : " (" + why + ")"));
      return true;
    });
  }
  void refuse(const std::string& id, const json& one) {
    if (step(id, one, "reject", {{"reason", "not-now"}})) say("refused " + id);
  }
  void accept(const std::string& id, const json& one) {
    if (!step(id, one, "approve")) return;
    twin_.token(operator_);
    if (!step(id, one, "send")) return;
    const auto command = command_of(one.at("content").at("act"));
    const std::string why =
        command ? plant_->command(id, *command) : std::string("the plant has no such command");
    if (!why.empty()) {
      say("not done: " + why);
      (void)step(id, one, "fail", {{"reason", "tool-refused"}, {"remark", why}});
      return;
    }
    const json& act = one.at("content").at("act");
    if (const auto ending = ending_of(act, *command))
      later_.push_back({act.at("until").get<std::int64_t>(), id, *ending});
    if (step(id, one, "acknowledge") && step(id, one, "verify")) say("done: " + id);
  }

  struct Later {
    std::int64_t at_ms = 0;
    std::string id;
    json command;
  };
  std::vector<Later> later_;  // what is to be taken back
  const OperateFlags& flags_;
  ApiClient twin_;
  std::unique_ptr<Plant> plant_;
  std::string approver_, operator_, last_, first_seen_;
  Clock::time_point seen_at_{};
};

Exit operate(const OperateFlags& flags) {
  const Interrupt interrupt;
  const auto begun = Clock::now();
  Operator someone(flags);
  while (!interrupt.asked()) {
    if (flags.seconds > 0.0 &&
        std::chrono::duration<double>(Clock::now() - begun).count() > flags.seconds)
      return Exit::Ok;
    try {
      someone.look();
    } catch (const Failure& e) {  // the twin may be starting anew
      print(std::string(e.what()) + "\n");
      (void)std::fflush(stdout);
      std::this_thread::sleep_for(std::chrono::seconds(5));
    }
    std::this_thread::sleep_for(milliseconds(500));
  }
  return Exit::Interrupted;
}

}  // namespace

void add_operate(Command& program) {
  const auto flags = std::make_shared<OperateFlags>();
  Command& command = program.add_command(
      "operate", "A scripted operator beside a twin and its plant, for demos and tests");
  command
      .add_option("URL", flags->url,
                  "the twin's API: https://HOST:PORT, or http:// on this machine")
      .required();
  command.add_option("--once", flags->once_file, "a file with the admin's first token")
      .required()
      .type_name("FILE");
  command.add_option("--broker", flags->broker, "the plant's MQTT broker")
      .required()
      .type_name("HOST:PORT");
  command.add_option("--site", flags->site, "the site's name in topics").shows_default();
  command.add_option("--ca", flags->ca, "PEM file of the authority that vouches for the twin")
      .type_name("FILE");
  command
      .add_option("--visitor", flags->visitor,
                  "open an account for somebody who looks on, and write his token of one use here")
      .type_name("FILE");
  command.add_option("--says", flags->says, "to all that is proposed")
      .one_of({"yes", "no"})
      .shows_default();
  command.add_option("--patience", flags->patience, "seconds before it decides")
      .shows_default()
      .within(0, 1e6);
  command.add_option("--seconds", flags->seconds, "end after so many seconds; 0: never")
      .shows_default()
      .within(0, 1e9);
  command.footer(
      "Examples:\n"
      "  fabtwin operate http://127.0.0.1:8080 --once admin.token --broker 127.0.0.1:1883");
  command.action([flags] { return or_fail(Exit::Failed, [&] { return operate(*flags); }); });
}

}  // namespace apps::fabtwin
