// The footer of a Parquet file: schema, where the columns lie, and their statistics. Field numbers
// are those of parquet.thrift (format 2.10).
#include <ostream>

#include "twin/core/error.hpp"
#include "twin/event/parquet.hpp"
#include "twin/event/parquet_columns.hpp"
#include "twin/event/thrift.hpp"

namespace twin::event {
namespace {

using Type = ThriftWriter::Type;

void put_schema_element(ThriftWriter& thrift, Column column) {
  const ParquetColumn& shape = ParquetColumns[static_cast<std::size_t>(column)];
  const bool wide = shape.physical == Physical::Int64;
  thrift.element_begin();
  thrift.integer32(1, static_cast<std::int32_t>(shape.physical));
  thrift.integer32(3, static_cast<std::int32_t>(shape.presence));
  thrift.binary(4, to_string(column));
  // Both the older word for the meaning (field 6) and the newer (10), as the format recommends.
  switch (shape.logical) {
    case Logical::Plain: break;
    case Logical::Text:
      thrift.integer32(6, 0);  // UTF8
      thrift.begin(10);
      thrift.begin(1);  // STRING
      thrift.end();
      thrift.end();
      break;
    case Logical::Moment:
      thrift.integer32(6, 9);  // TIMESTAMP_MILLIS
      thrift.begin(10);
      thrift.begin(8);        // TIMESTAMP
      thrift.truth(1, true);  // in UTC
      thrift.begin(2);
      thrift.begin(1);  // MILLIS
      thrift.end();
      thrift.end();
      thrift.end();
      thrift.end();
      break;
    case Logical::Unsigned:
      thrift.integer32(6, wide ? 14 : 13);  // UINT_64, UINT_32
      thrift.begin(10);
      thrift.begin(10);  // INTEGER
      thrift.integer8(1, wide ? 64 : 32);
      thrift.truth(2, false);
      thrift.end();
      thrift.end();
      break;
  }
  thrift.end();
}

}  // namespace

void ParquetWriter::write_footer() {
  std::string footer;
  ThriftWriter thrift(footer);
  std::int64_t rows = 0;
  for (const GroupPlace& group : groups_) rows += group.rows;

  thrift.integer32(1, 2);  // version
  thrift.list(2, Type::Struct, ColumnCount + 1);
  thrift.element_begin();
  thrift.binary(4, "events");
  thrift.integer32(5, static_cast<std::int32_t>(ColumnCount));
  thrift.end();
  for (std::size_t k = 0; k < ColumnCount; ++k) {
    put_schema_element(thrift, static_cast<Column>(k));
  }
  thrift.integer64(3, rows);

  thrift.list(4, Type::Struct, groups_.size());
  for (const GroupPlace& group : groups_) {
    thrift.element_begin();
    thrift.list(1, Type::Struct, ColumnCount);
    std::int64_t plain_bytes = 0, stored_bytes = 0;
    for (std::size_t k = 0; k < ColumnCount; ++k) {
      const ColumnPlace& place = group.columns[k];
      const ParquetColumn& shape = ParquetColumns[k];
      plain_bytes += place.plain_bytes;
      stored_bytes += place.stored_bytes;
      thrift.element_begin();
      thrift.integer64(2, 0);  // file_offset: no longer used
      thrift.begin(3);
      thrift.integer32(1, static_cast<std::int32_t>(shape.physical));
      const bool dictionary = place.dictionary >= 0;
      thrift.list(2, Type::I32, dictionary ? 3 : 2);
      thrift.element_integer32(0);                  // PLAIN
      thrift.element_integer32(3);                  // RLE
      if (dictionary) thrift.element_integer32(8);  // RLE_DICTIONARY
      thrift.list(3, Type::Binary, 1);
      thrift.element_binary(to_string(static_cast<Column>(k)));
      thrift.integer32(4, static_cast<std::int32_t>(options_.compression));
      thrift.integer64(5, place.values);
      thrift.integer64(6, place.plain_bytes);
      thrift.integer64(7, place.stored_bytes);
      thrift.integer64(9, place.pages);
      if (dictionary) thrift.integer64(11, place.dictionary);
      thrift.begin(12);
      thrift.integer64(3, place.nulls);
      if (place.bounds) {
        thrift.binary(5, place.most);
        thrift.binary(6, place.least);
      }
      thrift.end();
      thrift.end();
      thrift.end();
    }
    thrift.integer64(2, plain_bytes);
    thrift.integer64(3, group.rows);
    thrift.integer64(6, stored_bytes);
    thrift.end();
  }

  thrift.list(5, Type::Struct, 1);
  thrift.element_begin();
  thrift.binary(1, "fabtwin.time_zero_ms");
  thrift.binary(2, std::to_string(options_.time_zero_ms));
  thrift.end();
  thrift.binary(6, "fabtwin");
  thrift.list(7, Type::Struct, ColumnCount);  // the order of values is that of their types
  for (std::size_t k = 0; k < ColumnCount; ++k) {
    thrift.element_begin();
    thrift.begin(1);
    thrift.end();
    thrift.end();
  }
  thrift.end();

  const auto size = static_cast<std::uint32_t>(footer.size());
  for (unsigned bit = 0; bit < 32; bit += 8) footer += static_cast<char>(size >> bit);
  put(footer + "PAR1");
  out_.flush();
  if (!out_) {
    throw core::Error("events.parquet cannot be written (the stream failed) is the disk full?");
  }
}

}  // namespace twin::event
