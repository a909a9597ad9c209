// Reads the MIMAC models in the text form of the simulator jasima (github.com/jasima-simulator):
// machine groups, routes, batches and setup matrices, times in minutes. The file has no releases,
// batch minimum or due dates: the options give them. No transport, no breakdowns; a lot is one job.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "twins/fab/description.hpp"

namespace twins::fab::import {

struct MimacRelease {
  enum class First : std::uint8_t { AtZero, AfterInterval };
  double interval_min = 0.0;                    // [min] mean time between two jobs of the route
  Duration::Law law = Duration::Law::Constant;  // Constant or Exponential
  First first = First::AtZero;  // AfterInterval: at interval_min, also where the law is exponential
  double due_factor = 1.0;      // due date minus release, in raw process times of the route
  double weight = 1.0;          // of tardiness
};

struct MimacOptions {
  std::vector<MimacRelease> releases;  // [route] in the file's order; empty: nothing is released
  double batch_fill_min = 0.0;  // a batch starts when this share of its maximum is there, 0 to 1
  std::vector<Criterion> rank = {Criterion::LeastSetup, Criterion::Fifo};  // queue order everywhere
};

// Both throw twin::core::Error with the file and line of the first mistake.
Description read_mimac(const std::filesystem::path& file, const MimacOptions& options = {});
Description read_mimac(const std::string& file, std::string_view bytes,
                       const MimacOptions& options);

}  // namespace twins::fab::import
