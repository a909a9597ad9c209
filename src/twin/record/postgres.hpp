// The store for more than one machine: PostgreSQL, by libpqxx. An option of the build: without the
// library all else works, and opening one is refused with a reason.
#pragma once
#include <memory>
#include <string>

#include "twin/record/store.hpp"

namespace twin::record {

struct PostgresOptions {
  int lock_ms = 5'000;  // how long to wait for another program's lock [ms]
};

// Whether this build can.
[[nodiscard]] bool has_postgres() noexcept;

// Opens the store in the schema "fabtwin" of a database, or makes it. `connection` is libpq's
// ("host=... dbname=..."). One writer at a time: a transaction waits for the other one's, and is
// refused after lock_ms. Error where the server refuses, is not there, or holds another version.
std::unique_ptr<Store> open_postgres(const std::string& connection, PostgresOptions options = {});

}  // namespace twin::record
