#include "twin/record/disk.hpp"

namespace twin::record {

std::vector<std::uint8_t> read_all(Disk& disk, const std::string& path, std::uint64_t bytes_max) {
  const auto file = disk.open(path, Access::Read);
  const std::uint64_t size = file->size();
  if (size > bytes_max) {
    throw DiskError(DiskError::Cause::Failed, path + ": " + std::to_string(size) +
                                                  " bytes (at most " + std::to_string(bytes_max) +
                                                  " are read)");
  }
  std::vector<std::uint8_t> bytes(size);
  bytes.resize(file->read(0, bytes));
  return bytes;
}

void replace_file(Disk& disk, const std::string& folder, const std::string& name,
                  std::span<const std::uint8_t> bytes) {
  const std::string path = folder + "/" + name;
  const std::string unfinished = path + ".tmp";
  try {
    const auto file = disk.open(unfinished, Access::Create);
    file->write(0, bytes);
    file->sync();
  } catch (const DiskError&) {
    try {  // half a file would take the last space that a full disk has
      disk.remove(unfinished);
    } catch (const DiskError&) {  // then opening removes it; what went wrong first is what counts
    }
    throw;
  }
  disk.rename(unfinished, path);
  disk.sync_folder(folder);
}

}  // namespace twin::record
