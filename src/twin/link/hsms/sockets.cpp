#include "twin/link/hsms/sockets.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <queue>
#include <utility>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/link/hsms/refusal.hpp"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wold-style-cast"
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#pragma GCC diagnostic pop

namespace twin::link::hsms {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t ReadBytes = 64U << 10;  // at once, into one buffer for all lines
constexpr int ReadsATurn = 8;                 // of one line, so that none starves the others
constexpr std::size_t GuestsMax = 4;          // callers of a busy line that are told so
constexpr std::size_t TasksATurn = 4096;      // before timers are looked at again
constexpr core::Tick AcceptPause = 200;       // [ms] after accept() failed, as without descriptors

bool again(const error_code& error) {
  return error == asio::error::would_block || error == asio::error::try_again ||
         error == asio::error::interrupted;
}

struct Guest {
  explicit Guest(tcp::socket&& s, core::Tick until_) : socket(std::move(s)), until(until_) {}
  tcp::socket socket;
  Refusal refusal{};
  core::Tick until;  // then it is closed, whatever it does
  bool done = false;

  void leave() {
    error_code ignored;
    done = true;
    socket.close(ignored);
  }
};

struct Line {
  Line(Options options, Where where_, Sockets::Attend attend_, asio::io_context& io)
      : session(std::move(options)),
        where(std::move(where_)),
        attend(std::move(attend_)),
        socket(io),
        acceptor(io),
        resolver(io) {}

  Session session;
  Where where;
  Sockets::Attend attend;
  tcp::socket socket;
  tcp::acceptor acceptor;
  tcp::resolver resolver;
  std::vector<std::shared_ptr<Guest>> guests{};
  std::uint64_t connection = 0;  // late words about an earlier one are not heard
  bool up = false;               // connected
  bool reading = false;          // waiting until it can be read
  bool writing = false;          // waiting until it can be written
  bool accepting = false;
  core::Tick accept_from = 0;
  core::Tick connect_by = core::Never;  // an attempt is given up
  core::Tick wants = 0;                 // attend() is to be called
  core::Tick planned = core::Never;     // the earliest entry in the plan
};

struct Due {
  core::Tick at;
  std::size_t line;
  bool operator<(const Due& other) const { return at > other.at; }  // the earliest on top
};

}  // namespace

struct Sockets::Impl {
  explicit Impl(Now now) : clock(std::move(now)) {}

  Now clock;
  asio::io_context io{1};
  std::deque<Line> lines{};
  std::priority_queue<Due> plan{};
  std::vector<std::uint8_t> buffer = std::vector<std::uint8_t>(ReadBytes);
  bool shutting = false;

  core::Tick now() { return clock(); }

