// What really happened, as the plant writes it down for tests and auditors, and the twin never
// reads: its events, its view at audited instants, what it did wrong. In pieces, one from each save
// to the next, so that a plant that is taken up again writes on without a seam.
#pragma once
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "apps/plant/fab.hpp"
#include "apps/plant/source.hpp"
#include "twin/event/log.hpp"

namespace apps::plant {

// A line of JSON each.
std::string fault_line(const Fault& fault, const Sources& sources);
// {"at":..,"view":"<hash>","wip":..,"events":..}: the hash is core::fingerprint of Fab::view().
std::string audit_line(const Fab& fab);

class Truth {
 public:
  // The folder is made. `header` is that of the pieces' event logs.
  Truth(std::filesystem::path folder, twin::event::LogHeader header);
  ~Truth();

  // Ends the piece, drops pieces from `from` on (of a run that died) and begins one there.
  void begin(Tick from);
  void event(const twin::event::Event& event);
  void fault(const std::string& line);
  void audit(const std::string& line);
  // All is with the operating system.
  void flush();
  void close();  // the piece is whole

  // Its pieces' first ticks, rising.
  [[nodiscard]] static std::vector<Tick> pieces(const std::filesystem::path& folder);
  // Of a piece: <tick, 15 digits>.ftel, .faults.jsonl, .audits.jsonl
  [[nodiscard]] static std::filesystem::path piece(const std::filesystem::path& folder, Tick from,
                                                   const char* what);

 private:
  std::filesystem::path folder_;
  twin::event::LogHeader header_;
  std::ofstream events_, faults_, audits_;
  std::unique_ptr<twin::event::LogWriter> log_;
};

}  // namespace apps::plant
