// fabtwin index: the store beside a record made again from it.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/record/record_site.hpp"
#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/living.hpp"
#include "apps/fabtwin/serve/stores.hpp"
#include "apps/fabtwin/table.hpp"
#include "twin/record/file_disk.hpp"

namespace apps::fabtwin {
namespace {

namespace live = twins::fab::live;

struct IndexFlags {
  std::string record, file, postgres, data;
};

// The fab followed again beside the entries, for the series that no message tells.
class Following {
 public:
  explicit Following(const serve::Site& site)
      : site_(site),
        layout_(twins::fab::compile(read_fab(site.data.string()),
                                    twins::fab::with_rule({}, site.rule))),
        fab_(twins::fab::make_fab(layout_, site.rule)),
        follower_(*fab_, serve::follow_options(site)),
        live_(follower_.start()) {}

  void saw(const twin::core::Entry& entry, serve::Stores& stores) {
    follower_.absorb(live_, entry);
    if (live_.newest < next_) return;
    next_ = live_.newest + 60'000;
    follower_.settle(live_);
    hear_of_lots();
    stores.sample(*layout_, live_, site_.time_zero_ms,
                  [this](const twins::fab::State& x, twin::core::Tick now) {
                    return serve::leavings(departures_, raw_days_, x, now);
                  });
  }

 private:
  // As a living twin remembers those that left.
  void hear_of_lots() {
    const twin::core::Tick until = live_.settled.until;
    const auto earlier = [](const live::Told& told, twin::core::Tick at) {
      return told.event.at < at;
    };
    const auto& kept = live_.kept;
    for (auto told = std::lower_bound(kept.begin(), kept.end(), heard_, earlier);
         told != kept.end() && told->event.at < until; ++told) {
      if (told->believed() && told->event.kind == twin::event::Kind::Finished)
        departures_.push_back(serve::departed(*layout_, live_, told->event.lot, told->event.at));
    }
    heard_ = std::max(heard_, until);
    std::erase_if(departures_,
                  [&](const serve::Departure& d) { return d.at <= heard_ - 7 * serve::DayMs; });
  }

  serve::Site site_;
  std::shared_ptr<const twins::fab::Layout> layout_;
  std::unique_ptr<twins::fab::AnyFab> fab_;
  live::Follower follower_;
  live::Live live_;
  twin::core::Tick next_ = 0, heard_ = 0;
  std::vector<serve::Departure> departures_ = {};
  std::vector<double> raw_days_ = serve::raw_days(*layout_);
};

Exit run_index(const IndexFlags& flags) {
  twin::record::FileDisk disk;
  return or_fail(Exit::BadInput, [&] {
    const auto begun = std::chrono::steady_clock::now();
    twin::record::Reader reader(disk, flags.record);
    serve::Site site = site_in(reader, flags.record);
    if (!flags.data.empty()) site.data = flags.data;
    Following following(site);
    serve::StorePlace place{.file = flags.file, .postgres = flags.postgres};
    if (flags.file.empty()) place.file = serve::store_beside(flags.record);
    const auto lock = disk.lock(flags.record + "/lock");  // no twin writes there meanwhile
    serve::Stores stores(
        disk, {.record = flags.record, .place = place, .opened = serve::Opened::Anew}, {});
    reader.seek(0);
    twin::record::EntryView view;
    std::uint64_t entries = 0;
    while (reader.next(view)) {
      following.saw(view.entry(), stores);
      (void)stores.feed(++entries, 1);
      if (!stores.trouble().empty()) throw twin::core::Error(stores.trouble());
    }
    stores.flush();
    if (!stores.trouble().empty()) throw twin::core::Error(stores.trouble());
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    print(fmt::format("{}: {} entries, {} signals in {:.2f} s\n", stores.name(),
                      grouped(static_cast<double>(entries), 0), stores.historian().signals(),
                      seconds));
    return Exit::Ok;
  });
}

}  // namespace

void add_index(Command& program) {
  const auto flags = std::make_shared<IndexFlags>();
  Command& command = program.add_command(
      "index", "Make the index and the historian of a record again, from the record alone");
  command.add_option("RECORD", flags->record, "the record's folder; its twin must be stopped")
      .required();
  const Option file =
      command.add_option("--store", flags->file, "the SQLite file; default: RECORD.sqlite")
          .type_name("FILE");
  command
      .add_option("--postgres", flags->postgres, "instead: the database, \"host=... dbname=...\"")
      .type_name("TEXT")
      .excludes(file);
  command.add_option("--data", flags->data, "the fab; default: what the record names")
      .type_name("FAB");
  command.footer(
      "A damaged file is set aside as FILE.damaged.\n"
      "Examples:\n"
      "  fabtwin index record");
  command.action([flags] { return run_index(*flags); });
}

}  // namespace apps::fabtwin
