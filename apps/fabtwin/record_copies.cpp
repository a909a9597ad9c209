// fabtwin verify, backup, restore and fork: a record checked and copied.
#include <fmt/format.h>

#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/real_time.hpp"
#include "twin/record/backup.hpp"
#include "twin/record/file_disk.hpp"
#include "twin/record/verify.hpp"

namespace apps::fabtwin {
namespace {

using twin::record::FileDisk;
using twin::record::hex;

struct VerifyFlags {
  std::string journal;
  bool json = false;
};

Exit run_verify(const VerifyFlags& flags) {
  FileDisk disk;
  const auto verdict =
      or_fail(Exit::BadInput, [&] { return twin::record::verify(disk, flags.journal); });
  if (flags.json) {
    nlohmann::ordered_json findings = nlohmann::ordered_json::array();
    for (const auto& f : verdict.findings) {
      findings.push_back({{"file", f.file}, {"offset", f.offset}, {"what", f.what}});
    }
    print(nlohmann::ordered_json{{"good", verdict.good()},
                                 {"first", verdict.first},
                                 {"segments", verdict.segments},
                                 {"blocks", verdict.blocks},
                                 {"entries", verdict.entries},
                                 {"chain", hex(verdict.chain.chain)},
                                 {"torn_bytes", verdict.torn_bytes},
                                 {"closed", verdict.closed},
                                 {"findings", findings}}
              .dump(1) +
          "\n");
  } else {
    print(fmt::format("{} entries in {} blocks of {} segments; chain {}\n", verdict.entries,
                      verdict.blocks, verdict.segments, hex(verdict.chain.chain)));
    if (verdict.torn_bytes != 0) {
      print(fmt::format("an unfinished write of {} bytes stands at the end (no damage)\n",
                        verdict.torn_bytes));
    }
    for (const auto& finding : verdict.findings) print(to_string(finding) + "\n");
    print(verdict.good() ? "whole\n" : "DAMAGED\n");
  }
  return verdict.good() ? Exit::Ok : Exit::Failed;
}

struct CopyFlags {
  std::string from, to;
  std::uint64_t at = std::numeric_limits<std::uint64_t>::max();
};

Exit run_copy(const CopyFlags& flags) {
  FileDisk disk;
  const auto copied = or_fail(Exit::BadInput, [&] {
    return twin::record::copy_journal({disk, flags.from}, {disk, flags.to});
  });
  print(fmt::format("{} entries, {} bytes; chain {}\n", copied.head.entries, copied.bytes,
                    hex(copied.head.chain)));
  return Exit::Ok;
}

Exit run_fork(const CopyFlags& flags) {
  FileDisk disk;
  const auto origin = or_fail(Exit::BadInput, [&] {
    return twin::record::fork_journal({disk, flags.from}, {disk, flags.to},
                                      {.at = flags.at, .created = real_ms()});
  });
  print(fmt::format("forked behind entry {}; chain {}\n", origin.parent->head.entries,
                    hex(origin.parent->head.chain)));
  return Exit::Ok;
}

Exit run_migrate(const CopyFlags& flags) {
  FileDisk disk;
  const auto head = or_fail(Exit::BadInput, [&] {
    const auto schema = twin::record::schema_of(disk, flags.from);
    if (schema == twin::record::SchemaVersion) {
      throw twin::core::Error(flags.from + ": of schema " + std::to_string(schema) +
                              ", which is this program's (nothing was written)");
    }
    return twin::record::migrate_journal({disk, flags.from}, {disk, flags.to}, real_ms())
        .parent->head;
  });
  print(fmt::format("{} entries of schema {}; chain of the old record {}\n", head.entries,
                    twin::record::SchemaVersion, hex(head.chain)));
  return Exit::Ok;
}

void add_copy(Command& program, const std::string& name, const std::string& about) {
  const auto flags = std::make_shared<CopyFlags>();
  Command& command = program.add_command(name, about);
  command.add_option("FROM", flags->from, "folder of a record").required();
  command.add_option("TO", flags->to, "folder that holds no record yet").required();
  command.footer("Examples:\n  fabtwin " + name +
                 (name == "backup" ? " record copy" : " copy record"));
  command.action([flags] { return run_copy(*flags); });
}

}  // namespace

void add_verify(Command& program) {
  const auto flags = std::make_shared<VerifyFlags>();
  Command& command = program.add_command(
      "verify", "Check a record: every bit, its chain of hashes, its snapshots");
  command.add_option("RECORD", flags->journal, "the record's folder").required();
  command.add_flag("--json", flags->json, "as JSON");
  command.footer("Examples:\n  fabtwin verify record");
  command.action([flags] { return run_verify(*flags); });
}

void add_backup(Command& program) {
  add_copy(program, "backup", "Copy a record, also while it is being written");
}

void add_restore(Command& program) {
  add_copy(program, "restore", "Put a backup of a record back in place");
}

void add_fork(Command& program) {
  const auto flags = std::make_shared<CopyFlags>();
  Command& command = program.add_command(
      "fork", "Begin a record of its own with the entries of another, to try what would follow");
  command.add_option("FROM", flags->from, "folder of a record").required();
  command.add_option("TO", flags->to, "folder that holds no record yet").required();
  command.add_option("--at", flags->at, "entries taken over; default: all").type_name("N");
  command.footer("Examples:\n  fabtwin fork record what-if --at 120000");
  command.action([flags] { return run_fork(*flags); });
}

void add_migrate(Command& program) {
  const auto flags = std::make_shared<CopyFlags>();
  Command& command = program.add_command(
      "migrate", "Write the record of an older program anew in this one's form; the old one stays");
  command.add_option("FROM", flags->from, "folder of a record").required();
  command.add_option("TO", flags->to, "folder that holds no record yet").required();
  command.footer("Examples:\n  fabtwin migrate record newer");
  command.action([flags] { return run_migrate(*flags); });
}

}  // namespace apps::fabtwin
