// What the words of the event schema mean, for people: docs/reference/events.md is made from it, so
// that a new kind or field cannot be left without its meaning.
#pragma once
#include <span>
#include <string_view>

#include "twin/event/csv.hpp"
#include "twin/event/vocabulary.hpp"

namespace twin::event {

struct KindMeaning {
  Kind kind;
  std::string_view meaning, item, value;  // what Event::item and Event::value hold; empty: nothing
};

struct FieldMeaning {
  Column field;
  std::string_view type, unit, meaning;
};

std::span<const KindMeaning> kind_meanings();    // in the order of kinds()
std::span<const FieldMeaning> field_meanings();  // in the order of Column

}  // namespace twin::event
