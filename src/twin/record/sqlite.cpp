// SQLite behind Store: its C API, and the little that makes it safe to hold.
#include "twin/record/sqlite.hpp"

#include <sqlite3.h>

#include <cmath>
#include <map>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::record {
namespace {

constexpr int ApplicationId = 0x46414254;  // "FABT": PRAGMA application_id says whose file it is

struct CloseConnection {
  void operator()(sqlite3* connection) const noexcept { sqlite3_close(connection); }
};
struct Finalize {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

// A statement is made ready for its next use however this one ends.
class Use {
 public:
  explicit Use(sqlite3_stmt* statement) : statement_(statement) {}
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

 private:
  sqlite3_stmt* statement_;
};

const char* type_name_sqlite(CellType type) {
  switch (type) {
    case CellType::Integer: return "INTEGER";
    case CellType::Real: return "REAL";
    case CellType::Text: return "TEXT";
    case CellType::Packed: break;
  }
  return "BLOB";
}

class SqliteStore final : public Store {
 public:
  SqliteStore(const std::string& file, SqliteOptions options)
      : file_(file), name_("sqlite " + file), options_(options) {
    sqlite3* raw = nullptr;
    const int code =
        sqlite3_open_v2(file.c_str(), &raw,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    connection_.reset(raw);
    if (code != SQLITE_OK) refuse(code);
    sqlite3_busy_timeout(raw, options.busy_ms);
    claim();
    execute("PRAGMA journal_mode=WAL");
    execute("PRAGMA synchronous=NORMAL");
    execute("PRAGMA cache_size=-" + std::to_string(options.cache_kib));
    if (options.pages_max != 0) {
      execute("PRAGMA max_page_count=" + std::to_string(options.pages_max));
    }
  }

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }

 private:
  // A new file becomes ours; an old one must be.
  void claim() {
    const std::int64_t application = ask("PRAGMA application_id");
    const std::int64_t version = ask("PRAGMA user_version");
    if (application == 0 && version == 0 && ask("SELECT count(*) FROM sqlite_master") == 0) {
      execute("BEGIN IMMEDIATE");
      execute("PRAGMA application_id=" + std::to_string(ApplicationId));
      execute("PRAGMA user_version=" + std::to_string(StoreVersion));
      execute("COMMIT");
    } else if (application != ApplicationId) {
      throw core::Error(name_ + " cannot be used (it is another program's) is the path right?");
    } else if (version != StoreVersion) {
      throw core::Error(name_ + " cannot be used (its version is " + std::to_string(version) +
                        ", this program's is " + std::to_string(StoreVersion) +
                        ") make it again from the journal?");
    }
  }

  void do_define(const TableShape& table) override {
    std::string sql = "CREATE TABLE IF NOT EXISTS " + std::string(table.name) + "(";
    for (const ColumnShape& column : table.columns) {
      sql += std::string(column.name) + " " + type_name_sqlite(column.type);
      if (column.type != CellType::Real) sql += " NOT NULL";  // a NaN is stored as NULL
      sql += ", ";
    }
    sql += "PRIMARY KEY(";
    for (std::size_t k = 0; k < table.keys; ++k) {
      if (k > 0) sql += ", ";
      sql += table.columns[k].name;
    }
    execute(sql + ")) WITHOUT ROWID");
  }

  void do_put(const TableShape& table, std::span<const Cell> cells) override {
    const std::size_t width = table.columns.size();
    sqlite3_stmt* insert = prepared([&] {
      std::string sql = "INSERT OR REPLACE INTO " + std::string(table.name) + " VALUES(?";
      for (std::size_t k = 1; k < width; ++k) sql += ",?";
      return sql + ")";
    }());
    for (std::size_t row = 0; row < cells.size(); row += width) {
      const Use use(insert);
      for (std::size_t k = 0; k < width; ++k) bind(insert, k, cells[row + k]);
      check(sqlite3_step(insert));
    }
  }

  std::uint64_t do_scan(const TableShape& table, const KeyRange& range, ScanOptions options,
                        const Visit& visit) override {
    std::string sql =
        "SELECT * FROM " + std::string(table.name) + where(table, range) + " ORDER BY ";
    for (std::size_t k = 0; k < table.keys; ++k) {
      if (k > 0) sql += ", ";
      sql += table.columns[k].name;
      if (options.order == Order::Falling) sql += " DESC";
    }
    sqlite3_stmt* select = prepared(sql + " LIMIT ?");
    const Use use(select);
    bind(select, bind_bounds(select, table, range),
         static_cast<std::int64_t>(std::min<std::uint64_t>(options.limit, INT64_MAX)));
    std::vector<Cell> row(table.columns.size());
    std::uint64_t visited = 0;
    for (;;) {
      const int code = sqlite3_step(select);
      check(code);
      if (code == SQLITE_DONE) return visited;
      for (std::size_t k = 0; k < row.size(); ++k) row[k] = cell(select, table, k);
      ++visited;
      if (visit(row) == Go::Stop) return visited;
    }
  }

  std::uint64_t do_erase(const TableShape& table, const KeyRange& range) override {
    sqlite3_stmt* erase = prepared("DELETE FROM " + std::string(table.name) + where(table, range));
    const Use use(erase);
    bind_bounds(erase, table, range);
    check(sqlite3_step(erase));
    return static_cast<std::uint64_t>(sqlite3_changes64(connection_.get()));
  }

