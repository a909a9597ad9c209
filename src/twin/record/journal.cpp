#include "twin/record/journal.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <utility>

#include "twin/core/expect.hpp"
#include "twin/record/snapshots.hpp"

namespace twin::record {
namespace {

// A sync that fails is final whatever its cause: what was written since the last one may be lost
// even though it can be read, so that a second try would prove nothing.
template <class F>
void finally_synced(F sync) {
  try {
    sync();
  } catch (const DiskError& e) {
    throw DiskError(DiskError::Cause::Failed, e.what());
  }
}

}  // namespace

Journal::Journal(Disk& disk, std::string folder, const Origin& origin, JournalOptions options)
    : disk_(disk),
      folder_(std::move(folder)),
      options_(options),
      origin_(origin),
      id_(id_of(origin)),
      check_seed_(check_seed_of(id_)),
      latest_(NothingArrived) {
  chain_.chain = genesis_of(origin_);
}

Journal::~Journal() = default;

Receipt Journal::append(const core::Entry& entry) {
  using Outcome = Receipt::Outcome;
  const std::lock_guard hold(mutex_);
  if (closed_ || state_ == Committed::Broken || waiting_bytes_ >= options_.waiting_bytes_max)
    return {.outcome = Outcome::Refused};
  EntryEncoder& batch = open_batch();
  const EntryEncoder::Mark mark = batch.mark();
  const std::size_t bytes = batch.bytes();
  try {
    batch.add(entry);
    if (const auto id = identity_of(entry); id && !seen_.insert(id->key, id->number)) {
      batch.back_to(mark);
      return {.outcome = Outcome::Duplicate, .index = size_ - 1};
    }
  } catch (...) {
    batch.back_to(mark);
    throw;
  }
  waiting_bytes_ += batch.bytes() - bytes;
  return {.outcome = Outcome::Appended, .index = size_++};
}

EntryEncoder& Journal::open_batch() {
  if (waiting_.empty() || waiting_.back()->bytes() >= options_.block_bytes) {
    waiting_.push_back(spare_ ? std::move(spare_) : std::make_unique<EntryEncoder>());
  }
  return *waiting_.back();
}

Committed Journal::commit() {
  std::unique_lock lock(mutex_);
  const std::uint64_t target = size_;
  while (durable_ < target) {
    if (state_ == Committed::Broken) return state_;
    if (writing_) {
      written_.wait(lock);
      if (state_ == Committed::Full && !writing_ && durable_ < target) return state_;
    } else if (const Committed result = write_next(lock); result != Committed::Durable) {
      return result;
    }
  }
  return Committed::Durable;
}

// Runs `write` without the lock, as the only one who writes; says what became of it.
template <class F>
Committed Journal::guarded(std::unique_lock<std::mutex>& lock, F write) {
  writing_ = true;
  lock.unlock();
  Committed result = Committed::Durable;
  std::string trouble;
  std::exception_ptr stopped;
  try {
    write();
  } catch (const DiskError& e) {
    result = e.cause() == DiskError::Cause::Full ? Committed::Full : Committed::Broken;
    trouble = e.what();
  } catch (const std::bad_alloc&) {
    result = Committed::Broken;
    trouble = "no memory is left";
  } catch (...) {
    result = Committed::Broken;
    stopped = std::current_exception();
  }
  lock.lock();
  writing_ = false;
  state_ = result;
  trouble_ = std::move(trouble);
  if (stopped) {
    written_.notify_all();
    std::rethrow_exception(stopped);
  }
  return result;
}

Committed Journal::write_next(std::unique_lock<std::mutex>& lock) {
  if (!current_) {
    TWIN_ENSURE(!waiting_.empty(), size_, durable_);
    current_ = std::move(waiting_.front());
    waiting_.pop_front();
  }
  const Committed result = guarded(lock, [this] { write_block(*current_, BlockKind::Entries); });
  if (result == Committed::Durable) {
    ++syncs_;
    durable_ = chain_.entries;
    durable_chain_ = chain_;
    waiting_bytes_ -= current_->bytes();
    current_->clear();
    spare_ = std::move(current_);
  }
  written_.notify_all();
  if (result == Committed::Durable) save_checkpoint(lock);
  return result;
}

// The numbers seen so far, from time to time, so that opening need not read all segments.
void Journal::save_checkpoint(std::unique_lock<std::mutex>& lock) {
  if (std::exchange(checkpoint_due_, false))
    checkpoint_ = Checkpoint{.index = size_, .sequences = seen_.encode()};
  if (!checkpoint_ || checkpoint_->index > durable_ || writing_) return;
  const Checkpoint checkpoint = std::move(*checkpoint_);
  checkpoint_.reset();
  const Committed before = state_;
  std::string trouble_before = trouble_;
  const Committed result = guarded(lock, [&] {
    Snapshots(disk_, folder_, id_, {.keep = 2})
        .save(SequencesName, checkpoint.index, checkpoint.sequences);
  });
  if (result != Committed::Durable) {  // nothing is lost but time at the next opening
    state_ = before;
    trouble_ = std::move(trouble_before);
  }
  written_.notify_all();
}

void Journal::write_block(const EntryEncoder& batch, BlockKind kind) {
  if (end_ > header_end_ && end_ >= options_.segment_bytes) {
    begin_segment(segment_number_ + 1);
    checkpoint_due_ = true;
  }
  const core::Tick latest = std::max(latest_, batch.latest());
  block_.clear();
  const ChainHead after = put_block(block_, chain_,
                                    {.kind = kind,
                                     .count = batch.count(),
                                     .latest = latest,
                                     .entries = batch.entries(),
                                     .raw = batch.raw()},
                                    check_seed_, hash_);
  file_->write(end_, block_);
  finally_synced([&] { file_->sync(); });
  end_ += block_.size();
  note_day(latest);
  chain_ = after;
  latest_ = latest;
}

// The chain in front of the first block of a new day proves all days before. The line can be made
// again from the journal, so that a disk that does not take it now delays it only.
void Journal::note_day(core::Tick latest) {
  if (latest_ == NothingArrived) return;
  const std::int64_t day = day_of(latest_);
  const auto& heads = heads_->heads();
  const bool known = (!heads.empty() && heads.back().day >= day) ||
                     (!heads_due_.empty() && heads_due_.back().day >= day);
  if (day_of(latest) > day && !known) heads_due_.push_back({.day = day, .head = chain_});
  while (!heads_due_.empty()) {
    try {
      heads_->add(heads_due_.front());
    } catch (const DiskError&) {
      return;
    }
    heads_due_.erase(heads_due_.begin());
  }
}

void Journal::begin_segment(std::uint64_t number) {
  const SegmentHeader header{.name = {.number = number, .first_index = chain_.entries},
                             .latest = latest_,
                             .before = chain_,
                             .origin = origin_};
  const Bytes bytes = header.encode();
  const std::string path = folder_ + "/" + to_string(header.name);
  {
    const auto file = disk_.open(path + ".tmp", Access::Create);
    file->write(0, bytes);
    finally_synced([&] { file->sync(); });
  }
  disk_.rename(path + ".tmp", path);
  finally_synced([&] { disk_.sync_folder(folder_); });
  file_ = disk_.open(path, Access::Change);
  segment_number_ = number;
  header_end_ = end_ = bytes.size();
}

Committed Journal::close() {
  if (const Committed result = commit(); result != Committed::Durable) return result;
  std::unique_lock lock(mutex_);
  written_.wait(lock, [&] { return !writing_; });
  if (closed_) return Committed::Durable;
  if (durable_ < size_) {
    lock.unlock();
    return close();
  }
  const Committed result = guarded(lock, [this] { write_block(EntryEncoder(), BlockKind::Close); });
  if (result != Committed::Durable) return result;
  closed_ = true;
  durable_chain_ = chain_;
  checkpoint_due_ = true;
  save_checkpoint(lock);
  return Committed::Durable;
}

std::uint64_t Journal::size() const {
  const std::lock_guard hold(mutex_);
  return size_;
}
std::uint64_t Journal::durable() const {
  const std::lock_guard hold(mutex_);
  return durable_;
}
ChainHead Journal::chain() const {
  const std::lock_guard hold(mutex_);
  return durable_chain_;
}
std::string Journal::trouble() const {
  const std::lock_guard hold(mutex_);
  return trouble_;
}
std::uint64_t Journal::syncs() const {
  const std::lock_guard hold(mutex_);
  return syncs_;
}
std::vector<Range> Journal::ranges(SourceKey key) const {
  const std::lock_guard hold(mutex_);
  return seen_.ranges(key);
}

}  // namespace twin::record
