#include "apps/fabtwin/saved_run.hpp"

#include <fmt/format.h>

#include <cmath>

#include "apps/fabtwin/files.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/error.hpp"

// The fields of the parsed fab, for its fingerprint. The structured bindings name every member, so
// that a member added later does not compile until it stands here too.
namespace twin::core {

namespace tf = twins::fab;

template <>
struct Fields<tf::Duration> {
  static void fields(auto& a, auto& self) {
    auto& [law, mean, half_width] = self;
    a("law", law), a("mean_ms", mean), a("half_width_ms", half_width);
  }
};
template <>
struct Fields<tf::Breakdown> {
  static void fields(auto& a, auto& self) {
    auto& [name, first, failure, repair] = self;
    a("name", name), a("first", first), a("failure", failure), a("repair", repair);
  }
};
template <>
struct Fields<tf::Maintenance> {
  static void fields(auto& a, auto& self) {
    auto& [name, trigger, interval, first, duration] = self;
    a("name", name), a("trigger", trigger), a("interval", interval), a("first", first);
    a("duration", duration);
  }
};
template <>
struct Fields<tf::ToolGroup> {
  static void fields(auto& a, auto& self) {
    auto& [name, area, location, tools, slots, load, unload, batch, keeps, wakes, rank, min_run,
           initial, breakdowns, maintenances] = self;
    a("name", name), a("area", area), a("location", location), a("tools", tools);
    a("slots", slots), a("load", load), a("unload", unload), a("batch", batch), a("keeps", keeps);
    a("wakes", wakes), a("rank", rank), a("min_run", min_run), a("initial", initial);
    a("breakdowns", breakdowns), a("maintenances", maintenances);
  }
};
template <>
struct Fields<tf::Setup> {
  static void fields(auto& a, auto& self) {
    auto& [name, run] = self;
    a("name", name), a("run", run);
  }
};
template <>
struct Fields<tf::SetupChange> {
  static void fields(auto& a, auto& self) {
    auto& [from, to, ms] = self;
    a("from", from), a("to", to), a("ms", ms);
  }
};
template <>
struct Fields<tf::Step> {
  static void fields(auto& a, auto& self) {
    auto& [name, group, process, per, cascade, batch_min, batch_max, key, setup, always, setup_ms,
           sampling, rework, rework_to, dedicates, exit, limit] = self;
    a("name", name), a("group", group), a("process", process), a("per", per);
    a("cascade", cascade), a("batch_min", batch_min), a("batch_max", batch_max), a("key", key);
    a("setup", setup), a("always", always), a("setup_ms", setup_ms), a("sampling", sampling);
    a("rework", rework), a("rework_to", rework_to), a("dedicates", dedicates), a("exit", exit);
    a("limit", limit);
  }
};
template <>
struct Fields<tf::Route> {
  static void fields(auto& a, auto& self) {
    auto& [name, steps] = self;
    a("name", name), a("steps", steps);
  }
};
template <>
struct Fields<tf::Product> {
  static void fields(auto& a, auto& self) {
    auto& [name, family, route] = self;
    a("name", name), a("family", family), a("route", route);
  }
};
template <>
struct Fields<tf::Stream> {
  static void fields(auto& a, auto& self) {
    auto& [name, product, priority, wafers, start, interval, count, lots, due, reserves, weight,
           levels, spread] = self;
    a("name", name), a("product", product), a("priority", priority), a("wafers", wafers);
    a("start", start), a("interval", interval), a("count", count), a("lots", lots), a("due", due);
    a("reserves", reserves), a("weight", weight), a("levels", levels), a("spread", spread);
  }
};
template <>
struct Fields<tf::ListedLot> {
  static void fields(auto& a, auto& self) {
    auto& [name, product, priority, wafers, start, due, step, reserves, weight] = self;
    a("name", name), a("product", product), a("priority", priority), a("wafers", wafers);
    a("start", start), a("due", due), a("step", step), a("reserves", reserves);
    a("weight", weight);
  }
};
template <>
struct Fields<tf::Transport> {
  static void fields(auto& a, auto& self) {
    auto& [from, to, duration] = self;
    a("from", from), a("to", to), a("duration", duration);
  }
};
template <>
struct Fields<tf::Description> {
  static void fields(auto& a, auto& self) {
    auto& [name, groups, setups, changes, routes, products, streams, lots, transports, warnings] =
        self;
    static_cast<void>(name), static_cast<void>(warnings);  // say nothing about the fab itself
    a("groups", groups), a("setups", setups), a("changes", changes), a("routes", routes);
    a("products", products), a("streams", streams), a("lots", lots), a("transports", transports);
  }
};
template <>
struct Fields<tf::LayoutOptions> {
  static void fields(auto& a, auto& self) {
    auto& [load, reservation, breakdowns, maintenance, breakdown, wake, cascade, second, spread,
           lines] = self;
    a("load", load), a("reservation", reservation), a("breakdowns", breakdowns);
    a("maintenance", maintenance), a("breakdown", breakdown), a("wake", wake);
    a("cascade", cascade), a("second", second), a("spread", spread);
    a("lines", lines);
  }
};

}  // namespace twin::core

