// Any bytes as a table: it is read, or refused with one error. A table that was read is written
// again in the other encoding and must read the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "twin/core/error.hpp"
#include "twins/fab/import/cell.hpp"
#include "twins/fab/import/table.hpp"
#include "twins/fab/import/text.hpp"

namespace {

using namespace twins::fab::import;

std::string plain(const Table& t) {
  std::string text;
  for (std::size_t c = 0; c < t.header().size(); ++c) text += (c == 0 ? "" : "\t") + t.header()[c];
  for (std::size_t r = 0; r < t.rows(); ++r) {
    text += '\n';
    for (std::size_t c = 0; c < t.header().size(); ++c) {
      text += (c == 0 ? "" : "\t") + std::string(t.text(r, c));
    }
  }
  return text;
}

// ASCII alone: other text would need an encoder to compare with.
std::string utf16(const std::string& text) {
  std::string bytes = "\xFF\xFE";
  for (const char c : text) {
    bytes += c;
    bytes += '\0';
  }
  return bytes;
}

bool ascii(const std::string& text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80U) return false;
  }
  return true;
}

// Each cell as each type: a value or an error, nothing else.
void read_cells(const Table& t) {
  const std::size_t columns = t.header().size();
  const std::size_t rows =
      std::min<std::size_t>(t.rows(), 1 + 32 / columns);  // exceptions are slow
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < std::min<std::size_t>(columns, 32); ++c) {
      const Cell cell(t, r, {"C", c});
      const Cell next(t, r, {"D", (c + 1) % columns});
      for (int type = 0; type < 7; ++type) {
        try {
          if (type == 0) static_cast<void>(cell.number());
          if (type == 1) static_cast<void>(cell.count(1000));
          if (type == 2) static_cast<void>(cell.percent());
          if (type == 3) static_cast<void>(cell.yes());
          if (type == 4) static_cast<void>(cell.date_ms(0));
          if (type == 5) static_cast<void>(time_ms(cell, next));
          if (type == 6) static_cast<void>(duration({cell, next, next, cell}));
        } catch (const twin::core::Error&) {
        }
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const Table t("t", std::string_view(reinterpret_cast<const char*>(data), size));
    read_cells(t);
    const std::string text = plain(t);
    if (plain(Table("t", text)) != text) std::abort();
    if (ascii(text) && plain(Table("t", utf16(text))) != text) std::abort();
  } catch (const twin::core::Error&) {
  }
  return 0;
}
