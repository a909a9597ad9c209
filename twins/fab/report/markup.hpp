// What the tests of the report read a page with: are its tags balanced, which numbers and texts
// stand in it? It knows the HTML that this folder writes and no more.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace twins::fab::report {

struct Tag {
  std::string name, inside;            // "rect", "x=\"1\" y=\"2\""
  bool closes = false, empty = false;  // </p>; <path .../> or <meta ...>
};

// The tags in their order. A style's content counts as text.
inline std::vector<Tag> tags_of(std::string_view html) {
  std::vector<Tag> tags;
  for (std::size_t at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    const std::size_t end = html.find('>', at);
    if (end == std::string_view::npos) {
      tags.push_back({"cut off", std::string(html.substr(at))});
      return tags;
    }
    std::string_view body = html.substr(at + 1, end - at - 1);
    at = end;
    if (body.starts_with('!')) continue;
    Tag tag;
    tag.closes = body.starts_with('/');
    if (tag.closes) body.remove_prefix(1);
    tag.empty = body.ends_with('/');
    if (tag.empty) body.remove_suffix(1);
    const std::size_t blank = std::min(body.find_first_of(" \n"), body.size());
    tag.name = body.substr(0, blank);
    tag.inside = body.substr(std::min(blank + 1, body.size()));
    if (tag.name == "meta" || tag.name == "br") tag.empty = true;
    const bool style = tag.name == "style" && !tag.closes;
    tags.push_back(std::move(tag));
    if (style) at = html.find("</style", at) - 1;
  }
  return tags;
}

// The first thing wrong with the nesting of tags or the quotes of attributes; empty: nothing.
inline std::string fault_of(std::string_view html) {
  std::vector<std::string> open;
  for (const Tag& tag : tags_of(html)) {
    if (std::ranges::count(tag.inside, '"') % 2 != 0) return "quotes in <" + tag.name;
    if (tag.empty) continue;
    if (!tag.closes) {
      open.push_back(tag.name);
    } else if (open.empty() || open.back() != tag.name) {
      return "</" + tag.name + "> closes " + (open.empty() ? "nothing" : open.back());
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? std::string() : open.back() + " stays open";
}

// The values of an attribute of all tags of a name: every width of every rect.
inline std::vector<double> values_of(std::string_view html, std::string_view name,
                                     std::string_view attribute) {
  std::vector<double> values;
  const std::string key = std::string(attribute) + "=\"";
  for (const Tag& tag : tags_of(html)) {
    if (tag.closes || tag.name != name) continue;
    for (std::size_t at = tag.inside.find(key); at != std::string::npos;
         at = tag.inside.find(key, at + 1))
      if (at == 0 || tag.inside[at - 1] == ' ')
        values.push_back(std::stod(tag.inside.substr(at + key.size())));
  }
  return values;
}

inline std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size()))
    ++n;
  return n;
}

}  // namespace twins::fab::report
