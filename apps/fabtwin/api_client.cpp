// The only file of the command line that knows Boost.Beast.
#include "apps/fabtwin/api_client.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "apps/fabtwin/exit.hpp"
#include "apps/fabtwin/files.hpp"

namespace apps::fabtwin {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Tls = beast::ssl_stream<beast::tcp_stream>;

constexpr std::uint64_t BodyMax = 64ULL << 20;

}  // namespace

ApiAddress api_address(const std::string& url) {
  const auto wrong = [&](const char* why) {
    return Failure(Exit::Usage, fmt::format("'{}' {}", url, why));
  };
  ApiAddress address;
  std::string_view left = url;
  if (left.starts_with("https://")) {
    address.tls = true;
    left.remove_prefix(8);
  } else if (left.starts_with("http://")) {
    left.remove_prefix(7);
  } else {
    throw wrong("is no address of a twin; https://HOST:PORT?");
  }
  if (left.ends_with('/')) left.remove_suffix(1);
  const std::size_t colon = left.rfind(':');
  if (colon == left.npos || colon == 0 || colon + 1 == left.size() || left.find('/') != left.npos ||
      left.find('@') != left.npos)
    throw wrong("is no address of a twin; https://HOST:PORT?");
  std::string_view host = left.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  address.host = host;
  address.port = left.substr(colon + 1);
  if (address.port.find_first_not_of("0123456789") != std::string::npos)
    throw wrong("has no port; https://HOST:PORT?");
  if (!address.tls && address.host != "127.0.0.1" && address.host != "::1" &&
      address.host != "localhost")
    throw wrong("would send the token in the clear to another machine; https?");
  return address;
}

struct ApiClient::Line {
  Line(ApiAddress of, Options with)
      : address(std::move(of)), options(std::move(with)), context(asio::ssl::context::tls_client) {
    if (!address.tls) return;
    boost::system::error_code error;
    const auto must = [&](const char* what) {
      if (error) throw Failure(Exit::Usage, fmt::format("{} ({})", what, error.message()));
    };
    if (options.ca.empty()) {
      context.set_default_verify_paths(error);
    } else {
      context.load_verify_file(options.ca.string(), error);
    }
    must("the authority's certificates cannot be read");
    if (!options.certificate.empty()) {
      context.use_certificate_chain_file(options.certificate.string(), error);
      must("the own certificate cannot be read");
      context.use_private_key_file(options.key.string(), asio::ssl::context::pem, error);
      must("the own key cannot be read");
    }
    context.set_verify_mode(asio::ssl::verify_peer);
  }

