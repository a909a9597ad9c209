// Labels of numbers, each prepared once for the text format that is written: quoted for CSV,
// escaped for JSON or XML.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "twin/event/names.hpp"

namespace twin::event {

class Labels {
 public:
  using Prepare = std::string (*)(const Names& names, Table table, std::uint32_t id);

  // names must outlive this; names that are added later are seen.
  Labels(const Names& names, Prepare prepare) : names_(names), prepare_(prepare) {}

  // Valid until the next call.
  std::string_view of(Table table, std::uint32_t id) {
    auto& known = prepared_[static_cast<std::size_t>(table)];
    if (id < known.size() && !known[id].empty()) return known[id];
    const std::size_t named = names_.of(table).size();
    if (id >= named) return unnamed_ = prepare_(names_, table, id);
    known.resize(named);
    return known[id] = prepare_(names_, table, id);
  }

 private:
  const Names& names_;
  Prepare prepare_;
  std::array<std::vector<std::string>, TableCount> prepared_;  // [table][id]; empty: not yet
  std::string unnamed_;                                        // the last one that had no name
};

// Whether the text is UTF-8 (RFC 3629), whatever its characters.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

// Whether the text is UTF-8 without control characters and noncharacters, so that JSON and XML can
// hold it as it is.
[[nodiscard]] bool is_plain_text(std::string_view text) noexcept;

// The label where it is plain text, else "#12": JSON and XML hold no arbitrary bytes.
std::string plain_label(const Names& names, Table table, std::uint32_t id);

}  // namespace twin::event
