// What the guard must not forget: each permit it gave, what came of it, and whether it was stopped. A
// fold over entries that are on the disk before their answer leaves, each chained to the one before.
#pragma once
#include "twin/guard/command.hpp"

namespace twin::guard {

struct Entry {
  // granted: to be read back; done: it is not; resumed (all with the command). verified; failed: its tool is
  // stopped (both with the nonce). stopped.
  std::string what;
  core::Tick at = 0;  // [ms since 1970]
  Bytes about;
};

struct Given {
  core::Tick at = 0;
  Command command;
  bool open = false;    // still to be read back
  bool failed = false;  // its tool is stopped until persons resume it
};

class Ledger {
 public:
  void apply(const Entry& entry);  // throws core::Error where it makes no sense
  // The same; returns the file's line, chained to the one before.
  std::string add(const Entry& entry);
  void saw(core::Tick now) { latest_ = std::max(latest_, now); }
  // What ended before and can be asked for no more.
  void forget(core::Tick before);

  [[nodiscard]] core::Tick latest() const { return latest_; }  // time never goes back
  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] const std::vector<Given>& given() const { return given_; }  // in their order

 private:
  std::vector<Given> given_;
  core::Tick latest_ = 0;
  bool stopped_ = false;
  std::uint64_t chain_ = 0;  // the check of the last line
};

// Folds a whole file; throws core::Error where a byte is not as it was written.
[[nodiscard]] Ledger read_ledger(std::string_view file);

}  // namespace twin::guard
