#include "twin/record/torture.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/record/example.hpp"
#include "twin/record/journal.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/simulated_disk.hpp"

namespace twin::record {
namespace {

constexpr const char* TortureFolder = "plant/journal";

// The source, the journal's users and the checker in one: `sent_` is what was appended, by index.
class Lives {
 public:
  Lives(SimulatedDisk& disk, std::uint64_t seed, JournalOptions options)
      : disk_(disk), seed_(seed), options_(options), entries_(seed) {}

  // Opens or makes the journal and checks what it holds.
  void begin() {
    ++counts.lives;
    journal_.reset();
    const bool made = made_;
    try {
      journal_ = Journal::open(disk_, TortureFolder, options_);
    } catch (const DiskError&) {
      throw;
    } catch (const core::Error& e) {
      const bool none = std::string(e.what()).find("no journal") != std::string::npos;
      if (!none || made) broken(std::string("it cannot be opened: ") + e.what());
      journal_ = Journal::create(disk_, TortureFolder,
                                 {.head = {.seed = seed_, .model_version = "torture"}}, options_);
    }
    made_ = true;  // from here on something may be acknowledged
    if (journal_->recovery().torn_bytes > 0) ++counts.torn;
    check();
  }

  // Sends one entry, perhaps one again, perhaps commits and takes the acknowledgements.
  void step(const core::Block& b) {
    if (b[0] % 4 == 0 && !sent_.empty()) resend(b[1] % sent_.size());
    if (!repeat_.empty()) {
      send(repeat_.back());
      repeat_.pop_back();
    } else {
      send(entries_.next());
    }
    if (b[2] % 5 == 0) commit();
  }

  void commit() {
    (void)journal_->commit();
    acknowledge();
  }
  void close() {
    if (journal_->close() == Committed::Durable) acknowledge();
  }
  [[nodiscard]] bool refuses() const { return refused_; }
  [[nodiscard]] std::size_t sent() const { return sent_.size(); }
  void stop() { journal_.reset(); }

  TortureCounts counts;

 private:
  [[noreturn]] void broken(const std::string& what) const {
    throw core::Error("seed " + std::to_string(seed_) + ": " + what);
  }

  void acknowledge() {
    if (journal_->durable() < acknowledged_) broken("less is durable than was");
    counts.acknowledged += journal_->durable() - acknowledged_;
    acknowledged_ = journal_->durable();
  }

  void send(const core::Entry& entry) {
    const Receipt r = journal_->append(entry);
    refused_ = r.outcome == Receipt::Outcome::Refused;
    if (r.outcome == Receipt::Outcome::Duplicate) broken("a new message is taken for an old one");
    if (r.outcome != Receipt::Outcome::Appended) return;
    if (r.index != sent_.size()) broken("an index is left out or given twice");
    sent_.push_back(entry);
  }

  void resend(std::size_t index) {
    if (!identity_of(sent_[index])) return;
    const Receipt r = journal_->append(sent_[index]);
    if (r.outcome == Receipt::Outcome::Appended) broken("a message is taken twice");
    if (r.outcome == Receipt::Outcome::Duplicate && r.index < index)
      broken("a duplicate would be acknowledged before its first copy lasts");
  }

  void check() {
    const core::Record record = read_record(disk_, TortureFolder);
    const auto now = record.entries();
    if (now.size() != journal_->size()) broken("size() is not what the reader finds");
    if (now.size() < acknowledged_) {
      broken(std::to_string(acknowledged_) + " entries were acknowledged, " +
             std::to_string(now.size()) + " are left");
    }
    if (now.size() > sent_.size()) broken("there are entries that nobody sent");
    for (std::size_t i = 0; i < now.size(); ++i) {
      if (now[i] != sent_[i]) broken("entry " + std::to_string(i) + " has changed");
    }
    // The source sends again what it got no acknowledgement for; the newest first will do too.
    for (std::size_t i = now.size(); i < sent_.size(); ++i) {
      if (identity_of(sent_[i])) repeat_.push_back(sent_[i]);
    }
    sent_.resize(now.size());
    acknowledged_ = now.size();  // they last from the opening on
  }

  SimulatedDisk& disk_;
  std::uint64_t seed_;
  JournalOptions options_;
  ExampleEntries entries_;
  std::unique_ptr<Journal> journal_;
  std::vector<core::Entry> sent_;    // [index]
  std::vector<core::Entry> repeat_;  // to be sent again
  std::uint64_t acknowledged_ = 0;   // [entries]
  bool made_ = false;
  bool refused_ = false;
};

}  // namespace

TortureCounts torture_journal(std::uint64_t seed) {
  const core::Draw draw{.seed = seed};
  std::uint32_t occasion = 0;
  const auto next = [&] { return draw.block(9, 0, occasion++); };
  const core::Block how = next();
  SimulatedDisk disk(seed);
  Lives lives(disk, seed,
              {.segment_bytes = 500 + how[0] % 6000, .block_bytes = 100 + how[1] % 1500});
  const std::uint32_t number_of_lives = 2 + how[2] % 4;
  for (std::uint32_t life = 0; life < number_of_lives; ++life) {
    const core::Block b = next();
    const std::uint64_t now = disk.operations();
    disk.stop_at(now + b[0] % 120);
    const bool errs = b[1] % 3 == 0;
    if (errs) {
      disk.fail_at(now + b[1] % 64,
                   b[2] % 2 == 0 ? DiskError::Cause::Failed : DiskError::Cause::Full);
    }
    try {
      lives.begin();
      for (std::uint32_t i = 0; i < 150 && !lives.refuses(); ++i) lives.step(next());
      if (b[3] % 2 == 0) lives.close();
      disk.stop();
    } catch (const Stopped&) {
    } catch (const DiskError&) {
      ++lives.counts.disk_errors;
    }
    lives.stop();
    if (b[2] % 3 == 0) {
      ++lives.counts.kills;
      disk.restart();
    } else {
      ++lives.counts.power_cuts;
      disk.power_cut();
    }
  }
  // What may still be planned to fail has failed by now or does so here.
  for (int attempt = 0;; ++attempt) {
    try {
      lives.begin();
      break;
    } catch (const DiskError&) {
      if (attempt == 3) throw;
    }
  }
  return lives.counts;
}

bool torture_at(std::uint64_t seed, std::uint64_t stop_at, StopKind kind) {
  const core::Draw draw{.seed = seed};
  SimulatedDisk disk(seed);
  disk.stop_at(stop_at);
  Lives lives(disk, seed, {.segment_bytes = 1500, .block_bytes = 400});
  bool stopped = false;
  for (std::uint32_t life = 0; life < 4;) {
    try {
      lives.begin();
      for (std::uint32_t i = 0; i < 40 && life < 3; ++i) lives.step(draw.block(9, life, i));
      if (life == 1) lives.close();
      lives.commit();
      lives.stop();
      ++life;
    } catch (const Stopped&) {
      if (stopped) throw core::Error("stopped twice");
      stopped = true;
      lives.stop();
      if (kind == StopKind::Kill) disk.restart();
      if (kind == StopKind::PowerCut) disk.power_cut();
    }
  }
  if (lives.counts.acknowledged < 100) throw core::Error("the run was cut short");
  return stopped;
}

}  // namespace twin::record
