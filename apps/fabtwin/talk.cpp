// fabtwin enter, ask, decide: a person's side of a twin's API, by the command line.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "apps/fabtwin/api_client.hpp"
#include "apps/fabtwin/approval_line.hpp"
#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/real_time.hpp"

namespace apps::fabtwin {
namespace {

struct TalkFlags {
  std::string url, token_file, ca, certificate, key;
};

struct Talk : TalkFlags {
  std::string path, method = "GET", body_file;  // of ask
  std::string once_file;                        // of enter
  std::string id, step, reason, remark, sign;   // of decide
};

void add_twin(Command& command, TalkFlags& flags, const std::string& token_text) {
  command.add_option("URL", flags.url, "the twin: https://HOST:PORT, or http:// on this machine")
      .required();
  command.add_option("--token", flags.token_file, token_text).required().type_name("FILE");
  command
      .add_option("--ca", flags.ca,
                  "PEM file of the authority that vouches for the twin "
                  "(default: the system's)")
      .type_name("FILE");
  command
      .add_option("--certificate", flags.certificate,
                  "own certificate, where the twin asks for one")
      .type_name("FILE");
  command.add_option("--key", flags.key, "its key").type_name("FILE");
}

ApiClient client(const TalkFlags& flags) {
  return {api_address(flags.url),
          {.ca = flags.ca, .certificate = flags.certificate, .key = flags.key}};
}

// What the twin says is wrong, as an end of the program.
std::string taken(const ApiAnswer& answer) {
  if (answer.status < 400) return answer.body;
  const auto json = nlohmann::json::parse(answer.body, nullptr, false);
  const std::string why = json.is_object() && json.contains("error") && json["error"].is_string()
                              ? json["error"].get<std::string>()
                              : answer.body.substr(0, 300);
  throw Failure(answer.status < 500 ? Exit::BadInput : Exit::Failed,
                fmt::format("the twin says {}: {}", answer.status, why));
}

Exit enter(const Talk& talk) {
  ApiClient twin = client(talk);
  twin.token(token_in(talk.once_file));
  const auto given = nlohmann::json::parse(taken(twin.ask("POST", "/v1/sessions")));
  keep_token(talk.token_file, given.at("token").get<std::string>());
  print(fmt::format("session of {} until {} ms since 1970, kept in {}\n",
                    given.at("account").get<std::string>(), given.at("expires").get<std::int64_t>(),
                    talk.token_file));
  return Exit::Ok;
}

Exit ask(const Talk& talk) {
  ApiClient twin = client(talk);
  twin.token(token_in(talk.token_file));
  const std::string body = talk.body_file.empty() ? "" : read_text(talk.body_file);
  std::string text = taken(twin.ask(talk.method, talk.path, body));
  if (!text.ends_with('\n')) text += '\n';
  print(text);
  return Exit::Ok;
}

Exit decide(const Talk& talk) {
  ApiClient twin = client(talk);
  twin.token(token_in(talk.token_file));
  const std::string path = "/v1/recommendations/" + talk.id;
  const auto one = nlohmann::json::parse(taken(twin.ask("GET", path)));
  nlohmann::json body = {{"seen", one.at("digest")}};
  if (!talk.reason.empty()) body["reason"] = talk.reason;
  if (!talk.remark.empty()) body["remark"] = talk.remark;
  const auto& content = one.at("content");
  print(fmt::format("{}\n", content.at("act").at("words").get<std::string>()));
  if (!talk.sign.empty()) {
    if (talk.step != "approve") throw Failure(Exit::Usage, "--sign is for an approval");
    if (!content.contains("command"))
      throw Failure(Exit::BadInput,
                    fmt::format("{} is not sent by the twin: there is nothing to sign", talk.id));
    const auto me = nlohmann::json::parse(taken(twin.ask("GET", "/v1/me")));
    const std::string command = content.at("command").get<std::string>();
    or_fail(Exit::BadInput, [&] {
      print(command_words(command) + "\n");
      body["signature"] = approval_line({.key = talk.sign,
                                         .person = me.at("account").get<std::string>(),
                                         .role = content.at("role").get<std::string>(),
                                         .at = real_ms()},
                                        command);
    });
  }
  const auto now =
      nlohmann::json::parse(taken(twin.ask("POST", path + "/" + talk.step, body.dump())));
  print(fmt::format("{} is {}\n", talk.id, now.at("stage").get<std::string>()));
  return Exit::Ok;
}

}  // namespace

void add_enter(Command& program) {
  const auto talk = std::make_shared<Talk>();
  Command& command =
      program.add_command("enter", "Come in to a twin: a session for a token of one use");
  add_twin(command, *talk, "where the session's token is kept (readable by its owner alone)");
  command.add_option("--once", talk->once_file, "a file with the token of one use")
      .required()
      .type_name("FILE");
  command.footer(
      "Examples:\n  fabtwin enter https://twin:8443 --ca ca.pem --once first --token me");
  command.action([talk] { return or_fail(Exit::Failed, [&] { return enter(*talk); }); });
}

void add_ask(Command& program) {
  const auto talk = std::make_shared<Talk>();
  Command& command = program.add_command("ask", "Ask a twin's API anything, and print the answer");
  add_twin(command, *talk, "a file with the session's token");
  command.add_option("PATH", talk->path, "what is asked for: /v1/state (docs/api.md has all)")
      .required();
  command.add_option("--method", talk->method, "of HTTP")
      .one_of({"GET", "POST", "PUT", "DELETE"})
      .shows_default();
  command.add_option("--body", talk->body_file, "a file with the JSON to send").type_name("FILE");
  command.footer(
      "Examples:\n"
      "  fabtwin ask https://twin:8443 /v1/state --ca ca.pem --token me\n"
      "  fabtwin ask http://127.0.0.1:8080 /v1/scenarios --method POST --body what-if.json "
      "--token me");
  command.action([talk] { return or_fail(Exit::Failed, [&] { return ask(*talk); }); });
}

void add_decide(Command& program) {
  const auto talk = std::make_shared<Talk>();
  Command& command =
      program.add_command("decide", "Say yes or no to what a twin proposes, or what became of it");
  add_twin(command, *talk, "a file with the session's token");
  command.add_option("ID", talk->id, "the recommendation").required();
  command.add_option("STEP", talk->step, "what is said")
      .required()
      .one_of({"approve", "reject", "send", "acknowledge", "fail", "verify", "undo"});
  command.add_option("--reason", talk->reason,
                     "why, as a code: too-risky, not-now, ... (docs/people.md)");
  command.add_option("--remark", talk->remark, "why, in words");
  command
      .add_option(
          "--sign", talk->sign,
          "own key of fabtwin-guard-key, by which an approval is signed that the twin sends")
      .type_name("KEY");
  command.footer(
      "Examples:\n"
      "  fabtwin decide https://twin:8443 advice-1 approve --token anna\n"
      "  fabtwin decide https://twin:8443 advice-1 approve --token anna --sign anna.key\n"
      "  fabtwin decide https://twin:8443 advice-1 reject --reason too-risky --token anna");
  command.action([talk] { return or_fail(Exit::Failed, [&] { return decide(*talk); }); });
}

}  // namespace apps::fabtwin
