#include "apps/api/page.hpp"

#include <algorithm>

namespace apps::api {

std::optional<Answer> page_answer(Pages pages, const PageAsked& asked) {
  if (asked.method != "GET" && asked.method != "HEAD") return std::nullopt;
  std::string_view path = asked.target.substr(0, asked.target.find('?'));
  if (path == "/") path = "/index.html";
  const auto page = std::ranges::find(pages, path, &Page::path);
  if (page == pages.end()) return std::nullopt;
  Answer a;
  a.is_page = true;
  a.type = std::string(page->type);
  const std::string tag = "\"" + std::string(page->tag) + "\"";
  a.headers.emplace_back("ETag", tag);
  a.headers.emplace_back("Vary", "Accept-Encoding");
  a.headers.emplace_back("Referrer-Policy", "no-referrer");
  a.headers.emplace_back("Cache-Control",
                         page->lasting ? "public, max-age=31536000, immutable" : "no-cache");
  if (asked.has.find(tag) != std::string_view::npos) {
    a.status = 304;
    return a;
  }
  const bool packed = asked.takes_gzip && !page->gzip.empty();
  if (packed) a.headers.emplace_back("Content-Encoding", "gzip");
  const auto bytes = packed ? page->gzip : page->body;
  a.body.assign(bytes.begin(), bytes.end());
  return a;
}

}  // namespace apps::api
