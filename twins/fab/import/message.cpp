#include "twins/fab/import/message.hpp"

#include <algorithm>

#include "twin/core/nearest.hpp"

namespace twins::fab::import {
namespace {

constexpr std::size_t LongestQuote = 60;   // [bytes]
constexpr std::size_t LongestWord = 200;   // [bytes] longer ones get no suggestion
constexpr std::size_t MostWords = 20'000;  // a suggestion is worth no more time than this

}  // namespace

std::string quote(std::string_view text) {
  if (text.size() <= LongestQuote) return "'" + std::string(text) + "'";
  std::size_t end = LongestQuote;  // not inside a UTF-8 sequence
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return "'" + std::string(text.substr(0, end)) + "...'";
}

std::string sentence(std::string_view problem, std::string_view why, std::string_view suggestion) {
  std::string text(problem);
  if (!why.empty()) text.append(" (").append(why).append(")");
  if (!suggestion.empty()) text.append(" ").append(suggestion);
  return text;
}

std::string did_you_mean(std::string_view given, std::span<const std::string> known) {
  if (given.empty() || given.size() > LongestWord) return {};
  const auto word = twin::core::nearest(given, known.first(std::min(known.size(), MostWords)));
  return word ? "did you mean " + *word + "?" : std::string{};
}

}  // namespace twins::fab::import
