// The table of published numbers and ours. A case compares; the table remembers what was reached,
// and a run that no longer says the same fails. FABTWIN_BLESS=1 writes results.json and README.md.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace cases {

struct Row {
  std::string setting, published, source, ours;
  bool reached = false;
  bool operator==(const Row&) const = default;
};

using Table = std::map<std::string, Row>;  // by heading and case, "SMT2020 HVLM > Lot_3 cycle time"

// What was published, and how near is near enough.
struct Published {
  enum class Near { Relative, Absolute, AtMost };
  double value = 0.0;
  double tolerance = 0.0;  // share for Relative, the value's unit for Absolute, unused for AtMost
  Near near = Near::Relative;
  int digits = 2;  // decimals printed
  std::string unit;
};

// Our number; the half-width of its 95 % confidence interval where it has one.
struct Ours {
  double value = 0.0;
  std::optional<double> half_width;
};

bool reaches(const Published& published, double ours);
Row row_of(const std::string& setting, const std::string& source, const Published& published,
           const Ours& ours);

Table load(const std::filesystem::path& file);  // empty where there is no such file
void save(const std::filesystem::path& file, const Table& table);
std::string markdown(const Table& table);

bool blessing();  // FABTWIN_BLESS=1

// ctest runs each test in a process of its own, several at once: one at a time may write.
class Lock {
 public:
  Lock();
  ~Lock();
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  int file_;  // the folder's descriptor, which carries the lock
};

// What is wrong with this row beside the recorded one; empty: nothing. A missing record is wrong.
std::string complaint(const Table& recorded, const std::string& name, const Row& row);

// Checks the row against cases/results.json (a gtest failure where they differ), or writes it there
// and renews cases/README.md when blessing. Tests run in the repository's root.
void publish(const std::string& name, const Row& row);

}  // namespace cases
