#include "apps/fabtwin/event_file.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/progress.hpp"
#include "apps/fabtwin/saved_run.hpp"
#include "twin/core/error.hpp"
#include "twin/core/hash.hpp"
#include "twin/event/csv.hpp"
#include "twin/event/log.hpp"
#include "twin/event/ocel.hpp"
#include "twin/event/parquet.hpp"
#include "twin/event/xes.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/log_sink.hpp"

namespace apps::fabtwin {
namespace {

using twin::event::Event;
using twins::fab::DayMs;
using twins::fab::Tick;

// The reference's t = 0, 2018-01-01T00:00Z: the data sets' own calendar. [ms since 1970]
constexpr std::int64_t TimeZeroMs = 1'514'764'800'000;

using Each = std::function<void(const Event&)>;

// The run, from time zero on, told event by event.
void tell(const Prepared& p, const EventLogOptions& o, const Each& each) {
  const auto fab = twins::fab::make_fab(p.layout, p.run.rule);
  const twin::core::Draw draw{p.run.seed, o.member};
  twins::fab::State x = fab->initial(p.theta, draw);
  twins::fab::LogSink sink(*p.layout, x, [&](std::span<const Event> events) {
    for (const Event& event : events) each(event);
  });
  const auto end = static_cast<Tick>(std::llround(o.days * DayMs));
  const auto day = static_cast<Tick>(DayMs);
  Progress progress(stderr, "events");
  while (x.now < end && !(o.stop != nullptr && o.stop->load())) {
    fab->advance(x, p.theta, std::min(x.now + day, end), draw, sink);
    progress.show(static_cast<double>(x.now) / static_cast<double>(end));
  }
}

twin::event::LogHeader header_of(const Prepared& p, const twin::event::Names& names) {
  const RunHead head = head_of(*p.layout, p.theta, p.run);
  twin::core::Hash64 hash;
  hash.absorb(&head.description, sizeof head.description);
  hash.absorb(&head.options, sizeof head.options);
  hash.absorb(head.theta.data(), head.theta.size() * sizeof(double));
  hash.absorb(head.rule.data(), head.rule.size());
  twin::event::LogHeader header;
  header.time_zero_ms = TimeZeroMs;
  header.model_version = "fabtwin " FABTWIN_VERSION;
  header.seed = p.run.seed;
  header.configuration_hash = hash.digest();
  header.names = names;
  return header;
}

}  // namespace

LogForm log_form_of(const std::filesystem::path& path) {
  const std::string extension = path.extension().string();
  if (extension == ".ftel") return LogForm::Compact;
  if (extension == ".csv") return LogForm::Csv;
  if (extension == ".json") return LogForm::Ocel;
  if (extension == ".xes") return LogForm::Xes;
  if (extension == ".parquet") return LogForm::Parquet;
  throw twin::core::Error(path.string() +
                          ": no such form of an event log (the name must end in .ftel, .csv, .json "
                          "for OCEL 2.0, .xes or .parquet)");
}

std::uint64_t write_event_file(const std::filesystem::path& path, const Prepared& prepared,
                               const EventLogOptions& options) {
  const LogForm form = log_form_of(path);
  const twins::fab::EventNames names(*prepared.layout);
  NewFile file(path);
  std::uint64_t count = 0;
  const auto tell_to = [&](auto& writer) {
    tell(prepared, options, [&](const Event& event) {
      writer.add(event);
      ++count;
    });
  };
  switch (form) {
    case LogForm::Compact: {
      twin::event::LogWriter writer(file.stream(), header_of(prepared, names.names));
      tell_to(writer);
      writer.close();
      break;
    }
    case LogForm::Csv: {
      twin::event::CsvOptions csv;
      csv.time_zero_ms = TimeZeroMs;
      twin::event::CsvWriter writer(file.stream(), names.names, csv);
      tell_to(writer);
      writer.flush();
      break;
    }
    case LogForm::Ocel: {
      twin::event::OcelWriter writer(file.stream(), names.names, TimeZeroMs);
      tell_to(writer);
      writer.close();
      break;
    }
    case LogForm::Parquet: {
      twin::event::ParquetOptions parquet;
      parquet.time_zero_ms = TimeZeroMs;
      twin::event::ParquetWriter writer(file.stream(), names.names, parquet);
      tell_to(writer);
      writer.close();
      break;
    }
    case LogForm::Xes: {
      twin::event::XesOptions xes;
      xes.time_zero_ms = TimeZeroMs;
      const auto pass = [&](const Each& each) {
        count = 0;
        tell(prepared, options, [&](const Event& event) {
          each(event);
          ++count;
        });
      };
      twin::event::write_xes(file.stream(), names.names, pass, xes);
      break;
    }
  }
  file.finish();
  return count;
}

}  // namespace apps::fabtwin
