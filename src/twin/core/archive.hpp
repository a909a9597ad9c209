// Saves, loads and fingerprints any type that lists its fields (fields.hpp). The saved bytes are
// little-endian, without padding, lengths first; a fingerprint is the hash of exactly these bytes.
// A type may have `void loaded()`, called when its fields were read, to check them (throw Error) or
// to rebuild what follows from them.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "twin/core/diff.hpp"
#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/fields.hpp"
#include "twin/core/hash.hpp"
#include "twin/core/layout.hpp"

namespace twin::core {

static_assert(std::endian::native == std::endian::little,
              "numbers are saved as they lie in memory");

// Where a Writer's bytes go: counted, copied or hashed.
struct CountSink {
  std::size_t bytes = 0;
  void put(const void*, std::size_t n) noexcept { bytes += n; }
};
struct CopySink {
  std::byte* at;
  void put(const void* from, std::size_t n) noexcept {
    if (n != 0) std::memcpy(at, from, n);
    at += n;
  }
};
struct HashSink {
  Hash64 hash = Hash64();
  void put(const void* from, std::size_t n) noexcept { hash.absorb(from, n); }
};

template <class Sink>
class Writer {
 public:
  static constexpr bool Loading = false;
  explicit Writer(Sink sink) : sink_(sink) {}
  [[nodiscard]] const Sink& sink() const { return sink_; }

  template <class T>
  void operator()(const char*, const T& member) {
    write(member);
  }

  template <class T>
  void write(const T& x) {
    require_archivable<T>();
    if constexpr (Scalar<T>) {
      sink_.put(&x, sizeof x);
    } else if constexpr (String<T>) {
      length(x.size());
      sink_.put(x.data(), x.size());
    } else if constexpr (Vector<T>) {
      TWIN_EXPECT(min_bytes<typename T::value_type>() > 0,
                  "elements without fields cannot be counted by bytes");
      length(x.size());
      items(std::span(x));
    } else if constexpr (StdArray<T>) {
      items(std::span(x));
    } else if constexpr (Optional<T>) {
      write(x.has_value());
      if (x) write(*x);
    } else if constexpr (Tuple<T>) {
      std::apply([this](const auto&... e) { (this->write(e), ...); }, x);
    } else if constexpr (Variant<T>) {
      static_assert(std::variant_size_v<T> <= 256);
      TWIN_EXPECT(!x.valueless_by_exception());
      write(static_cast<std::uint8_t>(x.index()));
      std::visit([this](const auto& e) { this->write(e); }, x);
    } else {
      visit_fields(*this, x);
    }
  }

 private:
  void length(std::size_t n) { write(std::uint64_t{n}); }

  template <class E, std::size_t N>
  void items(std::span<E, N> x) {
    require_archivable<E>();
    if constexpr (Scalar<E>) {
      sink_.put(x.data(), x.size_bytes());
    } else {
      if (detail::dense_of<std::remove_const_t<E>>().dense) {
        sink_.put(x.data(), x.size_bytes());
      } else {
        for (const E& e : x) write(e);
      }
    }
  }

  Sink sink_;
};

class Loader {
 public:
  static constexpr bool Loading = true;
  explicit Loader(std::span<const std::byte> bytes) : left_(bytes) {}
  [[nodiscard]] std::size_t left() const { return left_.size(); }

  template <class T>
  void operator()(const char* name, T& member) {
    name_ = name;
    read(member);
  }

  template <class T>
  void read(T& x) {
    require_archivable<T>();
    if constexpr (BlockScalar<T>) {
      std::memcpy(&x, take(sizeof x), sizeof x);
    } else if constexpr (Scalar<T>) {
      x = truth(*take(1));
    } else if constexpr (String<T>) {
      const std::size_t n = length(1);
      x.assign(reinterpret_cast<const char*>(take(n)), n);
    } else if constexpr (Vector<T>) {
      x.clear();
      x.resize(length(min_bytes<typename T::value_type>()));
      items(std::span(x));
    } else if constexpr (StdArray<T>) {
      items(std::span(x));
    } else if constexpr (Optional<T>) {
      x.reset();
      if (truth(*take(1))) read(x.emplace());
    } else if constexpr (Tuple<T>) {
      std::apply([this](auto&... e) { (this->read(e), ...); }, x);
    } else if constexpr (Variant<T>) {
      std::uint8_t index = 0;
      read(index);
      alternative(x, index, std::make_index_sequence<std::variant_size_v<T>>());
    } else {
      visit_fields(*this, x);
      if constexpr (requires { x.loaded(); }) x.loaded();
    }
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw Error("saved state cannot be read (" + why + " at field '" + name_ +
                "'); was it made by another version?");
  }

