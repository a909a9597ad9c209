// A disk in memory that fails by seed, for tests and for `fabtwin torture`: it can lose power or its
// process at any operation, keep any of the unsynced sectors and lose the others, fill up, err, and
// flip bits. After a failed sync it forgets, as Linux does, what it could not write.
#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/record/coding.hpp"
#include "twin/record/disk.hpp"

namespace twin::record {

// The process is no more: nothing catches this but the test that lets it live again.
struct Stopped {};

class SimulatedDisk final : public Disk {
 public:
  static constexpr std::size_t SectorBytes = 512;  // written whole or not at all
  static constexpr std::uint64_t NoOperation = std::numeric_limits<std::uint64_t>::max();

  explicit SimulatedDisk(std::uint64_t seed) : draw_{.seed = seed} {}

  [[nodiscard]] std::unique_ptr<File> open(const std::string& path, Access access) override;
  void rename(const std::string& from, const std::string& to) override;
  void remove(const std::string& path) override;
  [[nodiscard]] bool exists(const std::string& path) override;
  [[nodiscard]] std::vector<std::string> list(const std::string& folder) override;
  void make_folder(const std::string& path) override;
  void sync_folder(const std::string& path) override;
  [[nodiscard]] std::unique_ptr<File> lock(const std::string& path) override;

  // Operations that change something, counted from 0 over the disk's life.
  [[nodiscard]] std::uint64_t operations() const;
  // The n-th operation stops the process half-way: it throws Stopped, and so does all after it.
  void stop_at(std::uint64_t operation);
  // The n-th operation fails half-way with this cause, once.
  void fail_at(std::uint64_t operation, DiskError::Cause cause);
  // Writes that would need more than this in all files together fail with Full; what they leave of
  // themselves fits.
  void set_capacity(std::uint64_t bytes);
  // All that was planned and has not happened is off, and there is room again.
  void mend();
  // Called in every sync of a file, before it takes effect: a slow disk.
  void on_sync(std::function<void()> call);

  void stop();       // as if stop_at had met the next operation
  void restart();    // the process begins anew; what it wrote is as it left it
  void power_cut();  // the same after the machine lost power: unsynced sectors and names are lost
                     // or not, each by the seed

  // For those who damage files: the bytes as they are read.
  [[nodiscard]] Bytes bytes(const std::string& path) const;
  void set_bytes(const std::string& path, Bytes bytes);  // lasting
  void flip(const std::string& path, std::uint64_t bit);
  void copy_to(SimulatedDisk& other) const;  // all files, lasting there
  [[nodiscard]] std::vector<std::string> paths() const;

 private:
  friend class SimulatedFile;
  struct Inode {
    Bytes seen;                     // what is read
    Bytes lasting;                  // what a power cut leaves
    std::set<std::uint64_t> dirty;  // sectors of `seen` not yet written for good
    bool locked = false;
  };
  struct NameChange {  // of a folder, not yet lasting
    std::string path;
    std::shared_ptr<Inode> inode;  // null: removed
    std::string from;              // of a rename: goes away in the same step
  };

  enum class Fate : std::uint8_t { Done, Failed };
  Fate begin_operation(DiskError::Cause& cause);
  double uniform(std::uint32_t who);
  std::uint64_t total_bytes() const;
  std::uint64_t room_for(const Inode& inode, std::uint64_t offset, std::uint64_t bytes) const;
  void write(Inode& inode, std::uint64_t offset, std::span<const std::uint8_t> bytes,
             const std::string& path);
  void truncate(Inode& inode, std::uint64_t bytes, const std::string& path);
  void sync(Inode& inode, const std::string& path);
  void put(Inode& inode, std::uint64_t offset, std::span<const std::uint8_t> bytes);
  void require_running() const;

  mutable std::recursive_mutex mutex_;
  core::Draw draw_;
  std::uint32_t occasion_ = 0;
  std::uint64_t operations_ = 0;
  std::uint64_t stop_at_ = NoOperation;
  std::map<std::uint64_t, DiskError::Cause> fail_at_;
  std::uint64_t capacity_ = NoOperation;
  std::function<void()> on_sync_;
  bool stopped_ = false;
  std::map<std::string, std::shared_ptr<Inode>> seen_;      // files by path
  std::map<std::string, std::shared_ptr<Inode>> lasting_;   // after a power cut
  std::map<std::string, std::vector<NameChange>> pending_;  // by folder, in order
  std::set<std::string> folders_;                           // kept simple: a folder lasts at once
};

}  // namespace twin::record
