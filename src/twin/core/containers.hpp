// The standard's ordered containers as fields (fields.hpp): a map is saved as its pairs, a set and a
// deque as their elements, in order. Loaded again they are the same; keys that stand twice are
// refused.
#pragma once
#include <deque>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/fields.hpp"

namespace twin::core {
namespace detail {

template <class Element, class A, class Container>
void elements(A& archive, Container& self) {
  std::vector<Element> all;
  if constexpr (!A::Loading) all.assign(self.begin(), self.end());
  archive("elements", all);
  if constexpr (A::Loading) {
    self.clear();
    for (Element& e : all) self.insert(self.end(), std::move(e));
    if (self.size() != all.size())
      throw Error(
          "saved state cannot be read (a key stands there twice); was it made by another "
          "version?");
  }
}

}  // namespace detail

template <class K, class V, class Less>
struct Fields<std::map<K, V, Less>> {
  template <class A>
  static void fields(A& archive, auto& self) {
    detail::elements<std::pair<K, V>>(archive, self);
  }
};

template <class K>
struct Fields<std::set<K>> {
  template <class A>
  static void fields(A& archive, auto& self) {
    detail::elements<K>(archive, self);
  }
};

template <class T>
struct Fields<std::deque<T>> {
  template <class A>
  static void fields(A& archive, auto& self) {
    detail::elements<T>(archive, self);
  }
};

}  // namespace twin::core
