// The link's side of a permit: the one place where its text becomes a Permit. No part of the guard's process.
#pragma once
#include "twin/guard/client.hpp"
#include "twin/guard/permit.hpp"

namespace twin::guard {

// What the guard signs. It writes these lines itself; `show` is for tests of links.
struct PermitText {
  std::string tool;
  std::array<std::uint8_t, 16> nonce{};
  core::Tick issued = 0, expires = 0;  // [ms since 1970]
  Bytes bytes;                         // stream, function and body of the message

  static void fields(auto& a, auto& self) {
    a("tool", self.tool);
    a("nonce", self.nonce);
    a("issued", self.issued);
    a("expires", self.expires);
    a("bytes", self.bytes);
  }
};
[[nodiscard]] std::string show(const PermitText& permit, const Seed& guard,
                               Sign sign = guard::sign);

class Gate {
 public:
  // Takes what this guard issues from `since` [ms since 1970] on, which is when the gate was opened:
  // it does not know which of the older ones were used.
  Gate(const PublicKey& guard, core::Tick since, Verify verify = guard::verify)
      : guard_(guard), since_(since), verify_(verify) {}

  // now: [ms since 1970]; line: the same moment by the clock of the line. Nothing where the text is not
  // the guard's, is not in force, or was taken before.
  [[nodiscard]] std::optional<Permit> take(std::string_view text, core::Tick now, core::Tick line);

 private:
  PublicKey guard_;
  core::Tick since_;
  Verify verify_;
  std::vector<PermitText> used_;
};

}  // namespace twin::guard
