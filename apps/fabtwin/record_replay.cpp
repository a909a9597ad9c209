// fabtwin replay: the belief that a record leads to, folded again from its start or a snapshot.
#include <fmt/format.h>

#include <chrono>
#include <limits>
#include <memory>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/record/audit.hpp"
#include "apps/fabtwin/record/record_site.hpp"
#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/serve/living.hpp"
#include "apps/fabtwin/table.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/error.hpp"
#include "twin/event/iso_time.hpp"
#include "twin/record/file_disk.hpp"
#include "twin/record/reader.hpp"
#include "twins/fab/live/replay.hpp"
#include "twins/fab/live/wip.hpp"

namespace apps::fabtwin {
namespace {

namespace live = twins::fab::live;

struct ReplayFlags {
  std::string journal, data, until, wip, audit;
  bool from_start = false, however_late = false;
};

std::int64_t moment(const std::string& text) {
  if (text.empty()) return std::numeric_limits<std::int64_t>::max();
  if (const auto ms = twin::event::parse_iso_time(text)) return *ms;
  throw Failure(Exit::Usage, "--until " + text + " (no time in UTC) \"2026-01-31T12:00:00.000Z\"?");
}

std::string beyond_reach(const live::Ledger& ledger) {
  if (ledger.beyond == 0) return {};
  return fmt::format(
      "{} events came later than the mirror reaches back and moved nothing; --however-late puts "
      "them in their place\n",
      grouped(static_cast<double>(ledger.beyond), 0));
}

Exit run_replay(const ReplayFlags& flags) {
  const std::int64_t until = moment(flags.until);
  twin::record::FileDisk disk;
  return or_fail(Exit::BadInput, [&] {
    twin::record::Reader reader(disk, flags.journal);
    serve::Site site = site_in(reader, flags.journal);
    if (!flags.data.empty()) site.data = flags.data;
    const auto layout =
        twins::fab::compile(read_fab(site.data.string()), twins::fab::with_rule({}, site.rule));
    const auto fab = twins::fab::make_fab(layout, site.rule);
    live::Follower follower(*fab, serve::follow_options(site));
    live::Live belief = follower.start();
    const auto begun = std::chrono::steady_clock::now();
    std::uint64_t from = 0;
    if (!flags.from_start && !flags.however_late && flags.until.empty()) {
      const twin::record::Snapshots snapshots(disk, flags.journal,
                                              twin::record::id_of(reader.origin()));
      const auto newest = snapshots.newest("twin");
      for (const auto& why : newest.skipped) fmt::print(stderr, "fabtwin: {}\n", why);
      if (newest.found) {
        belief = serve::belief_of(newest.found->bytes).live;
        from = newest.found->index;
      }
    }
    reader.seek(from);
    twin::record::EntryView view;
    const auto next = [&](twin::core::Entry& entry) {
      if (!reader.next(view)) return false;
      entry = view.entry();
      return true;
    };
    const auto fold_again = flags.however_late ? live::refold : live::replay;
    const std::uint64_t read = fold_again(follower, belief, next, {.arrived_ms = until});
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    const live::Fold fold = follower.belief(belief);
    std::string time(twin::event::IsoTimeLength, '-');
    (void)twin::event::IsoTime(site.time_zero_ms).write(belief.newest, time.data());
    print(fmt::format(
        "site {}: {} entries folded from entry {} on in {:.2f} s\n"
        "at {}: {} lots in the fab; {} events moved it\n"
        "messages {}, repeated {}, late events {}, refused by the mirror {}\n{}belief {:016x}\n",
        site.name, grouped(static_cast<double>(read), 0), from, seconds, time, fold.x.wip,
        grouped(static_cast<double>(fold.counts[0]), 0),
        grouped(static_cast<double>(belief.ledger.messages), 0), belief.ledger.repeated,
        belief.ledger.late, fold.anomalous, beyond_reach(belief.ledger),
        live::belief_hash(belief)));
    if (!flags.audit.empty()) {
      const AuditedRecord a = audit_record(disk, flags.journal, *fab, serve::follow_options(site),
                                           std::filesystem::path(flags.audit) / "truth");
      print(fmt::format(
          "held against the plant at {} instants: {} equal in everything, {} in every place;\n"
          "lots elsewhere than believed: {} of {}; tools otherwise: {} of {}\n"
          "equal in all that the twin called certain: {} of {} ({} lots and tools in flight, {} "
          "doubted)\n",
          a.instants, a.exact, a.places, a.lots_wrong, grouped(static_cast<double>(a.lots), 0),
          a.tools_wrong, grouped(static_cast<double>(a.tools), 0), a.certain, a.instants,
          a.in_flight, a.doubted));
      if (!a.first.empty()) print("first difference at " + a.first + "\n");
      if (!a.first_certain.empty())
        print("first difference in what was certain at " + a.first_certain + "\n");
    }
    if (!flags.wip.empty()) {
      write_file(flags.wip, live::write_wip(*fab, fold.x, belief.dialect, site.time_zero_ms));
    }
    return Exit::Ok;
  });
}

}  // namespace

void add_replay(Command& program) {
  const auto flags = std::make_shared<ReplayFlags>();
  Command& command = program.add_command(
      "replay", "Fold a record again: what the twin believed at its end, or at a moment");
  command.add_option("RECORD", flags->journal, "the record's folder").required();
  command.add_option("--until", flags->until, "what had arrived by then; default: all")
      .type_name("TIME");
  command.add_option("--data", flags->data, "the fab; default: what the record names")
      .type_name("FAB");
  command.add_flag("--from-start", flags->from_start, "not from the newest snapshot");
  command.add_flag("--however-late", flags->however_late,
                   "from the start, with every event in its place: holds them all in memory");
  command
      .add_option("--audit", flags->audit,
                  "hold every instant that this plant audited against what it says was so")
      .type_name("PLANT");
  command.add_option("--wip", flags->wip, "write the fab's lots and tools to this file")
      .type_name("FILE");
  command.footer(
      "Examples:\n"
      "  fabtwin replay record\n"
      "  fabtwin replay record --until 2026-01-31T12:00:00.000Z --wip then.tsv\n"
      "  fabtwin replay record --however-late --wip now.tsv");
  command.action([flags] { return run_replay(*flags); });
}

}  // namespace apps::fabtwin
