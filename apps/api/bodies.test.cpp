// If these failed, a client would meet a member that the OpenAPI text does not tell it of.
#include "apps/api/bodies.hpp"

#include <gtest/gtest.h>

#include <set>

#include "twin/contract/refusal.hpp"

namespace apps::api {
namespace {

TEST(ApiBodies, EachIsReadAsItWasWritten) {
  std::set<std::string> names;
  for_each_body([&]<class T>() {
    EXPECT_TRUE(names.insert(T::Name).second) << T::Name << " stands there twice";
    const T x{};
    const std::string text = people::to_json(x);
    T again{};
    people::read_value(again, people::parse_json(text, "body"), "body");
    EXPECT_EQ(again, x) << text;
  });
  EXPECT_GT(names.size(), 20U);
}

TEST(ApiBodies, SayWhatIsWrong) {
  const auto refused = [](const std::string& text) {
    return twin::contract::refusal(
        [&] { static_cast<void>(people::from_json<NewAccount>(text, "body")); });
  };
  EXPECT_EQ(refused(R"({"name":"alice","roles":["viewer"]})"), "accepted");
  EXPECT_EQ(refused(R"({"name":"alice"})"), "body: has no 'roles'");
  EXPECT_EQ(refused(R"({"name":"alice","roles":[],"admin":true})"),
            "body: knows no 'admin' (it has name, roles)");
  EXPECT_EQ(refused(R"({"name":"a\u0000b","roles":[]})"),
            "body.name: is no name (1 to 64 visible ASCII characters without \" \\ , =)");
}

}  // namespace
}  // namespace apps::api
