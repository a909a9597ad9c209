// Runs many HSMS sessions over TCP on one thread: opens and accepts lines, moves bytes, keeps the
// timers. It is the only place that knows sockets; what is said over them is the sessions' matter.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "twin/core/tick.hpp"
#include "twin/link/hsms/session.hpp"

namespace twin::link::hsms {

// Where a line goes to (active) or listens (passive; port 0: any free one).
struct Where {
  std::string host = "127.0.0.1";  // an address; an active line may name a host
  std::uint16_t port = 5000;
};

class Sockets {
 public:
  // Line time [ms], of a clock that never runs backwards: real time, also beside an accelerated
  // plant, for T3 to T8 are about the line.
  using Now = std::function<core::Tick()>;
  // Called on the thread of turn() whenever a session may have something to tell: takes its events,
  // sends; answers when it wants to be called again at the latest (Never: only if something
  // happens). Events that it leaves stay; when too many stay, the line is not read.
  using Attend = std::function<core::Tick(Session& session, core::Tick now)>;

  explicit Sockets(Now now);
  ~Sockets();  // closes every line, without a word
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;

  // A line with its session; answers its number, 0, 1, 2 ... A passive one listens at once:
  // core::Error if it cannot.
  std::size_t add(Options options, const Where& where, Attend attend);
  [[nodiscard]] std::size_t lines() const noexcept;
  [[nodiscard]] Session& session(std::size_t line);
  [[nodiscard]] std::uint16_t port(std::size_t line) const;  // where a passive line listens

  // Does what is to be done and waits for at most `wait` where nothing is.
  void turn(std::chrono::milliseconds wait);
  // From any thread: attend() of this line is called in the next turn, which begins at once.
  void wake(std::size_t line);
  // Separates on every line, opens none any more, and turns until all are closed or the patience
  // is over.
  void shut(std::chrono::milliseconds patience);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace twin::link::hsms
