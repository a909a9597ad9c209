#include "twin/link/drop.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/hash.hpp"
#include "twin/event/csv.hpp"
#include "twin/event/log.hpp"

namespace twin::link {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t HashedAtOnce = 64U << 20;  // [bytes] in a turn: the caller's loop goes on

bool is_log(const fs::path& path) { return path.extension() == ".ftel"; }

}  // namespace

// What reads one file. Its rows are numbered by its content, so the same rows are the same messages
// under whatever name the file comes again.
struct Drop::File {
  fs::path path;
  std::uint64_t content = 0;  // hash of all of it, once `hashed`
  core::Hash64 hash = core::Hash64();
  bool hashed = false;
  std::uintmax_t bytes = 0;  // with `written`: whether somebody still writes it
  fs::file_time_type written = {};
  std::ifstream in;
  event::Names* names = nullptr;  // the drop's
  event::Names own = {};          // of a CSV file; a log brings its own
  std::optional<event::CsvReader> csv;
  std::optional<event::LogReader> log;
  std::array<std::vector<std::uint32_t>, event::TableCount> ours;  // [table][theirs]
  std::uint32_t row = 0;
  std::size_t under_way = 0;
  bool read = false;     // to its end
  bool refused = false;  // the record could not take a row: from the start again
  std::string bad;       // why it cannot be read on

  [[nodiscard]] bool changed() const {
    std::error_code gone;
    return fs::file_size(path, gone) != bytes || fs::last_write_time(path, gone) != written;
  }

  void hash_on() {
    std::vector<char> some(1U << 20);
    for (std::size_t done = 0; done < HashedAtOnce && in; done += some.size()) {
      in.read(some.data(), static_cast<std::streamsize>(some.size()));
      hash.absorb(some.data(), static_cast<std::size_t>(in.gcount()));
    }
    if (in) return;
    if (in.bad()) throw core::Error(path.filename().string() + ": cannot be read");
    content = hash.digest();
    hashed = true;
    in.close();
    in.clear();
    open();
  }

  void open() {
    in.open(path, std::ios::binary);
    const std::string name = path.filename().string();
    if (is_log(path)) {
      log.emplace(in, name);
    } else {
      csv.emplace(in, own, event::CsvOptions{}, name);
    }
  }

  bool next(event::Event& e) {
    if (!(csv ? csv->next(e) : log->next(e))) return false;
    // Unsigned, since a time that is refused for being absurd must not overflow.
    const auto zero = static_cast<std::uint64_t>(csv ? 0 : log->header().time_zero_ms);
    e.at = static_cast<core::Tick>(static_cast<std::uint64_t>(e.at) + zero);
    e.arrived = static_cast<core::Tick>(static_cast<std::uint64_t>(e.arrived) + zero);
    renumber(event::Table::Lot, e.lot);
    renumber(event::Table::Carrier, e.carrier);
    renumber(event::Table::Tool, e.tool);
    renumber(event::Table::Chamber, e.chamber);
    renumber(event::Table::Route, e.route);
    renumber(event::Table::Recipe, e.recipe);
    renumber(event::item_table(e.kind), e.item);
    return true;
  }

  void renumber(event::Table table, std::uint32_t& id) {
    if (id == event::None) return;
    auto& known = ours[static_cast<std::size_t>(table)];
    if (id < known.size() && known[id] != event::None) {
      id = known[id];
      return;
    }
    const event::Names& theirs = csv ? own : log->header().names;
    const std::string_view name = theirs.name(table, id);
    const std::uint32_t number =
        names->add(table, name.empty() ? event::label(theirs, table, id) : std::string(name));
    if (!name.empty()) {
      if (id >= known.size()) known.resize(id + std::size_t{1}, event::None);
      known[id] = number;
    }
    id = number;
  }
};

Drop::Drop(Options options) : options_(std::move(options)) {
  std::error_code failure;
  for (const char* folder : {"", "done", "refused"}) {
    fs::create_directories(options_.folder / folder, failure);
    if (failure)
      throw core::Error(fmt::format("the drop folder '{}' cannot be used ({})",
                                    options_.folder.string(), failure.message()));
  }
}
Drop::~Drop() = default;

void Drop::turn(core::Tick now) {
  if (!file_) look(now);
  if (file_) read_on(now);
  if (file_ && file_->under_way == 0 && (file_->read || file_->refused)) finish();
}

