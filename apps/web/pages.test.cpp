#include "apps/web/pages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace apps::web {
namespace {

const api::Page* page(std::string_view path) {
  const auto found = std::ranges::find(pages(), path, &api::Page::path);
  return found == pages().end() ? nullptr : &*found;
}
std::string text(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

TEST(Window, IsEmbeddedWhole) {
  ASSERT_FALSE(pages().empty()) << "web/dist was not there when this was built";
  const api::Page* index = page("/index.html");
  ASSERT_NE(index, nullptr);
  const std::string html = text(index->body);
  // Everything that the page asks for is here, under names that change with what they hold.
  std::size_t parts = 0;
  for (const std::string_view mark : {"src=\"./", "href=\"./"}) {
    for (std::size_t at = html.find(mark); at != std::string::npos; at = html.find(mark, at + 1)) {
      const std::size_t from = at + mark.size() - 1;
      const std::string path = html.substr(from, html.find('"', from) - from);
      EXPECT_NE(page(path), nullptr) << path;
      ++parts;
    }
  }
  EXPECT_GE(parts, 3U) << "script, style and icon";
}

TEST(Window, AsksNobodyElseAndRunsNothingInline) {
  const std::string html = text(page("/index.html")->body);
  EXPECT_EQ(html.find("<script>"), std::string::npos);
  EXPECT_EQ(html.find("<style"), std::string::npos);
  EXPECT_EQ(html.find(" style="), std::string::npos);
  EXPECT_EQ(html.find("//"), std::string::npos) << "an address of another host";
}

TEST(Window, WeighsLessThanHundredKilobytes) {
  std::size_t packed = 0;
  for (const api::Page& one : pages()) {
    EXPECT_FALSE(one.gzip.empty()) << one.path;
    EXPECT_EQ(one.gzip[0], 0x1f) << one.path;
    EXPECT_EQ(one.lasting, one.path.starts_with("/assets/")) << one.path;
    packed += one.gzip.size();
  }
  EXPECT_LT(packed, 100'000U) << "gzip, all together";
}

}  // namespace
}  // namespace apps::web
