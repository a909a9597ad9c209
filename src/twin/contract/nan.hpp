// Finds the first number in a state that is none (NaN), with its path. NaN compares unequal to
// itself, so one of them would make every other check of a state meaningless.
#pragma once
#include <cmath>
#include <cstddef>
#include <string>

#include "twin/core/fields.hpp"

namespace twin::contract {

class NanSearch {
 public:
  static constexpr bool Loading = false;

  template <class T>
  void operator()(const char* name, const T& member) {
    const std::string outer = path_;
    path_ += path_.empty() ? name : std::string(".") + name;
    look(member);
    path_ = outer;
  }

  template <class T>
  void look(const T& x) {
    using namespace core;
    if (!found_.empty()) return;
    if constexpr (std::is_floating_point_v<T>) {
      if (std::isnan(x)) found_ = path_.empty() ? "the value itself" : path_;
    } else if constexpr (Vector<T> || StdArray<T>) {
      const std::string outer = path_;
      for (std::size_t i = 0; i < x.size() && found_.empty(); ++i) {
        if constexpr (!Scalar<typename T::value_type>) {
          path_ = outer + "[" + std::to_string(i) + "]";
          look(x[i]);
        } else if constexpr (std::is_floating_point_v<typename T::value_type>) {
          if (std::isnan(x[i])) found_ = outer + "[" + std::to_string(i) + "]";
        }
      }
      path_ = outer;
    } else if constexpr (Optional<T>) {
      if (x) look(*x);
    } else if constexpr (Tuple<T>) {
      std::apply([this](const auto&... e) { (this->look(e), ...); }, x);
    } else if constexpr (Variant<T>) {
      std::visit([this](const auto& e) { this->look(e); }, x);
    } else if constexpr (HasFields<T>) {
      visit_fields(*this, x);
    }
  }

  [[nodiscard]] const std::string& found() const { return found_; }

 private:
  std::string path_;
  std::string found_;
};

// The path of the first NaN; empty if there is none.
template <class T>
std::string find_nan(const T& x) {
  NanSearch search;
  search.look(x);
  return search.found();
}

}  // namespace twin::contract
