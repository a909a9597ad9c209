#include "twin/record/simulated_disk.hpp"

#include <algorithm>
#include <utility>

#include "twin/core/expect.hpp"

namespace twin::record {
namespace {

enum What : std::uint32_t { PartOfWrite, SectorLasts, SizeLasts, NamesLast, HowMuch };

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

std::string words_of(DiskError::Cause cause) {
  return cause == DiskError::Cause::Full ? "no space left, by plan" : "input/output error, by plan";
}

}  // namespace

class SimulatedFile final : public File {
 public:
  SimulatedFile(SimulatedDisk& disk, std::shared_ptr<SimulatedDisk::Inode> inode, std::string path,
                bool locks)
      : disk_(disk), inode_(std::move(inode)), path_(std::move(path)), locks_(locks) {}
  ~SimulatedFile() override {
    const std::lock_guard hold(disk_.mutex_);
    if (locks_) inode_->locked = false;
  }
  void write(std::uint64_t offset, std::span<const std::uint8_t> bytes) override {
    disk_.write(*inode_, offset, bytes, path_);
  }
  std::size_t read(std::uint64_t offset, std::span<std::uint8_t> to) const override {
    const std::lock_guard hold(disk_.mutex_);
    disk_.require_running();
    if (offset >= inode_->seen.size()) return 0;
    const std::size_t n = std::min<std::size_t>(to.size(), inode_->seen.size() - offset);
    std::copy_n(inode_->seen.data() + offset, n, to.data());
    return n;
  }
  [[nodiscard]] std::uint64_t size() const override {
    const std::lock_guard hold(disk_.mutex_);
    disk_.require_running();
    return inode_->seen.size();
  }
  void truncate(std::uint64_t bytes) override { disk_.truncate(*inode_, bytes, path_); }
  void sync() override { disk_.sync(*inode_, path_); }

