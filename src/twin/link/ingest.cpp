#include "twin/link/ingest.hpp"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "twin/core/error.hpp"

namespace twin::link {
namespace {

void keep(Arrival& arrival, std::string_view text, core::Tick now) {
  arrival.arrived = now;
  arrival.raw.assign(text.begin(), text.end());
}

struct Tally {                            // of one request's messages
  std::array<std::size_t, 4> taken = {};  // [Taken]
  std::size_t left = 0;
  HttpReply reply = {};

  void add(Taken t) {
    ++taken[static_cast<std::size_t>(t)];
    if (--left == 0) answer();
  }
  void answer() const {
    const auto of = [&](Taken t) { return taken[static_cast<std::size_t>(t)]; };
    HttpAnswer answer{
        .status = of(Taken::Refused) > 0 ? 503U : 200U,
        .type = "application/json",
        .body = fmt::format("{{\"accepted\":{},\"duplicate\":{},\"quarantined\":{}",
                            of(Taken::Accepted), of(Taken::Duplicate), of(Taken::Quarantined))};
    if (of(Taken::Refused) > 0) {
      answer.body += fmt::format(",\"refused\":{}", of(Taken::Refused));
      answer.retry_after_s = 1;
    }
    answer.body += "}\n";
    reply(std::move(answer));
  }
};

}  // namespace

Ingest::Ingest(std::function<core::Tick()> now, Options options)
    : now_(std::move(now)), options_(std::move(options)) {}

std::vector<Arrival> Ingest::read(const HttpRequest& request) {
  std::vector<Arrival> all;
  const core::Tick now = now_();
  const auto room = [&](const JsonReader& json) {
    if (all.size() >= options_.messages_max)
      json.refuse(fmt::format("more than {} messages", options_.messages_max));
  };
  if (request.content_type != "application/x-ndjson") {
    JsonReader json(request.body, "payload", options_.limits.text_max);
    const auto one = [&] {
      room(json);
      const std::size_t began = json.byte();
      all.push_back(read_message(json, options_.prefix, names_, options_.limits));
      keep(all.back(), request.body.substr(began, json.byte() - began), now);
    };
    if (json.at_array()) {
      json.array([&] { one(); });
    } else {
      one();
    }
    json.end();
    return all;
  }
  std::size_t line = 1;
  for (std::string_view rest = request.body; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view text = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::string where = fmt::format("line {}", line);
    JsonReader json(text, where, options_.limits.text_max);
    if (json.at_end()) continue;  // an empty line
    room(json);
    all.push_back(read_message(json, options_.prefix, names_, options_.limits));
    json.end();
    keep(all.back(), text, now);
  }
  return all;
}

void Ingest::answer(const HttpRequest& request, const HttpReply& reply) {
  if (request.content_type != "application/json" &&
      request.content_type != "application/x-ndjson") {
    return reply(http_error(415, fmt::format("content type '{}' (application/json or "
                                             "application/x-ndjson)",
                                             request.content_type)));
  }
  for (std::size_t t = 0; t < event::TableCount; ++t) {
    if (names_.of(static_cast<event::Table>(t)).size() >= options_.names_max)
      return reply(http_error(507, "there are too many names"));
  }
  std::vector<Arrival> all;
  try {
    all = read(request);
  } catch (const core::Error& e) {
    return reply(http_error(400, e.what()));
  }
  const auto tally = std::make_shared<Tally>();
  tally->left = all.size();
  tally->reply = reply;
  if (all.empty()) return tally->answer();
  for (Arrival& arrival : all)
    sink_(std::move(arrival), [tally](Taken taken) { tally->add(taken); });
}

}  // namespace twin::link
