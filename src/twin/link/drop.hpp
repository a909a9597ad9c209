// A folder that files are dropped into: CSV event files and event logs (.ftel), each taken whole and
// once by its content, taken up again after a kill in its middle. Bad files are moved to refused/
// with their reason beside them; done ones to done/. docs/links-other.md.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "twin/core/tick.hpp"
#include "twin/event/names.hpp"
#include "twin/link/arrival.hpp"
#include "twin/link/sink.hpp"

namespace twin::link {

class Drop {
 public:
  struct Options {
    std::filesystem::path folder = {};
    std::string source = "file/drop";         // must begin as DoorOptions::replayed_prefix says
    core::Tick stable_ms = 2'000;             // a file that has not grown for so long is whole
    std::size_t rows_under_way_max = 10'000;  // handed over and not durable
    std::size_t rows_per_turn_max = 10'000;
    std::uint64_t bytes_max = 4ULL << 30;  // of a file
  };
  // Makes done/ and refused/. Throws core::Error where the folder cannot be used.
  explicit Drop(Options options);
  ~Drop();
  Drop(const Drop&) = delete;
  Drop& operator=(const Drop&) = delete;

  void deliver_to(Sink sink) { sink_ = std::move(sink); }
  [[nodiscard]] const event::Names& names() const { return names_; }

  // Looks for files and hands over rows of the one at hand, as many as may be; `now` is when they
  // arrive. Files whose names begin with '.' or end in .part or .tmp are still being written.
  void turn(core::Tick now);

  [[nodiscard]] std::uint64_t files_done() const { return done_; }
  [[nodiscard]] std::uint64_t files_refused() const { return refused_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }  // handed over

 private:
  struct Seen {  // a file that may still be growing
    std::uintmax_t bytes = 0;
    std::filesystem::file_time_type written = {};
    core::Tick since = 0;
  };
  struct File;
  void look(core::Tick now);
  void begin(const std::filesystem::path& path);
  void read_on(core::Tick now);
  void finish();
  void refuse(const std::filesystem::path& path, const std::string& why);
  void put_away(const std::filesystem::path& path, const std::filesystem::path& folder);

  Options options_;
  Sink sink_;
  event::Names names_;
  std::map<std::string, Seen> seen_;  // by file name
  std::set<std::string> stuck_;       // files that could not be moved away: left alone
  std::shared_ptr<File> file_;        // being read
  std::uint64_t done_ = 0, refused_ = 0, rows_ = 0;
};

}  // namespace twin::link
