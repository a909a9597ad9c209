// POST /ingest: canonical events as JSON (one payload, or an array of them) or NDJSON (one a line),
// answered 200 only when all of them are durable. Anything that cannot be read is refused whole,
// with its place and reason.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "twin/core/tick.hpp"
#include "twin/event/names.hpp"
#include "twin/link/http.hpp"
#include "twin/link/sink.hpp"
#include "twin/link/uns.hpp"

namespace twin::link {

class Ingest {
 public:
  struct Options {
    std::string prefix = "http/";  // before "src", as the source's name
    PayloadLimits limits = {};
    std::size_t messages_max = 10'000;  // of a request
    std::size_t names_max = 1'000'000;  // of a table that clients may bring in all
  };
  // `sink` takes what is numbered by names(); `now` is our clock [ms since 1970].
  Ingest(std::function<core::Tick()> now, Options options);
  void deliver_to(Sink sink) { sink_ = std::move(sink); }
  [[nodiscard]] const event::Names& names() const { return names_; }

  // The route. 200: {"accepted":n,"duplicate":n,"quarantined":n}. 400: what is wrong, nothing was
  // taken. 415: no such media type. 503: some were refused, please send all again.
  void answer(const HttpRequest& request, const HttpReply& reply);

 private:
  std::vector<Arrival> read(const HttpRequest& request);

  std::function<core::Tick()> now_;
  Options options_;
  event::Names names_;
  Sink sink_;
};

}  // namespace twin::link
