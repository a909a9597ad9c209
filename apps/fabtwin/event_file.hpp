// One replication as an event log: run again with the model's log listening, which never changes a
// run, so that the replications themselves need not carry it.
#pragma once
#include <atomic>
#include <cstdint>
#include <filesystem>

#include "apps/fabtwin/run_flags.hpp"

namespace apps::fabtwin {

// By the file's extension: .ftel the compact log, .csv, .json OCEL 2.0, .xes, .parquet.
enum class LogForm : std::uint8_t { Compact, Csv, Ocel, Xes, Parquet };
LogForm log_form_of(const std::filesystem::path& path);  // Throws twin::core::Error for another.

struct EventLogOptions {
  std::uint32_t member = 0;                 // replication
  double days = 0.0;                        // [day] from time zero on
  const std::atomic<bool>* stop = nullptr;  // set to end early, at the end of a day
};

// Answers the number of events; a log of all that the run told until `days`, or until it was
// stopped. Throws twin::core::Error where the file cannot be written.
std::uint64_t write_event_file(const std::filesystem::path& path, const Prepared& prepared,
                               const EventLogOptions& options);

}  // namespace apps::fabtwin
