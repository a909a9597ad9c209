// What comes to the desk and what it answers: HTTP without its sockets, so that routes, permissions and
// floods can be tested and fuzzed by plain calls.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/people/digest.hpp"

namespace apps::api {

using twin::core::Tick;

struct Request {
  std::string method = "GET";
  std::string target = "/";        // as it came: "/v1/lots/L7?x=1"
  std::string authorization = {};  // the header; empty: none
  std::string content_type = {};   // the media type alone, in lower case
  std::string body = {};
  std::string address = {};  // of the peer, or its network: who is counted together
  Tick now = 0;              // [ms since 1970]
};

struct StreamPass {  // by whose right a stream is open
  std::string account = {};
  std::string last = {};  // the event that was heard last, where the query says it; empty: none
  std::optional<twin::people::Bits64> token = {};  // the session; none: it was a ticket
  Tick until = 0;                                  // [ms since 1970]
};

struct Answer {
  unsigned status = 200;
  std::string type = "application/json";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string account = {};               // whose token it was; empty: nobody's
  bool is_page = false;                   // for a browser to show; else it is data
  std::uint64_t waits_for = 0;            // entries of the trail that must last before it is told
  std::optional<StreamPass> stream = {};  // events follow
};

// {"error":"..."} with a status.
[[nodiscard]] Answer problem(unsigned status, std::string_view why);

}  // namespace apps::api
