#include "twin/core/error.hpp"

namespace twin::core {

std::string to_string(const Place& place) {
  std::string text = place.file;
  if (place.line != 0) text += ":" + std::to_string(place.line);
  if (!place.column.empty()) text += ", column " + place.column;
  return text;
}

}  // namespace twin::core
