#include "apps/fabtwin/uq/run_journal.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "twin/core/error.hpp"
#include "twin/core/hash.hpp"
#include "twin/record/reader.hpp"

namespace apps::fabtwin::uq {
namespace {

using twin::core::Error;
using twin::uq::RunEnd;
using twin::uq::RunOutcome;

constexpr const char* RunKind = "uq.run";
constexpr const char* ModelKind = "uq.model";
constexpr std::chrono::milliseconds RunsCommitEvery{200};

std::uint64_t hash_of_words(const std::string& words) {
  twin::core::Hash64 hash;
  hash.absorb(words.data(), words.size());
  return hash.digest();
}

twin::core::Tick wall_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string text_of_run(std::span<const double> x, const RunOutcome& o) {
  nlohmann::json j = {{"x", x}, {"end", word(o.end)}, {"tries", o.tries}};
  if (o.end == RunEnd::Done) j["y"] = o.y;
  if (!o.problem.empty()) j["problem"] = o.problem;
  return j.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void take_run(std::string_view text, std::map<std::vector<double>, RunOutcome>& runs) {
  const auto j = nlohmann::json::parse(text);
  RunOutcome o{.y = j.value("y", std::vector<double>{}),
               .problem = j.value("problem", ""),
               .tries = j.at("tries")};
  const std::string end = j.at("end");
  for (const RunEnd e : {RunEnd::Done, RunEnd::NoNumber, RunEnd::WrongLength, RunEnd::Hung,
                         RunEnd::Died, RunEnd::Away})
    if (word(e) == end) o.end = e;
  runs.insert_or_assign(j.at("x").get<std::vector<double>>(), std::move(o));
}

}  // namespace

RunJournal::RunJournal(const std::filesystem::path& folder, const std::string& model)
    : folder_(folder.string()), committed_(std::chrono::steady_clock::now()) {
  const bool there = disk_.exists(folder_) && !twin::record::segments_in(disk_, folder_).empty();
  if (!there) {
    disk_.make_folder(folder_);
    const auto now = wall_ms();
    journal_ = twin::record::Journal::create(
        disk_, folder_,
        {.head = {.model_version = "uq 1", .configuration = hash_of_words(model)}, .created = now});
    static_cast<void>(journal_->append(twin::core::Note{now, ModelKind, model}));
    commit();
    return;
  }
  journal_ = twin::record::Journal::open(disk_, folder_);
  if (journal_->origin().head.model_version != "uq 1")
    throw Error(folder_ + ": is the record of something else (no study's runs) another folder?");
  if (journal_->origin().head.configuration != hash_of_words(model))
    throw Error(folder_ +
                ": holds runs of another model or other options of it (they would be taken for "
                "this one's) another folder?");
  twin::record::Reader reader(disk_, folder_);
  twin::record::EntryView entry;
  while (reader.next(entry)) {
    if (entry.kind == twin::record::EntryKind::Note && entry.note_kind == RunKind)
      take_run(entry.note_text, before_);
  }
}

RunJournal::~RunJournal() {
  if (journal_) static_cast<void>(journal_->close());
}

void RunJournal::keep(std::span<const double> x, const RunOutcome& outcome) {
  const std::scoped_lock lock(mutex_);
  const auto receipt =
      journal_->append(twin::core::Note{wall_ms(), RunKind, text_of_run(x, outcome)});
  if (receipt.outcome == twin::record::Receipt::Outcome::Refused) {
    throw Error(fmt::format("{}: takes no more ({})", folder_, journal_->trouble()));
  }
  if (std::chrono::steady_clock::now() - committed_ >= RunsCommitEvery) commit_now();
}

void RunJournal::commit() {
  const std::scoped_lock lock(mutex_);
  commit_now();
}

void RunJournal::commit_now() {
  committed_ = std::chrono::steady_clock::now();
  if (journal_->commit() != twin::record::Committed::Durable)
    throw Error(fmt::format("{}: takes no more ({})", folder_, journal_->trouble()));
}

}  // namespace apps::fabtwin::uq
