// The server of a test is gone when the test is.
#include "twin/record/postgres_server.hpp"

#include <gtest/gtest.h>

namespace twin::record {
namespace {

TEST(PostgresServer, SpeaksOfASocketOfItsOwn) {
  // Tests at the same time would meet in one database, or leave servers behind. (That it starts,
  // answers and stops is seen in postgres.test.cpp.)
  const ScratchFolder here("postgres");
  EXPECT_NE(here.path().string().find(std::to_string(getpid())), std::string::npos);
}

}  // namespace
}  // namespace twin::record
