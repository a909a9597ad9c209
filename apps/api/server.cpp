// The only file of this folder that names Beast: it reads requests. Lines are Wires, answers are written here, and
// everything runs within turn().
#include <utility>  // before Beast, which misses it

#include "apps/api/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <deque>
#include <map>

#include "apps/api/ring.hpp"
#include "apps/api/wire.hpp"
#include "twin/core/error.hpp"

namespace apps::api {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds SweepEvery{50};   // how exactly deadlines are kept
constexpr std::size_t Portion = 65'536;  // [bytes] of one write
constexpr std::size_t DrainMax =
    1U << 20;                       // [bytes] read from whoever goes on talking after his refusal
constexpr int SendBuffer = 65'536;  // [bytes] of the system, so that a slow client is seen as one
constexpr std::uint64_t LogOfASecond = 10;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

// "application/json" of "Application/JSON; charset=utf-8"
std::string media_type(std::string_view header) {
  std::string type(header.substr(0, header.find(';')));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
  for (char& c : type) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return type;
}

// Whether gzip is among what a client takes, and not by "gzip;q=0".
bool takes_gzip(std::string_view header) {
  const std::size_t at = header.find("gzip");
  if (at == std::string_view::npos) return false;
  const std::string_view rest = header.substr(at + 4, header.find(',', at) - at - 4);
  return rest.find("q=0") == std::string_view::npos || rest.find("q=0.") != std::string_view::npos;
}

unsigned status_of(Failure failure) {
  if (failure == http::error::header_limit) return 431;
  if (failure == http::error::body_limit) return 413;
  return 400;
}

Frame frame(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

enum class Phase : std::uint8_t {
  Handshake,
  Idle,    // between requests
  Header,  // some of a request has come
  Body,
  Answering,  // what was decided does not last yet
  Writing,
  Streaming,
  Draining,  // all is said
  Closed
};

}  // namespace

struct Server::State {
  class Connection;

  ServerOptions options;
  ServerUse use;
  std::unique_ptr<Tls> tls;
  Ring ring;
  ServerCounts counts;
  std::uint64_t lasting = 0;                                         // entries of the trail
  std::deque<News> unheard;                                          // that do not last yet
  std::map<std::uint64_t, std::shared_ptr<Connection>> connections;  // by number, so by age
  std::map<std::string, std::size_t> crowds;                         // connections of each
  std::uint64_t made = 0;
  Clock::time_point second = Clock::now();  // of the log
  std::uint64_t logged = 0;                 // in that second
  asio::io_context context{1};  // behind all that its callbacks use when they end with it
  tcp::acceptor acceptor{context};
  asio::steady_timer sweep_timer{context}, accept_again{context};

  State(ServerOptions o, ServerUse u);
  ~State() { connections.clear(); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void accept();
  void take_in(tcp::socket socket, const std::string& crowd);
  bool make_room();
  void sweep();
  void tell(const News& news);
  void log(std::string_view what, const std::string& address);
};

class Server::State::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(State& state, std::unique_ptr<Wire> wire, std::string crowd)
      : state_(state), wire_(std::move(wire)), crowd_(std::move(crowd)), number_(state.made++) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() = default;

  [[nodiscard]] std::uint64_t number() const { return number_; }
  [[nodiscard]] bool is_stream() const { return phase_ == Phase::Streaming; }
  // Whom nobody misses: who has shown no token yet and waits for nothing.
  [[nodiscard]] bool is_stranger() const { return !known_ && phase_ < Phase::Answering; }

  void start() {
    enter(Phase::Handshake, state_.options.handshake_time);
    wire_->handshake([self = shared_from_this()](Failure failure, std::size_t) {
      if (self->phase_ == Phase::Closed) return;
      if (failure) {
        ++self->state_.counts.handshakes_failed;
        return self->end("handshake failed: " + failure.message());
      }
      self->next();
    });
  }

