// Writes groups of rows as column chunks: a dictionary of the texts that occur, then pages of
// places in it, or of plain numbers; before them the levels that say where there is nothing.
#include "twin/event/parquet.hpp"

#include <zstd.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <ostream>
#include <unordered_map>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/event/labels.hpp"
#include "twin/event/parquet_columns.hpp"
#include "twin/event/rle.hpp"
#include "twin/event/thrift.hpp"

namespace twin::event {
namespace {

constexpr std::int32_t Plain = 0, Rle = 3, RleDictionary = 8;  // encodings
constexpr std::int32_t ZstdLevel = 1;       // 3 saves a few per cent and takes a third longer
constexpr std::size_t BoundBytesMax = 256;  // longer texts are not worth a place in the footer

template <class T>
void put_plain(T value, std::string& out) {
  static_assert(std::endian::native == std::endian::little);
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

// A name as other programs see it; Parquet's texts are UTF-8, all of it.
std::string text_label(const Names& names, Table table, std::uint32_t id) {
  if (is_utf8(names.name(table, id))) return label(names, table, id);
  return "#" + std::to_string(id);
}

}  // namespace

class ParquetWriter::Group {
 public:
  explicit Group(ParquetWriter& writer)
      : writer_(writer), labels_(writer.names_, text_label), zstd_(ZSTD_createCCtx()) {
    TWIN_ENSURE(zstd_ != nullptr);
  }

  GroupPlace write() {
    GroupPlace place{.rows = static_cast<std::int64_t>(writer_.rows_.size()), .columns = {}};
    place.columns.resize(ColumnCount);
    for (std::size_t k = 0; k < ColumnCount; ++k) {
      column_ = static_cast<Column>(k);
      place_ = &place.columns[k];
      place_->values = place.rows;
      write_column();
    }
    return place;
  }

 private:
  void write_column() {
    const auto named = [this](Table table, auto member) {
      texts([=](const Event& e) { return key(table, e.*member); });
    };
    const auto counted = [this](auto member) {
      numbers([=](const Event& e) { return present(e.*member); });
    };
    switch (column_) {
      case Column::At: return numbers([this](const Event& e) { return moment(e.at); });
      case Column::Arrived: return numbers([this](const Event& e) { return moment(e.arrived); });
      case Column::Source: return named(Table::Source, &Event::source);
      case Column::SourceSeq:
        return numbers([](const Event& e) { return std::optional(e.source_seq); });
      case Column::Kind: return texts([](const Event& e) { return word(e.kind); });
      case Column::Lot: return named(Table::Lot, &Event::lot);
      case Column::Wafers:
        return numbers(
            [](const Event& e) { return e.wafers == 0 ? std::nullopt : std::optional(e.wafers); });
      case Column::Carrier: return named(Table::Carrier, &Event::carrier);
      case Column::Tool: return named(Table::Tool, &Event::tool);
      case Column::Chamber: return named(Table::Chamber, &Event::chamber);
      case Column::Route: return named(Table::Route, &Event::route);
      case Column::Step: return counted(&Event::step);
      case Column::Visit: return counted(&Event::visit);
      case Column::Recipe: return named(Table::Recipe, &Event::recipe);
      case Column::Job: return counted(&Event::job);
      case Column::Item:
        return texts([](const Event& e) { return key(item_table(e.kind), e.item); });
      case Column::Value:
        return numbers([](const Event& e) {
          const bool said = std::bit_cast<std::uint64_t>(e.value) != 0 || e.unit != Unit::None;
          return said ? std::optional(e.value) : std::nullopt;
        });
      case Column::Unit:
        return texts([](const Event& e) { return e.unit == Unit::None ? NoText : word(e.unit); });
      case Column::Quality: return texts([](const Event& e) { return word(e.quality); });
      case Column::RawOffset:
        return numbers(
            [](const Event& e) { return has_raw(e) ? std::optional(e.raw_offset) : std::nullopt; });
      case Column::RawLength:
        return numbers(
            [](const Event& e) { return has_raw(e) ? std::optional(e.raw_length) : std::nullopt; });
    }
  }

