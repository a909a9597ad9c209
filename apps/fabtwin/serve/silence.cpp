#include "apps/fabtwin/serve/silence.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace apps::fabtwin::serve {

using twins::fab::Tick;

std::vector<Silence> silences(const twins::fab::live::Live& live,
                              const std::map<std::string, Tick, std::less<>>& shown, Tick now,
                              Tick stale_after) {
  std::map<std::string_view, Silence> kinds;
  const auto& names = live.dialect.sources;
  for (std::size_t s = 0; s < live.sources.size() && s < names.size(); ++s) {
    const std::string_view name = names[s];
    const std::string_view kind = name.substr(0, name.find('/'));
    const auto& source = live.sources[s];
    if (source.messages == 0 || kind == "file" || kind == "http") continue;
    // A clock that runs ahead tells of nothing that is to come.
    const Tick told = std::min(source.last_at, source.last_arrived);
    Silence& all = kinds.try_emplace(kind, std::string(kind), 0U, told).first->second;
    ++all.count;
    all.since = std::max(all.since, told);
  }
  std::vector<Silence> silent;
  for (auto& [kind, all] : kinds) {
    const auto up = shown.find(kind);
    if (up != shown.end()) all.since = std::max(all.since, up->second);
    if (now - all.since > stale_after) silent.push_back(std::move(all));
  }
  std::ranges::stable_sort(silent, {}, &Silence::since);
  return silent;
}

}  // namespace apps::fabtwin::serve