  // Whoever is beyond his deadline is cut off; streams are looked at.
  void look(Clock::time_point now) {
    if (phase_ == Phase::Streaming) return look_at_stream(now);
    if (now < deadline_) return;
    if (phase_ == Phase::Answering) {
      held_.reset();
      return respond(problem(503, "it is recorded, but it is not sure yet that this lasts"));
    }
    if (phase_ == Phase::Idle || phase_ == Phase::Draining) return end("");
    ++state_.counts.timed_out;
    const bool told = phase_ == Phase::Body || phase_ == Phase::Header;
    if (!told) return end("too slow");
    state_.log("too slow", crowd_);
    close_after_ = true;
    respond(problem(408, "the request comes too slowly"));
  }

  void lasts() {
    if (!held_ || held_->waits_for > state_.lasting) return;
    const Answer answer = *std::exchange(held_, std::nullopt);
    respond(answer);
  }

  void hear(const Frame& event) {
    if (phase_ != Phase::Streaming) return;
    put(event);
    if (out_bytes_ > state_.options.stream_bytes_max) {
      ++state_.counts.streams_dropped;
      end("a stream whose client is too slow");
    }
  }

  // Ends it at once. With a reason it is told to the log.
  void end(const std::string& why) {
    if (phase_ == Phase::Closed) return;
    phase_ = Phase::Closed;
    if (!why.empty()) state_.log(why, crowd_);
    wire_->close();
    const auto at = state_.crowds.find(crowd_);
    if (at != state_.crowds.end() && --at->second == 0) state_.crowds.erase(at);
    state_.connections.erase(number_);
  }

 private:
  void enter(Phase phase, milliseconds time) {
    phase_ = phase;
    deadline_ = Clock::now() + time;
  }

  void next() {
    parser_.emplace();
    parser_->eager(true);
    parser_->header_limit(state_.options.header_bytes_max);
    parser_->body_limit(state_.options.body_bytes_max);
    headed_ = false;
    if (in_.empty()) {
      enter(Phase::Idle, state_.options.idle_time);
      return read();
    }
    parse();
  }

  void read() {
    wire_->read(asio::buffer(bytes_), [self = shared_from_this()](Failure failure, std::size_t n) {
      if (self->phase_ == Phase::Closed) return;
      if (self->phase_ > Phase::Body) return;  // it was answered meanwhile
      if (failure) return self->end("");
      self->in_.append(self->bytes_.data(), n);
      self->parse();
    });
  }

  void parse() {
    if (phase_ != Phase::Header && phase_ != Phase::Body)
      enter(Phase::Header, state_.options.header_time);
    while (!parser_->is_done()) {
      Failure failure;
      const std::size_t n = parser_->put(asio::buffer(in_), failure);
      in_.erase(0, n);
      if (failure && failure != http::error::need_more) return refuse(failure);
      if (parser_->is_header_done() && !headed_) {
        headed_ = true;
        enter(Phase::Body, state_.options.body_time);
        if (const char* why = wrong_header()) return refuse(400, why);
        if (!parser_->is_done() && view(parser_->get()[http::field::expect]) == "100-continue")
          put(frame("HTTP/1.1 100 Continue\r\n\r\n"));
      }
      if (parser_->is_done()) break;
      if (failure == http::error::need_more || in_.empty()) return read();
    }
    dispatch();
  }

  // What Beast lets pass and we do not (RFC 9112, 3.2; no two readers may see two requests).
  [[nodiscard]] const char* wrong_header() const {
    const auto& r = parser_->get();
    if (r.version() == 11 && r.count(http::field::host) != 1) return "one Host is needed";
    if (r.count(http::field::authorization) > 1) return "two headers Authorization";
    if (r.count(http::field::content_type) > 1) return "two headers Content-Type";
    return nullptr;
  }