  // A text by what it is the label of: a table and a number, or a word of the vocabulary.
  static constexpr std::uint64_t NoText = ~std::uint64_t{0};
  static std::uint64_t key(Table table, std::uint32_t id) {
    return id == None ? NoText : std::uint64_t{static_cast<std::uint8_t>(table)} << 32 | id;
  }
  template <class Enum>
  static std::uint64_t word(Enum value) {
    return static_cast<std::uint64_t>(value);
  }
  std::string_view text_of(std::uint64_t text) {
    const auto id = static_cast<std::uint32_t>(text);
    if (column_ == Column::Kind) return to_string(static_cast<Kind>(id));
    if (column_ == Column::Unit) return to_string(static_cast<Unit>(id));
    if (column_ == Column::Quality) return to_string(static_cast<Quality>(id));
    return labels_.of(static_cast<Table>(text >> 32), id);
  }

  static std::optional<std::uint32_t> present(std::uint32_t number) {
    return number == None ? std::nullopt : std::optional(number);
  }
  static bool has_raw(const Event& e) { return (e.raw_offset | e.raw_length) != 0; }
  [[nodiscard]] std::optional<std::int64_t> moment(Tick at) const {
    return at + writer_.options_.time_zero_ms;  // add() has checked that this is in range
  }

  template <class Get>
  void numbers(Get get) {
    using Number = typename decltype(get(Event{}))::value_type;
    std::optional<Number> least, most;
    for_pages([&](std::span<const Event> rows) {
      for (const Event& e : rows) {
        const auto value = get(e);
        levels_.push_back(value ? 1 : 0);
        if (!value) continue;
        put_plain(*value, values_);
        if (*value != *value) continue;  // a NaN is within no bounds
        if (!least || *value < *least) least = value;
        if (!most || *value > *most) most = value;
      }
      return Plain;
    });
    if (!least) return;
    if constexpr (std::is_same_v<Number, double>) {  // both zeros lie within them
      if (*least == 0.0) least = -0.0;
      if (*most == 0.0) most = 0.0;
    }
    put_plain(*least, place_->least);
    put_plain(*most, place_->most);
    place_->bounds = true;
  }

  template <class Get>
  void texts(Get get) {
    dictionary_.clear();
    places_.clear();
    std::string entries, least, most;
    std::uint64_t last_key = NoText;
    std::uint32_t last_place = 0;
    for (const Event& e : writer_.rows_) {
      const std::uint64_t text = get(e);
      if (text == NoText) continue;
      if (text != last_key) {
        const auto next = static_cast<std::uint32_t>(dictionary_.size());
        const auto [at, fresh] = dictionary_.try_emplace(text, next);
        if (fresh) {
          const std::string_view shown = text_of(text);
          put_plain(static_cast<std::uint32_t>(shown.size()), entries);
          entries += shown;
          if (next == 0 || shown < least) least = shown;  // as unsigned bytes, as the format asks
          if (next == 0 || shown > most) most = shown;
        }
        last_key = text;
        last_place = at->second;
      }
      places_.push_back(last_place);
    }
    if (!dictionary_.empty()) {
      place_->dictionary = writer_.offset_;
      put_page(
          entries,
          [&](ThriftWriter& header) {
            header.begin(7);
            header.integer32(1, static_cast<std::int32_t>(dictionary_.size()));
            header.integer32(2, Plain);
            header.end();
          },
          2);
      place_->bounds = std::max(least.size(), most.size()) <= BoundBytesMax;
      if (place_->bounds) {
        place_->least = least;
        place_->most = most;
      }
    }
    const std::uint64_t last = dictionary_.empty() ? 0 : dictionary_.size() - 1;
    const unsigned width = last == 0 ? 1 : static_cast<unsigned>(std::bit_width(last));
    std::span<const std::uint32_t> left = places_;
    for_pages([&](std::span<const Event> rows) {
      std::size_t here = 0;
      for (const Event& e : rows) {
        const bool there = get(e) != NoText;
        levels_.push_back(there ? 1 : 0);
        here += there ? 1 : 0;
      }
      if (dictionary_.empty()) return Plain;  // nothing but nulls
      values_ += static_cast<char>(width);
      put_rle(left.first(here), width, values_);
      left = left.subspan(here);
      return RleDictionary;
    });
  }

