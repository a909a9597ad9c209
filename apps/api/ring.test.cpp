// If these failed, a client whose line broke would not hear of a decision, and not know it.
#include "apps/api/ring.hpp"

#include <gtest/gtest.h>

namespace apps::api {
namespace {

std::string heard(const Ring& ring, const std::string& name) {
  std::string all;
  for (const Frame& f : ring.since(name)) all += *f;
  return all;
}

TEST(ApiRing, TellsWhatCameSince) {
  Ring ring("a", 3);
  const std::string lost = "event: lost\ndata: {}\n\n";
  EXPECT_EQ(*ring.add("decision", "{}"), "id: a-0\nevent: decision\ndata: {}\n\n");
  EXPECT_EQ(heard(ring, ""), "");
  EXPECT_EQ(heard(ring, "a-0"), "");
  for (int k = 1; k <= 4; ++k) ring.add("x", std::to_string(k));
  EXPECT_EQ(ring.size(), 3U);
  EXPECT_EQ(heard(ring, "a-3"), "id: a-4\nevent: x\ndata: 4\n\n");
  EXPECT_EQ(ring.since("a-1").size(), 3U) << "the oldest that is kept is the next one";
  for (const char* name :
       {"a-0", "a-5", "b-4", "a-", "a-x", "a-4x", "4", "a--1", "a-99999999999999999999"})
    EXPECT_EQ(heard(ring, name), lost) << name;
}

TEST(ApiRing, KeepsNothingThatIsOutOfDateAtOnce) {
  Ring ring("a", 3);
  ring.add("decision", "{}");
  EXPECT_EQ(*Ring::passing("state", "{}"), "event: state\ndata: {}\n\n")
      << "without a name: who comes back goes on after what is kept";
  EXPECT_EQ(ring.size(), 1U);
}

}  // namespace
}  // namespace apps::api
