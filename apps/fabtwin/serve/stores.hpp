// The index and the historian of a live twin's record: fed behind the journal in small portions, so
// that a full disk or a locked store never holds up what is acknowledged; taken up where they stand.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/fabtwin/serve/departures.hpp"
#include "apps/fabtwin/serve/site.hpp"
#include "twin/link/indexed.hpp"
#include "twin/record/disk.hpp"
#include "twin/record/historian.hpp"
#include "twin/record/index.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/store.hpp"
#include "twins/fab/forecast/count.hpp"
#include "twins/fab/layout.hpp"
#include "twins/fab/live/live.hpp"

namespace apps::fabtwin::serve {

enum class Opened : std::uint8_t {
  AsIs,  // a damaged store, or that of another record, is refused
  Anew,  // forgotten and made again; a damaged file is set aside as FILE.damaged
};

class Stores {
 public:
  struct Options {
    std::string record = {};  // its folder
    StorePlace place = {};
    Opened opened = Opened::AsIs;
    // Of the record, durable: a store that has taken in more is refused.
    std::uint64_t entries = 0;
  };
  // The disk must outlive it. `names`: all that the record's entries up to now have noted; entries
  // are then read from where the store stands. twin::core::Error says what to do about it.
  Stores(twin::record::Disk& disk, Options options, const twin::event::Names& names);

  // Takes in at most `most` of the entries that the store lacks, of `durable` that there are.
  // Answers how many are still lacking. What the store refuses is in trouble(), and tried again.
  std::uint64_t feed(std::uint64_t durable, std::uint64_t most);
  // The live series, at most a point a minute of site time: what is settled, at its instant. left: what left by then.
  void sample(const twins::fab::Layout& layout, const twins::fab::live::Live& live,
              Tick time_zero_ms,
              const std::function<Leavings(const twins::fab::State& x, Tick now)>& left);
  void flush();

  [[nodiscard]] const std::string& name() const { return store_->name(); }
  [[nodiscard]] const std::string& trouble() const { return trouble_; }  // empty: none
  [[nodiscard]] std::uint64_t position() const { return next_; }         // entries taken in
  [[nodiscard]] twin::record::Index& index() { return *index_; }
  [[nodiscard]] twin::record::Historian& historian() { return *historian_; }
  [[nodiscard]] const twin::event::Names& names() const { return indexed_->names(); }

  // The last entries in which the key stands, at most so many, by number.
  std::vector<twin::record::Posting> last(twin::record::IndexKey key, std::size_t most);
  // The entry of that number; nothing where the record has given it up.
  std::optional<twin::core::Entry> entry(std::uint64_t number);

 private:
  void belong(const twin::record::JournalId& id);

  twin::record::Disk& disk_;
  Options options_;
  std::unique_ptr<twin::record::Store> store_;
  std::unique_ptr<twin::record::Index> index_;
  std::unique_ptr<twin::record::Historian> historian_;
  std::unique_ptr<twin::link::Indexed> indexed_;
  std::unique_ptr<twin::record::Reader> reader_;   // of what is fed
  std::unique_ptr<twin::record::Reader> looking_;  // of what is asked for
  std::uint64_t next_ = 0;
  std::optional<Tick> sampled_;  // [tick]
  twins::fab::forecast::Count count_;
  std::string trouble_;
};

}  // namespace apps::fabtwin::serve