  // Runs what was begun to its end, or until the patience is at its end.
  void run(const char* what) {
    io.restart();
    io.run_for(options.patience);
    if (io.stopped()) return;
    close();
    io.restart();
    io.run();
    throw Failure(Exit::Failed, fmt::format("no answer from {}:{} in {} s ({})", address.host,
                                            address.port, options.patience.count() / 1'000, what));
  }
  void close() {
    boost::system::error_code ignored;
    if (plain) plain->socket().close(ignored);
    if (secure) beast::get_lowest_layer(*secure).socket().close(ignored);
  }
  void check(const boost::system::error_code& error, const char* what) {
    if (!error) return;
    drop();
    throw Failure(Exit::Failed, fmt::format("{}:{}: cannot {} ({})", address.host, address.port,
                                            what, error.message()));
  }
  void reached(const boost::system::error_code& error, const char* what) {
    if (!error) return;
    drop();
    throw Unreachable(
        fmt::format("{}:{}: cannot {} ({})", address.host, address.port, what, error.message()));
  }
  void drop() {
    close();
    plain.reset();
    secure.reset();
    buffer.clear();
  }

  void connect() {
    if (plain || secure) return;
    boost::system::error_code error;
    asio::ip::tcp::resolver resolver(io);
    const auto found = resolver.resolve(address.host, address.port, error);
    reached(error, "be found");
    if (address.tls) {
      secure.emplace(io, context);
      // SSL_set_tlsext_host_name, whose macro casts as C does.
      if (SSL_ctrl(secure->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                   const_cast<char*>(address.host.c_str())) != 1)
        throw Failure(Exit::Usage, "the host's name cannot be sent");
      secure->set_verify_callback(asio::ssl::host_name_verification(address.host));
    } else {
      plain.emplace(io);
    }
    auto& tcp = secure ? beast::get_lowest_layer(*secure) : *plain;
    tcp.async_connect(found, [&](boost::system::error_code e, const auto&) { error = e; });
    run("connecting");
    reached(error, "be reached");
    if (!secure) return;
    secure->async_handshake(asio::ssl::stream_base::client,
                            [&](boost::system::error_code e) { error = e; });
    run("the handshake");
    check(error, "be trusted");
  }

  template <class Stream>
  ApiAnswer exchange(Stream& stream, http::request<http::string_body>& request) {
    boost::system::error_code error;
    http::async_write(stream, request,
                      [&](boost::system::error_code e, std::size_t) { error = e; });
    run("sending");
    check(error, "be written to");
    http::response_parser<http::string_body> parser;
    parser.body_limit(BodyMax);
    http::async_read(stream, buffer, parser,
                     [&](boost::system::error_code e, std::size_t) { error = e; });
    run("waiting");
    check(error, "be read from");
    ApiAnswer answer{parser.get().result_int(), std::move(parser.get().body())};
    if (!parser.keep_alive()) drop();
    return answer;
  }

  ApiAddress address;
  Options options;
  std::string token;
  asio::io_context io;
  asio::ssl::context context;
  std::optional<beast::tcp_stream> plain;
  std::optional<Tls> secure;
  beast::flat_buffer buffer;
};

ApiClient::ApiClient(ApiAddress address, Options options)
    : line_(std::make_unique<Line>(std::move(address), std::move(options))) {}

ApiClient::~ApiClient() = default;

void ApiClient::token(std::string token) { line_->token = std::move(token); }

ApiAnswer ApiClient::ask(std::string_view method, std::string_view target, std::string_view body) {
  http::request<http::string_body> request;
  request.method_string({method.data(), method.size()});
  request.target({target.data(), target.size()});
  request.version(11);
  request.set(http::field::host, line_->address.host);
  request.set(http::field::user_agent, "fabtwin");
  if (!line_->token.empty()) request.set(http::field::authorization, "Bearer " + line_->token);
  if (!body.empty()) {
    request.set(http::field::content_type, "application/json");
    request.body() = std::string(body);
  }
  request.prepare_payload();
  const bool kept = line_->plain || line_->secure;
  line_->connect();
  const auto exchange = [&] {
    return line_->secure ? line_->exchange(*line_->secure, request)
                         : line_->exchange(*line_->plain, request);
  };
  // A line that was idle for too long has been closed by the twin: what only reads is asked once more.
  if (!kept || (method != "GET" && method != "HEAD")) return exchange();
  try {
    return exchange();
  } catch (const Failure&) {
    line_->connect();
    return exchange();
  }
}

std::string token_in(const std::filesystem::path& file) {
  std::string text = read_text(file);
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  if (from == text.npos) throw Failure(Exit::Usage, file.string() + ": holds no token");
  text = text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
  if (text.size() > 300 || text.find_first_of(" \t\r\n") != text.npos)
    throw Failure(Exit::Usage, file.string() + ": holds more than a token");
  return text;
}

void keep_token(const std::filesystem::path& file, const std::string& token) {
  const std::string line = token + "\n";
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool kept = fd >= 0 && ::fchmod(fd, 0600) == 0 &&
                    ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (!kept)
    throw Failure(Exit::Failed,
                  fmt::format("{}: cannot be written ({})", file.string(), std::strerror(error)));
}

}  // namespace apps::fabtwin
