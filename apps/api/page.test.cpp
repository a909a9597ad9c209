#include "apps/api/page.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace apps::api {
namespace {

constexpr std::array<std::uint8_t, 5> Body = {'h', 'e', 'l', 'l', 'o'};
constexpr std::array<std::uint8_t, 2> Packed = {'g', 'z'};
constexpr std::array<Page, 2> Two = {
    {{"/index.html", "text/html; charset=utf-8", "t1", false, Body, Packed},
     {"/assets/a-1.js", "text/javascript; charset=utf-8", "t2", true, Body, {}}}};

std::string header_of_page(const Answer& a, const std::string& name) {
  for (const auto& [key, value] : a.headers)
    if (key == name) return value;
  return {};
}

TEST(Page, IsGivenAsTheClientTakesIt) {
  const auto plain = page_answer(Two, {.method = "GET", .target = "/?x=1"});
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->body, "hello");
  EXPECT_TRUE(plain->is_page);
  EXPECT_EQ(header_of_page(*plain, "Content-Encoding"), "");
  EXPECT_EQ(header_of_page(*plain, "Cache-Control"), "no-cache")
      << "an old page would ask for old parts";
  const auto packed =
      page_answer(Two, {.method = "GET", .target = "/index.html", .takes_gzip = true});
  EXPECT_EQ(packed->body, "gz");
  EXPECT_EQ(header_of_page(*packed, "Content-Encoding"), "gzip");
}

TEST(Page, IsNotSentAgainToWhomHasIt) {
  const auto a = page_answer(Two, {.method = "GET", .target = "/", .has = "W/\"x\", \"t1\""});
  EXPECT_EQ(a->status, 304U);
  EXPECT_TRUE(a->body.empty());
  EXPECT_EQ(page_answer(Two, {.method = "GET", .target = "/", .has = "\"t2\""})->status, 200U);
}

TEST(Page, WhoseNameChangesWithItIsKept) {
  const auto a =
      page_answer(Two, {.method = "GET", .target = "/assets/a-1.js", .takes_gzip = true});
  EXPECT_EQ(a->body, "hello") << "where there is no packed one";
  EXPECT_NE(header_of_page(*a, "Cache-Control").find("immutable"), std::string::npos);
}

TEST(Page, IsNothingElse) {
  for (const char* target :
       {"/v1/state", "/assets/../index.html", "/index.html/", "//index.html", ""})
    EXPECT_FALSE(page_answer(Two, {.method = "GET", .target = target})) << target;
  EXPECT_FALSE(page_answer(Two, {.method = "POST", .target = "/"}));
  EXPECT_FALSE(page_answer({}, {.method = "GET", .target = "/"}));
}

TEST(Page, MayNotRunWhatStandsInIt) {
  EXPECT_EQ(PagePolicy.find("unsafe"), std::string_view::npos);
  EXPECT_EQ(PagePolicy.find("data:"), std::string_view::npos);
  EXPECT_NE(PagePolicy.find("default-src 'none'"), std::string_view::npos);
}

}  // namespace
}  // namespace apps::api
