// fabtwin plant: the stand-in for a physical fab, for a twin to follow.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <thread>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/exit.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/interrupt.hpp"
#include "apps/fabtwin/real_time.hpp"
#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/serve/descriptors.hpp"
#include "apps/guard/conduit.hpp"
#include "apps/plant/mqtt_outlet.hpp"
#include "apps/plant/observer.hpp"
#include "apps/plant/plant.hpp"
#include "apps/plant/secs_outlet.hpp"
#include "apps/plant/tool_class.hpp"
#include "twin/core/error.hpp"

namespace apps::fabtwin {
namespace {

using plant::Tick;
using twin::core::Error;
using twins::fab::DayMs;
using twins::fab::HourMs;

struct PlantFlags {
  std::string folder, data, speed = "1", rule = "published", scenario, faults = "none";
  std::string tools = "per-tool", mqtt, site = "plant";
  std::string observer = "mes", observer_key, observer_socket;
  std::uint64_t seed = 1;
  std::optional<int> hsms_port;
  double until = std::numeric_limits<double>::infinity();  // [day]
  double audit_hours = 1.0, save_hours = 6.0;
};

Tick ticks_plant(double value, double unit_ms) {
  return static_cast<Tick>(std::llround(value * unit_ms));
}

double speed_of(const std::string& text) {
  if (text == "max") return 0.0;
  double speed = 0.0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), speed);
  if (failed != std::errc{} || end != text.data() + text.size() || !(speed > 0.0 && speed <= 1e6))
    throw Error("--speed " + text + " (must be above 0 and at most 1000000, or max)");
  return speed;
}

plant::Faults faults_of(const std::string& text, std::string& given) {
  given += text;
  for (const std::string_view level : plant::FaultLevels)
    if (text == level) return plant::faults_of_level(text);
  if (!std::filesystem::exists(text)) return plant::faults_of_level(text);  // says what is known
  const std::string file = read_text(text);
  given += file;
  return plant::read_faults(file, text);
}

