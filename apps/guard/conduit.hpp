// The one way in and out: a local socket of whole messages, and the ledger's file, which is on the disk
// before an answer leaves.
#pragma once
#include <string>
#include <string_view>
#include <utility>

#include "twin/guard/guard.hpp"

namespace apps::guard {

// A descriptor, closed at the end of its owner.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

[[nodiscard]] twin::core::Tick now_ms();  // [ms since 1970]

// Throws twin::core::Error where it cannot be read, or where group or others may do what is not in `open_to`.
[[nodiscard]] std::string read_all(const std::string& path, int open_to);

[[nodiscard]] twin::guard::Seed read_seed(
    const std::string& path);  // which none but its owner may read

struct LedgerFile {
  Descriptor file;
  twin::guard::Ledger ledger;
  std::uint64_t chain = 0;
};
// Locks it; leaves out a last line that was not written whole. Throws twin::core::Error.
[[nodiscard]] LedgerFile open_ledger(const std::string& path);

void watch_for_stop();  // SIGUSR1 presses the kill switch, too

[[nodiscard]] Descriptor listen_at(const std::string& path);

// Answers until the ledger cannot be written: then it is silent for good, and returns.
void serve(twin::guard::Guard& guard, const Descriptor& listening, const Descriptor& ledger);

}  // namespace apps::guard
