// Writes events as CSV.
#include <bit>
#include <charconv>
#include <cstring>
#include <ostream>

#include "twin/core/error.hpp"
#include "twin/event/csv.hpp"

namespace twin::event {
namespace {

constexpr std::size_t BufferBytes = 1U << 16;
constexpr std::size_t FixedBytesMax = 512;  // all of a line but its names [bytes]

std::string quoted_label(const Names& names, Table table, std::uint32_t id) {
  std::string text = label(names, table, id);
  if (text.find_first_of("\",\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted += '"';
}

}  // namespace

std::string_view to_string(Column column) noexcept {
  constexpr std::array<std::string_view, ColumnCount> Texts = {
      "at",      "arrived", "source",  "source_seq", "kind",    "lot",        "wafers",
      "carrier", "tool",    "chamber", "route",      "step",    "visit",      "recipe",
      "job",     "item",    "value",   "unit",       "quality", "raw_offset", "raw_length"};
  return Texts[static_cast<std::size_t>(column)];
}

CsvWriter::CsvWriter(std::ostream& out, const Names& names, CsvOptions options)
    : out_(out),
      options_(options),
      iso_(options.time_zero_ms),
      labels_(names, quoted_label),
      buffer_(BufferBytes + FixedBytesMax),
      end_(buffer_.data()) {
  for (std::size_t k = 0; k < ColumnCount; ++k) {
    if (k > 0) *end_++ = ',';
    put_text(to_string(static_cast<Column>(k)));
  }
  put_text("\r\n");
}

CsvWriter::~CsvWriter() {
  out_.write(buffer_.data(), end_ - buffer_.data());
  out_.flush();
}

void CsvWriter::flush() {
  out_.write(buffer_.data(), end_ - buffer_.data());
  end_ = buffer_.data();
  out_.flush();
  if (!out_)
    throw core::Error("events.csv cannot be written (the stream failed) is the disk full?");
}

// A text of any length: FixedBytesMax stay free behind it.
void CsvWriter::put_text(std::string_view text) {
  if (static_cast<std::ptrdiff_t>(text.size()) > buffer_.data() + BufferBytes - end_) {
    out_.write(buffer_.data(), end_ - buffer_.data());
    end_ = buffer_.data();
    if (text.size() > BufferBytes) {
      out_.write(text.data(), static_cast<std::streamsize>(text.size()));
      return;
    }
  }
  std::memcpy(end_, text.data(), text.size());
  end_ += text.size();
}

void CsvWriter::put_name(Table table, std::uint32_t id) {
  if (id != None) put_text(labels_.of(table, id));
  *end_++ = ',';
}

void CsvWriter::put_number(std::uint64_t number) {
  end_ = std::to_chars(end_, end_ + 20, number).ptr;
  *end_++ = ',';
}

void CsvWriter::put_optional(std::uint32_t number) {
  if (number != None) end_ = std::to_chars(end_, end_ + 10, number).ptr;
  *end_++ = ',';
}

void CsvWriter::put_time(Tick at) {
  if (options_.time == CsvOptions::Time::Iso && iso_.write(at, end_)) {
    end_ += IsoTimeLength;
  } else {
    end_ = std::to_chars(end_, end_ + 20, at).ptr;
  }
  *end_++ = ',';
}

void CsvWriter::add(const Event& e) {
  put_time(e.at);
  put_time(e.arrived);
  put_name(Table::Source, e.source);
  put_number(e.source_seq);
  put_text(to_string(e.kind));
  *end_++ = ',';
  put_name(Table::Lot, e.lot);
  if (e.wafers != 0) end_ = std::to_chars(end_, end_ + 10, e.wafers).ptr;
  *end_++ = ',';
  put_name(Table::Carrier, e.carrier);
  put_name(Table::Tool, e.tool);
  put_name(Table::Chamber, e.chamber);
  put_name(Table::Route, e.route);
  put_optional(e.step);
  put_optional(e.visit);
  put_name(Table::Recipe, e.recipe);
  put_optional(e.job);
  put_name(item_table(e.kind), e.item);
  if (std::bit_cast<std::uint64_t>(e.value) != 0 || e.unit != Unit::None) {
    end_ = std::to_chars(end_, end_ + 32, e.value).ptr;
  }
  *end_++ = ',';
  put_text(to_string(e.unit));
  *end_++ = ',';
  put_text(to_string(e.quality));
  *end_++ = ',';
  const bool raw = (e.raw_offset | e.raw_length) != 0;
  if (raw) end_ = std::to_chars(end_, end_ + 20, e.raw_offset).ptr;
  *end_++ = ',';
  if (raw) end_ = std::to_chars(end_, end_ + 10, e.raw_length).ptr;
  put_text("\r\n");
}

}  // namespace twin::event
