// A client of an MQTT broker (3.1.1 and 5): connects, comes back after every loss, publishes and
// receives. It runs in its caller's loop by its one socket; no thread, no lock. A thin wrap of
// libmosquitto, which is only named in mqtt.cpp.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twin::link {

enum class MqttVersion : std::uint8_t { V311, V5 };
enum class MqttSession : std::uint8_t {
  Clean,  // the broker forgets us when the line is down
  Kept,   // it keeps our subscriptions and what comes for us meanwhile
};
enum class Retain : std::uint8_t { No, Yes };
enum class Reading : std::uint8_t { No, Yes };

struct MqttTls {
  std::string ca_file = {};                   // the broker's authority; empty: no TLS
  std::string cert_file = {}, key_file = {};  // our own; empty: none
};

struct MqttSubscription {
  std::string filter = {};  // "fab/site/#"
  int qos = 1;
};

struct MqttWill {  // what the broker says when we are gone without a word
  std::string topic = {}, payload = {};
  int qos = 1;
  Retain retain = Retain::Yes;
};

struct MqttOptions {
  std::string host = "127.0.0.1";
  int port = 1883;
  std::string client_id = {};  // must be given where the session is kept
  MqttVersion version = MqttVersion::V5;
  MqttSession session = MqttSession::Clean;
  std::uint32_t session_expiry_s = 86'400;  // of a kept session under MQTT 5
  std::uint16_t keepalive_s = 20;
  std::string user = {}, password = {};
  MqttTls tls = {};
  std::optional<MqttWill> will = {};
  std::vector<MqttSubscription> subscriptions = {};  // made anew after each connect
  std::chrono::milliseconds reconnect_least{200};    // doubled each time up to
  std::chrono::milliseconds reconnect_most{10'000};
  std::uint16_t inflight_max = 100;  // published, not acknowledged
  std::size_t queued_max = 100'000;  // published while the line is down or busy
};

struct MqttMessage {
  std::string_view topic = {}, payload = {};  // valid within the call
  int qos = 0;
  Retain retained = Retain::No;  // was kept by the broker from before we subscribed
};

class Mqtt {
 public:
  // Throws core::Error for options that cannot be: a kept session without a client id, no such
  // certificate. Does not connect yet.
  explicit Mqtt(MqttOptions options);
  ~Mqtt();  // takes its leave from the broker: no will
  Mqtt(const Mqtt&) = delete;
  Mqtt& operator=(const Mqtt&) = delete;

  void on_message(std::function<void(const MqttMessage&)> call);
  void on_connected(std::function<void()> call);  // each time; subscriptions are on their way
  // The broker took over a message of QoS 1 or 2: publish()'s number.
  void on_published(std::function<void(int number)> call);

  // The message's number; nothing where too many are queued, or the topic or size cannot be.
  [[nodiscard]] std::optional<int> publish(std::string_view topic, std::string_view payload,
                                           int qos, Retain retain = Retain::No);

  [[nodiscard]] bool connected() const;
  [[nodiscard]] std::size_t queued() const;   // published and not yet taken over by the broker
  [[nodiscard]] std::string problem() const;  // why the line is down; empty where it is up

  // For the caller's poll(): -1 while there is no line.
  [[nodiscard]] int socket() const;
  [[nodiscard]] bool wants_write() const;
  // Reads and writes what can be without waiting, keeps the line alive, connects where it is time.
  // Without reading, what comes stays with the broker: back-pressure. An exception of a callback
  // comes out here. Only a host's name may have to be waited for; an IP address is not.
  void turn(Reading reading = Reading::Yes);
  // Waits on the own socket at most so long, then turn(). For callers without a loop.
  void wait(std::chrono::milliseconds most);

 private:
  struct Line;
  std::unique_ptr<Line> line_;
};

}  // namespace twin::link
