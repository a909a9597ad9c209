// The words of a tool's file for formats, roles, moments and fields, one table each; the reader and
// the writer of files share them.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twin/event/vocabulary.hpp"
#include "twin/link/tool/description.hpp"

namespace twin::link::tool {

using event::Word;

std::span<const Word<Role>> roles() noexcept;
std::span<const Word<Moment>> moments() noexcept;
std::span<const Word<Field>> fields() noexcept;
std::span<const Word<secs::Kind>> formats() noexcept;  // "A", "U4", "BOOLEAN"
std::span<const Word<Class>> classes() noexcept;       // "status", "discrete", "constant"

template <class Enum>
std::vector<std::string> texts_of(std::span<const Word<Enum>> words) {
  std::vector<std::string> texts;
  for (const auto& word : words) texts.emplace_back(word.text);
  return texts;
}
template <class Enum>
std::optional<Enum> value_of(std::span<const Word<Enum>> words, std::string_view text) {
  for (const auto& word : words) {
    if (word.text == text) return word.value;
  }
  return std::nullopt;
}
template <class Enum>
std::string_view text_of(std::span<const Word<Enum>> words, Enum value) {
  for (const auto& word : words) {
    if (word.value == value) return word.text;
  }
  return {};
}

}  // namespace twin::link::tool
