// The only file that names Boost. Callbacks, no coroutines; everything runs within turn().
#include <utility>  // before Beast, which misses it

#include "twin/link/http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <list>
#include <map>
#include <optional>

#include "twin/core/error.hpp"
#include "twin/link/json.hpp"

namespace twin::link {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using Failure = beast::error_code;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

// "application/json" of "Application/JSON; charset=utf-8"
std::string media_type(std::string_view header) {
  std::string type(header.substr(0, header.find(';')));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
  for (char& c : type) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return type;
}

unsigned status_of(Failure failure) {
  if (failure == http::error::header_limit) return 431;
  if (failure == http::error::body_limit) return 413;
  if (failure == beast::error::timeout) return 408;
  return 400;
}

}  // namespace

HttpAnswer http_error(unsigned status, std::string_view why) {
  HttpAnswer answer{.status = status, .type = "application/json", .body = "{\"error\":"};
  put_json_text(answer.body, why);
  answer.body += "}\n";
  if (status == 503) answer.retry_after_s = 1;
  return answer;
}

struct HttpServer::State {
  class Connection;

  HttpOptions options;
  std::map<std::pair<std::string, std::string>, HttpRoute> routes;  // by path, method
  std::size_t connections = 0;
  asio::io_context context{1};  // behind all that its connections use when they end with it
  tcp::acceptor acceptor{context};
  asio::steady_timer accept_again{context};

  explicit State(HttpOptions o) : options(std::move(o)) {
    Failure failure;
    const auto address = asio::ip::make_address(options.address, failure);
    if (failure || options.port < 0 || options.port > 65'535)
      throw core::Error(fmt::format("HTTP: {}:{} (an IP address and a port to 65535)",
                                    options.address, options.port));
    const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(options.port));
    acceptor.open(endpoint.protocol(), failure);
    if (!failure) acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
    if (!failure) acceptor.bind(endpoint, failure);
    if (!failure) acceptor.listen(asio::socket_base::max_listen_connections, failure);
    if (failure)
      throw core::Error(fmt::format("HTTP: {}:{} cannot be listened on ({})", options.address,
                                    options.port, failure.message()));
    accept();
  }

  void accept();
};