namespace apps::fabtwin {

using twin::core::Error;

std::uint64_t fingerprint_of(const twins::fab::Description& fab) {
  return twin::core::fingerprint(fab);
}

std::uint64_t fingerprint_of(const twins::fab::LayoutOptions& options) {
  return twin::core::fingerprint(options);
}

RunHead head_of(const twins::fab::Layout& layout, const std::vector<double>& theta,
                const twins::fab::RunOptions& run) {
  return {.description = fingerprint_of(layout.description),
          .options = fingerprint_of(layout.options),
          .theta = theta,
          .days = run.days,
          .warmup_days = run.warmup_days,
          .first_replication = run.first_replication,
          .seed = run.seed,
          .rule = run.rule};
}

void expect_same_run(const SavedRun& saved, const RunHead& wanted, const std::string& file) {
  const RunHead& had = saved.head;
  if (had.description != wanted.description)
    throw Error(file + ": a run of another data set (it cannot go on with this one)");
  std::string differs;
  const auto compare = [&](const char* what, const auto& then, const auto& now) {
    if (then == now) return;
    differs += fmt::format("{}{} {}, now {}", differs.empty() ? "" : "; ", what, then, now);
  };
  compare("seed", had.seed, wanted.seed);
  compare("rule", had.rule, wanted.rule);
  compare("warm-up", had.warmup_days, wanted.warmup_days);
  compare("first replication", had.first_replication, wanted.first_replication);
  if (differs.empty() && had.options != wanted.options)
    differs = "other options of the model (load, breakdowns, maintenance, reservation or wake)";
  if (differs.empty() && had.theta != wanted.theta) differs = "other values of --set or --theta";
  if (!differs.empty())
    throw Error(file + ": saved with " + differs + " (a saved run goes on only as it began)");
  if (wanted.days < had.days && !saved.replications.empty()) {
    for (const auto& r : saved.replications) {
      const double reached = static_cast<double>(r.replication.state.now) / twins::fab::DayMs;
      if (reached > wanted.days)
        throw Error(fmt::format("{}: the run is at day {} already (--days {} would end before it)",
                                file, reached, wanted.days));
    }
  }
  if (wanted.days > had.days && had.days != std::floor(had.days)) {
    throw Error(
        fmt::format("{}: saved with --days {}, now {} (a run can go on further only from "
                    "the end of a day)",
                    file, had.days, wanted.days));
  }
}

SavedRun read_saved_run(const std::filesystem::path& path) {
  const std::vector<std::byte> bytes = read_file(path);
  try {
    return twin::core::load<SavedRun>(bytes);
  } catch (const Error& e) {
    throw Error(path.string() + ": " + e.what());
  }
}

}  // namespace apps::fabtwin
