// PostgreSQL behind Store. Numbers, texts and bytes go as literals in the SQL itself: exact, many
// rows at once, and the same for every version of libpqxx.
#include "twin/record/postgres.hpp"

#include "twin/core/error.hpp"

#ifdef TWIN_POSTGRES
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <pqxx/pqxx>
#include <set>

#include "twin/core/expect.hpp"
#endif

namespace twin::record {

#ifndef TWIN_POSTGRES

bool has_postgres() noexcept { return false; }

std::unique_ptr<Store> open_postgres(const std::string&, PostgresOptions) {
  throw core::Error(
      "postgresql cannot be used (this program was built without libpqxx) install libpqxx-dev and "
      "build again?");
}

#else

namespace {

constexpr std::size_t RowsPerInsert = 500;
constexpr std::uint64_t RowsPerFetch = 1'000;
constexpr std::uint64_t RowsWithoutCursor = 100;  // so few come in one answer
constexpr const char* LockNotAvailable = "55P03";

const char* type_name(CellType type) {
  switch (type) {
    case CellType::Integer: return "bigint";
    case CellType::Real: return "double precision";
    case CellType::Text: return "text";
    case CellType::Packed: break;
  }
  return "bytea";
}

template <class Number>
std::string digits(Number number) {
  std::array<char, 40> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), number).ptr};
}

// A table's position of the writer's lock: any number that nobody else takes.
constexpr std::int64_t WriterLock = 0x46414254;  // "FABT"

