// The list of final States that must not change unnoticed: one 64-bit fingerprint a run.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace cases {

using Fingerprints = std::map<std::string, std::uint64_t>;  // by the run's name

Fingerprints load_fingerprints(const std::filesystem::path& file);
void save_fingerprints(const std::filesystem::path& file, const Fingerprints& list);

// Old and new where they differ; a missing entry is a failure too. Empty: they agree.
std::string difference(const Fingerprints& recorded, const std::string& name, std::uint64_t now);

}  // namespace cases
