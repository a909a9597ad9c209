// Tables in the order of their keys, kept by a database: all that the historian and the index need
// of one. SQLite and PostgreSQL stand behind it alike, and SQL stands nowhere else. A store is never
// the truth: it is made again from the journal at will.
#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace twin::record {

// Of the tables' layout in a store. Another one is refused, and the store made again.
inline constexpr int StoreVersion = 1;

using Blob = std::span<const std::uint8_t>;

// What stands in a row. A Real comes back equal as a number, so a zero may lose its sign, and any
// NaN comes back as a NaN. A Text is UTF-8 without zero bytes.
using Cell = std::variant<std::int64_t, double, std::string_view, Blob>;
enum class CellType : std::uint8_t { Integer, Real, Text, Packed };  // the alternatives of Cell

struct ColumnShape {
  const char* name;  // [a-z_], no word of SQL
  CellType type;
};

struct TableShape {
  const char* name;                      // [a-z_], no word of SQL
  std::span<const ColumnShape> columns;  // what a row holds
  std::size_t keys;  // the first so many columns, all Integer, name a row and order the rows
};

// Rows whose first keys are `equal` and whose next key lies in from..to, ends included.
struct KeyRange {
  std::vector<std::int64_t> equal = {};  // fewer than the table has keys, or all of them
  std::int64_t from = std::numeric_limits<std::int64_t>::min();
  std::int64_t to = std::numeric_limits<std::int64_t>::max();
};

enum class Order : std::uint8_t { Rising, Falling };

struct ScanOptions {
  Order order = Order::Rising;
  std::uint64_t limit = std::numeric_limits<std::int64_t>::max();  // [rows]
};

enum class Go : std::uint8_t { On, Stop };

// One connection: one thread at a time. Whatever the database refuses (locked, full, read-only,
// damaged) is a core::Error that names the store; the transaction under way is then undone.
class Store {
 public:
  // A row's cells, valid during the call. It may scan other tables, and must not write.
  using Visit = std::function<Go(std::span<const Cell>)>;

  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  // Makes the table where it is not there yet. To be called before all else with a table.
  void define(const TableShape& table);

  // Writes rows, cells behind one another; a row with the same keys is replaced, and of several in
  // one call the last one stays.
  void put(const TableShape& table, std::span<const Cell> cells);

  // Visits rows in the order of their keys. Answers how many were visited.
  std::uint64_t scan(const TableShape& table, const KeyRange& range, ScanOptions options,
                     const Visit& visit);

  // Erases rows; answers how many.
  std::uint64_t erase(const TableShape& table, const KeyRange& range);

  // "sqlite FILE", as messages call it.
  [[nodiscard]] virtual const std::string& name() const noexcept = 0;

 protected:
  // The range's keys as a row of bounds: what the backends make their WHERE of.
  static std::size_t bounds_of(const TableShape& table, const KeyRange& range);

 private:
  friend class Transaction;
  virtual void do_define(const TableShape& table) = 0;
  virtual void do_put(const TableShape& table, std::span<const Cell> cells) = 0;
  virtual std::uint64_t do_scan(const TableShape& table, const KeyRange& range, ScanOptions options,
                                const Visit& visit) = 0;
  virtual std::uint64_t do_erase(const TableShape& table, const KeyRange& range) = 0;
  virtual void do_begin() = 0;
  virtual void do_commit() = 0;
  virtual void do_rollback() noexcept = 0;

  bool in_transaction_ = false;
};

// What is put and erased while it lives is kept by commit() altogether, or not at all. Not nested.
class Transaction {
 public:
  explicit Transaction(Store& store);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Store& store_;
};

// Whether a Text may stand in a store: UTF-8 (RFC 3629) without zero bytes.
[[nodiscard]] bool is_storable_text(std::string_view text) noexcept;

}  // namespace twin::record
