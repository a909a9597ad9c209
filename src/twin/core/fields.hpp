// How a type lists its members, once, for saving, loading, fingerprints and differences: template
// <class A> static void fields(A& archive, auto& self) { archive("release", self.release); ... }
// What may stand in such a list: numbers, enums, bool, string, array, vector, optional, pair,
// tuple, variant, and types that have such a list themselves. A type that we cannot edit gets it by
// specialising Fields<T>.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace twin::core {

// The list of a foreign type: template <> struct Fields<T> { template <class A> static void
// fields(A&, auto& self); };
template <class T>
struct Fields {};

namespace detail {

struct Probe {  // any archive, to ask whether a type has fields
  static constexpr bool Loading = false;
  template <class T>
  void operator()(const char*, T&) const {}
};

template <class T>
struct IsStdArray : std::false_type {};
template <class E, std::size_t N>
struct IsStdArray<std::array<E, N>> : std::true_type {};

template <class T>
struct IsVector : std::false_type {};
template <class E>
struct IsVector<std::vector<E>> : std::true_type {};

template <class T>
struct IsOptional : std::false_type {};
template <class E>
struct IsOptional<std::optional<E>> : std::true_type {};

template <class T>
struct IsTuple : std::false_type {};
template <class... E>
struct IsTuple<std::tuple<E...>> : std::true_type {};
template <class A, class B>
struct IsTuple<std::pair<A, B>> : std::true_type {};

template <class T>
struct IsVariant : std::false_type {};
template <class... E>
struct IsVariant<std::variant<E...>> : std::true_type {};

template <class T>
inline constexpr bool Unsupported = false;

}  // namespace detail

template <class T>
concept ForeignFields = requires(detail::Probe& probe, T& x) {
  Fields<std::remove_const_t<T>>::fields(probe, x);
};
template <class T>
concept HasFields = ForeignFields<T> || requires(detail::Probe& probe, T& x) {
  T::fields(probe, x);
};

// One number whose bytes are all value: no padding. (x87's long double has padding, so it is not
// one.)
template <class T>
concept Scalar = (std::is_arithmetic_v<T> && !std::is_same_v<std::remove_cv_t<T>, long double>) ||
                 std::is_enum_v<T>;
// A scalar for which every pattern of bits is a value; of a bool only two are.
template <class T>
concept BlockScalar = Scalar<T> && !std::is_same_v<std::remove_cv_t<T>, bool>;

template <class T>
concept StdArray = detail::IsStdArray<std::remove_const_t<T>>::value;
template <class T>
concept Vector = detail::IsVector<std::remove_const_t<T>>::value;
template <class T>
concept Optional = detail::IsOptional<std::remove_const_t<T>>::value;
template <class T>
concept Tuple = detail::IsTuple<std::remove_const_t<T>>::value;
template <class T>
concept Variant = detail::IsVariant<std::remove_const_t<T>>::value;
template <class T>
concept String = std::is_same_v<std::remove_const_t<T>, std::string>;

// Calls archive(name, member) for every member of self, in the order of its list.
template <class A, class T>
void visit_fields(A& archive, T& self) {
  if constexpr (ForeignFields<T>) {
    Fields<std::remove_const_t<T>>::fields(archive, self);
  } else {
    std::remove_const_t<T>::fields(archive, self);
  }
}

namespace detail {

template <class T>
struct Type {};

template <class T>
consteval bool archivable(Type<T>) {
  return Scalar<T> || String<T> || HasFields<T>;
}
template <class E>
consteval bool archivable(Type<std::vector<E>>) {
  return archivable(Type<E>()) && !std::is_same_v<E, bool>;  // vector<bool> has no bytes of its own
}
template <class E, std::size_t N>
consteval bool archivable(Type<std::array<E, N>>) {
  return archivable(Type<E>());
}
template <class E>
consteval bool archivable(Type<std::optional<E>>) {
  return archivable(Type<E>());
}
template <class A, class B>
consteval bool archivable(Type<std::pair<A, B>>) {
  return archivable(Type<A>()) && archivable(Type<B>());
}
template <class... E>
consteval bool archivable(Type<std::tuple<E...>>) {
  return (archivable(Type<E>()) && ...);
}
template <class... E>
consteval bool archivable(Type<std::variant<E...>>) {
  return (archivable(Type<E>()) && ...);
}

}  // namespace detail

// What may stand in a list. A plain struct without a list may not, not even inside a vector: its
// padding would be saved too, and two equal states would have different fingerprints.
template <class T>
concept Archivable = detail::archivable(detail::Type<std::remove_const_t<T>>());

// The one message for a member that may not.
template <class T>
constexpr void require_archivable() {
  static_assert(Archivable<T>,
                "this type has no list of fields (or is a vector<bool>): give it "
                "`template <class A> static void fields(A& archive, auto& self)`");
}

namespace detail {

// Whether a struct's listed members fill it without gaps and in order, so that its bytes in memory
// are its saved bytes.
class DenseCheck {
 public:
  static constexpr bool Loading = false;
  explicit DenseCheck(const void* begin) : begin_(static_cast<const std::byte*>(begin)) {}
  template <class T>
  void operator()(const char*, T& member) {
    if constexpr (Scalar<T>) {
      const auto* at = reinterpret_cast<const std::byte*>(&member);
      dense_ = dense_ && at == begin_ + next_;
      if constexpr (!BlockScalar<T>) bools_.push_back(next_);
      next_ += sizeof(T);
    } else if constexpr (StdArray<T>) {
      for (auto& e : member) (*this)("", e);
    } else if constexpr (HasFields<T>) {
      visit_fields(*this, member);
      if constexpr (requires { member.loaded(); }) dense_ = false;
    } else {
      dense_ = false;
    }
  }
  [[nodiscard]] bool dense(std::size_t bytes) const { return dense_ && next_ == bytes; }
  [[nodiscard]] const std::vector<std::size_t>& bools() const { return bools_; }

 private:
  const std::byte* begin_;
  std::size_t next_ = 0;  // [bytes] where the next member must stand
  bool dense_ = true;
  std::vector<std::size_t> bools_;  // [bytes] where bools stand: these must be 0 or 1
};

struct Dense {
  bool dense = false;
  std::vector<std::size_t> bools;
};

// Asked once per type; the answer is a constant of the type.
template <class T>
const Dense& dense_of() {
  static const Dense answer = [] {
    Dense d;
    if constexpr (std::is_trivially_copyable_v<T> && HasFields<T>) {
      const T probe{};
      DenseCheck check(&probe);
      check("", probe);
      d.dense = check.dense(sizeof(T));
      d.bools = check.bools();
    }
    return d;
  }();
  return answer;
}

}  // namespace detail
}  // namespace twin::core