class HttpServer::State::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(State& state, tcp::socket socket)
      : state_(state), stream_(std::move(socket)), answer_timer_(stream_.get_executor()) {
    ++state_.connections;
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { --state_.connections; }

  void turn_away() {
    close_ = true;
    version_ = 11;
    write(http_error(503, "too many connections"));
  }

  // One deadline for the first byte, one for the rest, however slowly it trickles.
  void read() {
    parser_.emplace();
    parser_->header_limit(state_.options.header_bytes_max);
    parser_->body_limit(state_.options.body_bytes_max);
    if (buffer_.size() > 0) return read_request();
    stream_.expires_after(state_.options.idle_time);
    stream_.async_read_some(buffer_.prepare(4'096),
                            [self = this->shared_from_this()](Failure failure, std::size_t bytes) {
                              if (failure) return;  // left, or idle for too long
                              self->buffer_.commit(bytes);
                              self->read_request();
                            });
  }

 private:
  void read_request() {
    stream_.expires_after(state_.options.request_time);
    http::async_read(stream_, buffer_, *parser_,
                     [self = this->shared_from_this()](Failure failure, std::size_t) {
                       self->have_read(failure);
                     });
  }

  void have_read(Failure failure) {
    if (failure == http::error::end_of_stream || failure == asio::error::operation_aborted ||
        failure == asio::error::connection_reset)
      return;
    version_ = 11;
    if (failure) {
      close_ = true;
      return write(http_error(status_of(failure), failure.message()));
    }
    const auto& request = parser_->get();
    version_ = request.version();
    close_ = !request.keep_alive();
    head_ = request.method() == http::verb::head;
    dispatch();
  }

  void dispatch() {
    const auto& request = parser_->get();
    const std::string_view target = view(request.target());
    const std::size_t mark = std::min(target.find('?'), target.size());
    const std::string method(head_ ? "GET" : view(request.method_string()));
    const std::string path(target.substr(0, mark));
    const auto route = state_.routes.find({path, method});
    if (route == state_.routes.end()) {
      const auto other = state_.routes.lower_bound({path, ""});
      if (other == state_.routes.end() || other->first.first != path)
        return write(http_error(404, "there is nothing at this path"));
      return write(http_error(405, fmt::format("this path answers {}", other->first.second)));
    }
    const std::string type = media_type(view(request[http::field::content_type]));
    const unsigned turn = ++turn_;
    // The timer keeps the connection, not the route: one that never answers must not for ever.
    answer_timer_.expires_after(state_.options.answer_time);
    answer_timer_.async_wait([self = this->shared_from_this(), turn](Failure failure) {
      if (failure || self->turn_ != turn) return;
      ++self->turn_;
      self->write(http_error(503, "it takes too long; please send it again"));
    });
    const HttpRequest asked{.method = method,
                            .path = path,
                            .query = target.substr(std::min(mark + 1, target.size())),
                            .content_type = type,
                            .body = request.body()};
    const HttpReply reply = [weak = this->weak_from_this(), turn](HttpAnswer answer) {
      const auto self = weak.lock();
      if (!self || self->turn_ != turn) return;
      ++self->turn_;
      self->answer_timer_.cancel();
      self->write(answer);
    };
    try {
      route->second(asked, reply);
    } catch (const std::exception& e) {  // one question ends no server
      reply(http_error(500, e.what()));
    }
  }

  void write(const HttpAnswer& answer) {
    answer_ = {};
    answer_.version(version_);
    answer_.result(answer.status);
    answer_.set(http::field::content_type, answer.type);
    answer_.set(http::field::cache_control, "no-store");
    if (answer.retry_after_s > 0)
      answer_.set(http::field::retry_after, std::to_string(answer.retry_after_s));
    answer_.keep_alive(!close_);
    answer_.content_length(answer.body.size());
    if (!head_) answer_.body() = answer.body;
    serializer_.emplace(answer_);
    if (head_) serializer_->split(true);
    stream_.expires_after(state_.options.write_time);
    const auto written = [self = this->shared_from_this()](Failure failure, std::size_t) {
      if (failure) return;
      self->head_ = false;
      if (!self->close_) return self->read();
      Failure ignored;
      self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
      self->drain();
    };
    if (head_) {
      http::async_write_header(stream_, *serializer_, written);
    } else {
      http::async_write(stream_, *serializer_, written);
    }
  }

  // Closing while bytes are on their way would take our answer from the client before it is read.
  void drain() {
    buffer_.clear();
    stream_.expires_after(std::min(state_.options.write_time, std::chrono::milliseconds(1'000)));
    stream_.async_read_some(buffer_.prepare(4'096),
                            [self = this->shared_from_this()](Failure failure, std::size_t bytes) {
                              self->drained_ += bytes;
                              if (!failure && self->drained_ < DrainMax) self->drain();
                            });
  }

  static constexpr std::size_t DrainMax = 1U << 20;

  State& state_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  http::response<http::string_body> answer_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
  asio::steady_timer answer_timer_;
  unsigned turn_ = 0;  // of questions and answers, so that a late answer meets no later question
  unsigned version_ = 11;
  bool close_ = false, head_ = false;
  std::size_t drained_ = 0;
};

void HttpServer::State::accept() {
  acceptor.async_accept([this](Failure failure, tcp::socket socket) {
    if (failure == asio::error::operation_aborted) return;
    if (failure) {  // out of descriptors: others must end first
      accept_again.expires_after(std::chrono::milliseconds(100));
      accept_again.async_wait([this](Failure stopped) {
        if (!stopped) accept();
      });
      return;
    }
    Failure ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const bool room = connections < options.connections_max;
    const auto connection = std::make_shared<Connection>(*this, std::move(socket));
    if (room) {
      connection->read();
    } else {
      connection->turn_away();
    }
    accept();
  });
}

HttpServer::HttpServer(HttpOptions options) : state_(std::make_unique<State>(std::move(options))) {}
HttpServer::~HttpServer() = default;

void HttpServer::route(const std::string& method, const std::string& path, HttpRoute route) {
  state_->routes[{path, method}] = std::move(route);
}
int HttpServer::port() const { return state_->acceptor.local_endpoint().port(); }
std::size_t HttpServer::connections() const { return state_->connections; }
void HttpServer::turn() {
  state_->context.restart();
  state_->context.poll();
}
void HttpServer::wait(std::chrono::milliseconds most) {
  state_->context.restart();
  state_->context.run_one_for(most);
  turn();
}

}  // namespace twin::link
