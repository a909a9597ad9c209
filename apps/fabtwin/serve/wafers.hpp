// Wafer maps for the window: the site's own, read from a folder, or some that are made up so that the view can be seen.
// Ready for the quality twin, which will bring them over a link.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace apps::fabtwin::serve {

enum class Die : std::uint8_t { None = 0, Good = 1, Bad = 2 };

struct WaferMap {
  std::string lot = {};
  std::uint32_t wafer = 0;
  std::string label = {};  // the pattern as people named it
  std::uint32_t rows = 0, cols = 0;
  std::uint32_t dies = 0, bad = 0;
  std::uint64_t offset = 0;  // in the dies, row by row
  bool operator==(const WaferMap&) const = default;
};

class WaferMaps {
 public:
  // "index.csv" (i,lot,wafer,die_count,label,orig_split,rows,cols,offset; others are passed over) and "maps.u8", a
  // byte a die: 0 none, 1 good, 2 bad. The first lines of its README.md say where they come from.
  // twin::core::Error with file and line for what is wrong.
  static WaferMaps read(const std::filesystem::path& folder);
  // Six patterns that real wafers show, 120 maps; the same for the same seed.
  static WaferMaps generated(std::uint64_t seed);

  [[nodiscard]] std::span<const WaferMap> maps() const { return maps_; }
  [[nodiscard]] std::span<const std::uint8_t> dies(const WaferMap& map) const;

  [[nodiscard]] std::string index_json() const;  // all of them without their dies
  // Of "3,17,4", 200 at most: {"maps":[...]} with a character a die. twin::core::Error says which is wrong.
  [[nodiscard]] std::string maps_json(const std::string& ids) const;

 private:
  std::vector<WaferMap> maps_;
  std::vector<std::uint8_t> dies_;
  std::string source_, licence_;
  bool generated_ = false;
};

}  // namespace apps::fabtwin::serve