  void refuse(Failure failure) { refuse(status_of(failure), failure.message()); }
  void refuse(unsigned status, const std::string& why) {
    ++state_.counts.malformed;
    state_.log("no request: " + why, crowd_);
    close_after_ = true;
    respond(problem(status, why));
  }

  void dispatch() {
    const auto& r = parser_->get();
    ++state_.counts.requests;
    version_ = r.version();
    close_after_ = !parser_->keep_alive();
    head_ = r.method() == http::verb::head;
    last_seen_ = view(r["Last-Event-ID"]);
    if (auto page = page_answer(state_.use.pages,
                                {.method = view(r.method_string()),
                                 .target = view(r.target()),
                                 .takes_gzip = takes_gzip(view(r[http::field::accept_encoding])),
                                 .has = view(r[http::field::if_none_match])}))
      return respond(*page);
    Answer answer =
        state_.use.ask({.method = std::string(view(r.method_string())),
                        .target = std::string(view(r.target())),
                        .authorization = std::string(view(r[http::field::authorization])),
                        .content_type = media_type(view(r[http::field::content_type])),
                        .body = r.body(),
                        .address = crowd_,
                        .now = state_.use.clock()});
    known_ = known_ || !answer.account.empty();
    if (answer.waits_for > state_.lasting) {
      enter(Phase::Answering, state_.options.answer_time);
      held_ = std::move(answer);
      return;
    }
    respond(answer);
  }

  void respond(const Answer& answer) {
    const bool streams = answer.stream.has_value() && !head_;
    close_after_ = close_after_ || streams;  // its end is the end of the line
    std::string text =
        fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\n", answer.status,
                    view(http::obsolete_reason(http::int_to_status(answer.status))), answer.type);
    if (!streams) text += fmt::format("Content-Length: {}\r\n", answer.body.size());
    for (const auto& [name, value] : answer.headers) text += fmt::format("{}: {}\r\n", name, value);
    if (!answer.is_page) text += "Cache-Control: no-store\r\n";
    text += fmt::format("X-Content-Type-Options: nosniff\r\nContent-Security-Policy: {}\r\n",
                        answer.is_page ? PagePolicy : AnswerPolicy);
    if (state_.tls) text += "Strict-Transport-Security: max-age=31536000\r\n";
    if (close_after_) text += "Connection: close\r\n";
    if (!close_after_ && version_ == 10) text += "Connection: keep-alive\r\n";
    text += "\r\n";
    if (streams) {
      text += "retry: 2000\n\n";
    } else if (!head_) {
      text += answer.body;
    }
    head_ = false;
    enter(streams ? Phase::Streaming : Phase::Writing, state_.options.write_time);
    put(frame(std::move(text)));
    if (streams) begin_stream(*answer.stream);
  }

  void begin_stream(const StreamPass& pass) {
    pass_ = pass;
    beat_ = Clock::now() + state_.options.heartbeat;
    std::vector<Frame> missed = state_.ring.since(last_seen_.empty() ? pass.last : last_seen_);
    std::size_t bytes = 0;
    for (const Frame& event : missed) bytes += event->size();
    if (bytes > state_.options.stream_bytes_max / 2) missed = {Ring::lost()};
    for (const Frame& event : missed) put(event);
    // Whatever a client says into its stream ends it; so does its going away.
    wire_->read(asio::buffer(bytes_),
                [self = shared_from_this()](Failure, std::size_t) { self->end(""); });
  }

  void look_at_stream(Clock::time_point now) {
    if (!state_.use.goes_on(pass_, state_.use.clock())) return end("");
    if (writing_ && now >= deadline_) {
      ++state_.counts.streams_dropped;
      return end("a stream whose client is too slow");
    }
    if (now < beat_) return;
    beat_ = now + state_.options.heartbeat;
    static const Frame Alive = frame(": alive\n\n");
    hear(Alive);
  }

  void put(const Frame& text) {
    out_.push_back(text);
    out_bytes_ += text->size();
    if (!writing_) write();
  }

