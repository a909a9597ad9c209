// The store that needs no server: one SQLite file, in write-ahead mode, so that readers of other
// processes see it while it is written.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "twin/record/store.hpp"

namespace twin::record {

struct SqliteOptions {
  int busy_ms = 5'000;               // how long to wait for another program's lock [ms]
  std::uint32_t cache_kib = 65'536;  // pages kept in memory [KiB]
  std::uint32_t pages_max = 0;       // the file never has more pages of 4 KiB; 0: no such limit
};

// Opens the file, or makes it. Error where it cannot be written, is another program's, was made by
// another version of fabtwin, or is locked for longer than busy_ms.
std::unique_ptr<Store> open_sqlite(const std::string& file, SqliteOptions options = {});

}  // namespace twin::record
