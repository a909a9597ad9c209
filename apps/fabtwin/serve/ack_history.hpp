// The history of each source as its client keeps it: what it said, what it was told is safe; and
// the check of a record against it: nothing acknowledged is missing, nothing is there twice or was
// never said, and each is as it was said.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "apps/plant/source.hpp"
#include "twin/event/names.hpp"
#include "twin/record/disk.hpp"

namespace apps::fabtwin::serve {

class AckHistory {
 public:
  struct Key {
    std::uint32_t source = 0, epoch = 0;
    std::uint64_t seq = 0;
  };
  explicit AckHistory(const plant::Sources& sources);

  [[nodiscard]] static Key key_of(const plant::Message& m) { return {m.source, m.epoch, m.seq}; }
  void said(const plant::Message& message);  // in the order of its source's numbers
  void acknowledged(const Key& key);

  // Whether the message of that source was said and was no lie.
  [[nodiscard]] bool is_true(std::string_view source, std::uint32_t epoch, std::uint64_t seq) const;

  // When all has been acknowledged: the first thing that is wrong, in words; empty: nothing.
  // `names`: the record's.
  [[nodiscard]] std::string check(twin::record::Disk& disk, const std::string& folder,
                                  const twin::event::Names& names) const;
  [[nodiscard]] std::uint64_t hash() const;

 private:
  struct Said {
    plant::Tick clock = 0;  // [ms since 1970] of the message
    bool lie = false;
    bool acknowledged = false;
  };
  using Epoch = std::pair<std::uint32_t, std::uint32_t>;  // source, epoch
  [[nodiscard]] std::string words(const Epoch& epoch, std::uint64_t seq) const;

  const plant::Sources& sources_;
  std::map<std::string, std::uint32_t, std::less<>> numbers_;
  std::map<Epoch, std::vector<Said>> said_;  // [seq]
};

}  // namespace apps::fabtwin::serve
