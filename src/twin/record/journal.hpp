// The durable record of a live twin: append-only, exactly once, in blocks that are checked, chained
// and synced before anything in them is acknowledged. Any number of threads append and commit; one
// sync serves all that wait. Format: docs/journal.md.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twin/record/block.hpp"
#include "twin/record/daily_heads.hpp"
#include "twin/record/disk.hpp"
#include "twin/record/entry_codec.hpp"
#include "twin/record/recorder.hpp"
#include "twin/record/segment.hpp"
#include "twin/record/sequences.hpp"

namespace twin::record {

// The snapshot of the numbers seen, by which opening need not read all segments.
inline constexpr std::string_view SequencesName = "sequences";
// The latest arrival before anything has arrived.
inline constexpr core::Tick NothingArrived = std::numeric_limits<core::Tick>::min();

struct JournalOptions {
  std::uint64_t segment_bytes = 64U << 20;       // a segment that has as many is followed by a new
  std::uint32_t block_bytes = 1U << 20;          // a block is closed when its entries have as many
  std::uint64_t waiting_bytes_max = 256U << 20;  // more than this not yet durable: Refused
};

struct Recovery {                          // what opening found
  std::uint64_t entries = 0;               // in the journal
  std::uint64_t entries_read = 0;          // that had to be read again
  std::uint64_t torn_bytes = 0;            // of an unfinished, never acknowledged write, cut off
  bool closed_cleanly = false;             // by close(), and nothing after
  std::vector<std::string> warnings = {};  // e.g. a damaged de-duplication snapshot, skipped
};

enum class Committed : std::uint8_t {
  Durable,  // all that was appended before the call
  Full,     // no space: what waits is kept, a later commit tries again
  Broken,   // the disk failed: nothing more is taken until the journal is opened anew
};

class Journal final : public Recorder {
 public:
  // A new journal in a folder that has none. Throws core::Error.
  static std::unique_ptr<Journal> create(Disk& disk, const std::string& folder,
                                         const Origin& origin, JournalOptions options = {});
  // Opens for appending: cuts off a torn tail, rebuilds what it must know. Throws core::Error if
  // anything else is wrong, and then has changed nothing. The disk must outlive it.
  static std::unique_ptr<Journal> open(Disk& disk, const std::string& folder,
                                       JournalOptions options = {});
  ~Journal() override;  // without close(): as if the process had been killed

  Receipt append(const core::Entry& entry) override;
  // Makes durable all that was appended before the call; threads that call together share a sync.
  Committed commit();
  // Commits, and marks the end as whole. Nothing can be appended after it.
  Committed close();

  [[nodiscard]] std::uint64_t size() const override;
  [[nodiscard]] std::uint64_t durable() const override;
  [[nodiscard]] const Origin& origin() const { return origin_; }
  [[nodiscard]] const JournalId& id() const { return id_; }
  [[nodiscard]] const Recovery& recovery() const { return recovery_; }
  [[nodiscard]] ChainHead chain() const;      // of what is durable
  [[nodiscard]] std::string trouble() const;  // why Full or Broken; empty: none
  [[nodiscard]] std::uint64_t syncs() const;  // how often the disk was asked to
  // What has arrived of one source, and thus what is missing of it.
  [[nodiscard]] std::vector<Range> ranges(SourceKey key) const;

 private:
  using Batch = std::unique_ptr<EntryEncoder>;  // entries that become one block
  struct Checkpoint {                           // the numbers seen before an index
    std::uint64_t index = 0;
    Bytes sequences;
  };
  Journal(Disk& disk, std::string folder, const Origin& origin, JournalOptions options);
  void recover(const std::vector<SegmentName>& segments);
  void replay(const SegmentName& name, bool last);
  void repair(const SegmentName& last);
  EntryEncoder& open_batch();
  Committed write_next(std::unique_lock<std::mutex>& lock);
  void write_block(const EntryEncoder& batch, BlockKind kind);
  void begin_segment(std::uint64_t number);
  void note_day(core::Tick latest);
  void save_checkpoint(std::unique_lock<std::mutex>& lock);
  template <class F>
  Committed guarded(std::unique_lock<std::mutex>& lock, F write);

  Disk& disk_;
  std::string folder_;
  JournalOptions options_;
  Origin origin_;
  JournalId id_{};
  std::uint64_t check_seed_ = 0;
  Recovery recovery_;
  std::unique_ptr<File> lock_;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable written_;
  std::deque<Batch> waiting_;  // entries go to the last one
  Batch current_;              // being written, or to be tried again
  Batch spare_;                // an empty one, kept for its memory
  Sequences seen_;
  std::uint64_t size_ = 0;           // [entries]
  std::uint64_t durable_ = 0;        // [entries]
  std::uint64_t waiting_bytes_ = 0;  // of entries not yet durable
  std::uint64_t syncs_ = 0;
  bool writing_ = false;  // a thread writes, for all
  bool closed_ = false;
  Committed state_ = Committed::Durable;
  std::string trouble_;
  ChainHead durable_chain_;
  std::optional<Checkpoint> checkpoint_;  // to be saved once it is durable

  // Only of the thread that writes.
  std::unique_ptr<File> file_;
  std::uint64_t segment_number_ = 0;
  std::uint64_t header_end_ = 0;  // [bytes] of the segment's header
  std::uint64_t end_ = 0;         // [bytes] of whole, synced blocks and the header
  bool checkpoint_due_ = false;
  ChainHead chain_;
  core::Tick latest_ = 0;  // the latest arrival so far
  Bytes block_;            // the block being written
  Sha256 hash_;
  std::unique_ptr<DailyHeads> heads_;
  std::vector<DailyHead> heads_due_;  // not yet in the file
};

}  // namespace twin::record
