// A SECS-II message as the layers above the line speak of it: S6F11, whether it asks for a reply,
// who is meant, which transaction it belongs to, and its body.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "twin/link/secs/item.hpp"

namespace twin::link::secs {

struct Message {
  std::uint8_t stream = 0;     // 0..127
  std::uint8_t function = 0;   // odd: a primary message; even: its reply; 0: the abort of one
  bool wants_reply = false;    // the W bit
  std::uint16_t device = 0;    // device id, 15 bits (the session id of HSMS)
  std::uint32_t system = 0;    // system bytes: what ties a reply to its primary
  std::optional<Item> body{};  // nothing: header only

  [[nodiscard]] bool is_primary() const noexcept { return function % 2 == 1; }
  [[nodiscard]] bool is(int s, int f) const noexcept { return stream == s && function == f; }
  // The item at a path of positions in the body; nullptr where there is none.
  template <std::integral... Position>
  [[nodiscard]] const Item* at(Position... position) const noexcept {
    return body ? body->at(position...) : nullptr;
  }
  bool operator==(const Message&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("stream", self.stream);
    archive("function", self.function);
    archive("wants_reply", self.wants_reply);
    archive("device", self.device);
    archive("system", self.system);
    archive("body", self.body);
  }
};

enum class Reply : std::uint8_t { No, Wanted };

// A primary message; the session fills in device and system bytes.
[[nodiscard]] inline Message primary(int stream, int function, Reply reply,
                                     std::optional<Item> body = {}) {
  TWIN_EXPECT(stream >= 0 && stream < 128 && function > 0 && function < 256 && function % 2 == 1,
              stream, function);
  return {.stream = static_cast<std::uint8_t>(stream),
          .function = static_cast<std::uint8_t>(function),
          .wants_reply = reply == Reply::Wanted,
          .body = std::move(body)};
}

// The reply to a primary: function + 1, the same device and system bytes.
[[nodiscard]] inline Message reply_to(const Message& asked, std::optional<Item> body = {}) {
  TWIN_EXPECT(asked.is_primary() && asked.function < 255, int{asked.stream}, int{asked.function});
  return {.stream = asked.stream,
          .function = static_cast<std::uint8_t>(asked.function + 1),
          .device = asked.device,
          .system = asked.system,
          .body = std::move(body)};
}

// SxF0: "your primary came to nothing".
[[nodiscard]] inline Message abort_of(const Message& asked) {
  return {.stream = asked.stream, .device = asked.device, .system = asked.system};
}

[[nodiscard]] inline std::string name_of(const Message& message) {  // "S6F11 W", "S6F12"
  return "S" + std::to_string(message.stream) + "F" + std::to_string(message.function) +
         (message.wants_reply ? " W" : "");
}

void PrintTo(const Message& message, std::ostream* out);  // as SML, in tests

}  // namespace twin::link::secs
