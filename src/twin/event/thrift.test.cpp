// The bytes of Thrift's compact protocol, worked out by hand from its description.
#include "twin/event/thrift.hpp"

#include <gtest/gtest.h>

namespace twin::event {
namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

TEST(Thrift, FieldsAreAsDescribed) {
  // No other program could read a Parquet file of ours.
  std::string out;
  ThriftWriter thrift(out);
  thrift.integer32(1, 150);  // delta 1, type 5; zigzag 300
  thrift.integer64(2, -1);   // delta 1, type 6; zigzag 1
  thrift.truth(4, true);     // delta 2, type 1
  thrift.truth(5, false);    // delta 1, type 2
  thrift.binary(21, "ab");   // delta 16: type 8, then zigzag 42
  thrift.begin(22);          // delta 1, type 12
  thrift.integer8(1, 64);    // delta 1, type 3
  thrift.end();              // 0
  thrift.integer32(23, 0);   // delta 1 again
  thrift.end();
  EXPECT_EQ(out, bytes({0x15, 0xAC, 0x02, 0x16, 0x01, 0x21, 0x12, 0x08, 42, 2, 'a', 'b', 0x1C, 0x13,
                        64, 0x00, 0x15, 0x00, 0x00}));
}

TEST(Thrift, ListsAreAsDescribed) {
  // A file with fifteen columns would be read, one with sixteen not.
  std::string out;
  ThriftWriter thrift(out);
  thrift.list(1, ThriftWriter::Type::I32, 2);
  thrift.element_integer32(1);
  thrift.element_integer32(-2);
  thrift.list(2, ThriftWriter::Type::Struct, 1);
  thrift.element_begin();
  thrift.integer32(3, 7);
  thrift.end();
  thrift.list(3, ThriftWriter::Type::Binary, 15);
  for (int k = 0; k < 15; ++k) thrift.element_binary("");
  thrift.end();
  EXPECT_EQ(out, bytes({0x19, 0x25, 2, 3, 0x19, 0x1C, 0x35, 14, 0, 0x19, 0xF8, 15, 0, 0,
                        0,    0,    0, 0, 0,    0,    0,    0,  0, 0,    0,    0,  0, 0}));
}

}  // namespace
}  // namespace twin::event