  void write() {
    portion_.clear();
    while (!out_.empty() && portion_.size() < Portion) {
      const std::string& first = *out_.front();
      const std::size_t n = std::min(first.size() - out_at_, Portion - portion_.size());
      portion_.append(first, out_at_, n);
      out_at_ += n;
      if (out_at_ < first.size()) break;
      out_.pop_front();
      out_at_ = 0;
    }
    writing_ = true;
    // Of an interim answer the deadline is that of the body.
    if (phase_ == Phase::Writing || phase_ == Phase::Streaming)
      deadline_ = Clock::now() + state_.options.write_time;
    wire_->write(asio::buffer(portion_), [self = shared_from_this()](Failure failure, std::size_t) {
      if (self->phase_ == Phase::Closed) return;
      self->writing_ = false;
      self->out_bytes_ -= self->portion_.size();
      if (failure) return self->end("");
      if (!self->out_.empty()) return self->write();
      if (self->phase_ == Phase::Writing) self->written();
    });
  }

  void written() {
    if (!close_after_) return next();
    enter(Phase::Draining, std::min(state_.options.write_time, milliseconds(1'000)));
    wire_->finish([self = shared_from_this()](Failure failure, std::size_t) {
      if (self->phase_ == Phase::Closed) return;
      if (failure || self->state_.tls) return self->end("");
      self->drain();
    });
  }

  // Closing while bytes are on their way would take our answer from the client before it is read.
  void drain() {
    wire_->read(asio::buffer(bytes_), [self = shared_from_this()](Failure failure, std::size_t n) {
      if (self->phase_ == Phase::Closed) return;
      self->drained_ += n;
      if (failure || self->drained_ > DrainMax) return self->end("");
      self->drain();
    });
  }

  State& state_;
  std::unique_ptr<Wire> wire_;
  const std::string crowd_;
  const std::uint64_t number_;
  Phase phase_ = Phase::Handshake;
  Clock::time_point deadline_;
  bool known_ = false;  // has shown a right token
  // What comes in.
  std::array<char, 4'096> bytes_{};
  std::string in_;  // not yet taken by the parser
  std::optional<http::request_parser<http::string_body>> parser_;
  bool headed_ = false;
  // The request that is being answered.
  unsigned version_ = 11;
  bool close_after_ = false, head_ = false;
  std::string last_seen_;
  std::optional<Answer> held_;  // until it lasts
  // What goes out.
  std::deque<Frame> out_;
  std::size_t out_at_ = 0;     // of the first
  std::size_t out_bytes_ = 0;  // put, and not yet written
  std::string portion_;        // that is being written
  bool writing_ = false;
  std::size_t drained_ = 0;
  StreamPass pass_;
  Clock::time_point beat_;  // when the next sign of life is due
};

Server::State::State(ServerOptions o, ServerUse u)
    : options(std::move(o)),
      use(std::move(u)),
      ring(fmt::format("{:x}", use.clock()), options.events_kept) {
  Failure failure;
  const auto address = asio::ip::make_address(options.address, failure);
  const std::string where = fmt::format("API: {}:{}", options.address, options.port);
  if (failure || options.port < 0 || options.port > 65'535)
    throw twin::core::Error(where + " (an IP address and a port to 65535)");
  if (!options.tls && !address.is_loopback())
    throw twin::core::Error(where + " (without TLS it listens on 127.0.0.1 or ::1 alone)");
  if (options.tls) tls = std::make_unique<Tls>(*options.tls);
  const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(options.port));
  acceptor.open(endpoint.protocol(), failure);
  if (!failure) acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
  if (!failure) acceptor.bind(endpoint, failure);
  if (!failure) acceptor.listen(asio::socket_base::max_listen_connections, failure);
  if (failure)
    throw twin::core::Error(fmt::format("{} cannot be listened on ({})", where, failure.message()));
  accept();
  sweep();
}

void Server::State::accept() {
  acceptor.async_accept([this](Failure failure, tcp::socket socket) {
    if (failure == asio::error::operation_aborted) return;
    if (failure) {  // out of descriptors: others must end first
      static_cast<void>(make_room());
      accept_again.expires_after(milliseconds(100));
      accept_again.async_wait([this](Failure stopped) {
        if (!stopped) accept();
      });
      return;
    }
    Failure gone;
    const auto peer = socket.remote_endpoint(gone);
    if (!gone) take_in(std::move(socket), crowd_of(peer.address()));
    accept();
  });
}

void Server::State::take_in(tcp::socket socket, const std::string& crowd) {
  const auto of_one = crowds.find(crowd);
  const bool many = of_one != crowds.end() && of_one->second >= options.connections_of_one;
  if (many || (connections.size() >= options.connections_max && !make_room())) {
    ++counts.turned_away;
    log("too many connections", crowd);
    return;  // the socket closes
  }
  Failure ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::send_buffer_size(SendBuffer), ignored);
  ++counts.accepted;
  ++crowds[crowd];
  auto wire = tls ? tls->wire(std::move(socket)) : plain_wire(std::move(socket));
  const auto one = std::make_shared<Connection>(*this, std::move(wire), crowd);
  connections.emplace(one->number(), one);
  one->start();
}

// The oldest stranger goes: whoever has shown a token keeps his place.
bool Server::State::make_room() {
  const auto at =
      std::ranges::find_if(connections, [](const auto& c) { return c.second->is_stranger(); });
  if (at == connections.end()) return false;
  ++counts.turned_away;
  const auto one = at->second;
  one->end("made room for others");
  return true;
}

void Server::State::sweep() {
  const auto now = Clock::now();
  for (auto at = connections.begin(); at != connections.end();) {
    const auto one = (at++)->second;  // it may end, and be erased
    one->look(now);
  }
  sweep_timer.expires_after(SweepEvery);
  sweep_timer.async_wait([this](Failure stopped) {
    if (!stopped) sweep();
  });
}

void Server::State::tell(const News& news) {
  const Frame event =
      news.passing ? Ring::passing(news.type, news.json) : ring.add(news.type, news.json);
  for (auto at = connections.begin(); at != connections.end();) {
    const auto one = (at++)->second;
    one->hear(event);
  }
}

void Server::State::log(std::string_view what, const std::string& address) {
  const auto now = Clock::now();
  if (now - second >= std::chrono::seconds(1)) {
    second = now;
    logged = 0;
  }
  if (++logged <= LogOfASecond && use.log) use.log(what, address);
}

Server::Server(ServerOptions options, ServerUse use)
    : state_(std::make_unique<State>(std::move(options), std::move(use))) {}
Server::~Server() = default;

void Server::publish(const News& news) {
  if (news.waits_for > state_->lasting) {
    state_->unheard.push_back(news);
  } else {
    state_->tell(news);
  }
}

void Server::lasts(std::uint64_t entries) {
  state_->lasting = std::max(state_->lasting, entries);
  auto& unheard = state_->unheard;
  while (!unheard.empty() && unheard.front().waits_for <= state_->lasting) {
    state_->tell(unheard.front());
    unheard.pop_front();
  }
  for (auto at = state_->connections.begin(); at != state_->connections.end();) {
    const auto one = (at++)->second;
    one->lasts();
  }
}

int Server::port() const { return state_->acceptor.local_endpoint().port(); }
std::size_t Server::connections() const { return state_->connections.size(); }
std::size_t Server::streams() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      state_->connections, [](const auto& c) { return c.second->is_stream(); }));
}
const ServerCounts& Server::counts() const { return state_->counts; }
void Server::turn() {
  state_->context.restart();
  state_->context.poll();
}
void Server::wait(milliseconds most) {
  state_->context.restart();
  state_->context.run_one_for(most);
  turn();
}

}  // namespace apps::api
