#include "twin/core/expect.hpp"

namespace twin::core {

void contract_failed(const char* file, int line, const char* kind, const char* condition,
                     const std::string& values) noexcept {
  std::fprintf(stderr, "%s:%d: %s %s (%s)\n", file, line, kind, condition, values.c_str());
  std::abort();
}

}  // namespace twin::core
