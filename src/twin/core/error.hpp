// A user's mistake, said the same way everywhere: "problem (why) suggestion?" with the place it was
// found.
#pragma once
#include <stdexcept>
#include <string>

namespace twin::core {

// Where a user's mistake stands: file, 1-based line (0: the whole file), column name (empty: the
// whole line).
struct Place {
  std::string file;
  std::size_t line = 0;
  std::string column;
  bool operator==(const Place&) const = default;
};

std::string to_string(const Place& place);  // "route_3.txt:12, column PTIME"

class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}
  Error(const Place& place, const std::string& message)
      : std::runtime_error(to_string(place) + ": " + message), place_(place) {}
  [[nodiscard]] const Place& place() const noexcept { return place_; }

 private:
  Place place_;
};

}  // namespace twin::core
