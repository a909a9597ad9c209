// Events as a Parquet file (Apache Parquet format 2.10), for data frames and query engines: the
// columns of the CSV with names instead of numbers, typed, compressed, with statistics. Our own
// writer, since Debian has no library for it; export alone.
#pragma once
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "twin/event/csv.hpp"
#include "twin/event/event.hpp"
#include "twin/event/names.hpp"

namespace twin::event {

struct ParquetOptions {
  enum class Compression : std::uint8_t { Off = 0, Zstd = 6 };  // the format's numbers
  std::int64_t time_zero_ms = 0;           // moment of tick 0 [ms since 1970-01-01T00:00:00Z]
  std::uint32_t rows_per_group = 131'072;  // held in memory, 96 bytes each
  std::uint32_t rows_per_page = 16'384;    // of a column: what a reader holds at once
  Compression compression = Compression::Zstd;
};

class ParquetWriter {
 public:
  // Stream (binary) and names must outlive the writer; names that are added later are seen.
  ParquetWriter(std::ostream& out, const Names& names, ParquetOptions options);
  ParquetWriter(const ParquetWriter&) = delete;
  ParquetWriter& operator=(const ParquetWriter&) = delete;
  ~ParquetWriter();

  // Error where the stream refuses, or where a time is beyond what ms since 1970 can say.
  void add(const Event& event);

  // Writes what waits and the footer. Without it the file is no Parquet. Error as above.
  void close();

 private:
  class Group;  // of rows: how they become columns

  struct ColumnPlace {                               // of one column of a group in the file
    std::int64_t dictionary = -1, pages = 0;         // where they begin [bytes]; -1: none
    std::int64_t values = 0, nulls = 0;              // [rows], nulls among the values
    std::int64_t plain_bytes = 0, stored_bytes = 0;  // with headers, before and after compression
    std::string least = {}, most = {};  // as PLAIN has them; both empty and no `bounds`: not known
    bool bounds = false;
  };
  struct GroupPlace {
    std::int64_t rows = 0;
    std::vector<ColumnPlace> columns;  // [Column]
  };

  void write_group();
  void write_footer();
  void put(const std::string& bytes);

  std::ostream& out_;
  const Names& names_;
  ParquetOptions options_;
  std::vector<Event> rows_;
  std::unique_ptr<Group> group_;
  std::vector<GroupPlace> groups_;
  std::int64_t offset_ = 0;  // [bytes] written so far
  bool closed_ = false;
};

}  // namespace twin::event
