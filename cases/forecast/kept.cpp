#include "cases/forecast/kept.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <span>
#include <vector>

#include "twin/core/archive.hpp"
#include "twin/core/error.hpp"

namespace cases {

namespace {

std::optional<ForecastStudy> read(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
  try {
    return twin::core::load<ForecastStudy>(std::as_bytes(std::span(bytes)));
  } catch (const twin::core::Error&) {
    return std::nullopt;
  }
}

}  // namespace

std::filesystem::path studies_folder() {
  const char* given = std::getenv("FABTWIN_STUDIES");
  return given != nullptr ? given : "";
}

std::filesystem::path kept_file(const std::filesystem::path& folder, std::uint32_t seed,
                                const ForecastStudyOptions& options) {
  return folder / fmt::format("{:016x}-{}.study", twin::core::fingerprint(options), seed);
}

ForecastStudy kept_study(const std::filesystem::path& folder,
                         const std::shared_ptr<const twins::fab::Layout>& layout,
                         std::uint32_t seed, const ForecastStudyOptions& options) {
  if (folder.empty()) return forecast_study(layout, seed, options);
  const std::filesystem::path file = kept_file(folder, seed, options);
  if (auto study = read(file)) return std::move(*study);
  ForecastStudy study = forecast_study(layout, seed, options);
  const auto bytes = twin::core::save(study);
  // Under another name until it is whole: a run that is stopped leaves no half of a file.
  const std::filesystem::path part = file.string() + ".part";
  std::filesystem::create_directories(folder);
  std::ofstream(part, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  std::filesystem::rename(part, file);
  return study;
}

}  // namespace cases
