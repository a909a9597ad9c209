// If this failed, tampered fields would be refused for their seal and never looked at.
#include "twin/core/sealed.hpp"

#include <gtest/gtest.h>

namespace twin::core {
namespace {

// Wrong: the seal would differ from the one that save() writes.
TEST(Sealed, AroundSavedFieldsIsTheSavedFile) {
  const std::vector<std::uint32_t> value = {1, 2, 3};
  const std::vector<std::byte> file = save(value);
  const std::span<const std::byte> body(file.data() + sizeof(Seal),
                                        file.size() - sizeof(Seal) - sizeof(std::uint64_t));
  EXPECT_EQ(sealed(body, layout_of<std::vector<std::uint32_t>>()), file);
}

}  // namespace
}  // namespace twin::core
