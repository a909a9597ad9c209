// A site's settings file: which fab is followed, over which links, where the record is kept, how
// often is forecast. Read strictly; docs/site.md describes each key.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/guard/sign.hpp"
#include "twin/people/rules.hpp"

namespace apps::fabtwin::serve {

using twin::core::Tick;

struct Address {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  bool operator==(const Address&) const = default;
};
// "host:port"; nothing for what is none.
std::optional<Address> parse_address(std::string_view text);
std::string to_string(const Address& address);

struct SiteTool {  // a tool's own line
  std::string name = {};
  Address address = {};
};

struct SecsLinks {
  std::filesystem::path description = {};  // of the class of tools; empty: the plant's
  bool define_reports = false;             // whether we may define what the tools report
  std::vector<SiteTool> tools = {};        // beside those that the plant's notice lists
};

struct MqttLink {
  Address broker = {.host = "127.0.0.1", .port = 1883};
  std::string version = "5";  // or "3.1.1"
  std::string client_id = "fabtwin";
  std::string user = {};
  std::filesystem::path password_file = {};
};

struct ForecastSettings {
  Tick every_ms = 0;                   // of site time
  std::vector<Tick> horizons_ms = {};  // rising
  std::uint32_t members = 100;
  std::uint32_t threads = 1;
  std::uint32_t provenance = 1'000;  // documents kept, one a forecast
};

// Of advice to people; docs/site.md.
struct AdviceSettings {
  Tick every_ms = 0;    // [ms] of site time; proposals are open until the next one
  Tick horizon_ms = 0;  // [ms] how far alternatives are run
  Tick stay_ms = 0;     // [ms] how far rules are run as if they stayed; 0: not looked at
  std::string objective = "tardiness";
  std::vector<std::string> rules = {};     // of dispatching, on the menu
  std::vector<std::string> releases = {};  // ways in which lots enter, on the menu; none: no such
  std::vector<std::string> qualifications = {};  // of tools, the same
  double late_share = 1.0, late_risk = 0.05;     // of queue times, as decide::AdviceAsked has them
  std::uint32_t menu = 20;                       // alternatives at most, doing nothing among them
  double confidence = 0.95;
  double worth_h = 0.05;                   // [h] of the objective: a gain below it is not proposed
  std::uint64_t budget = 1'000;            // runs of the choice, at most
  std::uint32_t threads = 1;               // results do not depend on it
  std::filesystem::path policy_file = {};  // empty: the usual policy
  twin::people::Rules policy = {};         // who may decide on what
};
// Nothing is sent: a site's own people carry out what is approved.
[[nodiscard]] twin::people::Rules usual_policy(Tick every_ms);

// Where people come in; docs/api.md.
struct ApiSettings {
  Address listen = {};
  std::filesystem::path certificate = {},
                        key = {};         // PEM; empty: no TLS, which loopback alone may have
  std::filesystem::path clients_ca = {};  // whose certificates clients must have; empty: none
};

// The guard, through which the twin itself sends what is approved; docs/guard.md.
struct GuardSettings {
  std::filesystem::path socket = {};      // where it answers
  twin::guard::PublicKey key = {};        // by which it signs its permits
  std::filesystem::path limits = {};      // the signed file that it goes by
  twin::guard::PublicKey authority = {};  // who signed that
  std::filesystem::path observer = {};    // the socket of whoever reads the tools
  Tick patience_ms = 2'000;               // for an answer of either
  Tick read_back_ms = 60'000;             // until what was sent must be seen to be done
};

// Where the store of a record is: an SQLite file, or a PostgreSQL database by libpq's text.
struct StorePlace {
  std::filesystem::path file = {};
  std::string postgres = {};  // if not empty, there instead
  bool operator==(const StorePlace&) const = default;
};
// "RECORD.sqlite", beside the record's folder.
std::filesystem::path store_beside(const std::filesystem::path& record);

struct Site {
  std::filesystem::path file = {};  // where it was read
  std::string name = {};
  std::filesystem::path data = {};    // folder of the fab's data set
  std::string rule = "published";     // of dispatching, in forecasts
  std::filesystem::path record = {};  // folder of the record
  std::uint64_t seed = 1;
  Tick time_zero_ms = 0;             // tick 0 of the fab's model [ms since 1970]
  std::filesystem::path plant = {};  // notice of an accelerated plant; empty: real time
  double speed = 1.0;  // site seconds a real second; not in the file: the plant says it
  std::filesystem::path start = {};  // WIP snapshot to begin with; empty: an empty fab
  Tick watermark_ms = 0;
  Tick snapshot_every_ms = 0;
  Tick stale_after_ms = 0;
  std::optional<ForecastSettings> forecast = {};
  std::optional<AdviceSettings> advice = {};
  std::optional<SecsLinks> secs = {};
  std::optional<MqttLink> mqtt = {};
  std::filesystem::path drop = {};  // watched folder; empty: none
  std::optional<Address> http = {};
  std::filesystem::path wafers = {};  // folder of wafer maps; empty: some are made up
  std::optional<ApiSettings> api = {};
  std::optional<GuardSettings> guard = {};
  std::optional<StorePlace> store = {};  // index and historian; nothing: off
};

// Paths in the file are relative to its folder. twin::core::Error with file and line.
Site read_site(const std::filesystem::path& file);  // reads the policy's file too
Site read_site(std::string_view text, const std::filesystem::path& file);

}  // namespace apps::fabtwin::serve
