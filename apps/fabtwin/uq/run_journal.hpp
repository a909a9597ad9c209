// What a study has run, in a record of its own like a twin's (docs/journal.md): a study that is killed begins again
// from the first question, and all that was run is answered from here.
#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "twin/record/file_disk.hpp"
#include "twin/record/journal.hpp"
#include "twin/uq/evaluation_queue.hpp"

namespace apps::fabtwin::uq {

class RunJournal final : public twin::uq::RunMemory {
 public:
  // model: what the runs are runs of, in words that change with it. Makes the folder where it is not there.
  // core::Error for one that holds runs of another model, is in use, or is damaged.
  RunJournal(const std::filesystem::path& folder, const std::string& model);
  ~RunJournal() override;

  // What the folder held when it was opened, by x. Once.
  std::map<std::vector<double>, twin::uq::RunOutcome> take_before() { return std::move(before_); }
  // Lasts within a fifth of a second. core::Error where the disk takes no more.
  void keep(std::span<const double> x, const twin::uq::RunOutcome& outcome) override;
  void commit();

 private:
  void commit_now();

  twin::record::FileDisk disk_;
  std::string folder_;
  std::unique_ptr<twin::record::Journal> journal_;
  std::map<std::vector<double>, twin::uq::RunOutcome> before_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point committed_;
};

}  // namespace apps::fabtwin::uq
