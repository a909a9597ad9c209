// A file of the window that people see the twin through, as the program holds it.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "apps/api/message.hpp"

namespace apps::api {

struct Page {
  std::string_view path;  // "/assets/index-1234.js"
  std::string_view type;  // "text/javascript; charset=utf-8"
  std::string_view tag;   // of its content
  bool lasting = false;   // its name changes when it does: it may be kept for a year
  std::span<const std::uint8_t> body, gzip;
};

using Pages = std::span<const Page>;

struct PageAsked {
  std::string_view method, target;
  bool takes_gzip = false;
  std::string_view has = {};  // the tag of what the client has (If-None-Match)
};

// What GET and HEAD are answered; nothing: it is no page (and the API's to answer). "/" is "/index.html".
[[nodiscard]] std::optional<Answer> page_answer(Pages pages, const PageAsked& asked);

// What a page may do: scripts, styles and pictures of ours, questions to where it came from, and nothing else.
inline constexpr std::string_view PagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
inline constexpr std::string_view AnswerPolicy = "default-src 'none'; frame-ancestors 'none'";

}  // namespace apps::api
