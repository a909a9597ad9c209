// If these failed, a site's settings would be taken for others than the ones written down, and a twin
// would follow the wrong fab, or a right one over no line.
#include "apps/fabtwin/serve/site.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/record/postgres.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin::serve {
namespace {

constexpr const char* Whole = R"(
[site]
name = "north-1"
data = "../fab"
record = "rec"
time_zero = "2026-01-31T00:00:00.000Z"
start = "wip.csv"
rule = "cr"
seed = 7

[twin]
watermark = "5 s"
snapshot_every = "1 h"
stale_after = "2 min"

[forecast]
every = "30 min"
horizons = ["1 d", "3 d"]
members = 50
threads = 2
provenance = 12

[secs]
description = "tools/litho.toml"
[[secs.tools]]
name = "LITHO_01"
address = "127.0.0.1:5001"
[[secs.tools]]
name = "LITHO_02"
address = "[::1]:5002"

[mqtt]
broker = "127.0.0.1:1884"
version = "3.1.1"

[drop]
folder = "in"

[store]
path = "looked-up.sqlite"

[advice]
every = "8 h"
horizon = "48 h"
objective = "weighted"
rules = ["fifo", "odd"]
menu = 12
confidence = 0.9
worth_hours = 0.2
stay = "30 d"
releases = ["usual", "conwip=60"]
qualifications = ["usual"]
late_share = 0.02
late_risk = 0.1
budget = 500
threads = 2

[api]
listen = "0.0.0.0:8443"
certificate = "tls/twin.pem"
key = "tls/twin.key"

[http]
listen = "127.0.0.1:8080"
)";

const std::string KeyA(64, 'a'), KeyB(64, 'b');

std::string with_guard(const std::string& lines) {
  return std::string(Whole) + "\n[guard]\n" + lines;
}

