// The only file that names libmosquitto. Its own clock is for reconnecting alone: no message's time
// comes from here.
#include "twin/link/mqtt.hpp"

#include <fmt/format.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <exception>
#include <filesystem>
#include <limits>
#include <unordered_map>
#include <utility>

#include "twin/core/error.hpp"

namespace twin::link {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int PacketsPerTurn = 1'000;

void must_exist(const std::string& file, const char* what) {
  if (!file.empty() && !std::filesystem::is_regular_file(file))
    throw core::Error(fmt::format("MQTT: the {} '{}' (there is no such file)", what, file));
}

void check(const MqttOptions& o) {
  if (o.host.empty()) throw core::Error("MQTT: no host is given");
  if (o.port < 1 || o.port > 65'535)
    throw core::Error(fmt::format("MQTT: port {} (1 to 65535)", o.port));
  if (o.session == MqttSession::Kept && o.client_id.empty())
    throw core::Error("MQTT: a kept session needs a client id, by which the broker knows us again");
  if (o.user.empty() && !o.password.empty()) throw core::Error("MQTT: a password without a user");
  must_exist(o.tls.ca_file, "certificate of the authority");
  must_exist(o.tls.cert_file, "certificate");
  must_exist(o.tls.key_file, "key");
  if (o.tls.cert_file.empty() != o.tls.key_file.empty())
    throw core::Error("MQTT: a certificate and its key go together");
  if (o.tls.ca_file.empty() && !o.tls.cert_file.empty())
    throw core::Error("MQTT: a certificate without the authority that the broker is known by");
  for (const MqttSubscription& s : o.subscriptions) {
    if (s.qos < 0 || s.qos > 2 || mosquitto_sub_topic_check(s.filter.c_str()) != MOSQ_ERR_SUCCESS)
      throw core::Error(fmt::format(
          "MQTT: the subscription '{}' with QoS {} (a filter, and 0 to 2)", s.filter, s.qos));
  }
  if (o.will && (o.will->qos < 0 || o.will->qos > 2 ||
                 mosquitto_pub_topic_check(o.will->topic.c_str()) != MOSQ_ERR_SUCCESS))
    throw core::Error(
        fmt::format("MQTT: the will's topic '{}' with QoS {} (a topic without wildcards, "
                    "and 0 to 2)",
                    o.will->topic, o.will->qos));
}

// Whether a host takes TCP connections at a port, asked without waiting: the library's own way to
// connect with properties waits for as long as the network likes.
class Probe {
 public:
  enum class Reach { Waiting, Yes, No };

  Probe() = default;
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;
  ~Probe() { stop(); }

  void start(const std::string& host, int port) {
    stop();
    addrinfo wanted{}, *found = nullptr;
    wanted.ai_socktype = SOCK_STREAM;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0) return;
    fd_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd_ >= 0 && ::connect(fd_, found->ai_addr, found->ai_addrlen) != 0 && errno != EINPROGRESS)
      stop();
    ::freeaddrinfo(found);
  }
  void stop() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  Reach reach() {
    if (fd_ < 0) return Reach::No;
    pollfd p{.fd = fd_, .events = POLLOUT, .revents = 0};
    if (::poll(&p, 1, 0) == 0) return Reach::Waiting;
    int error = 0;
    socklen_t length = sizeof error;
    const bool asked = ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &length) == 0;
    stop();
    return asked && error == 0 ? Reach::Yes : Reach::No;
  }

 private:
  int fd_ = -1;
};

}  // namespace

struct Mqtt::Line {
  struct Outgoing {
    int number = 0;
    std::string topic = {}, payload = {};
    int qos = 0;
    Retain retain = Retain::No;
  };

  MqttOptions options;
  mosquitto* client = nullptr;
  bool up = false;
  std::string problem = "not connected yet";
  Clock::time_point next_try = Clock::now();
  std::chrono::milliseconds pause{0};
  Probe probe;
  bool probing = false;
  bool refused = false;  // by the broker, with a reason, which stays `problem`
  int last_number = 0;
  std::deque<Outgoing> waiting;            // not handed to the library yet
  std::unordered_map<int, int> under_way;  // the library's number -> ours
  std::function<void(const MqttMessage&)> on_message;
  std::function<void()> on_connected;
  std::function<void(int)> on_published;
  std::exception_ptr thrown;  // by a callback: none may pass through the library

