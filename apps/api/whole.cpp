#include "apps/api/whole.hpp"

#include <fmt/format.h>

#include <charconv>

#include "twin/people/table.hpp"

namespace apps::api {

std::uint64_t whole_of(const Target& target, std::string_view name, const Allowed& allowed) {
  const std::string* text = target.find(name);
  if (text == nullptr) return allowed.fallback;
  std::uint64_t x = 0;
  const char* end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, x);
  if (read.ec != std::errc() || read.ptr != end || x < allowed.least || x > allowed.most)
    twin::people::refuse(
        fmt::format("query.{}", name),
        fmt::format("a whole number from {} to {} is wanted", allowed.least, allowed.most));
  return x;
}

}  // namespace apps::api
