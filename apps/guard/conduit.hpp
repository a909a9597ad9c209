// What those around the guard's process open: its files, which others may not read, and local sockets of
// whole messages.
#pragma once
#include <string>
#include <string_view>
#include <utility>

#include "apps/guard/serve.hpp"  // now_ms
#include "twin/guard/client.hpp"

namespace apps::guard {

// A descriptor, closed at the end of its owner.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

// Throws twin::core::Error with errno's words.
void must(bool done, const std::string& what);

// Throws twin::core::Error where it cannot be read, or where group or others may do what is not in `open_to`.
[[nodiscard]] Descriptor open_to_read(const std::string& path, int open_to);
[[nodiscard]] std::string read_all(const std::string& path, int open_to);

[[nodiscard]] twin::guard::Seed read_seed(
    const std::string& path);  // which none but its owner may read

[[nodiscard]] Descriptor listen_at(const std::string& path);

}  // namespace apps::guard
