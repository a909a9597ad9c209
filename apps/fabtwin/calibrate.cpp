// fabtwin calibrate: what an event log says about the uncertain numbers of the fab model.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/table.hpp"
#include "twin/event/log.hpp"
#include "twins/fab/calibrate/posterior.hpp"

namespace apps::fabtwin {
namespace {

using twins::fab::calibrate::Posterior;

constexpr double Shown = 0.90, Sure = 0.99;  // shares of the intervals

struct CalibrateFlags {
  std::string path, events, out;
  std::vector<double> intervals_min;
  bool all = false, json = false;
};

struct Learnt {
  twins::fab::calibrate::Evidence evidence;
  twins::fab::Tick from = 0, until = 0;
  std::string damage;  // where the log breaks off; empty: it is whole
};

// The log's numbers mean something only where its tables are those of the data set.
void expect_names_of(const twins::fab::Layout& layout, const twin::event::Names& names,
                     const std::string& file) {
  const twins::fab::EventNames expected(layout);
  for (const auto table :
       {twin::event::Table::Tool, twin::event::Table::Route, twin::event::Table::Item}) {
    const auto& mine = expected.names.of(table);
    const auto& theirs = names.of(table);
    for (std::size_t i = 0; i < mine.size(); ++i)
      if (i >= theirs.size() || theirs[i] != mine[i])
        throw Failure(
            Exit::BadInput,
            fmt::format("{}: not a log of this data set (its {} {} is {}, the data set's is '{}')",
                        file, to_string(table), i + 1,
                        i < theirs.size() ? "'" + theirs[i] + "'" : "missing", mine[i]));
  }
}

Learnt learn(const twins::fab::Layout& layout, const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in)
    throw Failure(Exit::BadInput, file + ": cannot be read (no such file, or no permission)");
  Learnt learnt;
  twin::event::Event event;
  std::unique_ptr<twins::fab::calibrate::Witness> witness;
  try {
    twin::event::LogReader log(in, file);
    expect_names_of(layout, log.header().names, file);
    while (log.next(event)) {
      if (!witness) {
        learnt.from = event.at;
        witness = std::make_unique<twins::fab::calibrate::Witness>(layout, event.at);
      }
      witness->saw(event);
      learnt.until = std::max(learnt.until, event.at);
    }
  } catch (const twin::event::LogDamaged& damaged) {
    if (damaged.cause() != twin::event::LogDamaged::Cause::Truncated) throw;
    learnt.damage = damaged.what();
  }
  if (!witness) throw Failure(Exit::BadInput, file + ": no events to learn from");
  learnt.evidence = witness->evidence(learnt.until);
  return learnt;
}

bool differs(const Posterior& sure) {
  return sure.seen != 0 && (sure.low > 1.0 || sure.high < 1.0);
}

std::string as_text(const Learnt& learnt, const std::vector<Posterior>& shown,
                    const std::vector<Posterior>& sure, bool all) {
  std::vector<std::size_t> order;
  std::size_t known = 0, different = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    known += shown[i].seen != 0;
    different += differs(sure[i]);
    if (all ? shown[i].seen != 0 : differs(sure[i])) order.push_back(i);
  }
  std::ranges::stable_sort(order, std::ranges::greater{},
                           [&](std::size_t i) { return std::abs(std::log(shown[i].median)); });
  std::string text = fmt::format(
      "{} events of {:.1f} days; {} durations left out (interrupted, held up, or of a constant "
      "law)\n"
      "{} of {} parameters seen; {} differ from the data set (1 is outside their 99 % "
      "interval)\n\n",
      grouped(static_cast<double>(learnt.evidence.events), 0),
      static_cast<double>(learnt.until - learnt.from) / twins::fab::DayMs,
      grouped(static_cast<double>(learnt.evidence.left_out), 0), known, shown.size(), different);
  Table table({"parameter", "seen", "median", "90 % interval", "99 % interval"});
  for (const std::size_t i : order) {
    const auto interval = [](const Posterior& p) {
      return fmt::format("{:.5f} to {:.5f}", p.low, p.high);
    };
    table.row({shown[i].name, grouped(static_cast<double>(shown[i].seen), 0),
               fmt::format("{:.5f}", shown[i].median), interval(shown[i]), interval(sure[i])});
  }
  if (!order.empty()) text += table.text();
  return text;
}

