// Any bytes on a connection of the HTTP server with the ingest behind it, over loopback: it answers
// or closes, holds no connection for ever, and takes nothing that it does not answer for.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "twin/core/expect.hpp"
#include "twin/link/door_example.hpp"
#include "twin/link/http_client.hpp"
#include "twin/link/ingest.hpp"

namespace {

using namespace twin::link;
using std::chrono::milliseconds;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Site site;
  HttpServer server({.header_bytes_max = 2'000,
                     .body_bytes_max = 4'000,
                     .request_time = milliseconds(5),
                     .idle_time = milliseconds(5),
                     .answer_time = milliseconds(5),
                     .write_time = milliseconds(5)});
  Ingest ingest([] { return Start; }, {});
  ingest.deliver_to(site.door.inlet(ingest.names()));
  server.route("POST", "/ingest", [&](const HttpRequest& request, const HttpReply& reply) {
    ingest.answer(request, reply);
    site.door.on_durable(site.recorder.size());
  });
  server.route("GET", "/", [](const HttpRequest& request, const HttpReply& reply) {
    reply({.body = std::string(request.query)});
  });
  {
    HttpClient client(server);
    client.send({reinterpret_cast<const char*>(data), size});
    client.listen();
  }
  for (int k = 0; k < 2'000 && server.connections() > 0; ++k) server.wait(milliseconds(1));
  TWIN_ENSURE(server.connections() == 0);
  TWIN_ENSURE(site.door.waiting() == 0);
  return 0;
}
