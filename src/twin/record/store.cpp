// What all stores check alike, so that the backends need not.
#include "twin/record/store.hpp"

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::record {

bool is_storable_text(std::string_view text) noexcept {
  const auto byte = [&](std::size_t k) -> unsigned {
    return k < text.size() ? static_cast<unsigned char>(text[k]) : 0U;
  };
  for (std::size_t k = 0; k < text.size();) {
    const unsigned first = byte(k);
    if (first == 0) return false;
    if (first < 0x80) {
      ++k;
      continue;
    }
    if (first < 0xC2 || first > 0xF4) return false;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    // The second byte's bounds keep out overlong forms, surrogates and what lies beyond Unicode.
    const unsigned least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (byte(k + 1) < least || byte(k + 1) > most) return false;
    for (std::size_t more = 2; more < length; ++more) {
      if ((byte(k + more) & 0xC0U) != 0x80U) return false;
    }
    k += length;
  }
  return true;
}

std::size_t Store::bounds_of(const TableShape& table, const KeyRange& range) {
  TWIN_EXPECT(range.equal.size() <= table.keys, range.equal.size(), table.keys, table.name);
  return range.equal.size() + (range.equal.size() < table.keys ? 2 : 0);
}

void Store::define(const TableShape& table) {
  TWIN_EXPECT(table.keys >= 1 && table.keys <= table.columns.size(), table.keys, table.name);
  for (std::size_t k = 0; k < table.keys; ++k) {
    TWIN_EXPECT(table.columns[k].type == CellType::Integer, table.name, table.columns[k].name);
  }
  do_define(table);
}

void Store::put(const TableShape& table, std::span<const Cell> cells) {
  const std::size_t width = table.columns.size();
  TWIN_EXPECT(cells.size() % width == 0, cells.size(), width, table.name);
  for (std::size_t k = 0; k < cells.size(); ++k) {
    const ColumnShape& column = table.columns[k % width];
    TWIN_EXPECT(cells[k].index() == static_cast<std::size_t>(column.type), table.name, column.name,
                cells[k].index());
    if (const auto* text = std::get_if<std::string_view>(&cells[k])) {
      if (!is_storable_text(*text)) {
        throw core::Error(name() + " cannot take a text (table " + table.name + ", column " +
                          column.name + ": not UTF-8, or with a zero byte)");
      }
    }
  }
  if (!cells.empty()) do_put(table, cells);
}

std::uint64_t Store::scan(const TableShape& table, const KeyRange& range, ScanOptions options,
                          const Visit& visit) {
  return do_scan(table, range, options, visit);
}

std::uint64_t Store::erase(const TableShape& table, const KeyRange& range) {
  return do_erase(table, range);
}

Transaction::Transaction(Store& store) : store_(store) {
  TWIN_EXPECT(!store.in_transaction_, "transactions are not nested");
  store_.do_begin();
  store_.in_transaction_ = true;
}

Transaction::~Transaction() {
  if (!store_.in_transaction_) return;
  store_.in_transaction_ = false;
  store_.do_rollback();
}

void Transaction::commit() {
  TWIN_EXPECT(store_.in_transaction_, "a transaction ends once");
  store_.do_commit();  // where it is refused, the destructor undoes
  store_.in_transaction_ = false;
}

}  // namespace twin::record