nlohmann::ordered_json as_json(const Learnt& learnt, const std::vector<Posterior>& shown,
                               const std::vector<Posterior>& sure) {
  nlohmann::ordered_json parameters = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (shown[i].seen == 0) continue;
    parameters[shown[i].name] = {{"seen", shown[i].seen},      {"median", shown[i].median},
                                 {"p05", shown[i].low},        {"p95", shown[i].high},
                                 {"p005", sure[i].low},        {"p995", sure[i].high},
                                 {"differs", differs(sure[i])}};
  }
  return {{"program", {{"name", "fabtwin"}, {"version", FABTWIN_VERSION}}},
          {"events", learnt.evidence.events},
          {"days", static_cast<double>(learnt.until - learnt.from) / twins::fab::DayMs},
          {"left_out", learnt.evidence.left_out},
          {"whole_log", learnt.damage.empty()},
          {"parameters", parameters}};
}

Exit calibrate(const CalibrateFlags& flags) {
  const auto fab = read_fab(flags.path, flags.intervals_min);
  const auto layout = or_fail(Exit::BadInput, [&] { return twins::fab::compile(fab); });
  if (!flags.out.empty()) or_fail(Exit::Failed, [&] { return expect_writable(flags.out); });
  const Learnt learnt = or_fail(Exit::BadInput, [&] { return learn(*layout, flags.events); });
  if (!learnt.damage.empty())
    fmt::print(stderr, "fabtwin: {}; what stands before is used\n", learnt.damage);
  const auto shown = posteriors(*layout, learnt.evidence, Shown);
  const auto sure = posteriors(*layout, learnt.evidence, Sure);
  print(flags.json ? as_json(learnt, shown, sure).dump(1) + "\n"
                   : as_text(learnt, shown, sure, flags.all));
  if (!flags.out.empty()) {
    nlohmann::ordered_json theta = nlohmann::ordered_json::object();
    for (const Posterior& p : shown)
      if (p.seen != 0) theta[p.name] = p.median;
    write_file(flags.out, std::string_view(theta.dump(1) + "\n"));
  }
  return Exit::Ok;
}

}  // namespace

void add_calibrate(CLI::App& program, Action& chosen) {
  const auto flags = std::make_shared<CalibrateFlags>();
  CLI::App& command = *program.add_subcommand(
      "calibrate",
      "What an event log says about process times, breakdowns, rework, sampling, transport");
  add_data_set(command, flags->path);
  command
      .add_option("--events", flags->events,
                  "the fab's event log (.ftel, as simulate --events writes it)")
      ->type_name("FILE")
      ->required();
  command.add_option("--out", flags->out, "write the medians for simulate --theta")
      ->type_name("FILE");
  command.add_flag("--all", flags->all,
                   "every parameter that was seen, not only those that differ");
  command.add_flag("--json", flags->json, "print everything as JSON");
  command.footer(
      "Parameters are multipliers on the data set's values. Intervals are exact for the laws of "
      "the model:\n"
      "durations under way and repairs not finished count with the time they have lasted.\n"
      "Examples:\n"
      "  fabtwin simulate data/example-fab --days 30 --set process.Litho_1=1.2 --events log.ftel\n"
      "  fabtwin calibrate data/example-fab --events log.ftel --out theta.json\n"
      "  fabtwin simulate data/example-fab --theta theta.json");
  command.callback([flags, &chosen] { chosen = [flags] { return calibrate(*flags); }; });
}

}  // namespace apps::fabtwin
