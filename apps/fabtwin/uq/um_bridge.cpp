#include "apps/fabtwin/uq/um_bridge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "apps/fabtwin/uq/model.hpp"
#include "twin/core/error.hpp"
#include "twin/core/nearest.hpp"

namespace apps::fabtwin::uq {
namespace {

using nlohmann::json;
using twin::uq::RunEnd;
using twin::uq::RunOutcome;

constexpr std::chrono::milliseconds AboutItself{10'000};      // patience for what it says of itself
constexpr std::chrono::milliseconds WithoutEnd{604'800'000};  // a week

std::string beginning(const std::string& text) {
  return text.substr(0, std::min<std::size_t>(text.size(), 120));
}

json answer_of(ApiClient& client, const char* method, const char* path, const json& question) {
  const auto answer = client.ask(method, path, question.is_null() ? "" : question.dump());
  const json j = json::parse(answer.body, nullptr, false);
  if (j.is_discarded())
    throw Failure(Exit::Failed, fmt::format("{} is answered by what is no JSON: {}", path,
                                            beginning(answer.body)));
  if (j.is_object() && j.contains("error"))
    throw Failure(Exit::Failed,
                  fmt::format("{} is refused: {}", path,
                              j["error"].is_object() ? j["error"].value("message", "no reason")
                                                     : j["error"].dump()));
  if (answer.status != 200)
    throw Failure(Exit::Failed, fmt::format("{} is answered with status {}", path, answer.status));
  return j;
}

}  // namespace

ApiAddress um_bridge_server(const std::string& url) {
  std::string_view left = url;
  const auto wrong = [&] {
    return twin::core::Error(fmt::format("'{}' is no address of a model (http://HOST:PORT?)", url));
  };
  if (!left.starts_with("http://")) throw wrong();
  left.remove_prefix(7);
  if (left.ends_with('/')) left.remove_suffix(1);
  const std::size_t colon = left.rfind(':');
  if (colon == left.npos || colon == 0 || colon + 1 == left.size() ||
      left.find_first_of("/@") != left.npos ||
      left.substr(colon + 1).find_first_not_of("0123456789") != left.npos)
    throw wrong();
  return {.tls = false,
          .host = std::string(left.substr(0, colon)),
          .port = std::string(left.substr(colon + 1))};
}

UmBridgeSizes um_bridge_sizes(const UmBridgeAddress& address) {
  ApiClient client(address.server, {.patience = AboutItself});
  const auto said = [&](const auto& f) {
    try {
      return f();
    } catch (const json::exception& e) {
      throw Failure(Exit::Failed, fmt::format("{}:{} does not speak UM-Bridge ({})",
                                              address.server.host, address.server.port, e.what()));
    }
  };
  return said([&] {
    const json info = answer_of(client, "GET", "/Info", {});
    if (info.at("protocolVersion").get<double>() != 1.0)
      throw Failure(Exit::Failed,
                    fmt::format("{}:{} speaks UM-Bridge {} (1.0 is known)", address.server.host,
                                address.server.port, info["protocolVersion"].dump()));
    const auto models = info.at("models").get<std::vector<std::string>>();
    if (std::ranges::find(models, address.name) == models.end())
      throw Failure(Exit::Usage,
                    fmt::format("{}:{} has no model '{}' (it has: {})", address.server.host,
                                address.server.port, address.name, fmt::join(models, ", ")));
    const json name = {{"name", address.name}};
    const json support = answer_of(client, "POST", "/ModelInfo", name).at("support");
    if (!support.value("Evaluate", false))
      throw Failure(Exit::Failed, fmt::format("model '{}' cannot be evaluated", address.name));
    const json question = {{"name", address.name}, {"config", json::parse(address.config)}};
    return UmBridgeSizes{answer_of(client, "POST", "/InputSizes", question).at("inputSizes"),
                         answer_of(client, "POST", "/OutputSizes", question).at("outputSizes"),
                         support.value("Gradient", false)};
  });
}

RunOutcome UmBridgeLine::ask(const char* path, json question, double deadline) {
  question["name"] = address_.name;
  question["config"] = json::parse(address_.config);
  const auto begun = std::chrono::steady_clock::now();
  try {
    if (!client_)
      client_ = std::make_unique<ApiClient>(
          address_.server,
          ApiClient::Options{
              .patience = deadline > 0.0
                              ? std::chrono::milliseconds(static_cast<std::int64_t>(deadline * 1e3))
                              : WithoutEnd});
    const auto answer = client_->ask("POST", path, question.dump());
    const json j = json::parse(answer.body, nullptr, false);
    if (j.is_discarded()) {
      // Python writes NaN where JSON has no word for it.
      const bool no_number = answer.body.find("NaN") != answer.body.npos ||
                             answer.body.find("Infinity") != answer.body.npos;
      return {.end = no_number ? RunEnd::NoNumber : RunEnd::Died,
              .problem = no_number ? "an output is no number"
                                   : "answered what is no JSON: " + beginning(answer.body)};
    }
    if (!j.is_object() || j.contains("error") || answer.status != 200)
      return {.end = RunEnd::Died,
              .problem = j.is_object() && j.contains("error") && j["error"].is_object()
                             ? j["error"].value("message", "refused")
                             : fmt::format("answered with status {}", answer.status)};
    RunOutcome outcome;
    const auto take = [&](const json& value) {
      if (value.is_null()) return false;
      outcome.y.push_back(value);
      return true;
    };
    // Vectors, or where one is asked for alone its numbers.
    for (const json& item : j.at("output")) {
      const bool all = item.is_array() ? std::ranges::all_of(item, take) : take(item);
      if (!all) return {.end = RunEnd::NoNumber, .problem = "an output is null"};
    }
    return outcome;
  } catch (const Unreachable& e) {
    client_.reset();
    return {.end = RunEnd::Away, .problem = e.what()};
  } catch (const json::exception& e) {
    return {.end = RunEnd::Died, .problem = e.what()};
  } catch (const Failure& e) {
    client_.reset();  // its line is out of step
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    if (deadline > 0.0 && took.count() >= deadline)
      return {.end = RunEnd::Hung, .problem = fmt::format("took more than {:g} s", deadline)};
    return {.end = RunEnd::Died, .problem = e.what()};
  }
}

namespace {

json vectors_of(std::span<const double> x, const std::vector<std::size_t>& sizes) {
  json all = json::array();
  for (std::size_t at = 0; const std::size_t n : sizes) {
    all.push_back(x.subspan(at, n));
    at += n;
  }
  return all;
}

}  // namespace

RunOutcome UmBridgeRunner::run(std::span<const double> x, double deadline) {
  return line_.ask("/Evaluate", {{"input", vectors_of(x, sizes_.inputs)}}, deadline);
}

RunOutcome UmBridgeSlopes::run(std::span<const double> x, double deadline) {
  const std::size_t inputs =
      std::accumulate(sizes_.inputs.begin(), sizes_.inputs.end(), std::size_t{0});
  const json at = vectors_of(x.first(inputs), sizes_.inputs);
  RunOutcome all{.y = std::vector<double>(inputs, 0.0)};
  for (std::size_t from = 0, in = 0; in < sizes_.inputs.size(); from += sizes_.inputs[in++]) {
    for (std::size_t weights = inputs, out = 0; out < sizes_.outputs.size();
         weights += sizes_.outputs[out++]) {
      const RunOutcome part = line_.ask("/Gradient",
                                        {{"input", at},
                                         {"inWrt", in},
                                         {"outWrt", out},
                                         {"sens", x.subspan(weights, sizes_.outputs[out])}},
                                        deadline);
      if (part.end != RunEnd::Done) return part;
      if (part.y.size() != sizes_.inputs[in])
        return {.end = RunEnd::WrongLength,
                .problem = fmt::format("{} slopes of {} inputs", part.y.size(), sizes_.inputs[in])};
      for (std::size_t k = 0; k < part.y.size(); ++k) all.y[from + k] += part.y[k];
    }
  }
  return all;
}

Model um_bridge_model(twin::sheet::Sheet& table) {
  UmBridgeAddress address;
  const std::string url = table.text("um_bridge");
  address.name = table.text("name", "forward");
  address.config = table.text("config", "{}");
  if (!json::parse(address.config, nullptr, false).is_object())
    table.refuse("config", "[model]: config is no object of JSON ('{}'?)");
  UmBridgeSizes sizes;
  try {
    address.server = um_bridge_server(url);
    sizes = um_bridge_sizes(address);
  } catch (const std::exception& e) {
    table.refuse("um_bridge", std::string("[model]: ") + e.what());
  }
  const auto sum = [](const std::vector<std::size_t>& n) {
    return std::accumulate(n.begin(), n.end(), std::size_t{0});
  };
  Model model{.title = fmt::format("'{}' at {}", address.name, url),
              .words = fmt::format("um-bridge {} {} {}", url, address.name, address.config),
              .outputs = table.texts("outputs")};
  if (model.outputs.empty())
    for (std::size_t k = 0; k < sum(sizes.outputs); ++k)
      model.outputs.push_back(sum(sizes.outputs) == 1 ? "y" : fmt::format("y{}", k + 1));
  if (model.outputs.size() != sum(sizes.outputs))
    table.refuse("outputs", fmt::format("[model]: {} outputs are named (the model gives {})",
                                        model.outputs.size(), sum(sizes.outputs)));
  model.make = [address, sizes, wanted = sum(sizes.inputs)](const std::vector<std::string>& names) {
    if (names.size() != wanted)
      throw twin::core::Error(fmt::format("{} inputs (the model takes {})", names.size(), wanted));
    return twin::uq::MakeRunner(
        [address, sizes] { return std::make_unique<UmBridgeRunner>(address, sizes); });
  };
  if (sizes.has_slopes)
    model.make_slopes = [address, sizes](const std::vector<std::string>&) {
      return twin::uq::MakeRunner(
          [address, sizes] { return std::make_unique<UmBridgeSlopes>(address, sizes); });
    };
  return model;
}

}  // namespace apps::fabtwin::uq
