// Contracts for our own mistakes: they print the values and abort. A user's mistake is an exception
// (error.hpp).
#pragma once
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>

namespace twin::core {

// Prints "FILE:LINE: KIND CONDITION VALUES" on standard error and aborts.
[[noreturn]] void contract_failed(const char* file, int line, const char* kind,
                                  const char* condition, const std::string& values) noexcept;

template <class... T>
std::string show_values(const T&... value) {
  std::ostringstream out;
  [[maybe_unused]] const char* between = "";
  ((out << between << value, between = ", "), ...);
  return out.str();
}

}  // namespace twin::core

// TWIN_EXPECT(condition, values...): the caller's duty. TWIN_ENSURE: ours. Both stay on in release
// builds.
#define TWIN_EXPECT(condition, ...)                                                \
  (__builtin_expect(static_cast<bool>(condition), 1)                               \
       ? static_cast<void>(0)                                                      \
       : ::twin::core::contract_failed(__FILE__, __LINE__, "expected", #condition, \
                                       ::twin::core::show_values(__VA_ARGS__)))
#define TWIN_ENSURE(condition, ...)                                               \
  (__builtin_expect(static_cast<bool>(condition), 1)                              \
       ? static_cast<void>(0)                                                     \
       : ::twin::core::contract_failed(__FILE__, __LINE__, "ensured", #condition, \
                                       ::twin::core::show_values(__VA_ARGS__)))
