// Token buckets by key (Turner 1986: leaky bucket as a meter), on whatever clock the caller has. The memory is
// bounded: when it is full of keys that have used up something, new ones share one bucket, or pass.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "twin/core/tick.hpp"

namespace twin::people {

struct Pace {
  core::Tick every_ms = 1'000;  // one more each
  std::uint32_t burst = 10;     // at once, at most
};

enum class Crowd : std::uint8_t { Shares, Passes };  // whoever finds no room

class Buckets {
 public:
  explicit Buckets(Pace pace, Crowd crowd = Crowd::Shares, std::size_t keys_max = 4'096)
      : pace_(pace), crowd_(crowd), keys_max_(keys_max) {}

  // Takes one; false: there is none, and nothing was taken.
  bool take(std::string_view key, core::Tick now);
  [[nodiscard]] bool has(std::string_view key, core::Tick now) const;  // without taking it
  // [ms] until there is one
  [[nodiscard]] core::Tick wait(std::string_view key, core::Tick now) const;
  [[nodiscard]] std::size_t keys() const { return used_.size(); }

 private:
  struct Used {
    core::Tick debt = 0;  // [ms] of what was taken and has not come back
    core::Tick at = 0;
  };
  [[nodiscard]] core::Tick debt(const Used& used, core::Tick now) const;
  [[nodiscard]] core::Tick debt_of(std::string_view key, core::Tick now) const;

  Pace pace_;
  Crowd crowd_;
  std::size_t keys_max_;
  std::map<std::string, Used, std::less<>> used_;  // those with a debt
  Used others_;                                    // who found no room
  std::optional<core::Tick> swept_;                // when room was looked for last
};

}  // namespace twin::people
