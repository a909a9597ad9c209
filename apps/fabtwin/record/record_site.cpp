#include "apps/fabtwin/record/record_site.hpp"

#include <variant>

#include "apps/fabtwin/serve/living.hpp"
#include "twin/core/error.hpp"

namespace apps::fabtwin {

serve::Site site_in(twin::record::Reader& reader, const std::string& record) {
  twin::record::EntryView view;
  for (int i = 0; i < 16 && reader.next(view); ++i) {
    if (view.kind != twin::record::EntryKind::Note || view.note_kind != "site") continue;
    return serve::site_of(std::get<twin::core::Note>(view.entry()), view.index);
  }
  throw twin::core::Error(record + " (its first entries do not say of which site it is)");
}

}  // namespace apps::fabtwin
