#include "apps/fabtwin/serve/site.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/serve/duration.hpp"
#include "twin/core/nearest.hpp"
#include "twin/event/iso_time.hpp"
#include "twin/guard/text.hpp"
#include "twin/record/postgres.hpp"
#include "twin/sheet/sheet.hpp"

namespace apps::fabtwin::serve {
namespace {

using twin::sheet::Range;
using twin::sheet::Sheet;

std::filesystem::path beside_site(const Site& site, const std::string& path) {
  if (path.empty()) return {};
  const std::filesystem::path p(path);
  return p.is_absolute() ? p : (site.file.parent_path() / p).lexically_normal();
}

Address address(Sheet& sheet, const std::string& key, std::optional<std::string> fallback = {}) {
  const std::string text = sheet.text(key, std::move(fallback));
  const auto read = parse_address(text);
  if (!read) {
    sheet.refuse(key,
                 fmt::format("{} = \"{}\" (must be HOST:PORT) \"127.0.0.1:5000\"?", key, text));
  }
  return *read;
}

void read_basics(Sheet sheet, Site& site) {
  site.name = sheet.text("name");
  const bool plain = !site.name.empty() && std::ranges::all_of(site.name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
  if (!plain) {
    sheet.refuse("name", fmt::format("name = \"{}\" (letters, digits, - and _ only, since it "
                                     "stands in topics)",
                                     site.name));
  }
  site.data = beside_site(site, sheet.text("data"));
  site.rule = sheet.text("rule", "published");
  site.record = beside_site(site, sheet.text("record", "record"));
  site.seed = static_cast<std::uint64_t>(sheet.integer("seed", {.least = 0.0, .most = 9e15}, 1));
  if (sheet.has("time_zero")) {
    const std::string text = sheet.text("time_zero");
    const auto ms = twin::event::parse_iso_time(text);
    if (!ms) {
      sheet.refuse("time_zero", fmt::format("time_zero = \"{}\" (no time in UTC) "
                                            "\"2026-01-31T00:00:00.000Z\"?",
                                            text));
    }
    site.time_zero_ms = *ms;
  }
  site.plant = beside_site(site, sheet.text("plant", ""));
  if (site.plant.empty() && !sheet.has("time_zero")) {
    sheet.refuse("time_zero", "[site] has no 'time_zero' (it is needed where no 'plant' says it)");
  }
  site.start = beside_site(site, sheet.text("start", ""));
  sheet.finish();
}

void read_twin(Sheet sheet, Site& site) {
  site.watermark_ms = duration(sheet, "watermark", {.least = 100, .most = DayMs}, "30 s");
  site.snapshot_every_ms =
      duration(sheet, "snapshot_every", {.least = MinuteMs, .most = 30 * DayMs}, "6 h");
  site.stale_after_ms =
      duration(sheet, "stale_after", {.least = SecondMs, .most = 30 * DayMs}, "10 min");
  sheet.finish();
}

void read_forecast(Sheet sheet, Site& site) {
  ForecastSettings f;
  f.every_ms = duration(sheet, "every", {.least = SecondMs, .most = 30 * DayMs}, "1 h");
  std::vector<std::string> horizons = sheet.texts("horizons");
  if (horizons.empty()) horizons = {"1 d", "3 d", "7 d"};
  for (const std::string& text : horizons) {
    const auto ms = parse_duration(text);
    if (!ms || *ms < MinuteMs || *ms > 365 * DayMs) {
      sheet.refuse("horizons",
                   fmt::format("horizons: \"{}\" (a duration from 1 min to 365 d)", text));
    }
    f.horizons_ms.push_back(*ms);
  }
  if (!std::ranges::is_sorted(f.horizons_ms, std::less_equal<>{})) {
    sheet.refuse("horizons", "horizons (each must be longer than the one before)");
  }
  f.members =
      static_cast<std::uint32_t>(sheet.integer("members", {.least = 2.0, .most = 100'000.0}, 100));
  f.threads =
      static_cast<std::uint32_t>(sheet.integer("threads", {.least = 1.0, .most = 1'024.0}, 1));
  f.provenance = static_cast<std::uint32_t>(
      sheet.integer("provenance", {.least = 1.0, .most = 1'000'000.0}, 1'000));
  sheet.finish();
  site.forecast = std::move(f);
}

void read_advice(Sheet sheet, Site& site) {
  AdviceSettings a;
  a.every_ms = duration(sheet, "every", {.least = HourMs, .most = 30 * DayMs}, "12 h");
  a.horizon_ms = duration(sheet, "horizon", {.least = 12 * HourMs, .most = 30 * DayMs}, "72 h");
  a.stay_ms = duration(sheet, "stay", {.least = 0, .most = 3'650 * DayMs}, "60 d");
  static const std::array<std::string, 4> objectives = {"tardiness", "weighted", "hot", "cycle"};
  a.objective = sheet.choice("objective", objectives, "tardiness");
  a.rules = sheet.texts("rules");
  if (a.rules.empty()) a.rules = {"fifo", "cr", "odd", "edd"};
  a.releases = sheet.texts("releases");
  a.qualifications = sheet.texts("qualifications");
  a.late_share = sheet.number("late_share", {.least = 0.0, .most = 1.0}, 1.0);
  a.late_risk = sheet.number("late_risk", {.least = 0.001, .most = 0.999}, 0.05);
  a.menu = static_cast<std::uint32_t>(sheet.integer("menu", {.least = 2.0, .most = 1'000.0}, 20));
  a.confidence = sheet.number("confidence", {.least = 0.5, .most = 0.9999}, 0.95);
  a.worth_h = sheet.number("worth_hours", {.least = 0.0, .most = 1e6}, 0.05);
  a.budget = static_cast<std::uint64_t>(sheet.integer(
      "budget", {.least = 10.0 * a.menu, .most = 10'000'000.0}, std::max(1'000U, 10 * a.menu)));
  a.threads =
      static_cast<std::uint32_t>(sheet.integer("threads", {.least = 1.0, .most = 1'024.0}, 1));
  a.policy_file = beside_site(site, sheet.text("policy", ""));
  sheet.finish();
  a.policy = usual_policy(a.every_ms);
  site.advice = std::move(a);
}

void read_secs(Sheet sheet, Site& site) {
  SecsLinks secs;
  secs.description = beside_site(
      site, site.plant.empty() ? sheet.text("description") : sheet.text("description", ""));
  secs.define_reports = sheet.yes("define_reports", false);
  if (sheet.has("tools")) {
    for (Sheet& tool : sheet.tables("tools")) {
      SiteTool one{.name = tool.text("name"), .address = address(tool, "address")};
      if (std::ranges::any_of(secs.tools, [&](const SiteTool& t) { return t.name == one.name; })) {
        tool.refuse("name", fmt::format("name = \"{}\" (there is a tool of this name)", one.name));
      }
      tool.finish();
      secs.tools.push_back(std::move(one));
    }
  }
  sheet.finish();
  if (secs.tools.empty() && site.plant.empty()) {
    sheet.refuse("tools",
                 "[secs] has no tools (a [[secs.tools]] each, or a plant that lists them)");
  }
  site.secs = std::move(secs);
}

void read_mqtt(Sheet sheet, Site& site) {
  MqttLink mqtt;
  mqtt.broker = address(sheet, "broker", "127.0.0.1:1883");
  static const std::array<std::string, 2> versions = {"5", "3.1.1"};
  mqtt.version = sheet.choice("version", versions, "5");
  mqtt.client_id = sheet.text("client_id", "fabtwin-" + site.name);
  mqtt.user = sheet.text("user", "");
  mqtt.password_file = beside_site(site, sheet.text("password_file", ""));
  sheet.finish();
  site.mqtt = std::move(mqtt);
}

void read_wafers(Sheet sheet, Site& site) {
  site.wafers = beside_site(site, sheet.text("maps", ""));
  if (!site.wafers.empty() && !std::filesystem::is_regular_file(site.wafers / "index.csv"))
    sheet.refuse("maps", fmt::format("{} holds no index.csv (a folder of wafer maps?)",
                                     site.wafers.string()));
  sheet.finish();
}

void read_api(Sheet sheet, Site& site) {
  ApiSettings api;
  api.listen = address(sheet, "listen");
  api.certificate = beside_site(site, sheet.text("certificate", ""));
  api.key = beside_site(site, sheet.text("key", ""));
  api.clients_ca = beside_site(site, sheet.text("clients_ca", ""));
  if (api.certificate.empty() != api.key.empty())
    sheet.refuse("key", "[api] has one of certificate and key (both or none)");
  if (!api.clients_ca.empty() && api.certificate.empty())
    sheet.refuse("clients_ca",
                 "[api] has a clients_ca and no certificate of its own (TLS needs both)");
  const bool loopback = api.listen.host == "127.0.0.1" || api.listen.host == "::1";
  if (api.certificate.empty() && !loopback) {
    sheet.refuse("listen",
                 fmt::format("listen = \"{}\" (without a certificate only 127.0.0.1 or ::1 "
                             "may listen: tokens would be read on the way)",
                             to_string(api.listen)));
  }
  sheet.finish();
  site.api = std::move(api);
}

twin::guard::PublicKey key_of(Sheet& sheet, const std::string& name) {
  const std::string text = sheet.text(name);
  twin::guard::PublicKey key{};
  if (!twin::guard::read(text, key))
    sheet.refuse(name, fmt::format("{} = \"{}\" (must be 64 hexadecimal digits, the public half of "
                                   "a key) what fabtwin-guard-key public prints?",
                                   name, text.substr(0, 80)));
  return key;
}

void read_guard(Sheet sheet, Site& site) {
  GuardSettings g;
  g.socket = beside_site(site, sheet.text("socket"));
  g.key = key_of(sheet, "public_key");
  g.limits = beside_site(site, sheet.text("limits"));
  g.authority = key_of(sheet, "authority");
  g.observer = beside_site(site, sheet.text("observer"));
  g.patience_ms = duration(sheet, "patience", {.least = 100, .most = MinuteMs}, "2 s");
  g.read_back_ms = duration(sheet, "read_back", {.least = SecondMs, .most = DayMs}, "1 min");
  if (g.key == g.authority)
    sheet.refuse("authority",
                 "[guard] has one key as public_key and authority (whoever signs the limits is "
                 "another than the guard)");
  sheet.finish();
  const auto needs = [&](bool there, const char* table, const char* why) {
    if (!there) sheet.refuse("socket", fmt::format("[guard] without [{}] ({})", table, why));
  };
  needs(site.advice.has_value(), "advice", "nothing is proposed that it could send");
  needs(site.api.has_value(), "api", "nobody could approve what it sends");
  needs(site.secs.has_value(), "secs", "no tool has a line to send it by");
  site.guard = std::move(g);
}

void read_store(Sheet sheet, Site& site) {
  const std::string path = sheet.text("path", "");
  StorePlace place{.file = path.empty() ? store_beside(site.record) : beside_site(site, path),
                   .postgres = sheet.text("postgres", "")};
  if (!path.empty() && !place.postgres.empty()) {
    sheet.refuse("postgres", "[store] has a path and a postgres (it is in one of them)");
  }
  if (!place.postgres.empty() && !twin::record::has_postgres()) {
    sheet.refuse("postgres", "postgres (this program was built without libpqxx) a path?");
  }
  sheet.finish();
  if (path != "off") site.store = std::move(place);
}

}  // namespace

twin::people::Rules usual_policy(Tick every_ms) {
  using namespace twin::people;
  constexpr std::uint32_t ByHand = 4;
  const auto of = [&](const char* name) {
    return ActionClass{.name = name, .level = ByHand, .age_ms = std::max<Tick>(every_ms, 1)};
  };
  ActionClass release = of("release");
  release.kind = ActKind::Release;
  release.persons = 2;
  return {{of("rule"), of("priority"), of("hold"), release, of("start_pm"), of("shift_pm"),
           of("lot_starts"), of("qualification")}};
}

std::filesystem::path store_beside(const std::filesystem::path& record) {
  std::filesystem::path folder = record.lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  folder += ".sqlite";
  return folder;
}

std::optional<Address> parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);  // IPv6
  if (host.empty() || host.find_first_of(" \t/[]") != std::string_view::npos) return std::nullopt;
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return Address{.host = std::string(host), .port = port};
}

std::string to_string(const Address& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", v6 ? "[" : "", address.host, v6 ? "]" : "", address.port);
}

Site read_site(std::string_view text, const std::filesystem::path& file) {
  Site site;
  site.file = file;
  Sheet sheet(twin::sheet::read_toml(text, file.string()), file.string(), "");
  if (!sheet.has("site")) sheet.refuse("site", "the file has no [site] (it is needed)");
  read_basics(sheet.table("site"), site);
  read_twin(sheet.table("twin"), site);
  read_store(sheet.table("store"), site);
  if (sheet.has("forecast")) read_forecast(sheet.table("forecast"), site);
  if (sheet.has("advice")) read_advice(sheet.table("advice"), site);
  if (sheet.has("secs")) read_secs(sheet.table("secs"), site);
  if (sheet.has("mqtt")) read_mqtt(sheet.table("mqtt"), site);
  if (sheet.has("drop")) {
    Sheet drop = sheet.table("drop");
    site.drop = beside_site(site, drop.text("folder"));
    drop.finish();
  }
  if (sheet.has("http")) {
    Sheet http = sheet.table("http");
    site.http = address(http, "listen");
    http.finish();
  }
  if (sheet.has("api")) read_api(sheet.table("api"), site);
  if (sheet.has("wafers")) read_wafers(sheet.table("wafers"), site);
  if (sheet.has("guard")) read_guard(sheet.table("guard"), site);
  for (const char* key : {"site", "twin", "forecast", "advice", "secs", "mqtt", "drop", "http",
                          "api", "guard", "store", "wafers"})
    (void)sheet.table(key);
  sheet.finish();
  if (!site.secs && !site.mqtt && site.drop.empty() && !site.http) {
    sheet.refuse("", "the site has no links (one or more of [secs], [mqtt], [drop], [http])");
  }
  return site;
}

Site read_site(const std::filesystem::path& file) {
  Site site = read_site(read_text(file), file);
  if (site.advice && !site.advice->policy_file.empty()) {
    const std::filesystem::path& policy = site.advice->policy_file;
    site.advice->policy =
        twin::people::from_json<twin::people::Rules>(read_text(policy), policy.string());
  }
  return site;
}

}  // namespace apps::fabtwin::serve
