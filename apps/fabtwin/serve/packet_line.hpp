// One question to a process of this machine (the guard, an observer) over a local socket of whole messages. The answer
// is awaited without standing still: whoever is gone, slow or silent costs a twin its patience and nothing else.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "twin/core/tick.hpp"

namespace apps::fabtwin::serve {

class PacketLine {
 public:
  struct Options {
    std::filesystem::path socket = {};
    std::string who = {};              // for words: "the guard"
    twin::core::Tick patience_ms = 0;  // for the whole of it
  };
  // now: [ms] of a clock that never runs backwards.
  PacketLine(Options options, std::string question, twin::core::Tick now);
  ~PacketLine();
  PacketLine(PacketLine&& other) noexcept;
  PacketLine& operator=(PacketLine&& other) noexcept;

  struct Heard {
    bool answered = false;
    std::string text;  // the answer, or why there is none
  };
  // Once there is something to say, always the same; nothing: not yet.
  [[nodiscard]] std::optional<Heard> hear(twin::core::Tick now);

 private:
  void close();
  std::optional<Heard> end(std::string why);
  bool connect();
  std::optional<Heard> receive();

  Options options_;
  std::string question_;
  twin::core::Tick until_ = 0;
  int line_ = -1;
  bool asked_ = false;
  std::optional<Heard> heard_ = {};
};

}  // namespace apps::fabtwin::serve
