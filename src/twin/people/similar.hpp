// What came of cases that were like this one: people judge a promise by the promises of before. Likeness is
// simple enough to be told to whoever asks, and the same in every fold.
#pragma once
#include <cstddef>
#include <vector>

#include "twin/people/people.hpp"

namespace twin::people {

inline constexpr std::size_t PastMax = 8;

// From 0 to 1: 0.5 for the same class of action, 0.2 for the same target, up to 0.15 for a promised gain near by, up
// to 0.15 for the first three factors at the same levels. Near is 1 - |a - b| / (|a| + |b|): 1 where a = b, 0 where
// their signs differ. A factor that the other does not name counts as 0.
[[nodiscard]] double likeness(const Recommendation& a, const Recommendation& of);

// Of the cases that are kept and whose outcome is known, in the same objective and unit (a Past has none of its own),
// but this one: the likest first, of equally like ones the newest.
[[nodiscard]] std::vector<Past> similar(const People& people, const Recommendation& to);

}  // namespace twin::people
