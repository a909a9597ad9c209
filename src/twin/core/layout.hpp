// What a type's saved bytes look like, asked from the type alone: the least number of bytes (so
// that a damaged length cannot make a loader allocate) and a hash of all names and types (so that
// bytes of another version are refused).
#pragma once
#include <cstring>

#include "twin/core/fields.hpp"
#include "twin/core/hash.hpp"

namespace twin::core {
namespace detail {

class LayoutWalk {
 public:
  static constexpr bool Loading = false;

  template <class T>
  void operator()(const char* name, T&) {
    say(name);
    min_bytes_ += of(Type<std::remove_const_t<T>>());
  }

  // Hashes T's structure, answers the least number of bytes of a T.
  template <class T>
  std::size_t of(Type<T>) {
    require_archivable<T>();
    if constexpr (Scalar<T>) {
      say(std::is_floating_point_v<T> ? "f"
          : std::is_same_v<T, bool>   ? "b"
          : is_signed<T>()            ? "i"
                                      : "u");
      constexpr std::size_t Size = sizeof(T);
      hash_.absorb(&Size, sizeof Size);
      return Size;
    } else if constexpr (String<T>) {
      say("s");
      return sizeof(std::uint64_t);
    } else if constexpr (Vector<T>) {
      say("v");
      of(Type<typename T::value_type>());
      return sizeof(std::uint64_t);
    } else if constexpr (StdArray<T>) {
      say("a");
      constexpr std::size_t Count = std::tuple_size_v<T>;
      hash_.absorb(&Count, sizeof Count);
      return Count * of(Type<typename T::value_type>());
    } else if constexpr (Optional<T>) {
      say("o");
      of(Type<typename T::value_type>());
      return 1;
    } else if constexpr (Tuple<T> || Variant<T>) {
      return several(Type<T>());
    } else {
      say("{");
      const std::size_t before = min_bytes_;
      const T probe{};
      visit_fields(*this, probe);
      say("}");
      const std::size_t mine = min_bytes_ - before;
      min_bytes_ = before;
      return mine;
    }
  }

  [[nodiscard]] std::uint64_t digest() const { return hash_.digest(); }

 private:
  template <class T>
  static constexpr bool is_signed() {
    if constexpr (std::is_enum_v<T>) {
      return std::is_signed_v<std::underlying_type_t<T>>;
    } else {
      return std::is_signed_v<T>;
    }
  }
  template <template <class...> class C, class... E>
  std::size_t several(Type<C<E...>>) {
    say(Variant<C<E...>> ? "|" : "(");
    const std::size_t sum = (std::size_t{0} + ... + of(Type<E>()));
    say(")");
    return Variant<C<E...>> ? 1 : sum;
  }
  void say(const char* text) { hash_.absorb(text, std::strlen(text) + 1); }

  Hash64 hash_;
  std::size_t min_bytes_ = 0;
};

}  // namespace detail

template <class T>
std::size_t min_bytes() {
  if constexpr (Scalar<T>) {
    return sizeof(T);
  } else {
    static const std::size_t answer = detail::LayoutWalk().of(detail::Type<T>());
    return answer;
  }
}

template <class T>
std::uint64_t layout_of() {
  static const std::uint64_t answer = [] {
    detail::LayoutWalk walk;
    walk.of(detail::Type<T>());
    return walk.digest();
  }();
  return answer;
}

}  // namespace twin::core
