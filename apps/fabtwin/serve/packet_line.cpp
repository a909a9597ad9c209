#include "apps/fabtwin/serve/packet_line.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace apps::fabtwin::serve {
namespace {

constexpr std::size_t AnswerBytes = 65'536;

bool not_yet() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

PacketLine::PacketLine(Options options, std::string question, twin::core::Tick now)
    : options_(std::move(options)),
      question_(std::move(question)),
      until_(now + options_.patience_ms) {
  (void)hear(now);
}

PacketLine::~PacketLine() { close(); }

PacketLine::PacketLine(PacketLine&& other) noexcept
    : options_(std::move(other.options_)),
      question_(std::move(other.question_)),
      until_(other.until_),
      line_(std::exchange(other.line_, -1)),
      asked_(other.asked_),
      heard_(std::move(other.heard_)) {}

PacketLine& PacketLine::operator=(PacketLine&& other) noexcept {
  std::swap(options_, other.options_);
  std::swap(question_, other.question_);
  std::swap(until_, other.until_);
  std::swap(line_, other.line_);
  std::swap(asked_, other.asked_);
  std::swap(heard_, other.heard_);
  return *this;
}

void PacketLine::close() {
  if (line_ >= 0) ::close(line_);
  line_ = -1;
}

std::optional<PacketLine::Heard> PacketLine::end(std::string why) {
  close();
  heard_ = Heard{false, std::move(why)};
  return heard_;
}

// False: not now, or it was ended.
bool PacketLine::connect() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = options_.socket.string();
  if (path.size() >= sizeof address.sun_path) {
    (void)end(options_.who + " cannot be reached (its socket's name is too long)");
    return false;
  }
  path.copy(address.sun_path, path.size());
  line_ = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (line_ >= 0 &&
      ::connect(line_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return true;
  const bool later = line_ >= 0 && not_yet();  // too many are calling
  const std::string why = std::strerror(errno);
  close();
  if (!later) (void)end(fmt::format("{} is not there ({}: {})", options_.who, path, why));
  return false;
}

std::optional<PacketLine::Heard> PacketLine::receive() {
  std::string text(AnswerBytes, '\0');
  const ssize_t n = ::recv(line_, text.data(), text.size(), 0);
  if (n < 0 && not_yet()) return std::nullopt;
  if (n <= 0) return end(options_.who + " went away without an answer");
  text.resize(static_cast<std::size_t>(n));
  close();
  heard_ = Heard{true, std::move(text)};
  return heard_;
}

std::optional<PacketLine::Heard> PacketLine::hear(twin::core::Tick now) {
  if (heard_) return heard_;
  if (line_ < 0 && !connect() && heard_) return heard_;
  if (line_ >= 0 && !asked_) {
    const ssize_t n = ::send(line_, question_.data(), question_.size(), MSG_NOSIGNAL);
    asked_ = n == static_cast<ssize_t>(question_.size());
    if (!asked_ && !(n < 0 && not_yet())) return end(options_.who + " does not take the question");
  }
  if (line_ >= 0 && asked_) {
    if (auto heard = receive()) return heard;
  }
  if (now >= until_)
    return end(fmt::format("{} did not answer within {} ms", options_.who, options_.patience_ms));
  return std::nullopt;
}

}  // namespace apps::fabtwin::serve
