// Structures in Thrift's compact protocol (Apache Thrift, "Thrift compact protocol encoding"): what
// the headers and the footer of a Parquet file are written in. Only what these need.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/expect.hpp"

namespace twin::event {

class ThriftWriter {
 public:
  enum class Type : std::uint8_t { I32 = 5, Binary = 8, Struct = 12 };  // of a list's elements

  explicit ThriftWriter(std::string& out) : out_(out) {}

  void integer32(int field, std::int32_t value) { integer(field, 5, value); }
  void integer64(int field, std::int64_t value) { integer(field, 6, value); }
  void integer8(int field, std::int8_t value) {
    header(field, 3);
    byte(static_cast<std::uint8_t>(value));
  }
  void truth(int field, bool value) { header(field, value ? 1 : 2); }
  void binary(int field, std::string_view bytes) {
    header(field, 8);
    element_binary(bytes);
  }

  void begin(int field) {  // a structure as a field
    header(field, 12);
    last_.push_back(0);
  }
  void end() {  // of a structure; of the outermost one too
    byte(0);
    last_.pop_back();
  }

  void list(int field, Type type, std::size_t size) {  // so many elements follow
    header(field, 9);
    if (size < 15) {
      byte(static_cast<std::uint8_t>(size << 4 | static_cast<unsigned>(type)));
    } else {
      byte(static_cast<std::uint8_t>(0xF0U | static_cast<unsigned>(type)));
      number(size);
    }
  }
  void element_integer32(std::int32_t value) { zigzag(value); }
  void element_binary(std::string_view bytes) {
    number(bytes.size());
    out_ += bytes;
  }
  void element_begin() { last_.push_back(0); }  // a structure as an element; end() ends it

 private:
  void byte(std::uint8_t value) { out_ += static_cast<char>(value); }
  void number(std::uint64_t value) {  // LEB128
    for (; value >= 0x80; value >>= 7) byte(static_cast<std::uint8_t>(value | 0x80));
    byte(static_cast<std::uint8_t>(value));
  }
  void zigzag(std::int64_t value) {
    number(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }
  void header(int field, unsigned type) {  // fields come by rising number
    int& last = last_.back();
    TWIN_EXPECT(field > last, field, last);
    if (field - last <= 15) {
      byte(static_cast<std::uint8_t>(static_cast<unsigned>(field - last) << 4 | type));
    } else {
      byte(static_cast<std::uint8_t>(type));
      zigzag(field);
    }
    last = field;
  }
  void integer(int field, unsigned type, std::int64_t value) {
    header(field, type);
    zigzag(value);
  }

  std::string& out_;
  std::vector<int> last_ = {0};  // [nesting] the field written last
};

}  // namespace twin::event