  void listen(Line& line) {
    error_code error;
    const auto address = asio::ip::make_address(line.where.host, error);
    if (error) {
      throw core::Error("listen at '" + line.where.host +
                        "' (not an address) 127.0.0.1, or 0.0.0.0 for all?");
    }
    const tcp::endpoint endpoint(address, line.where.port);
    line.acceptor.open(endpoint.protocol(), error);
    if (!error) line.acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) line.acceptor.bind(endpoint, error);
    if (!error) line.acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      throw core::Error("listen at " + line.where.host + ":" + std::to_string(line.where.port) +
                        " (" + error.message() + ") another port?");
    }
  }

  // --- one line ---

  // Everything that can be done for a line now; called after whatever happened to it.
  void serve(std::size_t k) {
    Line& line = lines[k];
    const core::Tick at = now();
    if (!line.up && at >= line.connect_by) give_up(line, at);
    line.session.tick(at);
    line.wants = std::max(line.attend(line.session, at), at + 1);
    flush(k, at);
    if (line.up && line.session.closing() && line.session.outgoing().empty()) {
      drop(line, at);
      line.wants = at;  // it may have closed the line itself, and is to hear of it
    }
    if (!shutting && line.session.wants_line(at)) connect(k, at);
    if (line.up && !line.reading && line.session.takes_more()) wait_read(k);
    if (line.acceptor.is_open() && !line.accepting && at >= line.accept_from) accept(k);
    std::erase_if(line.guests, [&](const auto& guest) {
      if (at >= guest->until) guest->leave();
      return guest->done;
    });
    plan_next(k, at);
  }

  void plan_next(std::size_t k, core::Tick at) {
    Line& line = lines[k];
    core::Tick next = std::min(line.session.deadline(), line.wants);
    next = std::min(next, line.connect_by);
    if (line.acceptor.is_open() && !line.accepting) next = std::min(next, line.accept_from);
    for (const auto& guest : line.guests) next = std::min(next, guest->until);
    if (shutting && !line.up) next = core::Never;
    if (next >= line.planned) return;  // an earlier entry will come here again
    line.planned = std::max(next, at);
    if (line.planned != core::Never) plan.push({line.planned, k});
  }

  void serve_due() {
    const core::Tick at = now();
    for (std::size_t left = plan.size() + 1; left > 0 && !plan.empty(); --left) {
      const Due due = plan.top();
      if (due.at > at) return;
      plan.pop();
      if (lines[due.line].planned != due.at) continue;  // planned anew since
      lines[due.line].planned = core::Never;
      serve(due.line);
    }
  }

  void connect(std::size_t k, core::Tick at) {
    Line& line = lines[k];
    line.session.connecting(at);
    line.connect_by = at + line.session.options().timers.separation;
    const std::uint64_t connection = ++line.connection;
    error_code error;
    const auto address = asio::ip::make_address(line.where.host, error);
    if (!error) return connect_to(k, connection, {tcp::endpoint(address, line.where.port)});
    line.resolver.async_resolve(
        line.where.host, std::to_string(line.where.port),
        [this, k, connection](const error_code& failed, const tcp::resolver::results_type& found) {
          if (lines[k].connection != connection) return;
          if (failed || found.empty()) return connected(k, connection, asio::error::host_not_found);
          std::vector<tcp::endpoint> endpoints;
          for (const auto& entry : found) endpoints.push_back(entry.endpoint());
          std::ranges::reverse(endpoints);
          connect_to(k, connection, std::move(endpoints));
        });
  }

  // One after the other, the last first: a name may have an address that the tool does not listen on. Not by
  // asio::async_connect, which would go on with the socket of the attempt after this one.
  void connect_to(std::size_t k, std::uint64_t connection, std::vector<tcp::endpoint> endpoints) {
    const tcp::endpoint endpoint = endpoints.back();
    endpoints.pop_back();
    lines[k].socket = tcp::socket(io);
    lines[k].socket.async_connect(
        endpoint, [this, k, connection, left = std::move(endpoints)](const error_code& error) {
          const bool wanted = lines[k].connection == connection && !lines[k].up;
          if (error && wanted && !left.empty()) return connect_to(k, connection, left);
          connected(k, connection, error);
        });
  }

  void connected(std::size_t k, std::uint64_t connection, const error_code& error) {
    Line& line = lines[k];
    if (line.connection != connection || line.up) return;
    if (error) {
      give_up(line, now());
    } else {
      begin(line);
    }
    serve(k);
  }

  // A line is open now, on either side.
  void begin(Line& line) {
    error_code ignored;
    line.socket.non_blocking(true, ignored);
    line.socket.set_option(tcp::no_delay(true), ignored);
    line.connect_by = core::Never;
    line.up = true;
    line.reading = line.writing = false;
    line.session.connected(now());
  }

  void give_up(Line& line, core::Tick at) {
    close(line);
    line.connect_by = core::Never;
    line.session.closed(at);
  }

  void drop(Line& line, core::Tick at) {
    close(line);
    line.up = false;
    line.session.closed(at);
  }

  void close(Line& line) {
    ++line.connection;
    error_code ignored;
    line.resolver.cancel();
    line.socket.shutdown(tcp::socket::shutdown_both, ignored);
    line.socket.close(ignored);
    line.reading = line.writing = false;
  }

  void wait_read(std::size_t k) {
    Line& line = lines[k];
    line.reading = true;
    line.socket.async_wait(tcp::socket::wait_read,
                           [this, k, connection = line.connection](const error_code& error) {
                             if (lines[k].connection != connection) return;
                             lines[k].reading = false;
                             if (!error) read(k);
                             serve(k);
                           });
  }

  void read(std::size_t k) {
    Line& line = lines[k];
    for (int turn = 0; turn < ReadsATurn && line.session.takes_more(); ++turn) {
      error_code error;
      const std::size_t got = line.socket.read_some(asio::buffer(buffer), error);
      if (again(error)) return;
      if (error) return drop(line, now());
      line.session.received(std::span(buffer).first(got), now());
      if (got < buffer.size()) return;
    }
  }

  void flush(std::size_t k, core::Tick at) {
    Line& line = lines[k];
    while (line.up && !line.writing && !line.session.outgoing().empty()) {
      const auto bytes = line.session.outgoing();
      error_code error;
      const std::size_t put =
          line.socket.write_some(asio::buffer(bytes.data(), bytes.size()), error);
      if (again(error)) return wait_write(k);
      if (error) return drop(line, at);
      line.session.sent(put, at);
    }
  }

  void wait_write(std::size_t k) {
    Line& line = lines[k];
    line.writing = true;
    line.socket.async_wait(tcp::socket::wait_write,
                           [this, k, connection = line.connection](const error_code&) {
                             if (lines[k].connection != connection) return;
                             lines[k].writing = false;
                             serve(k);
                           });
  }

  // --- callers ---

  void accept(std::size_t k) {
    lines[k].accepting = true;
    lines[k].acceptor.async_accept([this, k](const error_code& error, tcp::socket socket) {
      Line& line = lines[k];
      if (error == asio::error::operation_aborted) return;
      line.accepting = false;
      if (error) {
        line.accept_from = now() + AcceptPause;
      } else if (line.up || line.session.closing()) {
        greet(k, std::move(socket));
      } else {
        ++line.connection;
        line.socket = std::move(socket);
        begin(line);
      }
      serve(k);
    });
  }

  void greet(std::size_t k, tcp::socket socket) {
    Line& line = lines[k];
    if (line.guests.size() >= GuestsMax) return;  // closes it
    error_code ignored;
    socket.non_blocking(true, ignored);
    line.guests.push_back(std::make_shared<Guest>(std::move(socket),
                                                  now() + line.session.options().timers.selection));
    wait_guest(k, line.guests.back());
  }

  void wait_guest(std::size_t k, const std::shared_ptr<Guest>& guest) {
    guest->socket.async_wait(tcp::socket::wait_read, [this, k, guest](const error_code& error) {
      if (guest->done) return;
      if (error) {
        guest->leave();
      } else {
        hear(*guest);
      }
      if (!guest->done) return wait_guest(k, guest);
      serve(k);
    });
  }

  // Answers once; then waits until the caller closes, so that the answer is not lost by our closing.
  void hear(Guest& guest) {
    std::array<std::uint8_t, 256> bytes{};
    error_code error;
    const std::size_t got = guest.socket.read_some(asio::buffer(bytes), error);
    if (again(error)) return;
    if (error || !guest.refusal.answer().empty()) return guest.leave();
    const auto next = guest.refusal.received(std::span(bytes).first(got));
    if (next == Refusal::Next::Close) return guest.leave();
    if (next != Refusal::Next::SendAnswer) return;
    const auto answer = guest.refusal.answer();
    guest.socket.write_some(asio::buffer(answer.data(), answer.size()), error);
    guest.socket.shutdown(tcp::socket::shutdown_send, error);
  }
};

