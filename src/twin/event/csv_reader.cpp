// Reads events from CSV, strictly: what is not a field's text is an error with its place.
#include <algorithm>
#include <charconv>
#include <istream>

#include "twin/core/error.hpp"
#include "twin/core/nearest.hpp"
#include "twin/event/csv.hpp"

namespace twin::event {
namespace {

constexpr std::size_t RecordBytesMax = 1U << 20;
constexpr int End = -1;

std::string in_quotes(std::string_view text) {
  constexpr std::size_t Shown = 60;
  return "'" + std::string(text.substr(0, Shown)) + (text.size() > Shown ? "...'" : "'");
}

// " did you mean 'tool'?", or nothing.
std::string suggestion(std::string_view text, const std::vector<std::string>& known) {
  const auto best = core::nearest(text, known);
  return best ? " did you mean '" + *best + "'?" : "";
}

std::vector<std::string> column_texts() {
  std::vector<std::string> texts;
  for (std::size_t k = 0; k < ColumnCount; ++k)
    texts.emplace_back(to_string(static_cast<Column>(k)));
  return texts;
}

template <class Words>
std::vector<std::string> texts_of(const Words& words) {
  std::vector<std::string> texts;
  for (const auto& word : words) texts.emplace_back(word.text);
  return texts;
}

}  // namespace

CsvReader::CsvReader(std::istream& in, Names& names, CsvOptions options, std::string file)
    : in_(in), names_(names), options_(options), file_(std::move(file)), buffer_(1U << 16) {
  lowest_unnamed_.fill(None);
  read_header();
}

bool CsvReader::refill() {
  in_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  at_ = 0;
  end_ = static_cast<std::size_t>(in_.gcount());
  return end_ > 0;
}

int CsvReader::get() {
  if (at_ == end_ && !refill()) return End;
  return static_cast<unsigned char>(buffer_[at_++]);
}

void CsvReader::refuse_line(const std::string& message) const {
  throw core::Error(core::Place{file_, line_, {}}, message);
}

void CsvReader::refuse(Column column, std::string_view text, const std::string& why,
                       const std::vector<std::string>& known) const {
  const std::string name(to_string(column));
  throw core::Error(core::Place{file_, line_, name},
                    name + " = " + in_quotes(text) + " (" + why + ")" + suggestion(text, known));
}

// One record into record_ and ends_; false at the end of the file. RFC 4180, section 2; a line may
// end with LF alone.
bool CsvReader::read_record() {
  line_ = next_line_;
  record_.clear();
  ends_.clear();
  int c = get();
  if (c == End) return false;
  for (;;) {
    if (c == '"') {
      for (;;) {
        c = get();
        if (c == End) refuse_line("a quoted field does not end (the file does) is a '\"' missing?");
        if (c == '\n') ++next_line_;
        if (c == '"' && (c = get()) != '"') break;
        record_ += static_cast<char>(c);
        if (record_.size() > RecordBytesMax) {
          refuse_line("the line is longer than 1 MiB (no event is) is a '\"' missing?");
        }
      }
      if (c != ',' && c != '\r' && c != '\n' && c != End) {
        refuse_line("text follows a quoted field (only ',' or the line's end may)");
      }
    } else {
      while (c != ',' && c != '\r' && c != '\n' && c != End) {
        if (c == '"') refuse_line("a '\"' stands inside a field (it must be quoted and doubled)");
        record_ += static_cast<char>(c);
        if (record_.size() > RecordBytesMax)
          refuse_line("the line is longer than 1 MiB (no event is)");
        c = get();
      }
    }
    ends_.push_back(record_.size());
    if (c == ',') {
      c = get();
      continue;
    }
    if (c == '\r' && (c = get()) != '\n') {
      refuse_line("a carriage return stands alone (lines end with CR LF or LF)");
    }
    if (c == '\n') ++next_line_;
    return true;
  }
}

std::string_view CsvReader::field(std::size_t k) const {
  const std::size_t begin = k == 0 ? 0 : ends_[k - 1];
  return std::string_view{record_}.substr(begin, ends_[k] - begin);
}

void CsvReader::read_header() {
  if (!read_record()) refuse_line("the file is empty (its first line must name the columns)");
  if (record_.starts_with("\xEF\xBB\xBF")) {  // byte order mark, as spreadsheets write it
    record_.erase(0, 3);
    for (std::size_t& end : ends_) end -= std::min<std::size_t>(end, 3);
  }
  for (std::size_t k = 0; k < ends_.size(); ++k) {
    std::size_t column = 0;
    while (column < ColumnCount && to_string(static_cast<Column>(column)) != field(k)) ++column;
    if (column == ColumnCount) {
      const std::string likely = suggestion(field(k), column_texts());
      refuse_line("unknown column " + in_quotes(field(k)) + " (not a field of an event)" +
                  (likely.empty() ? " is the header line missing?" : likely));
    }
    if (std::find(columns_.begin(), columns_.end(), static_cast<Column>(column)) !=
        columns_.end()) {
      refuse_line("column " + in_quotes(field(k)) + " stands twice");
    }
    columns_.push_back(static_cast<Column>(column));
  }
  for (const Column needed : {Column::At, Column::Kind}) {
    if (std::find(columns_.begin(), columns_.end(), needed) == columns_.end()) {
      refuse_line("column '" + std::string(to_string(needed)) +
                  "' is missing (every event has one)");
    }
  }
  kind_field_ = static_cast<std::size_t>(std::find(columns_.begin(), columns_.end(), Column::Kind) -
                                         columns_.begin());
}

template <class T>
T CsvReader::read_number(Column column, std::string_view text, const char* what) const {
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    refuse(column, text, std::string("must be ") + what);
  }
  return number;
}