  // Cuts the rows into pages; `fill` appends levels_ and values_ of one and answers its encoding.
  template <class Fill>
  void for_pages(Fill fill) {
    place_->pages = writer_.offset_;
    const std::span<const Event> rows = writer_.rows_;
    const std::size_t step = writer_.options_.rows_per_page;
    for (std::size_t at = 0; at < rows.size(); at += step) {
      const auto piece = rows.subspan(at, std::min(step, rows.size() - at));
      levels_.clear();
      values_.clear();
      const std::int32_t encoding = fill(piece);
      place_->nulls += std::count(levels_.begin(), levels_.end(), 0U);
      page_.clear();
      if (ParquetColumns[static_cast<std::size_t>(column_)].presence == Presence::Optional) {
        levels_bytes_.clear();
        put_rle(levels_, 1, levels_bytes_);
        put_plain(static_cast<std::uint32_t>(levels_bytes_.size()), page_);
        page_ += levels_bytes_;
      }
      page_ += values_;
      put_page(
          page_,
          [&](ThriftWriter& header) {
            header.begin(5);
            header.integer32(1, static_cast<std::int32_t>(piece.size()));
            header.integer32(2, encoding);
            header.integer32(3, Rle);
            header.integer32(4, Rle);
            header.end();
          },
          0);
    }
  }

  template <class Details>
  void put_page(const std::string& plain, Details details, std::int32_t type) {
    if (plain.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max())) {
      throw core::Error("events.parquet cannot be written (the names of column '" +
                        std::string(to_string(column_)) + "' need " + std::to_string(plain.size()) +
                        " bytes, a page holds 2^31)");
    }
    const std::string* stored = &plain;
    if (writer_.options_.compression == ParquetOptions::Compression::Zstd) {
      compressed_.resize(ZSTD_compressBound(plain.size()));
      const std::size_t size =
          ZSTD_compressCCtx(zstd_.get(), compressed_.data(), compressed_.size(), plain.data(),
                            plain.size(), ZstdLevel);
      TWIN_ENSURE(ZSTD_isError(size) == 0, ZSTD_getErrorName(size));
      compressed_.resize(size);
      stored = &compressed_;
    }
    header_.clear();
    ThriftWriter header(header_);
    header.integer32(1, type);
    header.integer32(2, static_cast<std::int32_t>(plain.size()));
    header.integer32(3, static_cast<std::int32_t>(stored->size()));
    details(header);
    header.end();
    place_->plain_bytes += static_cast<std::int64_t>(header_.size() + plain.size());
    place_->stored_bytes += static_cast<std::int64_t>(header_.size() + stored->size());
    writer_.put(header_);
    writer_.put(*stored);
  }

  struct FreeZstd {
    void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
  };

  ParquetWriter& writer_;
  Labels labels_;
  std::unique_ptr<ZSTD_CCtx, FreeZstd> zstd_;
  Column column_ = Column::At;  // under way
  ColumnPlace* place_ = nullptr;
  std::unordered_map<std::uint64_t, std::uint32_t> dictionary_;  // key -> place in the dictionary
  std::vector<std::uint32_t> places_;                            // [row with a text]
  std::vector<std::uint32_t> levels_;  // [row of the page] 1: there is a value
  std::string values_, levels_bytes_, page_, compressed_, header_;
};

ParquetWriter::ParquetWriter(std::ostream& out, const Names& names, ParquetOptions options)
    : out_(out), names_(names), options_(options), group_(std::make_unique<Group>(*this)) {
  TWIN_EXPECT(options.rows_per_group >= 1 && options.rows_per_group <= 1U << 24,
              options.rows_per_group);
  TWIN_EXPECT(options.rows_per_page >= 1, options.rows_per_page);
  put("PAR1");
}

ParquetWriter::~ParquetWriter() = default;

void ParquetWriter::put(const std::string& bytes) {
  out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out_) {
    throw core::Error("events.parquet cannot be written (the stream failed) is the disk full?");
  }
  offset_ += static_cast<std::int64_t>(bytes.size());
}

void ParquetWriter::add(const Event& event) {
  TWIN_EXPECT(!closed_);
  TWIN_EXPECT(!to_string(event.kind).empty(), static_cast<unsigned>(event.kind));
  for (const Tick at : {event.at, event.arrived}) {
    std::int64_t moment = 0;
    if (__builtin_add_overflow(at, options_.time_zero_ms, &moment)) {
      throw core::Error("events.parquet cannot hold the time " + std::to_string(at) + " ms after " +
                        std::to_string(options_.time_zero_ms) +
                        " (64 bits of ms since 1970 do not reach so far)");
    }
  }
  rows_.push_back(event);
  if (rows_.size() >= options_.rows_per_group) write_group();
}

void ParquetWriter::write_group() {
  groups_.push_back(group_->write());
  rows_.clear();
}

void ParquetWriter::close() {
  TWIN_EXPECT(!closed_);
  if (!rows_.empty()) write_group();
  write_footer();
  closed_ = true;
}

}  // namespace twin::event
