// If these failed, what is kept in maps, sets and queues would be lost with the process, or come back
// in another order.
#include "twin/core/containers.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "twin/core/archive.hpp"

namespace twin::core {
namespace {

struct Shelf {
  std::map<std::string, std::map<std::uint32_t, double>> nested = {};
  std::set<std::pair<std::uint8_t, std::uint8_t>> kinds = {};
  std::deque<std::string> queue = {};
  std::map<std::string, double, std::less<>> found_by_view = {};
  bool operator==(const Shelf&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("nested", self.nested);
    archive("kinds", self.kinds);
    archive("queue", self.queue);
    archive("found_by_view", self.found_by_view);
  }
};

Shelf example_containers() {
  return {.nested = {{"a", {{7, 0.5}, {9, -1.0}}}, {"b", {}}},
          .kinds = {{6, 11}, {5, 1}},
          .queue = {"second", "first", "second"},
          .found_by_view = {{"k", 1.5}}};
}

TEST(Containers, ComeBackAsTheyWere) {
  const Shelf shelf = example_containers();
  EXPECT_EQ(load<Shelf>(save(shelf)), shelf);
  EXPECT_EQ(load<Shelf>(save(Shelf{})), Shelf{});
  Shelf other = shelf;
  other.nested["a"][9] = -2.0;
  EXPECT_NE(fingerprint(other), fingerprint(shelf));
  EXPECT_EQ(diff(shelf, other), "nested.elements[0]<1>.elements[1]<1>: -1 != -2");
}

TEST(Containers, RefuseAKeyThatStandsTwice) {
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> twice = {{1, 2}, {1, 3}};
  using Map = std::map<std::uint32_t, std::uint32_t>;
  try {
    (void)decode<Map>(encode(twice));
    FAIL();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(),
                 "saved state cannot be read (a key stands there twice); was it made by another "
                 "version?");
  }
}

}  // namespace
}  // namespace twin::core
