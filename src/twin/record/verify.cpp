#include "twin/record/verify.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "twin/record/daily_heads.hpp"
#include "twin/record/entry_codec.hpp"
#include "twin/record/journal.hpp"
#include "twin/record/retired.hpp"
#include "twin/record/sequences.hpp"
#include "twin/record/snapshots.hpp"

namespace twin::record {
namespace {

class Examination {
 public:
  Examination(Disk& disk, const std::string& folder) : disk_(disk), folder_(folder) {}

  Verdict run(const VerifyOptions& options) {
    const auto segments = segments_in(disk_, folder_);
    if (segments.empty())
      throw core::Error(folder_ + ": no journal (there is no segment in it); is it the folder?");
    verdict_.segments = segments.size();
    verdict_.first = segments.front().first_index;
    gather_claims(options);
    for (const SegmentName& name : segments) {
      try {
        examine(name, name == segments.back());
      } catch (const JournalDamaged& e) {
        find(e.segment(), e.offset(), e.what());
      } catch (const core::Error& e) {
        find(to_string(name), 0, e.what());
      }
    }
    if (origin_) check_snapshots();
    for (const auto& [entries, claims] : claims_) {
      for (const Claim& claim : claims)
        find(claim.by, 0, "there is no block that ends with entry " + std::to_string(entries));
    }
    return std::move(verdict_);
  }

 private:
  struct Claim {  // that the chain behind so many entries is this
    std::string by;
    Digest chain;
  };

  void find(const std::string& file, std::uint64_t offset, const std::string& what) {
    verdict_.findings.push_back({file, offset, what});
  }

  void gather_claims(const VerifyOptions& options) {
    for (const ChainHead& head : options.known)
      claims_[head.entries].push_back({"a head kept outside", head.chain});
    try {
      const DailyHeads known(disk_, folder_);
      for (const DailyHead& d : known.heads()) {
        if (d.head.entries >= verdict_.first)
          claims_[d.head.entries].push_back(
              {"the daily head of " + to_string(d).substr(0, 10), d.head.chain});
      }
    } catch (const core::Error& e) {
      find("daily-heads.txt", 0, e.what());
    }
  }

  // Several blocks may end with one entry: closing marks have none. One of them must agree.
  void meet_claims() {
    const auto found = claims_.find(verdict_.chain.entries);
    if (found == claims_.end()) return;
    std::erase_if(found->second,
                  [&](const Claim& claim) { return claim.chain == verdict_.chain.chain; });
    if (found->second.empty()) claims_.erase(found);
  }

  void begin(const SegmentReader& segment) {
    const SegmentHeader& header = segment.header();
    const auto wrong = [&](const std::string& what) { find(segment.file_name(), 0, what); };
    if (!origin_) {
      origin_ = header.origin;
      latest_ = header.latest;
      verdict_.chain = header.before;
      if (const std::string why = retired_why_not(disk_, folder_, header); !why.empty()) wrong(why);
      whole_ = header.name.number == 0;
      meet_claims();
    } else if (header.origin != *origin_) {
      wrong("it belongs to another journal");
    } else if (header.before != verdict_.chain || header.latest != latest_) {
      wrong("it does not continue the segment before it");
      verdict_.chain = header.before;
      latest_ = header.latest;
    }
  }

  void examine(const SegmentName& name, bool last) {
    SegmentReader segment(disk_, folder_, name);
    begin(segment);
    for (BlockView block;;) {
      const std::uint64_t offset = segment.offset();
      const auto step = segment.next(block);
      if (step == SegmentReader::Step::End) return;
      if (step == SegmentReader::Step::Torn && last) {
        verdict_.torn_bytes = segment.bytes() - offset;
        verdict_.closed = false;
        return;
      }
      if (step != SegmentReader::Step::Block)
        return find(segment.file_name(), offset, segment.why());
      examine(segment.file_name(), block);
    }
  }

