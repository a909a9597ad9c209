// See the header.
#include "apps/api/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "twin/people/table.hpp"

namespace apps::api {
namespace {

using twin::people::refuse;

std::optional<unsigned> digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10U;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10U;
  return {};
}

// Once, never twice: what is left of a second code stays as it is.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text[k] != '%') {
      out += text[k];
      continue;
    }
    const auto high = k + 1 < text.size() ? digit(text[k + 1]) : std::nullopt;
    const auto low = k + 2 < text.size() ? digit(text[k + 2]) : std::nullopt;
    if (!high || !low) refuse("target", "a '%' without two hexadecimal digits");
    const auto byte = static_cast<unsigned char>(16U * *high + *low);
    if (byte < 0x20 || byte == 0x7F)
      refuse("target", fmt::format("holds the control character {}", byte));
    out += static_cast<char>(byte);
    k += 2;
  }
  return out;
}

std::string name_in_path(std::string_view text) {
  if (text.empty()) refuse("target", "an empty name in the path");
  std::string name = decoded(text);
  if (name == "." || name == ".." || name.find('/') != std::string::npos ||
      !twin::people::is_name(name))
    refuse("target", "a name in the path that is none");
  return name;
}

}  // namespace

const std::string* Target::find(std::string_view name) const {
  const auto at = std::ranges::find(query, name, &std::pair<std::string, std::string>::first);
  return at == query.end() ? nullptr : &at->second;
}

Target read_target(std::string_view text) {
  if (text.size() > TargetMax)
    refuse("target", fmt::format("{} bytes (at most {})", text.size(), TargetMax));
  if (text.empty() || text[0] != '/') refuse("target", "does not begin with '/'");
  for (const char c : text) {
    if (c <= ' ' || c > '~' || c == '#' || c == '\\') refuse("target", "holds what no target may");
  }
  Target target;
  const std::size_t mark = std::min(text.find('?'), text.size());
  std::string_view path = text.substr(1, mark - 1);
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    target.path.push_back(name_in_path(path.substr(0, end)));
    if (end + 1 == path.size()) refuse("target", "an empty name in the path");
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  std::string_view query = text.substr(std::min(mark + 1, text.size()));
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    std::string pair(query.substr(0, end));
    query.remove_prefix(std::min(end + 1, query.size()));
    std::ranges::replace(pair, '+', ' ');  // as forms write it
    const std::size_t equals = std::min(pair.find('='), pair.size());
    std::string name = decoded(std::string_view(pair).substr(0, equals));
    if (target.query.size() == PairsMax)
      refuse("query", fmt::format("more than {} pairs", PairsMax));
    if (target.find(name) != nullptr) refuse("query", "a name that stands there twice");
    target.query.emplace_back(
        std::move(name), decoded(std::string_view(pair).substr(std::min(equals + 1, pair.size()))));
  }
  return target;
}

}  // namespace apps::api
