// The site that a record is of, as its first entries say it.
#pragma once
#include <string>

#include "apps/fabtwin/serve/site.hpp"
#include "twin/record/reader.hpp"

namespace apps::fabtwin {

// Reads on from where the reader stands: the record's beginning. twin::core::Error where it does not
// say of which site it is; `record` is what the message calls it.
serve::Site site_in(twin::record::Reader& reader, const std::string& record);

}  // namespace apps::fabtwin
