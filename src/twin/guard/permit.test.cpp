// If these failed, a permit for one command would send another, or send it to another tool.
#include "twin/guard/permit.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <type_traits>

namespace twin::guard {
namespace {

TEST(Permit, IsForOneToolAndExactlyTheseBytes) {
  const std::array<std::uint8_t, 3> bytes = {1, 2, 3};
  const Permit permit = TestGuard::grant("LITHO_01", bytes);
  EXPECT_TRUE(permit.allows("LITHO_01", bytes));
  EXPECT_FALSE(permit.allows("LITHO_02", bytes));
  for (std::size_t k = 0; k < bytes.size(); ++k) {
    auto other = bytes;
    other[k] ^= 1U;
    EXPECT_FALSE(permit.allows("LITHO_01", other)) << k;
  }
  EXPECT_FALSE(permit.allows("LITHO_01", std::span(bytes).first(2)));
}

TEST(Permit, EndsAtItsTime) {
  const std::array<std::uint8_t, 1> bytes = {1};
  const Permit permit = TestGuard::grant("LITHO_01", bytes, 100);
  EXPECT_TRUE(permit.allows("LITHO_01", bytes, 99));
  EXPECT_FALSE(permit.allows("LITHO_01", bytes, 100));
  EXPECT_FALSE(permit.allows("LITHO_02", bytes, 99));
  EXPECT_TRUE(TestGuard::grant("LITHO_01", bytes).allows("LITHO_01", bytes, 1'000'000'000));
}

TEST(Permit, NobodyMakesOneWithoutAGuard) {
  EXPECT_FALSE(std::is_default_constructible_v<Permit>);
  EXPECT_FALSE((std::is_constructible_v<Permit, std::string_view, std::span<const std::uint8_t>>));
  EXPECT_FALSE((std::is_constructible_v<Permit, std::string_view, std::span<const std::uint8_t>,
                                        core::Tick>));
}

}  // namespace
}  // namespace twin::guard
