// Where the reference data of the cases lie: the folder that FABTWIN_SHARED names, or the one
// beside the repository. Only the absence of the whole folder skips a case.
#pragma once
#include <cstdlib>
#include <filesystem>

namespace cases {

inline constexpr const char* ReferenceAbsent = "reference data absent: set FABTWIN_SHARED";

inline std::filesystem::path reference_folder() {
  const char* given = std::getenv("FABTWIN_SHARED");
  const std::filesystem::path shared = given != nullptr && *given != '\0' ? given : "../shared";
  return shared / "data";
}

inline bool reference_absent() { return !std::filesystem::exists(reference_folder()); }

}  // namespace cases