std::pair<std::string, int> broker_of(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  int port = 0;
  if (colon != std::string::npos && colon > 0) {
    const auto [end, failed] =
        std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
    if (failed != std::errc{} || end != text.data() + text.size()) port = 0;
  }
  if (port < 1 || port > 65'535) throw Error("--mqtt " + text + " (must be host:port)");
  return {text.substr(0, colon), port};
}

// What is going on, once a second on a terminal.
class Picture {
 public:
  void show(const plant::Plant& p, const plant::SecsOutlet* secs, const plant::MqttOutlet* mqtt) {
    if (!visible_ || line_ms() < next_) return;
    next_ = line_ms() + 1000;
    const auto& site = p.site();
    std::string line =
        fmt::format("plant  day {:.3f}  {} lots  {} messages",
                    static_cast<double>(site.now()) / DayMs, site.fab().state().wip, p.told());
    if (secs != nullptr)
      line += fmt::format("  {} of {} lines", secs->selected(), secs->doors().size());
    if (mqtt != nullptr)
      line += fmt::format("  MQTT {} ({} kept)", mqtt->connected() ? "up" : "down", mqtt->kept());
    fmt::print(stderr, "\r{}\x1b[K", line);
    std::fflush(stderr);
  }
  Picture() = default;
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;
  ~Picture() {
    if (visible_) fmt::print(stderr, "\r\x1b[K");
  }

 private:
  bool visible_ = ::isatty(STDERR_FILENO) == 1;
  Tick next_ = 0;
};

Exit run_plant(const PlantFlags& flags) {
  plant::PlantOptions o;
  o.folder = flags.folder;
  o.data = flags.data;
  const bool links = flags.hsms_port.has_value() || !flags.mqtt.empty();
  std::pair<std::string, int> broker;
  or_fail(Exit::Usage, [&] {
    o.speed = speed_of(flags.speed);
    if (o.speed <= 0.0 && links)
      throw Error("--speed max with --hsms-port or --mqtt (a twin could not keep the time)");
    if (!flags.mqtt.empty()) broker = broker_of(flags.mqtt);
    if (flags.hsms_port && (*flags.hsms_port < 0 || *flags.hsms_port > 65'535))
      throw Error(fmt::format("--hsms-port {} (must be 0 to 65535)", *flags.hsms_port));
    if (!(flags.until > 0.0)) throw Error(fmt::format("--until {} (must be above 0)", flags.until));
    if (!(flags.save_hours > 0.0 && flags.audit_hours >= 0.0))
      throw Error("--save-hours must be above 0, --audit-hours at least 0");
    if (flags.observer_key.empty() != flags.observer_socket.empty())
      throw Error("--observer-key and --observer-socket (both or none)");
  });
  const auto options = or_fail(Exit::Usage, [&] { return twins::fab::with_rule({}, flags.rule); });
  const auto layout =
      or_fail(Exit::BadInput, [&] { return twins::fab::compile(read_fab(flags.data), options); });
  o.site.fab.seed = flags.seed;
  o.site.fab.rule = flags.rule;
  o.site.links = flags.tools == "per-tool" ? plant::Links::PerTool : plant::Links::PerGroup;
  o.site.audit_every = ticks_plant(flags.audit_hours, HourMs);
  o.save_every = ticks_plant(flags.save_hours, HourMs);
  or_fail(Exit::BadInput, [&] {
    if (!flags.scenario.empty()) {
      o.given = read_text(flags.scenario);
      o.site.fab.scenario = plant::read_scenario(o.given, flags.scenario, *layout);
    }
    o.site.faults = faults_of(flags.faults, o.given);
  });
  const Tick until =
      std::isfinite(flags.until) ? ticks_plant(flags.until, DayMs) : twin::core::Never;

  const auto p = or_fail(Exit::BadInput, [&] {
    return std::make_unique<plant::Plant>(layout, std::move(o), real_ms());
  });
  plant::SecsOutlet* secs = nullptr;
  plant::MqttOutlet* mqtt = nullptr;
  std::unique_ptr<plant::Observer> observer;
  if (!flags.observer_key.empty()) {
    observer = or_fail(Exit::BadInput, [&] {
      return std::make_unique<plant::Observer>(
          flags.observer_socket,
          plant::Observer::Options{
              .name = flags.observer,
              .seed = guard::read_seed(flags.observer_key),
              .see = [&p](const plant::Look& look) { return sight_of(p->site().fab(), look); }});
    });
  }
  const auto obey = [&p](const plant::Command& c) { return p->obey(c); };
  plant::Notice& notice = p->notice();
  if (flags.hsms_port) {
    (void)serve::allow_descriptors();
    auto outlet = std::make_unique<plant::SecsOutlet>(
        p->site().sources(), p->site().fab().names(),
        plant::SecsOutlet::Options{
            .port = static_cast<std::uint16_t>(*flags.hsms_port),
            .line_time = line_ms,
            .plant_time = [&notice] { return notice.time_zero_ms + notice.at(real_ms()); },
            .obey = obey,
            .status =
                [&p](std::uint32_t source) { return plant::tool_status(p->site(), source); }});
    secs = outlet.get();
    write_file(p->folder() / "tools.toml", plant::tool_class_text());
    notice.description = "tools.toml";
    notice.tools = secs->doors();
    p->add(std::move(outlet));
  }
  if (!flags.mqtt.empty()) {
    auto outlet =
        std::make_unique<plant::MqttOutlet>(p->site().sources(), p->site().fab().names(),
                                            plant::MqttOutlet::Options{.host = broker.first,
                                                                       .port = broker.second,
                                                                       .site = flags.site,
                                                                       .line_time = line_ms,
                                                                       .obey = obey});
    mqtt = outlet.get();
    notice.broker = flags.mqtt;
    notice.mes_topic = mqtt->event_topic();
    notice.ack_topic = mqtt->ack_topic();
    notice.command_topic = mqtt->command_topic();
    p->add(std::move(outlet));
  }
  p->announce();
  if (::isatty(STDERR_FILENO) == 0)
    fmt::print("plant: {} in {}, seed {}, {}\n", p->taken_up() ? "taken up" : "begun", flags.folder,
               flags.seed, title_of(*layout));
  std::fflush(stdout);

  const Interrupt interrupt;
  Picture picture;
  constexpr std::chrono::milliseconds Beat{5};
  constexpr Tick HeardWithinMs = 3'000;
  while (!interrupt.asked() && p->turn(real_ms(), until, Beat)) {
    if (observer) observer->turn();
    picture.show(*p, secs, mqtt);
    if (!links && flags.speed != "max") std::this_thread::sleep_for(Beat);
  }
  // What has been said is given the time to be heard, as long as somebody hears.
  std::size_t waiting = p->site().wire().waiting();
  Tick heard = line_ms();
  while (links && !interrupt.asked() && p->listen(Beat)) {
    if (p->site().wire().waiting() < waiting) heard = line_ms();
    waiting = std::min(waiting, p->site().wire().waiting());
    if (line_ms() - heard > HeardWithinMs) break;
  }
  p->stop();
  return interrupt.asked() ? Exit::Interrupted : Exit::Ok;
}

}  // namespace

void add_plant(Command& program) {
  const auto flags = std::make_shared<PlantFlags>();
  Command& command = program.add_command(
      "plant", "Stand in for a physical fab: real or accelerated time, HSMS tools, MQTT, faults");
  command.add_option("DIR", flags->folder, "the plant's folder: begun, or taken up where it is")
      .required();
  command.add_option("--data", flags->data, "the fab: a folder in the SMT2020 form")
      .required()
      .type_name("FAB");
  command.add_option("--speed", flags->speed, "plant seconds a second, or max: as fast as it goes")
      .shows_default()
      .type_name("N|max");
  command
      .add_option("--seed", flags->seed,
                  "of the hidden parameters, the plant's luck and the faults")
      .shows_default()
      .within(0, 9'000'000'000'000'000);
  command.add_option("--rule", flags->rule, "dispatching rule, see fabtwin rules").shows_default();
  command.add_option("--scenario", flags->scenario, "what befalls the plant: a TOML file")
      .type_name("FILE");
  command
      .add_option("--faults", flags->faults,
                  "what goes wrong on the lines: none, light, heavy, or a TOML file")
      .shows_default()
      .type_name("LEVEL|FILE");
  command.add_option("--tools", flags->tools, "a line and a source per tool or per tool group")
      .shows_default()
      .type_name("per-tool|per-group")
      .one_of({"per-tool", "per-group"});
  command
      .add_option("--hsms-port", flags->hsms_port,
                  "tools speak HSMS: the first listens here, the others on the next ports; 0: any "
                  "free ones, see DIR/plant.toml")
      .type_name("PORT");
  command.add_option("--mqtt", flags->mqtt, "lot moves go to this broker").type_name("HOST:PORT");
  command.add_option("--site", flags->site, "its name in the topics: fab/<site>/...")
      .shows_default();
  command
      .add_option("--observer-key", flags->observer_key,
                  "an observer reads the tools for a guard, and signs with this key "
                  "(fabtwin-guard-key)")
      .type_name("FILE");
  command.add_option("--observer-socket", flags->observer_socket, "where it is asked")
      .type_name("PATH");
  command.add_option("--observer", flags->observer, "its name in the guard's limits")
      .shows_default();
  command.add_option("--until", flags->until, "end at this plant time [day]; default: never");
  command
      .add_option("--audit-hours", flags->audit_hours,
                  "write the hash of the true view down every so many plant hours; 0: never")
      .shows_default();
  command.add_option("--save-hours", flags->save_hours, "save every so many plant hours")
      .shows_default();
  command.footer(
      "Examples:\n"
      "  fabtwin plant here --data data/example-fab --speed max --until 7\n"
      "  fabtwin plant here --data data/example-fab --speed 60 --hsms-port 5000 "
      "--mqtt 127.0.0.1:1883\n"
      "  fabtwin plant here --data data/example-fab --faults heavy --scenario bad-week.toml");
  command.action([flags] { return run_plant(*flags); });
}

}  // namespace apps::fabtwin