class PostgresStore final : public Store {
 public:
  PostgresStore(const std::string& connection, PostgresOptions options)
      : options_(options), name_("postgresql") {
    guarded([&] {
      connection_.emplace(connection);
      name_ = "postgresql " + std::string(connection_->dbname());
      pqxx::nontransaction setup(*connection_);
      setup.exec("SET client_min_messages = warning");
      setup.exec("SET client_encoding = 'UTF8'");
      setup.exec("SET lock_timeout = " + std::to_string(options_.lock_ms));
      setup.exec("SET standard_conforming_strings = on");
    });
    claim();
    guarded([&] {
      pqxx::nontransaction setup(*connection_);
      setup.exec("SET search_path = fabtwin");
    });
  }

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }

 private:
  // A new schema becomes ours; an old one must be.
  void claim() {
    std::optional<std::string> version;
    guarded([&] {
      pqxx::work work(*connection_);
      const auto there = [&] {
        return !work.exec("SELECT 1 FROM information_schema.schemata WHERE schema_name = 'fabtwin'")
                    .empty();
      };
      if (!there()) {  // of two programs that find nothing, one makes it
        work.exec("SELECT pg_advisory_xact_lock(" + std::to_string(WriterLock) + ")");
        if (!there()) {
          work.exec("CREATE SCHEMA fabtwin");
          work.exec("CREATE TABLE fabtwin.store_version(version bigint NOT NULL)");
          work.exec("INSERT INTO fabtwin.store_version VALUES(" + std::to_string(StoreVersion) +
                    ")");
        }
      }
      const auto row = work.exec("SELECT version::text FROM fabtwin.store_version");
      version = row.size() == 1 ? row[0][0].c_str() : "unknown";
      work.commit();
    });
    if (*version != std::to_string(StoreVersion)) {
      throw core::Error(name_ + " cannot be used (its version is " + *version +
                        ", this program's is " + std::to_string(StoreVersion) +
                        ") make it again from the journal?");
    }
  }

  void do_define(const TableShape& table) override {
    std::string sql = "CREATE TABLE IF NOT EXISTS " + std::string(table.name) + "(";
    for (const ColumnShape& column : table.columns) {
      sql += quoted(column.name) + " " + type_name(column.type) + " NOT NULL, ";
    }
    run(sql + "PRIMARY KEY(" + keys(table, "") + "))");
  }

  void do_put(const TableShape& table, std::span<const Cell> cells) override {
    const std::size_t width = table.columns.size();
    std::string conflict = " ON CONFLICT(" + keys(table, "") + ") DO ";
    if (width == table.keys) {
      conflict += "NOTHING";
    } else {
      for (std::size_t k = table.keys; k < width; ++k) {
        conflict += k == table.keys ? "UPDATE SET " : ", ";
        conflict += quoted(table.columns[k].name) + " = excluded." + quoted(table.columns[k].name);
      }
    }
    const auto put = [&] {
      std::set<std::vector<std::int64_t>> there;  // one INSERT must not meet a row twice
      std::string sql;
      const auto send = [&] {
        if (!sql.empty()) run(sql + conflict);
        sql.clear();
        there.clear();
      };
      std::vector<std::int64_t> key(table.keys);
      for (std::size_t row = 0; row < cells.size(); row += width) {
        for (std::size_t k = 0; k < table.keys; ++k)
          key[k] = std::get<std::int64_t>(cells[row + k]);
        if (there.size() >= RowsPerInsert || !there.insert(key).second) {
          send();
          there.insert(key);
        }
        sql += sql.empty() ? "INSERT INTO " + std::string(table.name) + " VALUES(" : ",(";
        for (std::size_t k = 0; k < width; ++k) {
          if (k > 0) sql += ',';
          put_literal(cells[row + k], sql);
        }
        sql += ')';
      }
      send();
    };
    if (work_) {
      put();
    } else {
      Transaction whole(*this);
      put();
      whole.commit();
    }
  }

  std::uint64_t do_scan(const TableShape& table, const KeyRange& range, ScanOptions options,
                        const Visit& visit) override {
    if (options.limit == 0) return 0;
    std::string sql = "SELECT * FROM " + std::string(table.name) + where(table, range) +
                      " ORDER BY " + keys(table, options.order == Order::Falling ? " DESC" : "");
    const bool few = options.limit <= RowsWithoutCursor;
    if (options.limit < INT64_MAX) sql += " LIMIT " + std::to_string(options.limit);
    std::optional<pqxx::work> own;  // a cursor lives in a transaction
    if (!work_ && !reading_) {
      guarded([&] { own.emplace(*connection_); });
      reading_ = &*own;
    }
    const Reading reading{reading_, own.has_value()};
    std::uint64_t visited = 0;
    if (few) {
      (void)visit_rows(table, query(sql), visited, visit);
      return visited;
    }
    const std::string cursor = "scan" + std::to_string(++cursors_);
    query("DECLARE " + cursor + " NO SCROLL CURSOR FOR " + sql);
    const std::string fetch = "FETCH " + std::to_string(RowsPerFetch) + " FROM " + cursor;
    for (;;) {
      const pqxx::result rows = query(fetch);
      if (visit_rows(table, rows, visited, visit) == Go::Stop) break;
      if (rows.size() < RowsPerFetch) break;
    }
    query("CLOSE " + cursor);
    return visited;
  }

  struct Reading {  // ends with the outermost scan
    pqxx::work*& under_way;
    bool outermost;
    ~Reading() {
      if (outermost) under_way = nullptr;
    }
  };

  Go visit_rows(const TableShape& table, const pqxx::result& rows, std::uint64_t& visited,
                const Visit& visit) {
    if (!rows.empty() && rows.columns() != table.columns.size()) {
      damaged(table, "rows", "have another width");
    }
    std::vector<Cell> row(table.columns.size());
    std::vector<std::vector<std::uint8_t>> bytes(row.size());
    for (const auto& fields : rows) {
      for (std::size_t k = 0; k < row.size(); ++k) {
        const auto field = fields[static_cast<pqxx::row::size_type>(k)];
        if (field.is_null()) damaged(table, table.columns[k].name, "a value is missing");
        row[k] = cell(table, k, {field.c_str(), field.size()}, bytes[k]);
      }
      ++visited;
      if (visit(row) == Go::Stop) return Go::Stop;
    }
    return Go::On;
  }

  Cell cell(const TableShape& table, std::size_t column, std::string_view text,
            std::vector<std::uint8_t>& bytes) const {
    const char* const end = text.data() + text.size();
    switch (table.columns[column].type) {
      case CellType::Integer: {
        std::int64_t value = 0;
        const auto read = std::from_chars(text.data(), end, value);
        if (read.ec == std::errc() && read.ptr == end) return value;
        break;
      }
      case CellType::Real: {
        if (text == "NaN") return std::nan("");
        if (text == "Infinity") return HUGE_VAL;
        if (text == "-Infinity") return -HUGE_VAL;
        double value = 0.0;
        const auto read = std::from_chars(text.data(), end, value);
        if (read.ec == std::errc() && read.ptr == end) return value;
        break;
      }
      case CellType::Text: return text;
      case CellType::Packed: {  // "\x00ff"
        if (!text.starts_with("\\x") || text.size() % 2 != 0) break;
        bytes.resize(text.size() / 2 - 1);
        bool good = true;
        for (std::size_t k = 0; k < bytes.size(); ++k) {
          const char* const at = text.data() + 2 + 2 * k;
          good = std::from_chars(at, at + 2, bytes[k], 16).ptr == at + 2 && good;
        }
        if (good) return Blob(bytes);
        break;
      }
    }
    damaged(table, table.columns[column].name, "a value of another type");
  }

  [[noreturn]] void damaged(const TableShape& table, const char* column,
                            const std::string& why) const {
    throw core::Error(name_ + " is damaged (table " + table.name + ", column " + column + ": " +
                      why + ") make it again from the journal?");
  }

  std::uint64_t do_erase(const TableShape& table, const KeyRange& range) override {
    const std::string sql = "DELETE FROM " + std::string(table.name) + where(table, range);
    if (work_) return static_cast<std::uint64_t>(query(sql).affected_rows());
    Transaction whole(*this);
    const auto erased = static_cast<std::uint64_t>(query(sql).affected_rows());
    whole.commit();
    return erased;
  }

  // Writers take turns, as with SQLite.
  void do_begin() override {
    try {
      guarded([&] {
        work_.emplace(*connection_);
        work_->exec("SELECT pg_advisory_xact_lock(" + std::to_string(WriterLock) + ")");
      });
    } catch (const core::Error&) {
      do_rollback();  // nobody else would: the transaction has not begun
      throw;
    }
  }
  void do_commit() override {
    guarded([&] { work_->commit(); });
    work_.reset();
  }
  void do_rollback() noexcept override {
    try {
      if (work_) work_->abort();
    } catch (const std::exception&) {  // the line is gone, and the transaction with it
    }
    work_.reset();
  }

  void run(const std::string& sql) {
    guarded([&] {
      if (work_) {
        work_->exec(sql);
      } else {
        pqxx::work alone(*connection_);
        alone.exec(sql);
        alone.commit();
      }
    });
  }

  pqxx::result query(const std::string& sql) {
    pqxx::result result;
    guarded([&] { result = (work_ ? *work_ : *reading_).exec(sql); });
    return result;
  }

  static std::string quoted(const char* name) { return '"' + std::string(name) + '"'; }

  static std::string keys(const TableShape& table, const char* each) {
    std::string sql;
    for (std::size_t k = 0; k < table.keys; ++k) {
      if (k > 0) sql += ", ";
      sql += quoted(table.columns[k].name) + each;
    }
    return sql;
  }

  static std::string where(const TableShape& table, const KeyRange& range) {
    const std::size_t bounds = bounds_of(table, range);
    const std::size_t equals = range.equal.size();
    std::string sql;
    for (std::size_t k = 0; k < bounds; ++k) {
      const bool equal = k < equals;
      sql += (k == 0 ? " WHERE " : " AND ") + quoted(table.columns[equal ? k : equals].name);
      sql += equal ? " = " : k == equals ? " >= " : " <= ";
      put_integer(equal ? range.equal[k] : k == equals ? range.from : range.to, sql);
    }
    return sql;
  }

  // The least number has no literal of its own, hence the text.
  static void put_integer(std::int64_t value, std::string& sql) {
    sql += "'" + digits(value) + "'::bigint";
  }

  void put_literal(const Cell& value, std::string& sql) const {
    constexpr std::string_view Digits = "0123456789abcdef";
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      put_integer(*integer, sql);
    } else if (const auto* real = std::get_if<double>(&value)) {
      const std::string text = std::isnan(*real)   ? "NaN"
                               : std::isinf(*real) ? (*real > 0 ? "Infinity" : "-Infinity")
                                                   : digits(*real);
      sql += "'" + text + "'::float8";
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
      sql += '\'';
      for (const char c : *text) {
        if (c == '\'') sql += '\'';
        sql += c;
      }
      sql += '\'';
    } else {
      sql += "'\\x";
      for (const std::uint8_t byte : std::get<Blob>(value)) {
        sql += Digits[byte >> 4];
        sql += Digits[byte & 15];
      }
      sql += "'::bytea";
    }
  }

  // What the server or the line to it refuses, in our words.
  template <class F>
  void guarded(F f) {
    try {
      f();
    } catch (const pqxx::sql_error& e) {
      if (e.sqlstate() == LockNotAvailable) {
        throw core::Error(name_ + " is locked (by another program, for more than " +
                          std::to_string(options_.lock_ms) + " ms) is it served twice?");
      }
      if (e.sqlstate().starts_with("53")) {  // insufficient resources, the disk among them
        throw core::Error(name_ + " cannot grow (" + first_line(e.what()) + ")");
      }
      throw core::Error(name_ + " failed (" + first_line(e.what()) + ")");
    } catch (const pqxx::broken_connection& e) {
      throw core::Error(name_ + " cannot be reached (" + first_line(e.what()) +
                        ") does the server run?");
    } catch (const pqxx::failure& e) {
      throw core::Error(name_ + " failed (" + first_line(e.what()) + ")");
    }
  }

  static std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

  PostgresOptions options_;
  std::string name_;
  std::optional<pqxx::connection> connection_;
  std::optional<pqxx::work> work_;  // the transaction under way
  pqxx::work* reading_ = nullptr;   // that of the outermost scan, where none is under way
  std::uint64_t cursors_ = 0;
};

}  // namespace

bool has_postgres() noexcept { return true; }

std::unique_ptr<Store> open_postgres(const std::string& connection, PostgresOptions options) {
  return std::make_unique<PostgresStore>(connection, options);
}

#endif

}  // namespace twin::record