  void do_begin() override { execute("BEGIN IMMEDIATE"); }
  void do_commit() override { execute("COMMIT"); }
  void do_rollback() noexcept override {  // some failures have undone it already
    if (sqlite3_get_autocommit(connection_.get()) == 0) {
      sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
  }

  std::string where(const TableShape& table, const KeyRange& range) const {
    const std::size_t bounds = bounds_of(table, range);
    std::string sql;
    for (std::size_t k = 0; k < bounds; ++k) {
      const bool equal = k < range.equal.size();
      sql += k == 0 ? " WHERE " : " AND ";
      sql += table.columns[equal ? k : range.equal.size()].name;
      sql += equal ? "=?" : k == range.equal.size() ? ">=?" : "<=?";
    }
    return sql;
  }

  // Answers the number of the next parameter.
  std::size_t bind_bounds(sqlite3_stmt* statement, const TableShape& table,
                          const KeyRange& range) const {
    std::size_t k = 0;
    for (const std::int64_t key : range.equal) bind(statement, k++, key);
    if (range.equal.size() < table.keys) {
      bind(statement, k++, range.from);
      bind(statement, k++, range.to);
    }
    return k;
  }

  void bind(sqlite3_stmt* statement, std::size_t parameter, const Cell& value) const {
    const int at = static_cast<int>(parameter) + 1;
    int code = SQLITE_OK;
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      code = sqlite3_bind_int64(statement, at, *integer);
    } else if (const auto* real = std::get_if<double>(&value)) {
      code = sqlite3_bind_double(statement, at, *real);  // of a NaN it makes NULL
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
      code = sqlite3_bind_text64(statement, at, text->empty() ? "" : text->data(), text->size(),
                                 nullptr, SQLITE_UTF8);  // no destructor: the cell outlives the use
    } else {
      const Blob bytes = std::get<Blob>(value);
      code = bytes.empty()
                 ? sqlite3_bind_zeroblob(statement, at, 0)
                 : sqlite3_bind_blob64(statement, at, bytes.data(), bytes.size(), nullptr);
    }
    check(code);
  }

  // A row of a database that somebody else has changed may hold anything.
  Cell cell(sqlite3_stmt* statement, const TableShape& table, std::size_t column) const {
    const int k = static_cast<int>(column);
    const int type = sqlite3_column_type(statement, k);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, k));
    switch (table.columns[column].type) {
      case CellType::Integer:
        if (type == SQLITE_INTEGER) return sqlite3_column_int64(statement, k);
        break;
      case CellType::Real:
        if (type == SQLITE_FLOAT || type == SQLITE_INTEGER)
          return sqlite3_column_double(statement, k);
        if (type == SQLITE_NULL) return std::nan("");
        break;
      case CellType::Text:
        if (type == SQLITE_TEXT) {
          return std::string_view(reinterpret_cast<const char*>(sqlite3_column_text(statement, k)),
                                  size);
        }
        break;
      case CellType::Packed:
        if (type == SQLITE_BLOB) {
          return Blob(static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, k)), size);
        }
        break;
    }
    throw core::Error(name_ + " is damaged (table " + table.name + ", column " +
                      table.columns[column].name +
                      ": a value of another type) make it again from the journal?");
  }

  sqlite3_stmt* prepared(const std::string& sql) {
    Statement& known = statements_[sql];
    if (!known) {
      sqlite3_stmt* raw = nullptr;
      check(sqlite3_prepare_v3(connection_.get(), sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &raw,
                               nullptr));
      known.reset(raw);
    }
    return known.get();
  }

  void execute(const std::string& sql) const {
    check(sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr));
  }

  std::int64_t ask(const std::string& sql) const {
    sqlite3_stmt* raw = nullptr;
    check(sqlite3_prepare_v2(connection_.get(), sql.c_str(), -1, &raw, nullptr));
    const Statement statement(raw);
    check(sqlite3_step(raw));
    return sqlite3_column_int64(raw, 0);
  }

  void check(int code) const {
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) [[unlikely]]
      refuse(code);
  }

  [[noreturn]] void refuse(int code) const {
    const std::string words = connection_ ? sqlite3_errmsg(connection_.get()) : "no memory";
    switch (code & 0xFF) {  // the low byte of an extended code is the plain one
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        throw core::Error(name_ + " is locked (by another program, for more than " +
                          std::to_string(options_.busy_ms) + " ms) is it served twice?");
      case SQLITE_FULL: throw core::Error(name_ + " cannot grow (the disk or its limit is full)");
      case SQLITE_CANTOPEN:
      case SQLITE_READONLY:
      case SQLITE_PERM:
        throw core::Error(name_ + " cannot be written (" + words +
                          ") does its folder exist, and may this user write there?");
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        throw core::Error(name_ + " is damaged (" + words + ") make it again from the journal?");
      default: throw core::Error(name_ + " failed (" + words + ")");
    }
  }

  std::string file_, name_;
  SqliteOptions options_;
  std::unique_ptr<sqlite3, CloseConnection> connection_;
  std::map<std::string, Statement> statements_;  // by their text; finalized before the connection
};

}  // namespace

std::unique_ptr<Store> open_sqlite(const std::string& file, SqliteOptions options) {
  return std::make_unique<SqliteStore>(file, options);
}

}  // namespace twin::record
