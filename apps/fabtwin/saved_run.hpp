// A run in a file: saved when it was stopped or at its end, gone on with bit for bit, also to a
// later day or with more replications. A file of another fab or other options is refused, never
// bent.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "twins/fab/layout.hpp"
#include "twins/fab/simulate.hpp"

namespace apps::fabtwin {

// What must be the same for a run to go on, and what it was told.
struct RunHead {
  std::uint64_t description = 0;  // fingerprint of the data set, its folder's name left out
  std::uint64_t options = 0;      // fingerprint of the LayoutOptions
  std::vector<double> theta;      // [parameter]
  double days = 0.0;              // [day]
  double warmup_days = 0.0;       // [day]
  std::uint32_t first_replication = 0;
  std::uint64_t seed = 0;
  std::string rule;
  bool operator==(const RunHead&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("description", self.description);
    a("options", self.options);
    a("theta", self.theta);
    a("days", self.days);
    a("warmup_days", self.warmup_days);
    a("first_replication", self.first_replication);
    a("seed", self.seed);
    a("rule", self.rule);
  }
};

// A replication as the file has it: its State's fields stand among its own.
struct SavedReplication {
  // Not an aggregate, which = default would leave it: the State's event list has an explicit constructor.
  SavedReplication() {}  // NOLINT(modernize-use-equals-default)
  explicit SavedReplication(twins::fab::Replication r) : replication(std::move(r)) {}
  twins::fab::Replication replication;
  bool operator==(const SavedReplication&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    auto& [member, state, start, started, days] = self.replication;  // a new member is missed here
    a("member", member);
    twins::fab::State::fields(a, state);
    a("start", start);
    a("started", started);
    a("days", days);
  }
};

struct SavedRun {
  RunHead head;
  std::vector<SavedReplication> replications;  // those that were begun, by their number
  bool operator==(const SavedRun&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("head", self.head);
    a("replications", self.replications);
  }
};

// A hash of all that the data set says; two folders of one content have the same.
std::uint64_t fingerprint_of(const twins::fab::Description& fab);
std::uint64_t fingerprint_of(const twins::fab::LayoutOptions& options);

RunHead head_of(const twins::fab::Layout& layout, const std::vector<double>& theta,
                const twins::fab::RunOptions& run);

// Throws twin::core::Error where the saved run cannot be the beginning of the wanted one: names all
// that differs. `file` is for the message.
void expect_same_run(const SavedRun& saved, const RunHead& wanted, const std::string& file);

SavedRun read_saved_run(const std::filesystem::path& path);  // Throws twin::core::Error.

}  // namespace apps::fabtwin
