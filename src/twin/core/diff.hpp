// The first field in which two values of a type differ, with its path and both values:
// "lots[17].step: 4 != 5".
#pragma once
#include <charconv>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "twin/core/expect.hpp"
#include "twin/core/fields.hpp"

namespace twin::core {
namespace detail {

// A scalar as text; doubles by the shortest text that reads back as the same number.
template <Scalar T>
std::string shown(T x) {
  if constexpr (std::is_same_v<T, bool>) {
    return x ? "true" : "false";
  } else if constexpr (std::is_enum_v<T>) {
    return shown(static_cast<std::underlying_type_t<T>>(x));
  } else if constexpr (std::is_floating_point_v<T>) {
    std::array<char, 32> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), x).ptr;
    return {text.data(), end};
  } else {
    return std::to_string(x);
  }
}

class
    MemberList {  // copies of the members of one value, in the order of its list: a list may name passing values
 public:
  static constexpr bool Loading = false;
  template <class T>
  void operator()(const char*, T& member) {
    at.push_back(std::make_shared<const std::remove_cv_t<T>>(member));
  }
  std::vector<std::shared_ptr<const void>> at;
};

class Difference {
 public:
  std::string found;  // empty: no difference so far

  template <class T>
  void compare(const std::string& path, const T& a, const T& b) {
    require_archivable<T>();
    if (!found.empty()) return;
    if constexpr (Scalar<T>) {
      // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): the bits are what is compared
      if (std::memcmp(&a, &b, sizeof a) != 0) tell(path, shown(a), shown(b));
    } else if constexpr (String<T>) {
      if (a != b) tell(path, "'" + a + "'", "'" + b + "'");
    } else if constexpr (Vector<T> || StdArray<T>) {
      if (a.size() != b.size()) return tell(path + ".size", shown(a.size()), shown(b.size()));
      items(path, a, b);
    } else if constexpr (Optional<T>) {
      if (a.has_value() != b.has_value()) {
        tell(path, a ? "a value" : "nothing", b ? "a value" : "nothing");
      } else if (a) {
        compare(path, *a, *b);
      }
    } else if constexpr (Tuple<T>) {
      elements(path, a, b, std::make_index_sequence<std::tuple_size_v<T>>());
    } else if constexpr (Variant<T>) {
      if (a.index() != b.index()) {
        tell(path + ".alternative", shown(a.index()), shown(b.index()));
      } else {
        alternatives(path, a, b, std::make_index_sequence<std::variant_size_v<T>>());
      }
    } else {
      members(path, a, b);
    }
  }

 private:
  void tell(const std::string& path, const std::string& a, const std::string& b) {
    if (found.empty()) found = path + ": " + a + " != " + b;
  }

  template <class T>
  void items(const std::string& path, const T& a, const T& b) {
    using E = typename T::value_type;
    if constexpr (Scalar<E>) {  // the usual case, equal blocks, at once
      if (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(E)) == 0) return;
    }
    for (std::size_t i = 0; i < a.size() && found.empty(); ++i) {
      compare(path + "[" + std::to_string(i) + "]", a[i], b[i]);
    }
  }

  template <class T, std::size_t... I>
  void elements(const std::string& path, const T& a, const T& b, std::index_sequence<I...>) {
    (compare(path + "<" + std::to_string(I) + ">", std::get<I>(a), std::get<I>(b)), ...);
  }

  template <class T, std::size_t... I>
  void alternatives(const std::string& path, const T& a, const T& b, std::index_sequence<I...>) {
    ((a.index() == I ? compare(path, std::get<I>(a), std::get<I>(b)) : void()), ...);
  }

  // The list is walked over b for copies, then over a with these beside.
  template <class T>
  void members(const std::string& path, const T& a, const T& b) {
    MemberList others;
    visit_fields(others, b);
    Side side{this, path, others.at};
    visit_fields(side, a);
    TWIN_ENSURE(!found.empty() || side.next == others.at.size(), path, side.next, others.at.size());
  }

  struct Side {
    static constexpr bool Loading = false;
    Difference* difference;
    const std::string& path;
    const std::vector<std::shared_ptr<const void>>& others;
    std::size_t next = 0;
    template <class T>
    void operator()(const char* name, const T& member) {
      TWIN_EXPECT(next < others.size(), name, "a list of fields must not depend on the values");
      const T& other = *static_cast<const T*>(others[next++].get());
      if (difference->found.empty())
        difference->compare(path.empty() ? name : path + "." + name, member, other);
    }
  };
};

}  // namespace detail

// Empty if every field is the same, bit by bit.
template <class T>
std::string diff(const T& a, const T& b) {
  detail::Difference d;
  d.compare("", a, b);
  return d.found;
}

}  // namespace twin::core
