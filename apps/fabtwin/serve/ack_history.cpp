#include "apps/fabtwin/serve/ack_history.hpp"

#include <fmt/format.h>

#include "twin/core/expect.hpp"
#include "twin/core/hash.hpp"
#include "twin/record/reader.hpp"

namespace apps::fabtwin::serve {

AckHistory::AckHistory(const plant::Sources& sources) : sources_(sources) {
  for (std::uint32_t s = 0; s < sources.size(); ++s) numbers_.emplace(sources.name(s), s);
}

void AckHistory::said(const plant::Message& m) {
  auto& all = said_[{m.source, m.epoch}];
  TWIN_EXPECT(all.size() == m.seq, all.size(), m.seq);
  all.push_back({.clock = m.clock, .lie = m.told != plant::Told::True});
}

void AckHistory::acknowledged(const Key& key) {
  said_.at({key.source, key.epoch}).at(key.seq).acknowledged = true;
}

bool AckHistory::is_true(std::string_view source, std::uint32_t epoch, std::uint64_t seq) const {
  const auto number = numbers_.find(source);
  if (number == numbers_.end()) return false;
  const auto all = said_.find({number->second, epoch});
  return all != said_.end() && seq < all->second.size() && !all->second[seq].lie;
}

std::string AckHistory::words(const Epoch& epoch, std::uint64_t seq) const {
  return fmt::format("message {} of {} (epoch {})", seq, sources_.name(epoch.first), epoch.second);
}

std::string AckHistory::check(twin::record::Disk& disk, const std::string& folder,
                              const twin::event::Names& names) const {
  std::map<Epoch, std::vector<std::uint32_t>> times;  // in the record
  twin::record::Reader reader(disk, folder);
  twin::record::EntryView view;
  while (reader.next(view)) {
    if (view.kind != twin::record::EntryKind::Observation) continue;
    const auto source = numbers_.find(names.name(twin::event::Table::Source, view.sensor));
    if (source == numbers_.end())
      return fmt::format("entry {} is of a source that there is not", view.index);
    const Epoch epoch{source->second, view.epoch};
    const auto all = said_.find(epoch);
    if (all == said_.end() || view.sensor_seq >= all->second.size())
      return words(epoch, view.sensor_seq) + " is in the record and was never said";
    auto& n = times[epoch];
    n.resize(all->second.size());
    if (++n[view.sensor_seq] > 1) return words(epoch, view.sensor_seq) + " is in the record twice";
    if (view.clock != all->second[view.sensor_seq].clock)
      return words(epoch, view.sensor_seq) + " is not in the record as it was said";
  }
  for (const auto& [epoch, all] : said_) {
    auto& n = times[epoch];
    n.resize(all.size());
    for (std::size_t seq = 0; seq < all.size(); ++seq) {
      if (n[seq] == 1) continue;
      return words(epoch, seq) + (all[seq].acknowledged ? " was acknowledged" : " was said") +
             " and is not in the record";
    }
  }
  return {};
}

std::uint64_t AckHistory::hash() const {
  twin::core::Hash64 hash;
  for (const auto& [epoch, all] : said_) {
    for (const Said& s : all) {
      const std::uint64_t word = static_cast<std::uint64_t>(s.clock) * 2 + (s.acknowledged ? 1 : 0);
      hash.absorb(&word, sizeof word);
    }
  }
  return hash.digest();
}

}  // namespace apps::fabtwin::serve