 private:
  SimulatedDisk& disk_;
  std::shared_ptr<SimulatedDisk::Inode> inode_;
  std::string path_;
  bool locks_;
};

void SimulatedDisk::require_running() const {
  if (stopped_) throw Stopped{};
}

// Counts an operation that changes something; says whether it goes through.
SimulatedDisk::Fate SimulatedDisk::begin_operation(DiskError::Cause& cause) {
  require_running();
  const std::uint64_t operation = operations_++;
  if (operation == stop_at_) {
    stopped_ = true;
    return Fate::Failed;
  }
  const auto planned = fail_at_.find(operation);
  if (planned == fail_at_.end()) return Fate::Done;
  cause = planned->second;
  fail_at_.erase(planned);
  return Fate::Failed;
}

double SimulatedDisk::uniform(std::uint32_t who) { return draw_.uniform(who, 0, occasion_++); }

std::uint64_t SimulatedDisk::total_bytes() const {
  std::uint64_t sum = 0;
  for (const auto& [path, inode] : seen_) sum += inode->seen.size();
  return sum;
}

void SimulatedDisk::put(Inode& inode, std::uint64_t offset, std::span<const std::uint8_t> bytes) {
  if (bytes.empty()) return;
  const std::uint64_t end = offset + bytes.size();
  const std::uint64_t from = std::min<std::uint64_t>(offset, inode.seen.size());
  if (inode.seen.size() < end) inode.seen.resize(end, 0);
  std::ranges::copy(bytes, inode.seen.begin() + static_cast<std::ptrdiff_t>(offset));
  for (std::uint64_t s = from / SectorBytes; s * SectorBytes < end; ++s) inode.dirty.insert(s);
}

// How many of these bytes there is room for: those within the file, and what the disk still takes.
std::uint64_t SimulatedDisk::room_for(const Inode& inode, std::uint64_t offset,
                                      std::uint64_t bytes) const {
  const std::uint64_t end = offset + bytes, size = inode.seen.size();
  if (capacity_ == NoOperation || end <= size) return bytes;
  const std::uint64_t taken = total_bytes(), room = taken < capacity_ ? capacity_ - taken : 0;
  if (end - size <= room) return bytes;
  return size + room > offset ? size + room - offset : 0;
}

void SimulatedDisk::write(Inode& inode, std::uint64_t offset, std::span<const std::uint8_t> bytes,
                          const std::string& path) {
  const std::lock_guard hold(mutex_);
  DiskError::Cause cause{};
  Fate fate = begin_operation(cause);
  const auto room = static_cast<std::size_t>(room_for(inode, offset, bytes.size()));
  if (fate == Fate::Done && room < bytes.size()) {
    fate = Fate::Failed;
    cause = DiskError::Cause::Full;
  }
  if (fate == Fate::Done) return put(inode, offset, bytes);
  const auto part =
      static_cast<std::size_t>(uniform(PartOfWrite) * static_cast<double>(bytes.size() + 1));
  put(inode, offset, bytes.first(std::min(part, room)));
  require_running();
  throw DiskError(cause, path + ": cannot be written (" + words_of(cause) + ")");
}

void SimulatedDisk::truncate(Inode& inode, std::uint64_t bytes, const std::string& path) {
  const std::lock_guard hold(mutex_);
  DiskError::Cause cause{};
  if (begin_operation(cause) == Fate::Failed) {
    require_running();
    throw DiskError(cause, path + ": cannot be cut (" + words_of(cause) + ")");
  }
  inode.seen.resize(bytes, 0);
}

void SimulatedDisk::sync(Inode& inode, const std::string& path) {
  std::function<void()> call;
  {
    const std::lock_guard hold(mutex_);
    call = on_sync_;
  }
  if (call) call();
  const std::lock_guard hold(mutex_);
  DiskError::Cause cause{};
  if (begin_operation(cause) == Fate::Failed) {
    require_running();
    inode.dirty.clear();  // Linux marks the pages clean: the next sync has nothing to do
    throw DiskError(cause, path + ": cannot be synced (" + words_of(cause) + ")");
  }
  inode.lasting.resize(inode.seen.size(), 0);
  for (const std::uint64_t s : inode.dirty) {
    const std::size_t from = s * SectorBytes;
    if (from >= inode.seen.size()) continue;
    const std::size_t n = std::min(SectorBytes, inode.seen.size() - from);
    std::copy_n(inode.seen.data() + from, n, inode.lasting.data() + from);
  }
  inode.dirty.clear();
}

std::unique_ptr<File> SimulatedDisk::open(const std::string& path, Access access) {
  const std::lock_guard hold(mutex_);
  require_running();
  const auto found = seen_.find(path);
  if (access != Access::Create) {
    if (found == seen_.end())
      throw DiskError(DiskError::Cause::Missing, path + ": cannot be opened (no such file)");
    return std::make_unique<SimulatedFile>(*this, found->second, path, false);
  }
  DiskError::Cause cause{};
  if (begin_operation(cause) == Fate::Failed) {
    require_running();
    throw DiskError(cause, path + ": cannot be opened (" + words_of(cause) + ")");
  }
  if (!folders_.contains(folder_of(path)))
    throw DiskError(DiskError::Cause::Missing, path + ": cannot be opened (no such folder)");
  if (found != seen_.end()) {
    found->second->seen.clear();
    return std::make_unique<SimulatedFile>(*this, found->second, path, false);
  }
  auto inode = std::make_shared<Inode>();
  seen_[path] = inode;
  pending_[folder_of(path)].push_back({.path = path, .inode = inode, .from = {}});
  return std::make_unique<SimulatedFile>(*this, inode, path, false);
}

void SimulatedDisk::rename(const std::string& from, const std::string& to) {
  const std::lock_guard hold(mutex_);
  TWIN_EXPECT(folder_of(from) == folder_of(to), from, to);
  DiskError::Cause cause{};
  if (begin_operation(cause) == Fate::Failed) {
    require_running();
    throw DiskError(cause, from + ": cannot be renamed (" + words_of(cause) + ")");
  }
  const auto found = seen_.find(from);
  if (found == seen_.end())
    throw DiskError(DiskError::Cause::Missing, from + ": cannot be renamed (no such file)");
  const auto inode = found->second;
  seen_.erase(found);
  seen_[to] = inode;
  pending_[folder_of(to)].push_back({.path = to, .inode = inode, .from = from});
}

void SimulatedDisk::remove(const std::string& path) {
  const std::lock_guard hold(mutex_);
  DiskError::Cause cause{};
  if (begin_operation(cause) == Fate::Failed) {
    require_running();
    throw DiskError(cause, path + ": cannot be removed (" + words_of(cause) + ")");
  }
  if (seen_.erase(path) == 0)
    throw DiskError(DiskError::Cause::Missing, path + ": cannot be removed (no such file)");
  pending_[folder_of(path)].push_back({.path = path, .inode = nullptr, .from = {}});
}

bool SimulatedDisk::exists(const std::string& path) {
  const std::lock_guard hold(mutex_);
  require_running();
  return seen_.contains(path) || folders_.contains(path);
}

std::vector<std::string> SimulatedDisk::list(const std::string& folder) {
  const std::lock_guard hold(mutex_);
  require_running();
  if (!folders_.contains(folder))
    throw DiskError(DiskError::Cause::Missing, folder + ": cannot be listed (no such folder)");
  std::vector<std::string> names;
  for (const auto& [path, inode] : seen_) {
    if (folder_of(path) == folder) names.push_back(path.substr(folder.size() + 1));
  }
  return names;
}

void SimulatedDisk::make_folder(const std::string& path) {
  const std::lock_guard hold(mutex_);
  require_running();
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    folders_.insert(path.substr(0, end));
    if (end == std::string::npos) return;
  }
}

void SimulatedDisk::sync_folder(const std::string& path) {
  const std::lock_guard hold(mutex_);
  DiskError::Cause cause{};
  if (begin_operation(cause) == Fate::Failed) {
    require_running();
    throw DiskError(cause, path + ": cannot be synced (" + words_of(cause) + ")");
  }
  for (const NameChange& change : pending_[path]) {
    if (!change.from.empty()) lasting_.erase(change.from);
    if (change.inode) {
      lasting_[change.path] = change.inode;
    } else {
      lasting_.erase(change.path);
    }
  }
  pending_[path].clear();
}