  explicit Line(MqttOptions o) : options(std::move(o)) {
    check(options);
    mosquitto_lib_init();
    client =
        mosquitto_new(options.client_id.empty() ? nullptr : options.client_id.c_str(),
                      options.session == MqttSession::Clean || options.client_id.empty(), this);
    if (client == nullptr) {
      mosquitto_lib_cleanup();
      throw core::Error("MQTT: no client can be made (out of memory, or a bad client id)");
    }
    configure();
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  ~Line() {
    if (up) {
      mosquitto_disconnect(client);
      mosquitto_loop_write(client, 1);
    }
    mosquitto_destroy(client);
    mosquitto_lib_cleanup();
  }

  static Line& of(void* line) { return *static_cast<Line*>(line); }

  template <class F>
  void call(F f) {
    if (thrown) return;
    try {
      f();
    } catch (...) {
      thrown = std::current_exception();
    }
  }

  void configure() {
    const bool v5 = options.version == MqttVersion::V5;
    mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION,
                         v5 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311);
    mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_max_inflight_messages_set(client, options.inflight_max);
    if (!options.user.empty())
      mosquitto_username_pw_set(client, options.user.c_str(), options.password.c_str());
    if (!options.tls.ca_file.empty()) {
      const auto file = [](const std::string& f) { return f.empty() ? nullptr : f.c_str(); };
      const int rc =
          mosquitto_tls_set(client, options.tls.ca_file.c_str(), nullptr,
                            file(options.tls.cert_file), file(options.tls.key_file), nullptr);
      if (rc != MOSQ_ERR_SUCCESS)
        throw core::Error(fmt::format("MQTT: TLS cannot be set up ({})", mosquitto_strerror(rc)));
    }
    if (options.will) {
      mosquitto_will_set(
          client, options.will->topic.c_str(), static_cast<int>(options.will->payload.size()),
          options.will->payload.data(), options.will->qos, options.will->retain == Retain::Yes);
    }
    mosquitto_connect_callback_set(client,
                                   [](mosquitto*, void* line, int rc) { of(line).connected(rc); });
    mosquitto_disconnect_callback_set(client, [](mosquitto*, void* line, int rc) {
      of(line).lost(rc == 0 ? "the line was closed" : mosquitto_strerror(rc));
    });
    mosquitto_publish_callback_set(
        client, [](mosquitto*, void* line, int mid) { of(line).published(mid); });
    mosquitto_message_callback_set(
        client, [](mosquitto*, void* line, const mosquitto_message* m) { of(line).received(*m); });
  }

  void connected(int rc) {
    if (rc != 0) {
      problem = options.version == MqttVersion::V5 ? mosquitto_reason_string(rc)
                                                   : mosquitto_connack_string(rc);
      refused = true;
      return;  // the broker closes the line
    }
    up = true;
    problem.clear();
    pause = std::chrono::milliseconds(0);
    for (const MqttSubscription& s : options.subscriptions)
      mosquitto_subscribe(client, nullptr, s.filter.c_str(), s.qos);
    if (on_connected) call(on_connected);
  }

  void lost(const char* why) {
    if (!std::exchange(refused, false)) problem = why;
    up = false;
    pause = std::clamp(2 * pause, options.reconnect_least, options.reconnect_most);
    next_try = Clock::now() + pause;
  }

  void published(int mid) {
    const auto found = under_way.find(mid);
    if (found == under_way.end()) return;
    const int number = found->second;
    under_way.erase(found);
    if (on_published) call([&] { on_published(number); });
  }

  void received(const mosquitto_message& m) {
    if (!on_message) return;
    const MqttMessage message{
        .topic = m.topic,
        .payload = {static_cast<const char*>(m.payload), static_cast<std::size_t>(m.payloadlen)},
        .qos = m.qos,
        .retained = m.retain ? Retain::Yes : Retain::No};
    call([&] { on_message(message); });
  }

  bool needs_properties() const {
    return options.version == MqttVersion::V5 && options.session == MqttSession::Kept;
  }

  void connect() {
    next_try = Clock::now() + options.reconnect_most;  // unless it is lost before
    if (needs_properties()) {
      probing = true;
      return probe.start(options.host, options.port);
    }
    connected_by(
        mosquitto_connect_async(client, options.host.c_str(), options.port, options.keepalive_s));
  }

  void probed() {
    switch (probe.reach()) {
      case Probe::Reach::Waiting: return;
      case Probe::Reach::No: connected_by(MOSQ_ERR_ERRNO); break;
      case Probe::Reach::Yes: connect_with_properties(); break;
    }
    probing = false;
  }