  void examine(const std::string& file, const BlockView& block) {
    const BlockHeader& h = block.header;
    if (h.first_index != verdict_.chain.entries)
      find(file, block.offset,
           "entry " + std::to_string(verdict_.chain.entries) + " is due, the block begins with " +
               std::to_string(h.first_index));
    if (h.chain != chained(hash_, verdict_.chain.chain, block))
      find(file, block.offset, "the chain is broken");
    EntryDecoder decoder(block.entries, block.raw,
                         h.kind == BlockKind::RawDropped ? Raw::Dropped : Raw::Kept, h.first_index,
                         h.count);
    core::Tick latest = latest_;
    for (EntryView view; decoder.next(view); ++verdict_.entries) {
      check_sequences_at(view.index);
      if (view.kind != EntryKind::Advance) latest = std::max(latest, view.arrived);
      if (view.kind != EntryKind::Observation &&
          (view.kind != EntryKind::Correction || view.amends))
        continue;
      if (!seen_.insert({view.sensor, view.epoch}, view.sensor_seq))
        find(file, block.offset, "entry " + std::to_string(view.index) + " is there twice");
    }
    if (decoder.damaged()) find(file, block.offset, "an entry cannot be read");
    if (h.latest != latest) find(file, block.offset, "its latest arrival is not the latest");
    latest_ = h.latest;
    verdict_.chain = {.entries = h.first_index + h.count, .chain = h.chain};
    verdict_.closed = h.kind == BlockKind::Close;
    ++verdict_.blocks;
    check_sequences_at(verdict_.chain.entries);
    meet_claims();
  }

  // The numbers seen that were saved at this index, against those that are.
  void check_sequences_at(std::uint64_t index) {
    if (!sequences_known_) {
      const Snapshots snapshots(disk_, folder_, id_of(*origin_));
      for (const std::uint64_t i : snapshots.indexes(SequencesName)) {
        const auto saved = snapshots.newest(SequencesName, i).found;
        if (saved && saved->index == i) sequences_[i] = saved->bytes;
      }
      sequences_known_ = true;
    }
    const auto found = sequences_.find(index);
    if (found == sequences_.end()) return;
    const auto saved = Sequences::decode(found->second);
    const std::string file = "snapshots/" + std::string(SequencesName);
    if (!whole_ && saved) {
      seen_ = *saved;  // what came before the first segment is known from here on only
      whole_ = true;
    } else if (verdict_.findings.empty() && (!saved || *saved != seen_)) {
      find(file, 0, "the numbers seen before entry " + std::to_string(index) + " are others");
    }
    sequences_.erase(found);
  }

  void check_snapshots() {
    const Snapshots snapshots(disk_, folder_, id_of(*origin_));
    for (const std::string& name : snapshots.names()) {
      for (const std::uint64_t index : snapshots.indexes(name)) {
        const NewestSnapshot newest = snapshots.newest(name, index);
        if (!newest.skipped.empty()) find("snapshots/" + name, 0, newest.skipped.front());
        if (index > verdict_.chain.entries) {
          find("snapshots/" + name, 0,
               "it is of entry " + std::to_string(index) + ", the journal ends with entry " +
                   std::to_string(verdict_.chain.entries));
        }
      }
    }
  }

  Disk& disk_;
  std::string folder_;
  Verdict verdict_;
  std::optional<Origin> origin_;
  std::map<std::uint64_t, std::vector<Claim>> claims_;  // by entries
  std::map<std::uint64_t, Bytes> sequences_;            // saved, by index
  bool sequences_known_ = false;
  bool whole_ = true;  // all numbers seen are known
  Sequences seen_;
  core::Tick latest_ = 0;
  Sha256 hash_;
};

}  // namespace

std::string to_string(const Finding& finding) {
  return finding.file + ", byte " + std::to_string(finding.offset) + ": " + finding.what;
}

Verdict verify(Disk& disk, const std::string& folder, const VerifyOptions& options) {
  return Examination(disk, folder).run(options);
}

}  // namespace twin::record