Sockets::Sockets(Now now) : impl_(std::make_unique<Impl>(std::move(now))) {}
Sockets::~Sockets() = default;

std::size_t Sockets::add(Options options, const Where& where, Attend attend) {
  const bool passive = options.role == Role::Passive;
  Line& line = impl_->lines.emplace_back(std::move(options), where, std::move(attend), impl_->io);
  if (passive) {
    try {
      impl_->listen(line);
    } catch (...) {
      impl_->lines.pop_back();
      throw;
    }
  }
  const std::size_t k = impl_->lines.size() - 1;
  line.planned = 0;
  impl_->plan.push({0, k});
  return k;
}

std::size_t Sockets::lines() const noexcept { return impl_->lines.size(); }

Session& Sockets::session(std::size_t line) {
  TWIN_EXPECT(line < lines(), line, lines());
  return impl_->lines[line].session;
}

std::uint16_t Sockets::port(std::size_t line) const {
  TWIN_EXPECT(line < lines(), line, lines());
  error_code ignored;
  return impl_->lines[line].acceptor.local_endpoint(ignored).port();
}

void Sockets::turn(std::chrono::milliseconds wait) {
  impl_->serve_due();
  if (!impl_->plan.empty()) {
    const core::Tick left = impl_->plan.top().at - impl_->now();
    wait = std::clamp(std::chrono::milliseconds(left), std::chrono::milliseconds(0), wait);
  }
  impl_->io.restart();
  auto work = asio::make_work_guard(impl_->io);
  std::size_t tasks = wait.count() > 0 ? impl_->io.run_one_for(wait) : impl_->io.poll_one();
  while (tasks > 0 && tasks < TasksATurn && impl_->io.poll_one() > 0) ++tasks;
  impl_->serve_due();
}

void Sockets::wake(std::size_t line) {
  asio::post(impl_->io, [impl = impl_.get(), line] {
    if (line < impl->lines.size()) impl->serve(line);
  });
}

void Sockets::shut(std::chrono::milliseconds patience) {
  impl_->shutting = true;
  const core::Tick until = impl_->now() + patience.count();
  for (std::size_t k = 0; k < lines(); ++k) {
    error_code ignored;
    impl_->lines[k].acceptor.close(ignored);
    for (const auto& guest : impl_->lines[k].guests) guest->leave();
    impl_->lines[k].session.close(impl_->now());
    impl_->serve(k);
  }
  const auto open = [&] {
    return std::ranges::any_of(impl_->lines, [](const Line& line) { return line.up; });
  };
  while (open() && impl_->now() < until) turn(std::chrono::milliseconds(10));
}

}  // namespace twin::link::hsms
