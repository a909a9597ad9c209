// If this failed, fabtwin and fabtwin-assimilate would read the same line in two ways, or an experiment would run with
// other numbers than its line says.
#include "apps/fabtwin/assimilate_flags.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin {
namespace {

TEST(AssimilateFlags, AreThoseOfTheLine) {
  CommandLine line("fabtwin", "1.0");
  AssimilateFlags seen;
  add_assimilate(line.program(), [&](const AssimilateFlags& flags) {
    seen = flags;
    return Exit::Ok;
  });
  const Parsed parsed = line.parse(
      {"assimilate", "x.toml", "--seeds", "3", "--seed", "18446744073709551615", "--json"});
  ASSERT_EQ(parsed.exit, Exit::Ok) << parsed.text;
  EXPECT_EQ(parsed.action(), Exit::Ok);
  EXPECT_EQ(seen.file, "x.toml");
  EXPECT_EQ(seen.seeds, 3U);
  EXPECT_EQ(seen.first_seed, ~std::uint64_t{0});
  EXPECT_FALSE(seen.cycles);
  EXPECT_FALSE(seen.burn_in);
  EXPECT_EQ(seen.threads, 1U);
  EXPECT_TRUE(seen.json);
  EXPECT_EQ(line.parse({"assimilate", "x.toml", "--cycles", "0"}).text,
            "--cycles: 0 (must be 1 to 1000000000) (see fabtwin assimilate --help)");
}

}  // namespace
}  // namespace apps::fabtwin