// The first by name of those that are whole, so that their order can be chosen.
void Drop::look(core::Tick now) {
  std::map<std::string, Seen> seen;
  std::optional<fs::path> first;
  std::error_code failure;
  for (fs::directory_iterator it(options_.folder, failure), end; !failure && it != end;
       it.increment(failure)) {
    const fs::path path = it->path();
    const std::string name = path.filename().string(), kind = path.extension().string();
    std::error_code gone;
    if (!it->is_regular_file(gone) || name.starts_with(".") || kind == ".part" || kind == ".tmp" ||
        stuck_.contains(name))
      continue;
    Seen is{.bytes = it->file_size(gone), .written = it->last_write_time(gone), .since = now};
    if (gone) continue;
    const auto before = seen_.find(name);
    if (before != seen_.end() && before->second.bytes == is.bytes &&
        before->second.written == is.written)
      is.since = before->second.since;
    seen.emplace(name, is);
    if (now - is.since >= options_.stable_ms && (!first || path < *first)) first = path;
  }
  seen_ = std::move(seen);
  if (first) begin(*first);
}

void Drop::begin(const fs::path& path) {
  seen_.erase(path.filename().string());
  if (path.extension() != ".csv" && !is_log(path))
    return refuse(path, path.filename().string() + ": neither .csv nor .ftel");
  auto file = std::make_shared<File>();
  file->path = path;
  file->names = &names_;
  std::error_code failure;
  file->bytes = fs::file_size(path, failure);
  if (!failure) file->written = fs::last_write_time(path, failure);
  file->in.open(path, std::ios::binary);
  if (failure || !file->in) return refuse(path, path.filename().string() + ": cannot be read");
  if (file->bytes > options_.bytes_max)
    return refuse(path, fmt::format("{}: {} bytes (at most {})", path.filename().string(),
                                    file->bytes, options_.bytes_max));
  file_ = std::move(file);
}

void Drop::read_on(core::Tick now) {
  File& file = *file_;
  if (!file.hashed) {
    try {
      file.hash_on();
    } catch (const core::Error& error) {  // or its head is no head
      file.bad = error.what();
      file.read = true;
    }
    if (!file.hashed || file.read) return;
  }
  for (std::size_t k = 0; k < options_.rows_per_turn_max && !file.read && !file.refused; ++k) {
    if (file.under_way >= options_.rows_under_way_max) return;
    event::Event e;
    try {
      if (file.row == UINT32_MAX) throw core::Error("more rows than 4294967295");
      if (!file.next(e)) {
        file.read = true;
        return;
      }
    } catch (const core::Error& error) {  // what stands before the damage is taken
      file.bad = error.what();
      file.read = true;
      return;
    }
    // 64 bits of the content and the row within it: another file's row is another message.
    Arrival arrival{.source = options_.source,
                    .epoch = static_cast<std::uint32_t>(file.content >> 32),
                    .seq = file.content << 32 | file.row++,
                    .clock = e.at,
                    .arrived = now,
                    .events = {e}};
    ++file.under_way;
    ++rows_;
    sink_(std::move(arrival), [held = file_](Taken taken) {
      --held->under_way;
      if (taken == Taken::Refused) held->refused = true;
    });
  }
}

void Drop::finish() {
  const auto file = std::exchange(file_, nullptr);
  file->in.close();
  if (file->changed()) return;  // it was not whole after all
  if (file->refused) return;    // it still lies there, and is read again; what was taken is known
  if (!file->bad.empty()) return refuse(file->path, file->bad);
  ++done_;
  put_away(file->path, options_.folder / "done");
}

void Drop::refuse(const fs::path& path, const std::string& why) {
  ++refused_;
  std::ofstream(options_.folder / "refused" / (path.filename().string() + ".why")) << why << '\n';
  put_away(path, options_.folder / "refused");
}

// Never over another file of that name: it may hold something else.
void Drop::put_away(const fs::path& path, const fs::path& folder) {
  fs::path to = folder / path.filename();
  std::error_code failure;
  for (int k = 1; fs::exists(to, failure) && k < 10'000; ++k)
    to = folder / (path.stem().string() + "." + std::to_string(k) + path.extension().string());
  fs::rename(path, to, failure);
  if (failure) stuck_.insert(path.filename().string());  // else it would be taken up for ever
}

}  // namespace twin::link
