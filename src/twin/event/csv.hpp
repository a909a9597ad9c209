// Events as CSV (RFC 4180) and back: for people, spreadsheets and data frames. Names instead of
// numbers, a header line, times as ISO 8601 or as milliseconds. What was written is read back
// exactly. Columns: docs/reference/events.md.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "twin/event/event.hpp"
#include "twin/event/iso_time.hpp"
#include "twin/event/labels.hpp"
#include "twin/event/names.hpp"

namespace twin::event {

enum class Column : std::uint8_t {
  At,
  Arrived,
  Source,
  SourceSeq,
  Kind,
  Lot,
  Wafers,
  Carrier,
  Tool,
  Chamber,
  Route,
  Step,
  Visit,
  Recipe,
  Job,
  Item,
  Value,
  Unit,
  Quality,
  RawOffset,
  RawLength
};
inline constexpr std::size_t ColumnCount = 21;

std::string_view to_string(Column column) noexcept;  // "source_seq": as the header line has it

struct CsvOptions {
  enum class Time {
    Iso,         // "2018-01-01T00:00:00.000Z"; a time outside the years 0000..9999 as milliseconds
    Millisecond  // [ms since time zero]
  };
  Time time = Time::Iso;
  std::int64_t time_zero_ms = 0;  // moment of tick 0 [ms since 1970-01-01T00:00:00Z]
};

class CsvWriter {
 public:
  // Writes the header line. The stream and the names must outlive the writer.
  CsvWriter(std::ostream& out, const Names& names, CsvOptions options);
  CsvWriter(std::ostream& out, const Names& names) : CsvWriter(out, names, CsvOptions{}) {}
  CsvWriter(const CsvWriter&) = delete;
  CsvWriter& operator=(const CsvWriter&) = delete;
  ~CsvWriter();  // as flush(), but a stream that fails then is not told

  void add(const Event& event);
  void flush();  // Error where the stream refuses

 private:
  void put_time(Tick at);
  void put_text(std::string_view text);
  void put_name(Table table, std::uint32_t id);
  void put_number(std::uint64_t number);
  void put_optional(std::uint32_t number);

  std::ostream& out_;
  CsvOptions options_;
  IsoTime iso_;
  Labels labels_;
  std::vector<char> buffer_;
  char* end_;  // of what the buffer holds
};

class CsvReader {
 public:
  // Reads the header line: columns in any order, `at` and `kind` must be there. `file` is what
  // messages call the stream. Names that are not in `names` get the next free number.
  CsvReader(std::istream& in, Names& names, CsvOptions options, std::string file = "events.csv");
  CsvReader(std::istream& in, Names& names) : CsvReader(in, names, CsvOptions{}) {}

  // False at the end. Throws Error with file, line and column.
  bool next(Event& event);

 private:
  bool read_record();
  int get();
  bool refill();
  std::string_view field(std::size_t k) const;
  [[noreturn]] void refuse(Column column, std::string_view text, const std::string& why,
                           const std::vector<std::string>& known = {}) const;
  [[noreturn]] void refuse_line(const std::string& message) const;
  void read_header();
  void read_field(Event& event, Column column, std::string_view text);
  Tick read_time(Column column, std::string_view text) const;
  template <class T>
  T read_number(Column column, std::string_view text, const char* what) const;
  std::uint32_t read_name(Column column, Table table, std::string_view text);

  std::istream& in_;
  Names& names_;
  CsvOptions options_;
  std::string file_;
  std::vector<Column> columns_;  // [field of a line]
  std::size_t kind_field_ = 0;   // the field that holds the kind
  std::vector<char> buffer_;
  std::size_t at_ = 0, end_ = 0;          // in buffer_
  std::string record_;                    // the line's fields behind one another, without quotes
  std::vector<std::size_t> ends_;         // [field] where it ends in record_
  std::size_t line_ = 1, next_line_ = 1;  // from 1: the record's first line, the next record's
  std::array<std::uint32_t, TableCount> lowest_unnamed_;  // [table] the least "#12" met
};

}  // namespace twin::event
