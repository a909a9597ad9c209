// The provenance of forecasts, a document of W3C PROV each, beside the record: what it was made from,
// by what. In the folder RECORD/provenance; the oldest go when there are too many.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twin/record/disk.hpp"
#include "twin/record/prov.hpp"

namespace apps::fabtwin::serve {

class Provenances {
 public:
  // The disk must outlive it. At most `most` documents are kept, 1 or more.
  Provenances(twin::record::Disk& disk, const std::string& record, std::size_t most);

  // Lasts when it returns. twin::core::Error where the disk refuses, or the id is no name of a file
  // (a-z, 0-9, '-'), or the origin is none.
  void keep(const twin::record::ProvOrigin& origin);
  [[nodiscard]] std::vector<std::string> ids() const;  // sorted; of equal length: by time
  // The document as PROV-JSON; nothing where there is none of this id.
  [[nodiscard]] std::optional<std::string> document(std::string_view id) const;

 private:
  twin::record::Disk& disk_;
  std::string folder_;
  std::size_t most_;
};

}  // namespace apps::fabtwin::serve