TEST(Site, ReadsItsGuard) {
  const std::string all = "socket = \"run/guard\"\npublic_key = \"" + KeyA +
                          "\"\nlimits = \"/etc/limits.signed\"\nauthority = \"" + KeyB +
                          "\"\nobserver = \"run/observer\"\n";
  const Site s = read_site(with_guard(all + "patience = \"500 ms\"\nread_back = \"2 min\"\n"),
                           "sites/north/site.toml");
  ASSERT_TRUE(s.guard);
  EXPECT_EQ(s.guard->socket, "sites/north/run/guard");
  EXPECT_EQ(s.guard->limits, "/etc/limits.signed");
  EXPECT_EQ(s.guard->observer, "sites/north/run/observer");
  EXPECT_EQ(s.guard->key[0], 0xaa);
  EXPECT_EQ(s.guard->authority[31], 0xbb);
  EXPECT_EQ(s.guard->patience_ms, 500);
  EXPECT_EQ(s.guard->read_back_ms, 120'000);
  const auto refused = [](const std::string& lines) {
    return twin::contract::refusal([&] { (void)read_site(with_guard(lines), "s.toml"); });
  };
  const auto without = [&](const std::string& key) {
    std::string left = all;
    const std::size_t at = left.find(key + " = ");
    return left.erase(at, left.find('\n', at) + 1 - at);
  };
  for (const char* key : {"socket", "public_key", "limits", "authority", "observer"})
    EXPECT_NE(refused(without(key)).find("[guard] has no '" + std::string(key) + "'"),
              std::string::npos)
        << refused(without(key));
  EXPECT_NE(refused(without("public_key") + "public_key = \"" + KeyA + "0\"\n")
                .find("0\" (must be 64 hexadecimal digits, the public half of a key) what "
                      "fabtwin-guard-key public prints?"),
            std::string::npos);
  EXPECT_NE(refused(without("authority") + "authority = \"" + KeyA + "\"\n")
                .find("[guard] has one key as public_key and authority (whoever signs the limits "
                      "is another than the guard)"),
            std::string::npos);
  const auto lacking = [&](const std::string& table) {
    std::string text = with_guard(all);
    const std::size_t at = text.find("\n[" + table + "]");
    text.erase(at + 1, text.find("\n[", at + 2) - at);
    return twin::contract::refusal([&] { (void)read_site(text, "s.toml"); });
  };
  EXPECT_NE(
      lacking("advice").find("[guard] without [advice] (nothing is proposed that it could send)"),
      std::string::npos)
      << lacking("advice");
  EXPECT_NE(lacking("api").find("[guard] without [api] (nobody could approve what it sends)"),
            std::string::npos)
      << lacking("api");
}

TEST(Site, ReadsAllThatCanBeSaid) {
  const Site s = read_site(Whole, "sites/north/site.toml");
  EXPECT_EQ(s.name, "north-1");
  EXPECT_EQ(s.data, "sites/fab");
  EXPECT_EQ(s.record, "sites/north/rec");
  EXPECT_EQ(s.start, "sites/north/wip.csv");
  EXPECT_EQ(s.rule, "cr");
  EXPECT_EQ(s.seed, 7U);
  EXPECT_EQ(s.time_zero_ms, 1'769'817'600'000);
  EXPECT_EQ(s.watermark_ms, 5'000);
  EXPECT_EQ(s.snapshot_every_ms, 3'600'000);
  EXPECT_EQ(s.stale_after_ms, 120'000);
  ASSERT_TRUE(s.forecast);
  EXPECT_EQ(s.forecast->every_ms, 1'800'000);
  EXPECT_EQ(s.forecast->horizons_ms, (std::vector<Tick>{86'400'000, 259'200'000}));
  EXPECT_EQ(s.forecast->members, 50U);
  EXPECT_EQ(s.forecast->threads, 2U);
  EXPECT_EQ(s.forecast->provenance, 12U);
  ASSERT_TRUE(s.advice);
  EXPECT_EQ(s.advice->every_ms, 8 * 3'600'000);
  EXPECT_EQ(s.advice->horizon_ms, 48 * 3'600'000);
  EXPECT_EQ(s.advice->objective, "weighted");
  EXPECT_EQ(s.advice->rules, (std::vector<std::string>{"fifo", "odd"}));
  EXPECT_EQ(s.advice->releases, (std::vector<std::string>{"usual", "conwip=60"}));
  EXPECT_EQ(s.advice->qualifications, (std::vector<std::string>{"usual"}));
  EXPECT_EQ(s.advice->late_share, 0.02);
  EXPECT_EQ(s.advice->late_risk, 0.1);
  EXPECT_EQ(s.advice->menu, 12U);
  EXPECT_EQ(s.advice->worth_h, 0.2);
  EXPECT_EQ(s.advice->stay_ms, Tick{30} * 86'400'000);
  EXPECT_EQ(s.advice->budget, 500U);
  ASSERT_NE(s.advice->policy.find("rule"), nullptr);
  EXPECT_LT(s.advice->policy.find("rule")->level, twin::people::SentOnApproval);  // by hand
  ASSERT_TRUE(s.api);
  EXPECT_EQ(to_string(s.api->listen), "0.0.0.0:8443");
  EXPECT_EQ(s.api->certificate, "sites/north/tls/twin.pem");
  ASSERT_TRUE(s.store);
  EXPECT_EQ(s.store->file, "sites/north/looked-up.sqlite");
  ASSERT_TRUE(s.secs);
  EXPECT_EQ(s.secs->description, "sites/north/tools/litho.toml");
  ASSERT_EQ(s.secs->tools.size(), 2U);
  EXPECT_EQ(s.secs->tools[1].name, "LITHO_02");
  EXPECT_EQ(to_string(s.secs->tools[1].address), "[::1]:5002");
  ASSERT_TRUE(s.mqtt);
  EXPECT_EQ(to_string(s.mqtt->broker), "127.0.0.1:1884");
  EXPECT_EQ(s.mqtt->version, "3.1.1");
  EXPECT_EQ(s.drop, "sites/north/in");
  ASSERT_TRUE(s.http);
  EXPECT_EQ(s.http->port, 8080);
}

TEST(Site, HasFallbacksForWhatIsNotSaid) {
  const Site s = read_site(
      "[site]\nname = \"a\"\ndata = \"/fab\"\nplant = \"plant/plant.toml\"\n[secs]\n"
      "description = \"t.toml\"\n[forecast]\n",
      "site.toml");
  EXPECT_EQ(s.record, "record");
  EXPECT_EQ(s.plant, "plant/plant.toml");
  EXPECT_EQ(s.watermark_ms, 30'000);
  EXPECT_EQ(s.forecast->members, 100U);
  EXPECT_EQ(s.forecast->horizons_ms.size(), 3U);
  EXPECT_FALSE(s.mqtt);
  EXPECT_FALSE(s.http);
  EXPECT_EQ(s.forecast->provenance, 1'000U);
  ASSERT_TRUE(s.store);
  EXPECT_EQ(s.store->file, "record.sqlite");
  EXPECT_EQ(s.store->postgres, "");
}

TEST(Site, SaysWhereTheStoreIsOrThatThereIsNone) {
  const std::string text =
      "[site]\nname = \"a\"\ndata = \"/fab\"\nplant = \"plant.toml\"\n[http]\n"
      "listen = \"127.0.0.1:0\"\n[store]\n";
  EXPECT_FALSE(read_site(text + "path = \"off\"\n", "s.toml").store);
  EXPECT_EQ(store_beside("a/record/"), "a/record.sqlite");
  EXPECT_EQ(store_beside("/record"), "/record.sqlite");
  if (twin::record::has_postgres()) {
    EXPECT_EQ(read_site(text + "postgres = \"dbname=x\"\n", "s.toml").store->postgres, "dbname=x");
    EXPECT_EQ(twin::contract::refusal([&] {
                (void)read_site(text + "postgres = \"dbname=x\"\npath = \"b\"\n", "s.toml");
              }),
              "s.toml:8: [store] has a path and a postgres (it is in one of them)");
  } else {
    EXPECT_EQ(twin::contract::refusal(
                  [&] { (void)read_site(text + "postgres = \"dbname=x\"\n", "s.toml"); }),
              "s.toml:8: postgres (this program was built without libpqxx) a path?");
  }
}

TEST(Site, LetsNobodySendTokensInTheClear) {
  const std::string text =
      "[site]\nname = \"a\"\ndata = \"/fab\"\nplant = \"plant.toml\"\n[http]\n"
      "listen = \"127.0.0.1:0\"\n[api]\n";
  EXPECT_TRUE(read_site(text + "listen = \"127.0.0.1:0\"\n", "s.toml").api);
  const auto refusal = [&](const char* more) {
    return twin::contract::refusal([&] { (void)read_site(text + more, "s.toml"); });
  };
  EXPECT_EQ(refusal("listen = \"0.0.0.0:8443\"\n"),
            "s.toml:8: listen = \"0.0.0.0:8443\" (without a certificate only 127.0.0.1 or ::1 may "
            "listen: tokens would be read on the way)");
  EXPECT_EQ(refusal("listen = \"127.0.0.1:0\"\nkey = \"k\"\n"),
            "s.toml:9: [api] has one of certificate and key (both or none)");
}

TEST(Site, TakesThePolicyOfItsFile) {
  const twin::record::ScratchFolder folder("site_policy");
  const std::string file = folder / "site.toml", policy = folder / "policy.json";
  std::ofstream(file) << "[site]\nname = \"a\"\ndata = \"/fab\"\nplant = \"plant.toml\"\n[http]\n"
                         "listen = \"127.0.0.1:0\"\n[advice]\npolicy = \"policy.json\"\n";
  twin::people::Rules rules;
  rules.classes = {{.name = "rule", .persons = 2, .level = 4}};
  std::ofstream(policy) << twin::people::to_json(rules);
  EXPECT_EQ(read_site(std::filesystem::path(file)).advice->policy, rules);
  std::ofstream(policy) << "{}";
  EXPECT_NE(twin::contract::refusal([&] {
              (void)read_site(std::filesystem::path(file));
            }).find("policy.json"),
            std::string::npos);
}

TEST(Site, AdvisesTwiceADayWhereNothingElseIsSaid) {
  const std::string text =
      "[site]\nname = \"a\"\ndata = \"/fab\"\nplant = \"plant.toml\"\n[http]\n"
      "listen = \"127.0.0.1:0\"\n[advice]\n";
  const Site s = read_site(text, "s.toml");
  EXPECT_EQ(s.advice->every_ms, 12 * 3'600'000);
  EXPECT_EQ(s.advice->rules.size(), 4U);
  EXPECT_NE(twin::contract::refusal([&] {
              (void)read_site(text + "menu = 100\nbudget = 20\n", "s.toml");
            }).find("budget"),
            std::string::npos);
}

TEST(Site, RefusesWithTheLine) {
  const std::string basics = "[site]\nname = \"a\"\ndata = \"fab\"\ntime_zero = \"2026-01-31\"\n";
  const std::string good =
      "[site]\nname = \"a\"\ndata = \"fab\"\ntime_zero = \"2026-01-31T00:00:00.000Z\"\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "s.toml:1: the file has no [site] (it is needed)"},
      {"[site]\nname = \"a b\"\ndata = \"x\"",
       "s.toml:2: name = \"a b\" (letters, digits, - and _ only, since it stands in topics)"},
      {"[site]\nname = \"a\"\n", "s.toml:1: [site] has no 'data' (it is needed)"},
      {"[site]\nname = \"a\"\ndata = \"x\"\n",
       "s.toml:1: [site] has no 'time_zero' (it is needed where no 'plant' says it)"},
      {basics,
       "s.toml:4: time_zero = \"2026-01-31\" (no time in UTC) \"2026-01-31T00:00:00.000Z\"?"},
      {good, "s.toml:1: the site has no links (one or more of [secs], [mqtt], [drop], [http])"},
      {good + "[sec]\n",
       "s.toml:5: unknown key 'sec' (the file has no such key) did you mean secs?"},
      {good + "[mqtt]\nbroker = \"host\"",
       "s.toml:6: broker = \"host\" (must be HOST:PORT) \"127.0.0.1:5000\"?"},
      {good + "[mqtt]\nversion = \"4\"", "s.toml:6: version = \"4\" (one of 5, 3.1.1)"},
      {good + "[secs]\ndescription = \"d\"",
       "s.toml:5: [secs] has no tools (a [[secs.tools]] each, or a plant that lists them)"},
      {good + "[secs]\ndescription = \"d\"\n[[secs.tools]]\nname = \"A\"\naddress = \"h:1\"\n"
              "[[secs.tools]]\nname = \"A\"\naddress = \"h:2\"\n",
       "s.toml:11: name = \"A\" (there is a tool of this name)"},
      {good + "[forecast]\nhorizons = [\"3 d\", \"1 d\"]",
       "s.toml:6: horizons (each must be longer than the one before)"},
      {good + "[forecast]\nhorizons = [\"3 days\"]",
       "s.toml:6: horizons: \"3 days\" (a duration from 1 min to 365 d)"},
      {good + "[forecast]\nmembers = 1", "s.toml:6: members = 1 (must be from 2 to 100000)"},
  };
  for (const auto& [text, message] : cases) {
    EXPECT_EQ(twin::contract::refusal([&] { (void)read_site(text, "s.toml"); }), message) << text;
  }
}

TEST(Address, IsHostAndPort) {
  EXPECT_EQ(parse_address("localhost:80"), (Address{.host = "localhost", .port = 80}));
  EXPECT_EQ(parse_address("[::1]:80"), (Address{.host = "::1", .port = 80}));
  for (const char* bad :
       {"", "host", ":80", "host:", "host:x", "host:65536", "a b:1", "[]:1", "host:-1"})
    EXPECT_FALSE(parse_address(bad)) << bad;
}

}  // namespace
}  // namespace apps::fabtwin::serve
