#include "twin/guard/ledger.hpp"

#include "twin/core/error.hpp"
#include "twin/core/hash.hpp"

namespace twin::guard {

void Ledger::apply(const Entry& e) {
  saw(e.at);
  if (e.what == "stopped") {
    stopped_ = true;
    return;
  }
  if (e.what == "verified" || e.what == "failed") {
    const auto of = std::ranges::find_if(given_, [&](const Given& g) {
      return g.open && std::ranges::equal(g.command.nonce, e.about);
    });
    if (of == given_.end()) throw core::Error("ledger: read back what was not open");
    of->open = false;
    if (e.what == "failed") stopped_tools_.push_back(of->command.tool);
    return;
  }
  const auto command =
      read_command({reinterpret_cast<const char*>(e.about.data()), e.about.size()});
  if (!command) throw core::Error("ledger: " + e.what + " what is no command");
  if (e.what == "resumed") {
    if (command->tool == "*") stopped_ = false;
    std::erase(stopped_tools_, command->tool);
    for (Given& g : given_) g.open = g.open && g.command.tool != command->tool;
  }
  given_.push_back({e.at, *command, e.what == "granted"});
}

void Ledger::forget(core::Tick before) {
  std::erase_if(given_, [&](const Given& g) {
    return !g.open && g.at < before && g.command.expires < before;
  });
}

std::string show(const Entry& entry, std::uint64_t& chain) {
  const std::string line = entry.what + " " + show(entry.at) + " " + show(entry.about);
  chain = core::hash64(line.data(), line.size(), chain);
  return line + " " + std::to_string(chain) + "\n";
}

Ledger read_ledger(std::string_view file, std::uint64_t& chain, std::size_t& whole) {
  Ledger ledger;
  chain = 0;
  whole = 0;
  for (std::size_t number = 1;; ++number) {
    const std::string_view line = file.substr(whole, file.find('\n', whole) - whole);
    if (whole + line.size() == file.size()) return ledger;
    whole += line.size() + 1;
    Entry e;
    std::string check;
    if (!read_row(line, e.what, e.at, e.about, check) ||
        show(e, chain) != std::string(line) + "\n") {
      throw core::Error(core::Place{"ledger", number, ""}, "is not as the guard wrote it");
    }
    ledger.apply(e);
  }
}

}  // namespace twin::guard
