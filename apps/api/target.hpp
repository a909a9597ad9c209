// The target of a request, read strictly (RFC 3986, RFC 9112): a path of names and a query of pairs. There
// is no file behind a path; what would climb out of one is refused all the same, since a proxy in
// front may read it otherwise than we do.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace apps::api {

inline constexpr std::size_t TargetMax = 2'048;  // [bytes]
inline constexpr std::size_t PairsMax = 16;

struct Target {
  std::vector<std::string> path = {};  // its names, decoded: {"v1", "lots", "L7"}
  std::vector<std::pair<std::string, std::string>> query = {};  // decoded, in order, no name twice
  [[nodiscard]] const std::string* find(std::string_view name) const;  // nullptr: not in the query
  bool operator==(const Target&) const = default;
};

// Throws core::Error that says what is wrong.
[[nodiscard]] Target read_target(std::string_view text);

}  // namespace apps::api
