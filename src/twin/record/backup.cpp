#include "twin/record/backup.hpp"

#include <algorithm>

#include "twin/record/migration.hpp"
#include "twin/record/prov.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/retired.hpp"
#include "twin/record/snapshots.hpp"

namespace twin::record {
namespace {

constexpr std::uint64_t AnyBytes = std::numeric_limits<std::uint64_t>::max();

void require_free(const Place& to) {
  if (to.disk.exists(to.folder) && !segments_in(to.disk, to.folder).empty())
    throw core::Error(to.folder +
                      ": there is a journal already (nothing was changed); another folder?");
}

// What a document speaks of; one that cannot be read is nobody's to leave out.
std::uint64_t entries_of(std::span<const std::uint8_t> document) {
  try {
    return entries_spoken_of(
        read_prov({reinterpret_cast<const char*>(document.data()), document.size()}));
  } catch (const core::Error&) {
    return 0;
  }
}

void copy_snapshots(const Place& from, const Place& to, std::uint64_t entries_max,
                    const JournalId& id) {
  const Snapshots source(from.disk, from.folder, id);
  for (const std::string& name : source.names()) {
    for (const std::uint64_t index : source.indexes(name)) {
      if (index > entries_max) continue;
      const std::string file = Snapshots::file_of(name, index);
      const auto bytes = read_all(from.disk, from.folder + "/snapshots/" + file, AnyBytes);
      to.disk.make_folder(to.folder + "/snapshots");
      replace_file(to.disk, to.folder + "/snapshots", file, bytes);
    }
  }
}

// Documents of provenance: nothing else says what a forecast was made from. The oldest may go while
// we copy, and one that speaks of entries that the copy does not have is not its own.
void copy_provenance(const Place& from, const Place& to, std::uint64_t entries_max) {
  const std::string source = from.folder + "/" + std::string(ProvenanceFolder);
  const std::string target = to.folder + "/" + std::string(ProvenanceFolder);
  if (!from.disk.exists(source)) return;
  for (const std::string& file : from.disk.list(source)) {
    if (!file.ends_with(".json") || !from.disk.exists(source + "/" + file)) continue;
    const auto bytes = read_all(from.disk, source + "/" + file, AnyBytes);
    if (entries_max != AnyBytes && entries_of(bytes) > entries_max) continue;
    to.disk.make_folder(target);
    replace_file(to.disk, target, file, bytes);
  }
}

// Blocks of one segment as they stand; false once `entries_max` or the end of the journal is met.
bool copy_segment(const Place& from, const Place& to, const SegmentName& name,
                  std::uint64_t entries_max, Copied& copied) {
  SegmentReader segment(from.disk, from.folder, name);
  const std::string path = to.folder + "/" + to_string(name);
  const auto file = to.disk.open(path, Access::Create);
  const Bytes header = segment.header().encode();
  file->write(0, header);
  std::uint64_t end = header.size();
  const std::uint64_t seed = check_seed_of(id_of(segment.header().origin));
  copied.head = segment.header().before;
  bool whole = true;
  Bytes out;
  for (BlockView block;;) {
    const auto step = segment.next(block);
    if (step == SegmentReader::Step::Damaged)
      throw JournalDamaged(segment.file_name(), segment.offset(), segment.why());
    if (step == SegmentReader::Step::Torn) whole = false;
    const BlockHeader& h = block.header;
    if (step == SegmentReader::Step::Block && h.first_index + h.count > entries_max) whole = false;
    if (step != SegmentReader::Step::Block || !whole) break;
    out.resize(BlockHeader::Bytes);
    h.put(out.data(), seed);
    out.insert(out.end(), block.entries.begin(), block.entries.end());
    out.insert(out.end(), block.raw.begin(), block.raw.end());
    out.resize(out.size() + BlockHeader::EndBytes);
    put_little32(out.data() + out.size() - BlockHeader::EndBytes, BlockHeader::EndMark);
    file->write(end, out);
    end += out.size();
    copied.head = {.entries = h.first_index + h.count, .chain = h.chain};
  }
  file->sync();
  copied.bytes += end;
  return whole;
}

// The entries below `at` into a new journal.
void rewrite(const Place& from, const Place& to, const Origin& origin, std::uint64_t at,
             const Steps& steps = {}) {
  Reader reader(from.disk, from.folder, steps.from);
  if (reader.first() != 0) {
    throw core::Error(from.folder + ": its first entries were removed (it begins with entry " +
                      std::to_string(reader.first()) + "); copy it whole instead?");
  }
  const auto journal = Journal::create(to.disk, to.folder, origin);
  reader.limit(at);
  std::uint64_t bytes = 0;
  for (EntryView view; reader.next(view);) {
    core::Entry entry = view.entry();
    for (const Migration& step : steps.all) step.entry(entry);
    if (journal->append(entry).outcome != Receipt::Outcome::Appended)
      throw core::Error(to.folder + ": an entry was not taken (" + journal->trouble() + ")");
    bytes += view.event.size() + view.raw.size() + 64;
    if (bytes < (16U << 20)) continue;
    bytes = 0;
    if (journal->commit() != Committed::Durable) break;
  }
  if (journal->close() != Committed::Durable)
    throw core::Error(to.folder + ": the journal could not be written (" + journal->trouble() +
                      ")");
}

Origin child_of(const Place& from, std::uint64_t at, const ForkOptions& options,
                std::uint32_t schema = SchemaVersion) {
  Reader reader(from.disk, from.folder, schema);
  Origin origin = reader.origin();
  const JournalId parent = id_of(origin);
  if (at > 0) {
    reader.seek(at - 1);
    EntryView view;
    if (!reader.next(view))
      throw core::Error(from.folder + ": there are fewer than " + std::to_string(at) + " entries");
  }
  origin.parent = Parent{.id = parent, .head = {.entries = at, .chain = reader.chain().chain}};
  origin.created = options.created;
  origin.salt = options.salt;
  return origin;
}

std::uint64_t end_of(const Place& from, std::uint32_t schema = SchemaVersion) {
  Reader reader(from.disk, from.folder, schema);
  reader.seek(AnyBytes);
  return reader.index();
}

}  // namespace

Copied copy_journal(const Place& from, const Place& to, std::uint64_t entries_max) {
  require_free(to);
  const auto segments = segments_in(from.disk, from.folder);
  if (segments.empty())
    throw core::Error(from.folder + ": no journal (there is no segment in it); is it the folder?");
  const Origin origin = SegmentReader(from.disk, from.folder, segments.front()).header().origin;
  to.disk.make_folder(to.folder);
  replace_file(to.disk, to.folder, std::string(UnfinishedCopy), {});
  // What speaks of entries goes before the entries: a live journal grows meanwhile.
  copy_snapshots(from, to, entries_max, id_of(origin));
  copy_provenance(from, to, entries_max);
  DailyHeads heads(to.disk, to.folder);
  const DailyHeads known(from.disk, from.folder);
  for (const DailyHead& head : known.heads()) {
    if (head.head.entries <= entries_max) heads.add(head);
  }
  if (const auto blocks = read_retired(from.disk, from.folder); !blocks.empty())
    write_retired(to.disk, to.folder, blocks);
  Copied copied;
  for (const SegmentName& name : segments) {
    if (!copy_segment(from, to, name, entries_max, copied)) break;
  }
  to.disk.sync_folder(to.folder);
  to.disk.remove(to.folder + "/" + std::string(UnfinishedCopy));
  to.disk.sync_folder(to.folder);
  return copied;
}

Origin fork_journal(const Place& from, const Place& to, const ForkOptions& options) {
  require_free(to);
  const std::uint64_t at = std::min(options.at, end_of(from));
  const Origin origin = child_of(from, at, options);
  rewrite(from, to, origin, at);
  const Snapshots source(from.disk, from.folder, origin.parent->id);
  Snapshots target(to.disk, to.folder, id_of(origin));
  for (const std::string& name : source.names()) {
    if (name == SequencesName) continue;  // the fork has made its own
    if (const auto newest = source.newest(name, at).found)
      target.save(name, newest->index, newest->bytes);
  }
  return origin;
}

// States are of an older program: they are folded again from the entries.
Origin migrate_journal(const Place& from, const Place& to, core::Tick created,
                       std::span<const Migration> known) {
  require_free(to);
  const Steps steps = steps_from(schema_of(from.disk, from.folder), known);
  const std::uint64_t all = end_of(from, steps.from);
  const Origin origin = child_of(from, all, {.created = created}, steps.from);
  rewrite(from, to, origin, all, steps);
  return origin;
}

Origin import_record(const core::Record& record, const Place& to, core::Tick created) {
  const Origin origin{.head = record.head(), .created = created};
  const auto journal = Journal::create(to.disk, to.folder, origin);
  for (const core::Entry& entry : record.entries()) {
    if (journal->append(entry).outcome == Receipt::Outcome::Refused &&
        (journal->commit() != Committed::Durable ||
         journal->append(entry).outcome == Receipt::Outcome::Refused))
      break;
  }
  if (journal->close() != Committed::Durable)
    throw core::Error(to.folder + ": the journal could not be written (" + journal->trouble() +
                      ")");
  return origin;
}

}  // namespace twin::record
