// A fab whose parameters are the inputs: a run simulates it and gives its key figures.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/uq/model.hpp"
#include "twin/core/error.hpp"
#include "twin/core/hash.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/forecast/sightings.hpp"
#include "twins/fab/import/read.hpp"
#include "twins/fab/kpi.hpp"

namespace apps::fabtwin::uq {
namespace {

using namespace twins::fab;

constexpr const char* Luck = "luck";           // the input that chooses the chance of a run
constexpr const char* LateDays = "late_days";  // of one lot
// How long a run goes on for a lot that is still there at its end; figures of the fab are not touched by that.
constexpr Tick Day = 86'400'000, LongestWait = 365 * Day;

using Figure = double (*)(const Kpi&);
const std::map<std::string, Figure>& fab_figures() {
  static const std::map<std::string, Figure> all = {
      {"cycle_days", [](const Kpi& k) { return k.all.cycle_days; }},
      {"cycle_p95_days", [](const Kpi& k) { return k.all.cycle_p95; }},
      {"tardy_days", [](const Kpi& k) { return k.all.tardy_days; }},
      {"on_time", [](const Kpi& k) { return k.all.on_time; }},
      {"flow_factor", [](const Kpi& k) { return k.all.flow_factor; }},
      {"wip", [](const Kpi& k) { return k.wip; }},
      {"outs_per_day", [](const Kpi& k) { return k.outs_per_day; }},
      {"moves_per_day", [](const Kpi& k) { return k.moves_per_day; }},
      {"violated", [](const Kpi& k) { return k.windows.violated; }},
  };
  return all;
}

// "tardy_days of Lot_1": the figure of one class of lots.
struct Wanted {
  std::string figure;
  std::string of;  // a class; empty: all
};

double class_figure(const ClassKpi& k, const std::string& figure) {
  if (figure == "cycle_days") return k.cycle_days;
  if (figure == "cycle_p95_days") return k.cycle_p95;
  if (figure == "tardy_days") return k.tardy_days;
  if (figure == "on_time") return k.on_time;
  return k.flow_factor;
}

struct FabRun {
  std::shared_ptr<const Layout> layout;
  std::string rule;
  Tick warm = 0, until = 0;
  Tick luck_lasts = 0;  // then the next one begins; 0: one for the whole run
  std::uint64_t seed = 1;
  std::vector<Wanted> wanted = {};
  std::vector<std::size_t> place = {};  // [input] in theta; past its end: luck, by its number

  [[nodiscard]] std::size_t lucks() const {
    return luck_lasts == 0 ? 1 : static_cast<std::size_t>((until + luck_lasts - 1) / luck_lasts);
  }
  [[nodiscard]] bool is_followed() const {
    return std::ranges::find(wanted, LateDays, &Wanted::figure) != wanted.end();
  }
};

class FabRunner final : public twin::uq::Runner {
 public:
  explicit FabRunner(FabRun run) : run_(std::move(run)), fab_(make_fab(run_.layout, run_.rule)) {}

