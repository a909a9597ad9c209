// What a test asks of every refusal: the exact words of the core::Error that some input meets.
#pragma once
#include <string>

#include "twin/core/error.hpp"

namespace twin::contract {

// The message that f() is refused with; "accepted" if it is not.
template <class F>
std::string refusal(F f) {
  try {
    f();
  } catch (const core::Error& e) {
    return e.what();
  }
  return "accepted";
}

}  // namespace twin::contract