  // Only this call takes the properties, each time: the session would be forgotten without.
  void connect_with_properties() {
    mosquitto_property* properties = nullptr;
    mosquitto_property_add_int32(&properties, MQTT_PROP_SESSION_EXPIRY_INTERVAL,
                                 options.session_expiry_s);
    connected_by(mosquitto_connect_bind_v5(client, options.host.c_str(), options.port,
                                           options.keepalive_s, nullptr, properties));
    mosquitto_property_free_all(&properties);
  }

  void connected_by(int rc) {
    if (rc == MOSQ_ERR_SUCCESS) return;
    lost(rc == MOSQ_ERR_ERRNO ? "the broker does not answer" : mosquitto_strerror(rc));
  }

  // Hands to the library as many as may be under way, so that the rest can be counted.
  void hand_over() {
    while (up && !waiting.empty() && under_way.size() < options.inflight_max) {
      const Outgoing& out = waiting.front();
      int mid = 0;
      const int rc =
          mosquitto_publish(client, &mid, out.topic.c_str(), static_cast<int>(out.payload.size()),
                            out.payload.data(), out.qos, out.retain == Retain::Yes);
      if (rc == MOSQ_ERR_NO_CONN || rc == MOSQ_ERR_NOMEM) return;
      if (rc == MOSQ_ERR_SUCCESS && out.qos > 0) under_way.emplace(mid, out.number);
      waiting.pop_front();
    }
  }

  void turn(Reading reading) {
    if (mosquitto_socket(client) < 0) {
      if (Clock::now() >= next_try) connect();
      if (needs_properties() && probing) probed();
    } else {
      hand_over();
      for (int k = 0; reading == Reading::Yes && k < PacketsPerTurn && readable(); ++k) {
        if (mosquitto_loop_read(client, 1) != MOSQ_ERR_SUCCESS) break;
      }
      hand_over();
      if (mosquitto_socket(client) >= 0 && mosquitto_want_write(client))
        mosquitto_loop_write(client, 1);
      if (mosquitto_socket(client) >= 0) mosquitto_loop_misc(client);
    }
    if (thrown) std::rethrow_exception(std::exchange(thrown, nullptr));
  }

  bool readable() const {
    const int fd = mosquitto_socket(client);
    if (fd < 0) return false;
    pollfd p{.fd = fd, .events = POLLIN, .revents = 0};
    return ::poll(&p, 1, 0) > 0;
  }
};

Mqtt::Mqtt(MqttOptions options) : line_(std::make_unique<Line>(std::move(options))) {}
Mqtt::~Mqtt() = default;

void Mqtt::on_message(std::function<void(const MqttMessage&)> call) {
  line_->on_message = std::move(call);
}
void Mqtt::on_connected(std::function<void()> call) { line_->on_connected = std::move(call); }
void Mqtt::on_published(std::function<void(int)> call) { line_->on_published = std::move(call); }

std::optional<int> Mqtt::publish(std::string_view topic, std::string_view payload, int qos,
                                 Retain retain) {
  constexpr std::size_t PayloadMax = 268'435'455;  // MQTT 3.1.1, 2.2.3
  if (topic.empty() || queued() >= line_->options.queued_max || payload.size() > PayloadMax ||
      qos < 0 || qos > 2)
    return std::nullopt;
  std::string name(topic);
  if (name.size() != std::char_traits<char>::length(name.c_str()) ||
      mosquitto_pub_topic_check(name.c_str()) != MOSQ_ERR_SUCCESS)
    return std::nullopt;
  line_->last_number =
      line_->last_number == std::numeric_limits<int>::max() ? 1 : line_->last_number + 1;
  line_->waiting.push_back({.number = line_->last_number,
                            .topic = std::move(name),
                            .payload = std::string(payload),
                            .qos = qos,
                            .retain = retain});
  return line_->last_number;
}

bool Mqtt::connected() const { return line_->up; }
std::size_t Mqtt::queued() const { return line_->waiting.size() + line_->under_way.size(); }
std::string Mqtt::problem() const { return line_->problem; }
int Mqtt::socket() const { return mosquitto_socket(line_->client); }
bool Mqtt::wants_write() const {
  return mosquitto_want_write(line_->client) ||
         (line_->up && !line_->waiting.empty() &&
          line_->under_way.size() < line_->options.inflight_max);
}
void Mqtt::turn(Reading reading) { line_->turn(reading); }

void Mqtt::wait(std::chrono::milliseconds most) {
  pollfd p{.fd = socket(), .events = POLLIN, .revents = 0};
  if (wants_write()) p.events |= POLLOUT;
  ::poll(&p, p.fd < 0 ? 0 : 1, static_cast<int>(most.count()));
  turn();
}

}  // namespace twin::link
