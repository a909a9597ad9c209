// PostgreSQL as a store, with a real server: all that a store must do, the historian and the index
// on it, and its refusals.
#include "twin/record/postgres.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/record/historian_check.hpp"
#include "twin/record/index_check.hpp"
#include "twin/record/postgres_server.hpp"
#include "twin/record/store_check.hpp"

namespace twin::record {
namespace {

using contract::refusal;

// One test, since every test is a process of its own and starting a server takes seconds.
TEST(Postgres, IsAStoreForHistorianAndIndex) {
  // Larger sites would have another historian than the tests.
  if (!has_postgres()) {
    EXPECT_EQ(refusal([] { open_postgres("host=nowhere"); }),
              "postgresql cannot be used (this program was built without libpqxx) install "
              "libpqxx-dev and build again?");
    GTEST_SKIP() << "this program was built without libpqxx";
  }
  PostgresServer server;
  if (!server.problem().empty()) GTEST_SKIP() << server.problem();
  const std::string connection = server.connection();
  const auto open = [&] { return open_postgres(connection); };
  {
    SCOPED_TRACE("store");
    check_store(open);
  }
  {
    SCOPED_TRACE("historian");
    check_historian(open, 150);
  }
  {
    SCOPED_TRACE("index");
    check_index(open, 600);
  }
  {
    SCOPED_TRACE("locked");
    const auto first = open();
    const auto second = open_postgres(connection, {.lock_ms = 20});
    Transaction held(*first);
    EXPECT_EQ(refusal([&] {
                store_check::put(*second, {{{2, 2}, {}}});
              }),
              "postgresql postgres is locked (by another program, for more than 20 ms) is it "
              "served twice?");
    held.commit();
    store_check::put(*second, {{{2, 2}, {}}});
    EXPECT_EQ(store_check::rows_of(*first, {}).size(), 1U);
  }
  {
    SCOPED_TRACE("another version");
    static constexpr ColumnShape Version[] = {{"version", CellType::Integer}};
    static constexpr TableShape Versions{.name = "store_version", .columns = Version, .keys = 1};
    const auto store = open();
    store->erase(Versions, {});
    // The table of versions was made without a key; a table of ours has the same column.
    EXPECT_EQ(refusal([&] { open(); }),
              "postgresql postgres cannot be used (its version is unknown, this program's is 1) "
              "make it again from the journal?");
  }
  server.stop();
  EXPECT_EQ(server.problem(), "");
}

TEST(Postgres, WithoutAServerItIsRefused) {
  // A wrong line in the site's file would hang or crash.
  if (!has_postgres()) GTEST_SKIP() << "this program was built without libpqxx";
  const ScratchFolder nobody("no-postgres");
  const std::string words = refusal(
      [&] { open_postgres("host='" + nobody.path().string() + "' dbname=a connect_timeout=5"); });
  EXPECT_TRUE(words.starts_with("postgresql cannot be reached (")) << words;
  EXPECT_TRUE(words.ends_with(") does the server run?")) << words;
}

}  // namespace
}  // namespace twin::record