std::unique_ptr<File> SimulatedDisk::lock(const std::string& path) {
  const std::lock_guard hold(mutex_);
  require_running();
  auto& inode = seen_[path];
  if (!inode) {
    inode = std::make_shared<Inode>();
    lasting_[path] = inode;
  }
  if (inode->locked)
    throw DiskError(DiskError::Cause::Locked, path + ": is in use by another process");
  inode->locked = true;
  return std::make_unique<SimulatedFile>(*this, inode, path, true);
}

std::uint64_t SimulatedDisk::operations() const {
  const std::lock_guard hold(mutex_);
  return operations_;
}
void SimulatedDisk::stop_at(std::uint64_t operation) {
  const std::lock_guard hold(mutex_);
  stop_at_ = operation;
}
void SimulatedDisk::fail_at(std::uint64_t operation, DiskError::Cause cause) {
  const std::lock_guard hold(mutex_);
  fail_at_[operation] = cause;
}
void SimulatedDisk::set_capacity(std::uint64_t bytes) {
  const std::lock_guard hold(mutex_);
  capacity_ = bytes;
}
void SimulatedDisk::mend() {
  const std::lock_guard hold(mutex_);
  stop_at_ = NoOperation;
  fail_at_.clear();
  capacity_ = NoOperation;
}
void SimulatedDisk::on_sync(std::function<void()> call) {
  const std::lock_guard hold(mutex_);
  on_sync_ = std::move(call);
}

void SimulatedDisk::stop() {
  const std::lock_guard hold(mutex_);
  stopped_ = true;
}

void SimulatedDisk::restart() {
  const std::lock_guard hold(mutex_);
  stopped_ = false;
  stop_at_ = NoOperation;
  for (auto& [path, inode] : seen_) inode->locked = false;
}

void SimulatedDisk::power_cut() {
  const std::lock_guard hold(mutex_);
  for (auto& [folder, changes] : pending_) {  // a file system keeps the order of its names
    const auto kept =
        static_cast<std::size_t>(uniform(NamesLast) * static_cast<double>(changes.size() + 1));
    changes.resize(std::min(kept, changes.size()));
    if (changes.empty()) continue;
    for (const NameChange& change : changes) {
      if (!change.from.empty()) lasting_.erase(change.from);
      if (change.inode) {
        lasting_[change.path] = change.inode;
      } else {
        lasting_.erase(change.path);
      }
    }
  }
  pending_.clear();
  // From "nothing of it was written" through "some sectors in any order" to "all was".
  const double share = std::clamp(1.5 * uniform(HowMuch) - 0.25, 0.0, 1.0);
  for (auto& [path, inode] : lasting_) {
    if (inode->lasting.size() != inode->seen.size() && uniform(SizeLasts) < share)
      inode->lasting.resize(inode->seen.size(), 0);
    for (const std::uint64_t s : inode->dirty) {
      const std::size_t from = s * SectorBytes;
      const std::size_t end =
          std::min({from + SectorBytes, inode->seen.size(), inode->lasting.size()});
      if (from >= end || uniform(SectorLasts) >= share) continue;
      std::copy_n(inode->seen.data() + from, end - from, inode->lasting.data() + from);
    }
    inode->dirty.clear();
    inode->seen = inode->lasting;
  }
  seen_ = lasting_;
  restart();
}

Bytes SimulatedDisk::bytes(const std::string& path) const {
  const std::lock_guard hold(mutex_);
  return seen_.at(path)->seen;
}

void SimulatedDisk::set_bytes(const std::string& path, Bytes bytes) {
  const std::lock_guard hold(mutex_);
  auto inode = std::make_shared<Inode>();
  inode->seen = bytes;
  inode->lasting = std::move(bytes);
  seen_[path] = inode;
  lasting_[path] = inode;
  folders_.insert(folder_of(path));
}

void SimulatedDisk::flip(const std::string& path, std::uint64_t bit) {
  const std::lock_guard hold(mutex_);
  Inode& inode = *seen_.at(path);
  inode.seen.at(bit / 8) = static_cast<std::uint8_t>(inode.seen[bit / 8] ^ (1U << (bit % 8)));
  inode.lasting = inode.seen;
}

void SimulatedDisk::copy_to(SimulatedDisk& other) const {
  const std::lock_guard hold(mutex_);
  for (const std::string& folder : folders_) other.make_folder(folder);
  for (const auto& [path, inode] : seen_) other.set_bytes(path, inode->seen);
}

std::vector<std::string> SimulatedDisk::paths() const {
  const std::lock_guard hold(mutex_);
  std::vector<std::string> all;
  for (const auto& [path, inode] : seen_) all.push_back(path);
  return all;
}

}  // namespace twin::record
