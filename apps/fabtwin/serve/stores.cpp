#include "apps/fabtwin/serve/stores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "apps/fabtwin/serve/duration.hpp"
#include "twin/core/error.hpp"
#include "twin/record/postgres.hpp"
#include "twin/record/segment.hpp"
#include "twin/record/sha256.hpp"
#include "twin/record/sqlite.hpp"

namespace apps::fabtwin::serve {
namespace {

using twin::record::Cell;
using twin::record::CellType;
using twin::record::ColumnShape;

// Of the store's pages, in the server: what it holds must not grow with the years of a record. Whoever
// makes the store anew writes all over it, and has more.
constexpr std::uint32_t LiveCacheKib = 2'048;
constexpr int LockMs = 100;  // what the server's loop waits for another program's lock at most
// Written when so much waits: a transaction of some ten milliseconds.
constexpr twin::record::IndexOptions IndexHeld{.postings_held_max = std::size_t{1} << 15};
constexpr std::size_t PointsHeld = std::size_t{1} << 16;

constexpr ColumnShape OwnerColumns[] = {{"row", CellType::Integer}, {"record", CellType::Text}};
constexpr twin::record::TableShape Owner{.name = "owner", .columns = OwnerColumns, .keys = 1};

std::unique_ptr<twin::record::Store> open(const StorePlace& place, Opened opened) {
  if (!place.postgres.empty()) {
    return twin::record::open_postgres(place.postgres, {.lock_ms = LockMs});
  }
  twin::record::SqliteOptions options{.busy_ms = LockMs};
  if (opened == Opened::AsIs) options.cache_kib = LiveCacheKib;
  return twin::record::open_sqlite(place.file.string(), options);
}

bool speaks_of_damage(std::string_view why) {
  return why.find("is damaged") != std::string_view::npos;
}

// A damaged file is kept for whoever wants to know; its log would be taken for the new one's.
void set_aside(const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::rename(file, file.string() + ".damaged", ignored);
  for (const char* log : {"-wal", "-shm"}) std::filesystem::remove(file.string() + log, ignored);
}

std::unique_ptr<twin::record::Store> open_anew(const StorePlace& place) {
  try {
    auto store = open(place, Opened::Anew);
    twin::record::Index(*store).clear();
    twin::record::Historian(*store, {}).clear();
    store->define(Owner);
    (void)store->erase(Owner, {});
    return store;
  } catch (const twin::core::Error& e) {
    if (!speaks_of_damage(e.what()) || !place.postgres.empty()) throw;
  }
  set_aside(place.file);
  return open(place, Opened::Anew);
}

}  // namespace

Stores::Stores(twin::record::Disk& disk, Options options, const twin::event::Names& names)
    : disk_(disk), options_(std::move(options)) {
  reader_ = std::make_unique<twin::record::Reader>(disk_, options_.record);
  const auto id = twin::record::id_of(reader_->origin());
  try {
    store_ = options_.opened == Opened::Anew ? open_anew(options_.place)
                                             : open(options_.place, Opened::AsIs);
    index_ = std::make_unique<twin::record::Index>(*store_, IndexHeld);
    historian_ = std::make_unique<twin::record::Historian>(
        *store_, twin::record::HistorianOptions{.points_held_max = PointsHeld});
    belong(id);
  } catch (const twin::core::Error& e) {
    const std::string why = e.what();
    if (!speaks_of_damage(why)) throw;
    throw twin::core::Error(fmt::format("{} fabtwin index {}", why, options_.record));
  }
  indexed_ = std::make_unique<twin::link::Indexed>(*index_, historian_.get());
  next_ = indexed_->position();
  if (index_->position() > options_.entries || historian_->position() > options_.entries) {
    throw twin::core::Error(fmt::format(
        "{} has taken in more entries than the record has ({}) was it restored? fabtwin index {}",
        store_->name(), options_.entries, options_.record));
  }
  if (next_ == 0) {
    if (reader_->first() != 0) {
      throw twin::core::Error(
          fmt::format("{} cannot be made again (the record {} has given up its entries before {})",
                      store_->name(), options_.record, reader_->first()));
    }
  } else {
    indexed_->know(names);
  }
  reader_->seek(next_);
}

void Stores::belong(const twin::record::JournalId& id) {
  const std::string ours = twin::record::hex(id);
  store_->define(Owner);
  std::string owner;
  (void)store_->scan(Owner, {}, {}, [&](std::span<const Cell> cells) {
    owner = std::get<std::string_view>(cells[1]);
    return twin::record::Go::Stop;
  });
  if (owner == ours) return;
  if (!owner.empty() || index_->position() != 0 || historian_->position() != 0) {
    throw twin::core::Error(fmt::format(
        "{} is not of the record {} (it was made of another one) another path, or fabtwin "
        "index {}?",
        store_->name(), options_.record, options_.record));
  }
  const std::array<Cell, 2> row = {Cell(std::int64_t{0}), Cell(std::string_view(ours))};
  twin::record::Transaction transaction(*store_);
  store_->put(Owner, row);
  transaction.commit();
}

std::uint64_t Stores::feed(std::uint64_t durable, std::uint64_t most) {
  try {
    if (!trouble_.empty()) {
      indexed_->flush();
      trouble_.clear();
    }
    reader_->limit(durable);
    twin::record::EntryView view;
    for (; most != 0 && next_ < durable && reader_->next(view); --most) {
      const std::uint64_t number = next_++;
      indexed_->add(number, view.entry());
    }
  } catch (const twin::core::Error& e) {
    trouble_ = e.what();
  }
  return durable > next_ ? durable - next_ : 0;
}

void Stores::sample(const twins::fab::Layout& layout, const twins::fab::live::Live& live,
                    Tick time_zero_ms,
                    const std::function<Leavings(const twins::fab::State& x, Tick now)>& left) {
  const Tick until = live.settled.until;
  if (!trouble_.empty()) return;  // what is held stays bounded
  if (sampled_ && until < *sampled_ + MinuteMs) return;
  sampled_ = until;
  twins::fab::forecast::count(layout, live.settled.x, count_);
  const auto point = [&](std::string_view signal, double value) {
    if (!twin::record::is_storable_text(signal)) return;
    historian_->add(historian_->signal(signal), {.at = until + time_zero_ms, .value = value});
  };
  point("fab/wip", live.settled.x.wip);
  point("fab/out", static_cast<double>(
                       std::accumulate(count_.out.begin(), count_.out.end(), std::uint64_t{0})));
  const Leavings gone = left(live.settled.x, until);
  point("fab/out_day", static_cast<double>(gone.out_day));
  if (gone.cycle_days > 0.0) point("fab/cycle_days", gone.cycle_days);
  if (gone.flow_factor > 0.0) point("fab/flow_factor", gone.flow_factor);
  if (gone.on_time) point("fab/on_time", *gone.on_time);
  for (std::size_t g = 0; g < count_.queue.size(); ++g) {
    point("queue/" + std::string(layout.description.tool_groups[g].name), count_.queue[g]);
  }
}

void Stores::flush() {
  try {
    indexed_->flush();
    trouble_.clear();
  } catch (const twin::core::Error& e) {
    trouble_ = e.what();
  }
}

std::vector<twin::record::Posting> Stores::last(twin::record::IndexKey key, std::size_t most) {
  std::vector<twin::record::Posting> found;
  const std::uint64_t end = index_->next();
  // A key that stands often is found in the last entries, a seldom one has few in all.
  for (std::uint64_t back = 4'096;; back *= 8) {
    found.clear();
    const std::uint64_t first = end > back ? end - back : 0;
    index_->each(key, {.first = first, .end = end}, [&](const twin::record::Posting& posting) {
      found.push_back(posting);
      return twin::record::Go::On;
    });
    if (found.size() >= most || first == 0) break;
  }
  if (found.size() > most) {
    found.erase(found.begin(), found.end() - static_cast<std::ptrdiff_t>(most));
  }
  return found;
}

std::optional<twin::core::Entry> Stores::entry(std::uint64_t number) {
  try {
    if (!looking_) looking_ = std::make_unique<twin::record::Reader>(disk_, options_.record);
    looking_->seek(number);
    twin::record::EntryView view;
    if (looking_->next(view)) return view.entry();
  } catch (const twin::core::Error&) {
    looking_.reset();  // its segment has gone, or is damaged: verify tells
  }
  return std::nullopt;
}

}  // namespace apps::fabtwin::serve
