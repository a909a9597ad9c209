#include "apps/fabtwin/serve/provenances.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace apps::fabtwin::serve {
namespace {

constexpr std::string_view Ending = ".json";
constexpr std::uint64_t BytesMax = 16U << 20;

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 128 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

Provenances::Provenances(twin::record::Disk& disk, const std::string& record, std::size_t most)
    : disk_(disk),
      folder_(record + "/" + std::string(twin::record::ProvenanceFolder)),
      most_(most) {
  TWIN_EXPECT(most > 0, most);
}

void Provenances::keep(const twin::record::ProvOrigin& origin) {
  if (!is_id(origin.id)) {
    throw twin::core::Error("'" + origin.id + "' names no document (a-z, 0-9 and '-' only)");
  }
  const std::string text = twin::record::to_json(twin::record::provenance(origin));
  disk_.make_folder(folder_);
  twin::record::replace_file(
      disk_, folder_, origin.id + std::string(Ending),
      std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  const auto all = ids();
  if (all.size() <= most_) return;
  for (std::size_t k = 0; k < all.size() - most_; ++k) {
    disk_.remove(folder_ + "/" + all[k] + std::string(Ending));
  }
  disk_.sync_folder(folder_);
}

std::vector<std::string> Provenances::ids() const {
  std::vector<std::string> all;
  if (!disk_.exists(folder_)) return all;
  for (const std::string& file : disk_.list(folder_)) {
    if (!file.ends_with(Ending)) continue;
    std::string id = file.substr(0, file.size() - Ending.size());
    if (is_id(id)) all.push_back(std::move(id));
  }
  return all;
}

std::optional<std::string> Provenances::document(std::string_view id) const {
  const std::string path = folder_ + "/" + std::string(id) + std::string(Ending);
  if (!is_id(id) || !disk_.exists(path)) return std::nullopt;
  const auto bytes = twin::record::read_all(disk_, path, BytesMax);
  return std::string(bytes.begin(), bytes.end());
}

}  // namespace apps::fabtwin::serve