  twin::uq::RunOutcome run(std::span<const double> x, double) override {
    std::vector<double> theta = run_.layout->nominal_theta();
    luck_.assign(run_.lucks(), 0);
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (run_.place[i] < theta.size()) {
        theta[run_.place[i]] = x[i];
      } else {
        luck_[run_.place[i] - theta.size()] = static_cast<std::uint32_t>(x[i] * 0x1p32);
      }
    }
    try {
      twin::core::check_theta(run_.layout->parameters(), theta);
    } catch (const std::exception& e) {
      return {.end = twin::uq::RunEnd::Died, .problem = e.what()};
    }
    State state = fab_->initial(theta, {run_.seed, luck_[0]});
    go(state, theta, run_.warm, nullptr);
    const Reading from = read_counters(*run_.layout, state);
    const std::vector<bool> of_none(run_.layout->groups.size());
    Sightings sightings(state, of_none);
    const std::vector<Lot> lots = run_.is_followed() ? state.lots : std::vector<Lot>{};
    go(state, theta, run_.until, run_.is_followed() ? &sightings : nullptr);
    const Kpi kpi = key_figures(*run_.layout, from, read_counters(*run_.layout, state));
    const auto left = [&](std::uint32_t slot) {
      for (Tick to = run_.until; sightings.of_slot(slot).finished == Sightings::NotYet;) {
        if (to >= run_.until + LongestWait) break;
        go(state, theta, to += Day, &sightings);
      }
      return sightings.of_slot(slot).finished;
    };
    twin::uq::RunOutcome outcome;
    for (const Wanted& w : run_.wanted) {
      if (w.of.empty()) {
        outcome.y.push_back(fab_figures().at(w.figure)(kpi));
      } else if (w.figure == LateDays) {
        const std::uint32_t slot = youngest(lots, w.of);
        if (slot == None)
          return {
              .end = twin::uq::RunEnd::NoNumber,
              .problem = fmt::format("no lot of {} is in the fab at the end of the warm-up", w.of)};
        const Tick at = left(slot);
        if (at == Sightings::NotYet)
          return {.end = twin::uq::RunEnd::NoNumber,
                  .problem = fmt::format("a lot of {} did not leave in a year", w.of)};
        outcome.y.push_back(static_cast<double>(at - lots[slot].due) / DayMs);
      } else {
        const auto of = std::ranges::find(kpi.classes, w.of, &ClassKpi::name);
        outcome.y.push_back(class_figure(*of, w.figure));
      }
    }
    return outcome;
  }

 private:
  using Sightings = forecast::Sightings;

  // Each part of the time by its own luck.
  void go(State& state, std::span<const double> theta, Tick until, Sightings* sightings) const {
    while (state.now < until) {
      const Tick lasts = run_.luck_lasts;
      // Beyond the end of the run by the luck of its last part.
      const std::size_t k =
          lasts == 0 ? 0 : std::min(static_cast<std::size_t>(state.now / lasts), luck_.size() - 1);
      const Tick to = lasts == 0 ? until : std::min(until, (state.now / lasts + 1) * lasts);
      const twin::core::Draw draw{run_.seed, luck_[k]};
      if (sightings != nullptr)
        fab_->advance(state, theta, to, draw, *sightings);
      else
        fab_->advance(state, theta, to, draw);
    }
  }

  // The slot of the lot of a class that was released last; None where there is none.
  [[nodiscard]] std::uint32_t youngest(const std::vector<Lot>& lots, const std::string& of) const {
    std::uint32_t found = None;
    for (std::uint32_t slot = 0; slot < lots.size(); ++slot) {
      const Lot& lot = lots[slot];
      if (lot.place == LotPlace::Free || lot.place == LotPlace::Finished ||
          lot.place == LotPlace::Outside || run_.layout->classes[lot.lot_class].name != of)
        continue;
      if (found == None || lot.serial > lots[found].serial) found = slot;
    }
    return found;
  }

