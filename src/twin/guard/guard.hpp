// The guard as a value: a message in, an answer out, and what must be on the disk before the answer
// leaves. It has no clock, no file and no socket; apps/guard gives it those.
#pragma once
#include <utility>

#include "twin/guard/checks.hpp"

namespace twin::guard {

struct Answer {
  // granted, refused WHY, verified, compensate, failed, resumed, stopped or running
  std::string text;
  std::string entry;  // a line of the ledger, to be durable first; empty: none
};

class Guard {
 public:
  Guard(Limits limits, const Seed& seed, Ledger ledger, Verify verify = guard::verify,
        Sign sign = guard::sign)
      : limits_(std::move(limits)),
        seed_(seed),
        ledger_(std::move(ledger)),
        verify_(verify),
        sign_(sign) {}

  [[nodiscard]] Answer answer(std::string_view message, core::Tick now);
  [[nodiscard]] const Ledger& ledger() const { return ledger_; }

 private:
  static Answer refused(Why why) { return {"refused " + std::string(why) + "\n", ""}; }
  Answer permit_for(const Request& request, core::Tick now);
  Answer read_back(std::string_view message, core::Tick now);
  [[nodiscard]] std::string undo(const Command& command, core::Tick now) const;
  [[nodiscard]] std::string permit(const Command& command, core::Tick until, core::Tick now) const;
  Answer noted(std::string what, core::Tick now, std::span<const std::uint8_t> about,
               std::string text);

  Limits limits_;
  Seed seed_;
  Ledger ledger_;
  Verify verify_;
  Sign sign_;
};

}  // namespace twin::guard
