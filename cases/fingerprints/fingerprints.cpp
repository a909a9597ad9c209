#include "cases/fingerprints/fingerprints.hpp"

#include <fmt/core.h>

#include <fstream>
#include <sstream>

namespace cases {

// A line an entry: the fingerprint in hexadecimal, then the run's name; # starts a comment line.
Fingerprints load_fingerprints(const std::filesystem::path& file) {
  Fingerprints list;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream cells(line);
    std::uint64_t value = 0;
    std::string name;
    if (cells >> std::hex >> value >> std::ws && std::getline(cells, name)) list[name] = value;
  }
  return list;
}

void save_fingerprints(const std::filesystem::path& file, const Fingerprints& list) {
  std::ofstream out(file);
  out << "# Fingerprints of final States, checked by cases/fingerprints; FABTWIN_BLESS=1 renews "
         "them.\n";
  out << fmt::format(
      "# Written by a program of GCC {}.{}; any compiler and level of optimisation "
      "must give the same.\n",
      __GNUC__, __GNUC_MINOR__);
  for (const auto& [name, value] : list) out << fmt::format("{:016x} {}\n", value, name);
}

std::string difference(const Fingerprints& recorded, const std::string& name, std::uint64_t now) {
  const auto found = recorded.find(name);
  if (found == recorded.end())
    return fmt::format("'{}' has no fingerprint yet (now {:016x}; FABTWIN_BLESS=1 writes it)", name,
                       now);
  if (found->second == now) return {};
  return fmt::format("'{}' was {:016x}, is {:016x} (FABTWIN_BLESS=1 renews it)", name,
                     found->second, now);
}

}  // namespace cases
