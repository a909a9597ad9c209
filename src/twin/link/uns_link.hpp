// Canonical events over MQTT, end to end: the link reads a site's namespace, hands messages to the
// door and tells their sources which numbers are durable; the source keeps each until then and says
// it again. So nothing is lost where the broker forgets, dies or acknowledges too early.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/event/names.hpp"
#include "twin/link/door.hpp"
#include "twin/link/mqtt.hpp"
#include "twin/link/sink.hpp"
#include "twin/link/uns.hpp"

namespace twin::link {

// The twin's side.
class UnsLink {
 public:
  struct Options {
    std::string site = {};
    std::string prefix = "mqtt/";  // before "src", as the source's name
    PayloadLimits limits = {};
    // Our clock, asked when a message comes [ms since 1970]. Without it messages arrive when turn()
    // says: whoever lets the client turn in between, or waits before it, must give it.
    std::function<core::Tick()> now = {};
    core::Tick ask_again_ms = 5'000;        // a gap that stays is asked for again after this,
    core::Tick ask_again_ms_max = 300'000;  // then after twice as long each time, up to this
  };
  // The client, which must subscribe filter(site), and the door must outlive the link.
  UnsLink(Mqtt& mqtt, Door& door, Options options);
  [[nodiscard]] static std::string filter(const std::string& site);  // "fab/north/#"

  // Reads what came, unless the door is full, answers, asks for what is missing.
  void turn(core::Tick now);

  [[nodiscard]] std::uint64_t unreadable() const { return unreadable_; }
  [[nodiscard]] std::uint64_t asked() const { return asked_; }  // requests to send again

 private:
  struct Asked {
    core::Tick next = 0;
    core::Tick pause = 0;
  };
  void receive(const MqttMessage& message);
  void acknowledge(const std::string& source, std::uint32_t epoch, std::uint64_t seq);
  void send_acks();
  void ask(core::Tick now);

  Mqtt& mqtt_;
  Door& door_;
  Options options_;
  event::Names names_;
  core::Tick now_ = 0;
  core::Tick looked_ = 0;      // for gaps, last
  std::vector<Numbers> acks_;  // durable and not said yet
  std::map<std::tuple<std::string, std::uint32_t, std::uint64_t>, Asked> asked_for_;
  std::uint64_t unreadable_ = 0, asked_ = 0;
};

// A source's side: keeps what it said until the twin has it. Used by the plant and by tests.
class UnsSource {
 public:
  struct Options {
    std::string site = {};
    std::string src = {};  // "mes"
    std::uint32_t epoch = 1;
    std::uint64_t first_seq = 1;
    core::Tick again_ms = 3'000;      // what is not acknowledged is said again after this
    std::size_t at_once_max = 1'000;  // messages said again in one turn
  };
  // The client, which must subscribe filter(), must outlive it.
  UnsSource(Mqtt& mqtt, Options options);
  [[nodiscard]] static std::string filter(const std::string& site, const std::string& src);

  // Says it under the next number, which it answers. The event's names are in `names`.
  std::uint64_t say(const event::Event& e, const event::Names& names, std::string_view area,
                    core::Tick now);
  void turn(core::Tick now);
  [[nodiscard]] std::size_t kept() const { return kept_.size(); }  // not acknowledged yet
  [[nodiscard]] std::uint64_t next_seq() const { return next_seq_; }

 private:
  struct Said {
    std::string topic = {}, payload = {};
    core::Tick at = 0;  // last
  };
  void receive(const MqttMessage& message);
  void say_again(Said& said);

  Mqtt& mqtt_;
  Options options_;
  std::uint64_t next_seq_;
  core::Tick now_ = 0;
  std::map<std::uint64_t, Said> kept_;  // by number
};

}  // namespace twin::link
