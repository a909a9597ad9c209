// fabtwin export: the events of a record as a file for other tools.
#include <fmt/format.h>

#include <memory>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/event_file.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/record/journal_events.hpp"
#include "twin/core/error.hpp"
#include "twin/event/csv.hpp"
#include "twin/event/log.hpp"
#include "twin/event/ocel.hpp"
#include "twin/event/parquet.hpp"
#include "twin/event/xes.hpp"
#include "twin/record/file_disk.hpp"

namespace apps::fabtwin {
namespace {

struct ExportFlags {
  std::string journal, to;
};

JournalEvents write_to(const ExportFlags& flags, LogForm form) {
  twin::record::FileDisk disk;
  NewFile file(flags.to);
  // All names first: a form may want them at its head.
  twin::event::Names names;
  JournalEvents found = read_journal(disk, flags.journal, names, [](const auto&) {});
  const auto tell_to = [&](auto& writer) {
    found = read_journal(disk, flags.journal, names, [&](const auto& e) { writer.add(e); });
  };
  switch (form) {
    case LogForm::Compact: {
      twin::event::LogHeader header;
      header.names = names;
      header.model_version = "fabtwin " FABTWIN_VERSION;
      twin::event::LogWriter writer(file.stream(), header);
      tell_to(writer);
      writer.close();
      break;
    }
    case LogForm::Csv: {
      twin::event::CsvWriter writer(file.stream(), names);
      tell_to(writer);
      writer.flush();
      break;
    }
    case LogForm::Ocel: {
      twin::event::OcelWriter writer(file.stream(), names, 0);
      tell_to(writer);
      writer.close();
      break;
    }
    case LogForm::Xes:
      twin::event::write_xes(
          file.stream(), names,
          [&](const auto& each) { found = read_journal(disk, flags.journal, names, each); }, {});
      break;
    case LogForm::Parquet: {
      twin::event::ParquetWriter writer(file.stream(), names, {});
      tell_to(writer);
      writer.close();
      break;
    }
  }
  file.finish();
  return found;
}

Exit run_export(const ExportFlags& flags) {
  const LogForm form = or_fail(Exit::Usage, [&] { return log_form_of(flags.to); });
  const JournalEvents found = or_fail(Exit::BadInput, [&] { return write_to(flags, form); });
  fmt::print(stderr, "{}: {} events of {} messages ({} entries, {} set aside)\n", flags.to,
             found.events, found.messages, found.entries, found.quarantined);
  if (found.unreadable != 0) {
    fmt::print(stderr, "fabtwin: {} messages hold no events of this schema\n", found.unreadable);
  }
  return Exit::Ok;
}

}  // namespace

void add_export(Command& program) {
  const auto flags = std::make_shared<ExportFlags>();
  Command& command = program.add_command(
      "export", "Write the events of a record as CSV, Parquet, OCEL 2.0, XES or an event log");
  command.add_option("RECORD", flags->journal, "the record's folder").required();
  command
      .add_option("FILE", flags->to,
                  "to be written: .csv, .parquet, .json (OCEL 2.0), .xes or .ftel")
      .required();
  command.footer("Examples:\n  fabtwin export record events.parquet");
  command.action([flags] { return run_export(*flags); });
}

}  // namespace apps::fabtwin
