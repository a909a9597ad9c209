#include "twin/guard/ledger.hpp"

#include "twin/core/error.hpp"

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
    of->failed = e.what == "failed";
    return;
  }
  const auto command =
      read_command({reinterpret_cast<const char*>(e.about.data()), e.about.size()});
  if (!command) throw core::Error("ledger: " + e.what + " what is no command");
  if (e.what == "resumed") {
    stopped_ = stopped_ && command->tool != "*";
    for (Given& g : given_) {
      if (g.command.tool == command->tool) g.open = g.failed = false;
    }
  }
  given_.push_back({e.at, *command, e.what == "granted"});
}

void Ledger::forget(core::Tick before) {
  std::erase_if(given_, [&](const Given& g) {
    return !g.open && !g.failed && g.at < before && g.command.expires < before;
  });
}

std::string Ledger::add(const Entry& e) {
  apply(e);
  const std::string line = e.what + " " + show(e.at) + " " + show(e.about);
  chain_ = check_sum(std::to_string(chain_) + " " + line);
  return line + " " + std::to_string(chain_) + "\n";
}

Ledger read_ledger(std::string_view file) {
  Ledger ledger;
  for (std::size_t number = 1; !file.empty(); ++number) {
    const std::string_view line = file.substr(0, file.find('\n'));
    Entry e;
    std::string check, wrote;
    if (read_row(line, e.what, e.at, e.about, check)) wrote = ledger.add(e);
    if (wrote.empty() || !file.starts_with(wrote))
      throw core::Error(core::Place{"ledger", number, ""}, "is not as the guard wrote it");
    file.remove_prefix(line.size() + 1);
  }
  return ledger;
}

}  // namespace twin::guard