  const std::byte* take(std::size_t n) {
    if (n > left_.size()) {
      refuse("needs " + std::to_string(n) + " bytes, " + std::to_string(left_.size()) +
             " are left");
    }
    const std::byte* at = left_.data();
    left_ = left_.subspan(n);
    return at;
  }

  // A count of things of at least `each` bytes: never more of them than the bytes that are left can
  // hold, so that a damaged length cannot make us allocate.
  std::size_t length(std::size_t each) {
    std::uint64_t n = 0;
    std::memcpy(&n, take(sizeof n), sizeof n);
    if (each == 0 || n > left_.size() / each) {
      refuse("length " + std::to_string(n) + ", but " + std::to_string(left_.size()) +
             " bytes are left");
    }
    return n;
  }

  bool truth(std::byte b) const {
    if (b > std::byte{1}) refuse("a bool that is " + std::to_string(std::to_integer<int>(b)));
    return b == std::byte{1};
  }

  template <class E, std::size_t N>
  void items(std::span<E, N> x) {
    require_archivable<E>();
    if constexpr (BlockScalar<E>) {
      block(x.data(), x.size_bytes());
    } else if constexpr (std::is_trivially_copyable_v<E> && HasFields<E>) {
      const detail::Dense& dense = detail::dense_of<E>();
      if (dense.dense && left_.size() >= x.size_bytes()) {
        for (const std::size_t at : dense.bools) {
          for (std::size_t i = 0; i < x.size(); ++i) truth(left_[i * sizeof(E) + at]);
        }
        block(x.data(), x.size_bytes());
      } else {
        for (E& e : x) read(e);
      }
    } else {
      for (E& e : x) read(e);
    }
  }

  void block(void* to, std::size_t n) {
    const std::byte* from = take(n);
    if (n != 0) std::memcpy(to, from, n);
  }

  template <class V, std::size_t... I>
  void alternative(V& x, std::size_t index, std::index_sequence<I...>) {
    if (index >= sizeof...(I))
      refuse("alternative " + std::to_string(index) + " of " + std::to_string(sizeof...(I)));
    ((index == I ? read(x.template emplace<I>()) : void()), ...);
  }

  std::span<const std::byte> left_;
  const char* name_ = "";  // of the field being read
};

// The bytes of the fields alone.
template <class T>
std::vector<std::byte> encode(const T& x) {
  Writer<CountSink> count{CountSink{}};
  count.write(x);
  std::vector<std::byte> bytes(count.sink().bytes);
  Writer<CopySink> copy{CopySink{bytes.data()}};
  copy.write(x);
  return bytes;
}

template <class T>
T decode(std::span<const std::byte> bytes) {
  T x{};
  Loader loader(bytes);
  loader.read(x);
  if (loader.left() != 0) {
    throw Error("saved state cannot be read (" + std::to_string(loader.left()) +
                " bytes too many); is it whole?");
  }
  return x;
}

// 64 bits that differ, for all practical purposes, if any field does. Doubles count by their bits:
// 0.0 is not -0.0.
template <class T>
std::uint64_t fingerprint(const T& x) {
  Writer<HashSink> writer{HashSink{}};
  writer.write(x);
  return writer.sink().hash.digest();
}

// What surrounds the fields in a file: Seal, fields, check sum (XXH64 of all that precedes it).
struct Seal {
  std::array<char, 8> magic = {'f', 'a', 'b', 't', 'w', 'i', 'n', '\n'};
  std::uint64_t version = 1;  // of the format of this file
  std::uint64_t layout = 0;   // layout_of<T>(): names and types of all fields
  std::uint64_t bytes = 0;    // of the fields
  bool operator==(const Seal&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("magic", self.magic);
    archive("version", self.version);
    archive("layout", self.layout);
    archive("bytes", self.bytes);
  }
};
static_assert(sizeof(Seal) == 32);

template <class T>
std::vector<std::byte> save(const T& x) {
  Writer<CountSink> count{CountSink{}};
  count.write(x);
  const std::size_t body = count.sink().bytes;
  std::vector<std::byte> bytes(sizeof(Seal) + body + sizeof(std::uint64_t));
  Writer<CopySink> copy{CopySink{bytes.data()}};
  copy.write(Seal{.layout = layout_of<T>(), .bytes = body});
  copy.write(x);
  copy.write(hash64(bytes.data(), sizeof(Seal) + body));
  return bytes;
}

// The fields' bytes of a saved file whose seal and check sum are right; Error otherwise.
std::span<const std::byte> opened(std::span<const std::byte> bytes, std::uint64_t layout);

template <class T>
T load(std::span<const std::byte> bytes) {
  return decode<T>(opened(bytes, layout_of<T>()));
}

}  // namespace twin::core