Tick CsvReader::read_time(Column column, std::string_view text) const {
  if (text.size() <= 10 || text[10] != 'T') {
    return read_number<Tick>(column, text,
                             "ISO 8601 with an offset, \"2018-01-01T00:00:00.000Z\", or whole ms");
  }
  const auto moment = parse_iso_time(text);
  Tick at = 0;
  if (!moment || __builtin_sub_overflow(*moment, options_.time_zero_ms, &at)) {
    refuse(column, text,
           "must be a date and time with an offset and at most milliseconds, "
           "\"2018-01-01T00:00:00.000Z\"");
  }
  return at;
}

std::uint32_t CsvReader::read_name(Column column, Table table, std::string_view text) {
  if (text.empty()) return None;
  const auto t = static_cast<std::size_t>(table);
  if (text.front() != '#' || text.starts_with("##")) {
    const std::uint32_t id = names_.add(table, text.front() == '#' ? text.substr(1) : text);
    if (id == lowest_unnamed_[t]) {
      refuse(column, text,
             "its number " + std::to_string(id) + " is in use as '#" + std::to_string(id) + "'");
    }
    return id;
  }
  const auto id = read_number<std::uint32_t>(
      column, text.substr(1), "a name, or '#' and a number; a name that begins with '#' has two");
  if (id == None || id < names_.of(table).size()) {
    refuse(column, text,
           id == None ? std::string("this number means that there is none")
                      : "the number belongs to '" + std::string(names_.name(table, id)) + "'");
  }
  lowest_unnamed_[t] = std::min(lowest_unnamed_[t], id);
  return id;
}

void CsvReader::read_field(Event& e, Column column, std::string_view text) {
  constexpr const char* Whole = "a whole number from 0 to 4294967295";
  constexpr const char* Wide = "a whole number from 0 to 18446744073709551615";
  const auto number = [&](std::uint32_t if_empty) {
    return text.empty() ? if_empty : read_number<std::uint32_t>(column, text, Whole);
  };
  const auto wide = [&] {
    return text.empty() ? std::uint64_t{0} : read_number<std::uint64_t>(column, text, Wide);
  };
  switch (column) {
    case Column::At: e.at = read_time(column, text); break;
    case Column::Arrived: e.arrived = text.empty() ? e.at : read_time(column, text); break;
    case Column::Source: e.source = read_name(column, Table::Source, text); break;
    case Column::SourceSeq: e.source_seq = wide(); break;
    case Column::Kind: break;  // read first
    case Column::Lot: e.lot = read_name(column, Table::Lot, text); break;
    case Column::Wafers: e.wafers = number(0); break;
    case Column::Carrier: e.carrier = read_name(column, Table::Carrier, text); break;
    case Column::Tool: e.tool = read_name(column, Table::Tool, text); break;
    case Column::Chamber: e.chamber = read_name(column, Table::Chamber, text); break;
    case Column::Route: e.route = read_name(column, Table::Route, text); break;
    case Column::Step: e.step = number(None); break;
    case Column::Visit: e.visit = number(None); break;
    case Column::Recipe: e.recipe = read_name(column, Table::Recipe, text); break;
    case Column::Job: e.job = number(None); break;
    case Column::Item: e.item = read_name(column, item_table(e.kind), text); break;
    case Column::Value:
      e.value = text.empty() ? 0.0 : read_number<double>(column, text, "a number");
      break;
    case Column::Unit: {
      const auto unit = parse_unit(text);
      if (!unit) {
        refuse(column, text, "not a unit of the schema; most are UCUM codes", texts_of(units()));
      }
      e.unit = *unit;
      break;
    }
    case Column::Quality: {
      const auto quality = text.empty() ? std::optional{Quality::Good} : parse_quality(text);
      if (!quality) {
        refuse(column, text, "must be good, uncertain, bad or substituted", texts_of(qualities()));
      }
      e.quality = *quality;
      break;
    }
    case Column::RawOffset: e.raw_offset = wide(); break;
    case Column::RawLength: e.raw_length = number(0); break;
  }
}

bool CsvReader::next(Event& event) {
  do {
    if (!read_record()) return false;
  } while (ends_.size() == 1 && record_.empty());  // an empty line
  if (ends_.size() != columns_.size()) {
    refuse_line("the line has " + std::to_string(ends_.size()) + " fields (the header line has " +
                std::to_string(columns_.size()) + ") is a ',' in a name without quotes?");
  }
  event = Event{};
  const auto kind = parse_kind(field(kind_field_));
  if (!kind) refuse(Column::Kind, field(kind_field_), "not a kind of event", texts_of(kinds()));
  event.kind = *kind;
  bool has_arrived = false;
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    read_field(event, columns_[k], field(k));
    has_arrived = has_arrived || (columns_[k] == Column::Arrived && !field(k).empty());
  }
  if (!has_arrived) event.arrived = event.at;
  return true;
}

}  // namespace twin::event
