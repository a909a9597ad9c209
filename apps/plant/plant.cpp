#include "apps/plant/plant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>

#include "apps/fabtwin/files.hpp"
#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/hash.hpp"

namespace apps::plant {

using twin::core::Error;
using twin::core::Never;

namespace {

constexpr Tick Most = 3'600'000;      // [tick] lived in one turn
constexpr Tick AtOnce = 10 * 60'000;  // [tick] the same, as fast as it goes

void absorb(twin::core::Hash64& hash, const auto& value) { hash.absorb(&value, sizeof value); }
void absorb(twin::core::Hash64& hash, const std::string& text) {
  hash.absorb(text.data(), text.size() + 1);
}

std::uint64_t hash_of(const twins::fab::Layout& m) {
  twin::core::Hash64 hash;
  for (const twins::fab::ToolGroup& g : m.description.tool_groups) {
    absorb(hash, g.name);
    absorb(hash, g.tools);
  }
  for (const twins::fab::StepInfo& s : m.steps) {
    absorb(hash, s.group);
    absorb(hash, s.process_ms);
    absorb(hash, s.sampling);
  }
  for (const twins::fab::StreamInfo& s : m.streams) {
    absorb(hash, s.start);
    absorb(hash, s.interval_ms);
  }
  for (const twins::fab::ListedLot& l : m.description.lots) absorb(hash, l.start_ms);
  return hash.digest();
}

}  // namespace

std::string Plant::identity() const {
  const SiteOptions& o = options_.site;
  twin::core::Hash64 hash;
  absorb(hash, hash_of(*layout_));
  absorb(hash, o.fab.seed);
  absorb(hash, o.fab.rule);
  const Hidden& h = o.fab.hidden;
  for (const double v : {h.process, h.mtbf, h.mttr, h.rework, h.sampling, h.transport})
    absorb(hash, v);
  absorb(hash, o.links);
  absorb(hash, options_.given);
  return fmt::format("{:016x}", hash.digest());
}

namespace {

// Stands in a folder from its first moment until the notice: a plant that was killed before anybody
// could know of it begins anew there.
constexpr const char* Begun = "begun";

void begin(const std::filesystem::path& dir) {
  if (std::filesystem::exists(dir / Begun)) return;
  if (!std::filesystem::is_empty(dir))
    throw Error(dir.string() + ": no plant's folder (it is not empty)");
  if (!std::ofstream(dir / Begun)) throw Error((dir / Begun).string() + ": cannot be written");
}

}  // namespace

Plant::Plant(const std::shared_ptr<const twins::fab::Layout>& layout, PlantOptions options,
             std::int64_t real_ms)
    : layout_(layout), options_(std::move(options)) {
  TWIN_EXPECT(options_.speed >= 0.0 && options_.save_every > 0, options_.speed,
              options_.save_every);
  const std::filesystem::path& dir = options_.folder;
  fabtwin::make_folder(dir);
  const std::filesystem::path file = dir / "plant.toml";
  notice_ = {.time_zero_ms = options_.site.time_zero_ms,
             .started_real_ms = real_ms,
             .speed = options_.speed,
             .data = std::filesystem::absolute(options_.data).lexically_normal().string(),
             .seed = options_.site.fab.seed,
             .links = options_.site.links == Links::PerTool ? "per-tool" : "per-group",
             .plant = identity()};
  if (std::filesystem::exists(file)) {
    const Notice had = read_notice(fabtwin::read_text(file), file.string());
    if (had.plant != notice_.plant)
      throw Error(dir.string() +
                  ": another plant (its data set, seed, links, scenario or faults are not these); "
                  "a new folder begins a new one");
    if (had.speed != notice_.speed)
      throw Error(fmt::format("{}: a plant of speed {}, now {} (it goes on at its own)",
                              dir.string(), had.speed, notice_.speed));
    notice_.time_zero_ms = options_.site.time_zero_ms = had.time_zero_ms;
    notice_.started_real_ms = had.started_real_ms;
    taken_up_ = true;
  } else {
    begin(dir);
  }
  diary_ = std::make_unique<Diary>(dir / "diary.jsonl");
  if (!taken_up_) {  // the diary is ours, so nobody else's are these
    std::filesystem::remove_all(dir / "saves");
    std::filesystem::remove_all(dir / "truth");
  }
  fabtwin::make_folder(dir / "saves");
  site_ = std::make_unique<Site>(
      layout_, options_.site,
      Site::Watch{.event = [this](const twin::event::Event& e) { truth_->event(e); },
                  .message = [this](const Message&) { ++told_; },
                  .fault =
                      [this](const Fault& f) {
                        if (truth_ == nullptr) return;  // of the time before
                        truth_->fault(fault_line(f, site_->sources()));
                        const bool down = f.kind == Fault::Kind::Cut;
                        if (!down && f.kind != Fault::Kind::Restored) return;
                        for (const auto& outlet : outlets_) outlet->cut(f.source, down);
                      },
                  .audit = [this](const Fab& fab) { truth_->audit(audit_line(fab)); }});
  open(real_ms);
}

void Plant::open(std::int64_t real_ms) {
  const std::vector<Tick> all = saves();
  if (!all.empty()) {
    const std::filesystem::path file = save_file(all.front());
    try {
      site_->load(fabtwin::read_file(file));
    } catch (const Error& e) {
      throw Error(file.string() + ": " + e.what());
    }
    if (site_->now() != all.front()) throw Error(file.string() + ": a save of another moment");
  }
  const Tick from = site_->now();
  twin::event::LogHeader header;
  header.time_zero_ms = notice_.time_zero_ms;
  header.model_version = "fabtwin plant";
  header.seed = notice_.seed;
  header.configuration_hash = 0;
  header.names = site_->fab().names().names;
  truth_ = std::make_unique<Truth>(options_.folder / "truth", std::move(header));
  truth_->begin(from);
  const auto& notes = diary_->notes();
  while (next_note_ < notes.size() && notes[next_note_].at < from) ++next_note_;
  if (!taken_up_) return;
  // All that may have been said before is said again, with its old numbers; then all count anew.
  Tick last = from;
  if (!notes.empty()) last = std::max(last, notes.back().at + 1);
  restart_at_ = std::max(last, options_.speed > 0.0 ? notice_.at(real_ms) : Tick{0});
  if (options_.speed <= 0.0) restart_at_ = -1;  // nobody listens
}

void Plant::announce() {
  fabtwin::write_file(options_.folder / "plant.toml", to_string(notice_));
  std::filesystem::remove(options_.folder / Begun);
}

bool Plant::turn(std::int64_t real_ms, Tick until, std::chrono::milliseconds wait) {
  const Tick now = site_->now();
  const Tick clock =
      options_.speed > 0.0 ? std::min(notice_.at(real_ms), now + Most) : now + AtOnce;
  const Tick target = std::min(clock, until);
  if (target > now) live(target);
  for (const auto& outlet : outlets_) outlet->turn(wait);
  return site_->now() < until;
}

void Plant::live(Tick until) {
  const Wire::Receive take = [this](const Delivery& d) { receive(d); };
  while (site_->now() < until) {
    const Tick now = site_->now();
    Tick next = std::min(until, (now / options_.save_every + 1) * options_.save_every);
    const auto& notes = diary_->notes();
    if (next_note_ < notes.size()) next = std::min(next, std::max(notes[next_note_].at, now));
    if (restart_at_ >= now) next = std::min(next, restart_at_);
    if (next > now) site_->run_until(next, take);
    if (next > now && next % options_.save_every == 0) save();
    live_again(next);
  }
}

// What the diary says of this moment, and the restart of a plant that was taken up.
void Plant::live_again(Tick at) {
  const auto& notes = diary_->notes();
  for (; next_note_ < notes.size() && notes[next_note_].at <= at; ++next_note_) {
    if (notes[next_note_].command) {
      static_cast<void>(site_->obey(*notes[next_note_].command));
      continue;
    }
    for (std::uint32_t s = 0; s < site_->sources().size(); ++s) site_->sources().reboot(s, at);
  }
  if (restart_at_ < 0 || at < restart_at_) return;
  restart_at_ = -1;
  diary_->note({.at = at});
  next_note_ = diary_->notes().size();
  for (std::uint32_t s = 0; s < site_->sources().size(); ++s) site_->sources().reboot(s, at);
}

bool Plant::listen(std::chrono::milliseconds wait) {
  const Wire::Receive take = [this](const Delivery& d) { receive(d); };
  const bool all_out = site_->settle(site_->fab().now() + Most, take);
  Tick settled = all_out ? Never : site_->wire().settled();
  for (const auto& outlet : outlets_) {
    outlet->turn(wait);
    settled = std::min(settled, outlet->settled());
  }
  return settled != Never;
}

Obeyed Plant::obey(const Command& command) {
  if (restart_at_ >= 0 || next_note_ < diary_->notes().size())
    return {false, "the plant is catching up"};
  if (site_->now() > site_->fab().now()) return {false, "the plant has ended"};
  diary_->note({.at = site_->now(), .command = command});
  next_note_ = diary_->notes().size();
  return site_->obey(command);
}

void Plant::receive(const Delivery& d) {
  for (const auto& outlet : outlets_) {
    if (d.corrupt) {
      outlet->corrupt(*d.message, d.damage);
    } else if (outlet->tell(*d.message) == Takes::Mine) {
      break;
    }
  }
  // Kept by an outlet, or by none: then nobody is to know.
  if (!d.corrupt) site_->wire().acknowledge(d.ticket, d.at);
}

std::filesystem::path Plant::save_file(Tick at) const {
  return options_.folder / "saves" / fmt::format("{:015}.plant", at);
}

std::vector<Tick> Plant::saves() const {
  std::vector<Tick> found;
  for (const auto& entry : std::filesystem::directory_iterator(options_.folder / "saves")) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".plant")) continue;
    Tick at = 0;
    const char* end = name.data() + name.size() - 6;
    if (std::from_chars(name.data(), end, at).ptr == end) found.push_back(at);
  }
  std::ranges::sort(found);
  return found;
}

// Older saves go once a newer one has all before it with the twin.
void Plant::save() {
  const Tick now = site_->fab().now();
  fabtwin::write_file(save_file(now), site_->save());
  truth_->begin(now);
  Tick settled = site_->wire().settled();
  for (const auto& outlet : outlets_) settled = std::min(settled, outlet->settled());
  const std::vector<Tick> all = saves();
  for (std::size_t i = 0; i + 1 < all.size(); ++i)
    if (all[i + 1] < settled) std::filesystem::remove(save_file(all[i]));
}

void Plant::stop() {
  const bool ended = site_->now() > site_->fab().now();
  if (!ended && !diary_->notes().empty() && diary_->notes().back().at >= site_->now())
    live(site_->now() + 1);  // what was obeyed at this moment is then before the save
  if (next_note_ >= diary_->notes().size() && restart_at_ < 0) save();
  truth_->close();
}

}  // namespace apps::plant
