// Studies that are kept in a folder while a long run lasts, so that one that was stopped goes on where it was: a file a
// plant, named by what was asked. They are the results of whatever code made them: a folder is for one state of it.
#pragma once
#include <filesystem>
#include <memory>

#include "cases/forecast/study.hpp"

namespace cases {

// The folder that FABTWIN_STUDIES names; empty: nothing is kept.
std::filesystem::path studies_folder();

std::filesystem::path kept_file(const std::filesystem::path& folder, std::uint32_t seed,
                                const ForecastStudyOptions& options);

// forecast_study(layout, seed, options), or what the folder has of it. A file that cannot be read is made again.
ForecastStudy kept_study(const std::filesystem::path& folder,
                         const std::shared_ptr<const twins::fab::Layout>& layout,
                         std::uint32_t seed, const ForecastStudyOptions& options);

}  // namespace cases