  std::vector<std::uint32_t> luck_;  // [part of the time]
  FabRun run_;
  std::unique_ptr<AnyFab> fab_;
};

// Of all that a data set's files say: runs of one that was edited are another model's.
std::uint64_t contents_of(const std::string& path) {
  std::vector<std::filesystem::path> files;
  if (std::filesystem::is_directory(path)) {
    for (const auto& entry : std::filesystem::directory_iterator(path))
      if (entry.is_regular_file()) files.push_back(entry.path());
  } else {
    files.emplace_back(path);
  }
  std::ranges::sort(files);
  twin::core::Hash64 hash;
  for (const auto& file : files) {
    const std::string text = file.filename().string() + '\n' + read_text(file);
    hash.absorb(text.data(), text.size());
  }
  return hash.digest();
}

std::vector<std::string> figure_names() {
  std::vector<std::string> names;
  for (const auto& [name, f] : fab_figures()) names.push_back(name);
  return names;
}

Wanted wanted_of(twin::sheet::Sheet& table, const Layout& layout, const std::string& text) {
  const std::size_t of = text.find(" of ");
  Wanted w{.figure = text.substr(0, of), .of = of == text.npos ? "" : text.substr(of + 4)};
  if (!fab_figures().contains(w.figure) && (w.figure != LateDays || w.of.empty()))
    table.refuse("outputs", fmt::format("[model]: outputs has '{}' (known: {})", text,
                                        fmt::join(figure_names(), ", ")));
  constexpr std::array OfClass = {"cycle_days", "cycle_p95_days", "tardy_days",
                                  "on_time",    "flow_factor",    LateDays};
  if (w.of.empty()) return w;
  if (std::ranges::find(OfClass, w.figure) == OfClass.end())
    table.refuse("outputs", fmt::format("[model]: outputs has '{}' (of one class of lots are: {})",
                                        text, fmt::join(OfClass, ", ")));
  std::vector<std::string> classes;
  for (const auto& c : layout.classes)
    if (!c.initial) classes.push_back(c.name);
  if (std::ranges::find(classes, w.of) == classes.end())
    table.refuse("outputs", fmt::format("[model]: outputs has '{}' (classes of lots: {})", text,
                                        fmt::join(classes, ", ")));
  return w;
}

}  // namespace

Model fab_model(twin::sheet::Sheet& table, const std::string& folder) {
  const std::string path = path_from(folder, table.text("fab"));
  const std::string rule = rule_in_lower_case(table.text("rule", "published"));
  const double warm = table.number("warmup_days", {.least = 0.0, .most = 3650.0}, 0.0);
  const double days = table.number("days", {.least = 0.01, .most = 3650.0});
  const double luck_days = table.number("luck_days", {.least = 0.0, .most = 3650.0}, 0.0);
  const auto seed = static_cast<std::uint64_t>(table.integer("seed", {.least = 0.0}, 1));
  if (days <= warm)
    table.refuse(
        "days", fmt::format("[model]: days = {:g} (must be above warmup_days = {:g})", days, warm));
  FabRun run{.layout = compile(import::read(path), with_rule({}, rule)),
             .rule = rule,
             .warm = static_cast<Tick>(std::llround(warm * DayMs)),
             .until = static_cast<Tick>(std::llround(days * DayMs)),
             .luck_lasts = static_cast<Tick>(std::llround(luck_days * DayMs)),
             .seed = seed};
  std::vector<std::string> outputs = table.texts("outputs");
  if (outputs.empty()) outputs = {"cycle_days"};
  for (const std::string& text : outputs) run.wanted.push_back(wanted_of(table, *run.layout, text));
  static_cast<void>(make_fab(run.layout, rule));  // an unknown rule is told now
  Model model{
      .title = fmt::format("{}, {:g} days behind {:g}", title_of(*run.layout), days - warm, warm),
      .words = fmt::format("fab {:016x} rule {} warm {} days {} seed {}", contents_of(path), rule,
                           warm, days, seed) +
               (luck_days > 0.0 ? fmt::format(" luck {}", luck_days) : ""),
      .outputs = outputs};
  for (const auto& p : run.layout->parameters()) model.known_inputs.push_back(p.name);
  for (std::size_t k = 0; k < run.lucks(); ++k)
    model.rough_inputs.push_back(run.luck_lasts == 0 ? Luck : fmt::format("{}.{}", Luck, k + 1));
  model.known_inputs.insert(model.known_inputs.end(), model.rough_inputs.begin(),
                            model.rough_inputs.end());
  model.make = [run, lucks = model.rough_inputs](
                   const std::vector<std::string>& inputs) -> twin::uq::MakeRunner {
    FabRun mine = run;
    const auto parameters = run.layout->parameters();
    for (const std::string& name : inputs) {
      const auto at = std::ranges::find(lucks, name);
      mine.place.push_back(at == lucks.end()
                               ? twin::core::index_of(parameters, name)
                               : parameters.size() + static_cast<std::size_t>(at - lucks.begin()));
    }
    return [mine] { return std::make_unique<FabRunner>(mine); };
  };
  return model;
}

}  // namespace apps::fabtwin::uq
