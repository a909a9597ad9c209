#include "apps/fabtwin/uq/um_bridge_server.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "apps/fabtwin/files.hpp"

namespace apps::fabtwin::uq {
namespace {

using nlohmann::json;
using twin::link::HttpAnswer;
using twin::link::HttpReply;
using twin::link::HttpRequest;

constexpr const char* ModelName = "forward";

HttpAnswer told(const json& j, unsigned status = 200) {
  return {.status = status, .type = "application/json", .body = j.dump()};
}

// In UM-Bridge's words for what is wrong with a question.
HttpAnswer wrong(const char* type, const std::string& message, unsigned status = 400) {
  return told({{"error", {{"type", type}, {"message", message}}}}, status);
}

// The question of a request; what is wrong with it, otherwise.
std::optional<json> question_in(const HttpRequest& request, const HttpReply& reply) {
  json j = json::parse(request.body, nullptr, false);
  if (!j.is_object()) {
    reply(wrong("InvalidInput", "the question is no object of JSON"));
    return {};
  }
  if (j.value("name", "") != ModelName) {
    reply(wrong("ModelNotFound",
                fmt::format("Model {} not found! There is: {}.", j.value("name", ""), ModelName)));
    return {};
  }
  return j;
}

}  // namespace

namespace {

twin::uq::QueueOptions queue_options(const Study& study, const ServeOptions& options,
                                     std::size_t outputs) {
  return {.outputs = outputs,
          .at_once = options.at_once,
          .deadline = study.model.deadline,
          .retries = study.model.retries,
          .failed_share = 1.0};  // who asks judges what failed
}

}  // namespace

ModelServer::ModelServer(const Study& study, const ServeOptions& options)
    : study_(study),
      http_({.address = options.address,
             .port = options.port,
             .answer_time = std::chrono::hours(168)}),
      queue_(study.model.make(study.inputs.names()),
             queue_options(study, options, study.model.outputs.size())) {
  if (study.model.make_slopes)
    slopes_.emplace(study.model.make_slopes(study.inputs.names()),
                    queue_options(study, options, study.inputs.size()));
  const auto sizes = [this](const char* key, std::size_t n) {
    return [key, n](const HttpRequest& request, HttpReply reply) {
      if (question_in(request, reply)) reply(told({{key, {n}}}));
    };
  };
  http_.route("GET", "/Info", [](const HttpRequest&, HttpReply reply) {
    reply(told({{"protocolVersion", 1.0}, {"models", {ModelName}}}));
  });
  http_.route("POST", "/InputSizes", sizes("inputSizes", study.inputs.size()));
  http_.route("POST", "/OutputSizes", sizes("outputSizes", study.model.outputs.size()));
  http_.route("POST", "/ModelInfo", [this](const HttpRequest& request, HttpReply reply) {
    if (question_in(request, reply))
      reply(told({{"support",
                   {{"Evaluate", true},
                    {"Gradient", slopes_.has_value()},
                    {"ApplyJacobian", false},
                    {"ApplyHessian", false}}}}));
  });
  http_.route("POST", "/Evaluate", [this](const HttpRequest& request, HttpReply reply) {
    evaluate(request, std::move(reply), false);
  });
  if (slopes_)
    http_.route("POST", "/Gradient", [this](const HttpRequest& request, HttpReply reply) {
      evaluate(request, std::move(reply), true);
    });
  for (const char* path : {"/Gradient", "/ApplyJacobian", "/ApplyHessian"}) {
    if (slopes_ && path == std::string_view("/Gradient")) continue;
    http_.route("POST", path, [path](const HttpRequest& request, HttpReply reply) {
      if (question_in(request, reply))
        reply(wrong("UnsupportedFeature", fmt::format("{} not supported by model!", path + 1)));
    });
  }
}

void ModelServer::evaluate(const HttpRequest& request, HttpReply reply, bool slopes) {
  const auto question = question_in(request, reply);
  if (!question) return;
  Waiting one{.x = {}, .reply = std::move(reply), .slopes = slopes};
  const json input = question->value("input", json());
  const bool one_vector = input.is_array() && input.size() == 1 && input[0].is_array();
  if (one_vector) {
    for (const json& v : input[0])
      if (v.is_number() && std::isfinite(v.get<double>())) one.x.push_back(v);
  }
  if (!one_vector || one.x.size() != input[0].size() || one.x.size() != study_.inputs.size()) {
    one.reply(wrong("InvalidInput", fmt::format("input must be one vector of {} finite numbers",
                                                study_.inputs.size())));
    return;
  }
  if (slopes) {
    const json weights = question->value("sens", json());
    for (const json& v : weights)
      if (v.is_number() && std::isfinite(v.get<double>())) one.x.push_back(v);
    if (question->value("inWrt", -1) != 0 || question->value("outWrt", -1) != 0 ||
        one.x.size() != study_.inputs.size() + study_.model.outputs.size() ||
        weights.size() != study_.model.outputs.size()) {
      one.reply(wrong("InvalidInput", fmt::format("inWrt and outWrt must be 0, and sens {} finite "
                                                  "numbers",
                                                  study_.model.outputs.size())));
      return;
    }
  }
  (slopes ? *slopes_ : queue_).submit(one.x);
  if (!answer(one)) waiting_.push_back(std::move(one));
}

bool ModelServer::answer(const Waiting& one) {
  try {
    const auto* outcome = (one.slopes ? *slopes_ : queue_).ended(one.x);
    if (outcome == nullptr) return false;
    one.reply(outcome->end == twin::uq::RunEnd::Done
                  ? told(one.slopes ? json{{"output", outcome->y}} : json{{"output", {outcome->y}}})
                  : wrong("ModelFailed",
                          fmt::format("{}: {}", word(outcome->end), outcome->problem), 500));
  } catch (const std::exception& e) {
    one.reply(wrong("ModelFailed", e.what(), 500));
  }
  return true;
}

void ModelServer::wait(std::chrono::milliseconds most) {
  http_.wait(waiting_.empty() ? most : std::chrono::milliseconds(1));
  std::erase_if(waiting_, [this](const Waiting& one) { return answer(one); });
}

void serve_model(const Study& study, const ServeOptions& options, const std::atomic<bool>& stop) {
  ModelServer server(study, options);
  print(fmt::format("'{}' as 'forward' at http://{}:{}: {} in, {} out; Ctrl-C ends it\n",
                    study.model.title, options.address, server.port(), study.inputs.size(),
                    study.model.outputs.size()));
  while (!stop) server.wait(std::chrono::milliseconds(100));
}

}  // namespace apps::fabtwin::uq
