#include "apps/fabtwin/serve/wafers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <string_view>

#include "apps/fabtwin/files.hpp"
#include "twin/core/draw.hpp"
#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace apps::fabtwin::serve {
namespace {

using nlohmann::ordered_json;
using twin::core::Error;

constexpr std::size_t IdsMax = 200;
constexpr std::uint32_t SideMax = 1'000;  // dies

std::vector<std::string_view> split_by(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

template <class T>
std::optional<T> whole(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct Columns {
  std::size_t lot, wafer, label, rows, cols, offset, all;
};

Columns columns_of(std::string_view head, const std::string& where) {
  const auto names = split_by(head, ',');
  const auto of = [&](std::string_view name) {
    const auto at = std::ranges::find(names, name);
    if (at == names.end()) throw Error(fmt::format("{}:1: there is no column \"{}\"", where, name));
    return static_cast<std::size_t>(at - names.begin());
  };
  return {of("lot"), of("wafer"), of("label"), of("rows"), of("cols"), of("offset"), names.size()};
}

void count_dies(WaferMap& map, std::span<const std::uint8_t> dies) {
  map.bad =
      static_cast<std::uint32_t>(std::ranges::count(dies, static_cast<std::uint8_t>(Die::Bad)));
  map.dies = map.bad + static_cast<std::uint32_t>(
                           std::ranges::count(dies, static_cast<std::uint8_t>(Die::Good)));
}

// The chance of a die to be bad at (x, y) within the unit circle.
struct Pattern {
  const char* label;
  double (*chance)(double x, double y, double turn);
};
double near(double distance, double width) {
  return std::exp(-distance * distance / (2.0 * width * width));
}
constexpr std::array<Pattern, 6> Patterns = {{
    {"none", [](double, double, double) { return 0.04; }},
    {"Center",
     [](double x, double y, double) { return 0.04 + 0.85 * near(std::hypot(x, y), 0.22); }},
    {"Donut",
     [](double x, double y, double) { return 0.04 + 0.8 * near(std::hypot(x, y) - 0.5, 0.1); }},
    {"Edge-Ring",
     [](double x, double y, double) { return 0.04 + 0.85 * near(std::hypot(x, y) - 0.97, 0.06); }},
    {"Edge-Loc",
     [](double x, double y, double turn) {
       return 0.04 +
              0.9 * near(std::hypot(x - 0.85 * std::cos(turn), y - 0.85 * std::sin(turn)), 0.2);
     }},
    {"Scratch",
     [](double x, double y, double turn) {
       const double along = x * std::cos(turn) + y * std::sin(turn);
       const double across = y * std::cos(turn) - x * std::sin(turn) - 0.15 * along * along;
       return 0.04 + (std::abs(along) < 0.6 ? 0.9 * near(across, 0.03) : 0.0);
     }},
}};

}  // namespace

WaferMaps WaferMaps::read(const std::filesystem::path& folder) {
  WaferMaps all;
  const std::string index = (folder / "index.csv").string();
  const std::string text = read_text(index), bytes = read_text((folder / "maps.u8").string());
  all.dies_.assign(bytes.begin(), bytes.end());
  auto lines = split_by(text, '\n');
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  if (lines.empty()) throw Error(index + ": it is empty");
  for (auto& line : lines)
    if (line.ends_with('\r')) line.remove_suffix(1);
  const Columns at = columns_of(lines.front(), index);
  for (std::size_t k = 1; k < lines.size(); ++k) {
    const auto cells = split_by(lines[k], ',');
    const auto wrong = [&](const std::string& what) {
      return Error(fmt::format("{}:{}: {}", index, k + 1, what));
    };
    if (cells.size() != at.all)
      throw wrong(fmt::format("{} columns instead of {}", cells.size(), at.all));
    WaferMap map;
    const auto wafer = whole<std::uint32_t>(cells[at.wafer]),
               rows = whole<std::uint32_t>(cells[at.rows]),
               cols = whole<std::uint32_t>(cells[at.cols]);
    const auto offset = whole<std::uint64_t>(cells[at.offset]);
    if (!wafer || !rows || !cols || !offset || *rows == 0 || *cols == 0 || *rows > SideMax ||
        *cols > SideMax)
      throw wrong(
          fmt::format("wafer, rows, cols and offset are whole numbers, sides 1 to {}", SideMax));
    if (*offset > all.dies_.size() || std::uint64_t{*rows} * *cols > all.dies_.size() - *offset)
      throw wrong(fmt::format("its {} by {} dies at {} lie beyond the {} bytes of maps.u8", *rows,
                              *cols, *offset, all.dies_.size()));
    map.lot = std::string(cells[at.lot]);
    map.wafer = *wafer;
    map.label = std::string(cells[at.label]);
    map.rows = *rows, map.cols = *cols, map.offset = *offset;
    const auto dies = all.dies(map);
    if (std::ranges::any_of(dies, [](std::uint8_t d) { return d > 2; }))
      throw wrong("a die is 0 (none), 1 (good) or 2 (bad)");
    count_dies(map, dies);
    all.maps_.push_back(std::move(map));
  }
  all.source_ = folder.filename().string();
  const auto readme = folder / "README.md";
  if (std::filesystem::exists(readme)) {
    const std::string words = read_text(readme.string());
    const auto first = split_by(words, '\n');
    std::string_view title = first.front();
    while (title.starts_with('#') || title.starts_with(' ')) title.remove_prefix(1);
    all.source_ = std::string(title);
    // And those after it, with the works that are to be named beside it.
    for (std::size_t k = 1; k < first.size() && k <= 3; ++k)
      if (k == 1 || first[k].starts_with('['))
        all.licence_ += (k == 1 ? "" : " ") + std::string(first[k]);
  }
  return all;
}

WaferMaps WaferMaps::generated(std::uint64_t seed) {
  constexpr std::uint32_t Side = 31, Lots = 5, Wafers = 24;
  enum Purpose : std::uint32_t { Turn = 1, Fails = 2 };
  WaferMaps all;
  all.generated_ = true;
  all.source_ = "Maps that were made up, with six patterns that real wafers show";
  const twin::core::Draw draw{seed, 0};
  for (std::uint32_t lot = 0; lot < Lots; ++lot) {
    for (std::uint32_t wafer = 1; wafer <= Wafers; ++wafer) {
      const std::uint32_t number = lot * Wafers + wafer - 1;
      const Pattern& pattern = Patterns[(number / 4) % Patterns.size()];
      WaferMap map{.lot = fmt::format("made-up-{}", lot + 1),
                   .wafer = wafer,
                   .label = pattern.label,
                   .rows = Side,
                   .cols = Side,
                   .offset = all.dies_.size()};
      const double turn = 2.0 * std::numbers::pi * draw.uniform(Turn, number, 0);
      for (std::uint32_t k = 0; k < Side * Side; ++k) {
        const double x = (k % Side + 0.5) / Side * 2.0 - 1.0,
                     y = (k / Side + 0.5) / Side * 2.0 - 1.0;
        Die die = Die::None;
        if (std::hypot(x, y) < 1.0)
          die = draw.uniform(Fails, number, k) < pattern.chance(x, y, turn) ? Die::Bad : Die::Good;
        all.dies_.push_back(static_cast<std::uint8_t>(die));
      }
      count_dies(map, all.dies(map));
      all.maps_.push_back(std::move(map));
    }
  }
  return all;
}

std::span<const std::uint8_t> WaferMaps::dies(const WaferMap& map) const {
  const std::size_t size = std::size_t{map.rows} * map.cols;
  TWIN_EXPECT(map.offset + size <= dies_.size(), map.offset, size, dies_.size());
  return std::span(dies_).subspan(map.offset, size);
}

std::string WaferMaps::index_json() const {
  ordered_json maps = ordered_json::array();
  for (std::size_t k = 0; k < maps_.size(); ++k)
    maps.push_back({{"id", k},
                    {"lot", maps_[k].lot},
                    {"wafer", maps_[k].wafer},
                    {"rows", maps_[k].rows},
                    {"cols", maps_[k].cols},
                    {"dies", maps_[k].dies},
                    {"bad", maps_[k].bad},
                    {"label", maps_[k].label}});
  const ordered_json all = {{"source", source_},
                            {"licence", licence_},
                            {"generated", generated_},
                            {"maps", std::move(maps)}};
  return all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string WaferMaps::maps_json(const std::string& ids) const {
  ordered_json maps = ordered_json::array();
  for (const std::string_view text : split_by(ids, ',')) {
    const auto id = whole<std::size_t>(text);
    if (!id || *id >= maps_.size())
      throw Error(fmt::format("ids={} (there is no map {}; 0 to {})", ids, text, maps_.size() - 1));
    if (maps.size() == IdsMax) throw Error(fmt::format("ids: {} maps at most", IdsMax));
    const WaferMap& map = maps_[*id];
    std::string dies;
    for (const std::uint8_t die : this->dies(map)) dies += ".12"[die];
    maps.push_back({{"id", *id},
                    {"lot", map.lot},
                    {"wafer", map.wafer},
                    {"label", map.label},
                    {"rows", map.rows},
                    {"cols", map.cols},
                    {"dies", std::move(dies)}});
  }
  const ordered_json all = {{"maps", std::move(maps)}};
  return all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace apps::fabtwin::serve
