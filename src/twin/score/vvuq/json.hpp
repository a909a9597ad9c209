// Values with `fields` as JSON (RFC 8259): what is in the list of fields is in the text, under its name and in its
// order, so that nothing can be forgotten. Numbers as short as they read back exactly; not finite: null.
#pragma once
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/fields.hpp"

namespace twin::score::vvuq {

template <class T>
concept Numbers = (core::Vector<T> ||
                   core::StdArray<T>)&&std::is_arithmetic_v<typename T::value_type>;

class JsonWriter {
 public:
  static constexpr bool Loading = false;

  [[nodiscard]] const std::string& text() const { return text_; }

  // A member of the object that is open: what visit_fields calls.
  template <class T>
  void operator()(const char* name, T& member) {
    next();
    quoted(name);
    text_ += ": ";
    value(member);
  }

  template <class T>
  void value(const T& x) {
    if constexpr (core::String<T>) {
      quoted(x);
    } else if constexpr (core::Optional<T>) {
      if (x) {
        value(*x);
      } else {
        text_ += "null";
      }
    } else if constexpr (Numbers<T>) {
      text_ += '[';
      for (std::size_t i = 0; i < x.size(); ++i) {
        if (i != 0) text_ += ", ";
        number(x[i]);
      }
      text_ += ']';
    } else if constexpr (core::Vector<T>) {
      open('[');
      for (const auto& e : x) {
        next();
        value(e);
      }
      close(']', x.empty());
    } else if constexpr (core::HasFields<T>) {
      open('{');
      core::visit_fields(*this, x);
      close('}', false);
    } else if constexpr (std::is_same_v<T, bool>) {
      text_ += x ? "true" : "false";
    } else if constexpr (std::is_enum_v<T>) {
      quoted(to_string(x));
    } else {
      static_assert(std::is_arithmetic_v<T>);
      number(x);
    }
  }

 private:
  template <class T>
  void number(T x) {
    if constexpr (std::is_floating_point_v<T>) {
      if (!std::isfinite(x)) {
        text_ += "null";
        return;
      }
    }
    char digits[32];
    text_.append(digits, std::to_chars(digits, digits + sizeof digits, x).ptr);
  }
  void quoted(std::string_view s);
  void open(char bracket);
  void close(char bracket, bool empty);
  void next();  // comma and line before a member

  std::string text_;
  std::string indent_;
  bool first_ = true;
};

}  // namespace twin::score::vvuq
