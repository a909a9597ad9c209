#include "apps/fabtwin/json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/figures.hpp"
#include "apps/fabtwin/saved_run.hpp"

namespace apps::fabtwin {
namespace {

using twins::fab::ClassKpi;
using twins::fab::GroupKpi;
using twins::fab::Kpi;
using twins::fab::Layout;
using twins::fab::LayoutOptions;
using twins::fab::RunResult;
using twins::fab::WindowKpi;

std::string hex(std::uint64_t value) { return fmt::format("{:016x}", value); }

template <class K>
void put_figures(Json& json, std::span<const Figure<K>> figures, const K& kpi) {
  for (const Figure<K>& f : figures) json[std::string(f.name)] = kpi.*f.value;
}

// A figure that is unknown is null, not zero.
void put_class(Json& json, const ClassKpi& kpi) {
  for (const auto& f : class_figures())
    json[std::string(f.name)] = is_unknown(f, kpi) ? Json() : Json(kpi.*f.value);
}

template <class K, class Of>
void put_estimates(Json& json, const RunResult& result, std::span<const Figure<K>> figures,
                   const Of& of) {
  for (const Figure<K>& f : figures) {
    if constexpr (std::is_same_v<K, ClassKpi>) {
      json[std::string(f.name)] = json_estimate(over_replications(result, ClassOfKpi(of), f));
    } else {
      json[std::string(f.name)] = json_estimate(
          over_replications(result, [&](const Kpi& kpi) { return of(kpi).*f.value; }));
    }
  }
}

Json class_names(const Layout& layout, std::size_t c) {
  const auto& info = layout.classes[c];
  return {{"name", info.name},
          {"product", layout.description.products[info.product].name},
          {"priority", info.priority},
          {"initial", info.initial}};
}

Json group_names(const GroupKpi& k) {
  return {{"name", k.name}, {"area", k.area}, {"tools", k.tools}};
}

Json figures_of(const Layout& layout, const Kpi& kpi) {
  Json json;
  put_figures(json["fab"], fab_figures(), kpi);
  for (std::size_t c = 0; c < kpi.classes.size(); ++c) {
    Json one = class_names(layout, c);
    put_class(one, kpi.classes[c]);
    json["classes"].push_back(one);
  }
  put_class(json["regular"], kpi.regular);
  put_class(json["all"], kpi.all);
  for (const GroupKpi& k : kpi.groups) {
    Json one = group_names(k);
    put_figures(one, group_figures(), k);
    json["groups"].push_back(one);
  }
  put_figures(json["windows"]["litho"], window_figures(), kpi.windows_litho);
  put_figures(json["windows"]["rest"], window_figures(), kpi.windows_rest);
  put_figures(json["windows"]["all"], window_figures(), kpi.windows);
  return json;
}

Json mean_figures(const Layout& layout, const RunResult& result) {
  Json json;
  put_estimates(json["fab"], result, fab_figures(), [](const Kpi& k) -> const Kpi& { return k; });
  const Kpi& first = result.replications.front().kpi;
  for (std::size_t c = 0; c < first.classes.size(); ++c) {
    Json one = class_names(layout, c);
    put_estimates(one, result, class_figures(),
                  [c](const Kpi& k) -> const ClassKpi& { return k.classes[c]; });
    json["classes"].push_back(one);
  }
  put_estimates(json["regular"], result, class_figures(),
                [](const Kpi& k) -> const ClassKpi& { return k.regular; });
  put_estimates(json["all"], result, class_figures(),
                [](const Kpi& k) -> const ClassKpi& { return k.all; });
  for (std::size_t g = 0; g < first.groups.size(); ++g) {
    Json one = group_names(first.groups[g]);
    put_estimates(one, result, group_figures(),
                  [g](const Kpi& k) -> const GroupKpi& { return k.groups[g]; });
    json["groups"].push_back(one);
  }
  const auto windows = [&](const char* name, WindowKpi Kpi::*part) {
    put_estimates(json["windows"][name], result, window_figures(),
                  [part](const Kpi& k) -> const WindowKpi& { return k.*part; });
  };
  windows("litho", &Kpi::windows_litho);
  windows("rest", &Kpi::windows_rest);
  windows("all", &Kpi::windows);
  return json;
}

Json units() {
  Json json;
  const auto put = [&](const char* part, const auto& figures) {
    for (const auto& f : figures) json[part][std::string(f.name)] = f.unit;
  };
  put("fab", fab_figures());
  put("classes", class_figures());
  put("groups", group_figures());
  put("windows", window_figures());
  return json;
}

}  // namespace

Json json_head(const std::string& schema) {
  return {{"schema", "fabtwin." + schema},
          {"schema_version", SchemaVersion},
          {"program", {{"name", "fabtwin"}, {"version", FABTWIN_VERSION}}}};
}

Json json_data_set(const Layout& layout) {
  return {{"name", layout.description.name},
          {"fingerprint", hex(fingerprint_of(layout.description))},
          {"tool_groups", layout.groups.size()},
          {"tools", layout.tools()},
          {"routes", layout.routes.size()},
          {"products", layout.description.products.size()},
          {"warnings", layout.description.warnings}};
}

Json json_run(const Layout& layout, const std::vector<double>& theta,
              const twins::fab::RunOptions& run) {
  const LayoutOptions& o = layout.options;
  const char* const wake = o.wake == LayoutOptions::Wake::All     ? "all"
                           : o.wake == LayoutOptions::Wake::Never ? "never"
                                                                  : "cascading";
  Json changed = Json::object();
  const auto parameters = layout.parameters();
  for (std::size_t i = 0; i < theta.size(); ++i) {
    if (theta[i] != parameters[i].nominal) changed[parameters[i].name] = theta[i];
  }
  return {
      {"days", run.days},
      {"warmup_days", run.warmup_days},
      {"replications", run.replications},
      {"first_replication", run.first_replication},
      {"seed", run.seed},
      {"rule", run.rule},
      {"load", o.load},
      {"breakdowns", o.breakdowns},
      {"maintenance", o.maintenance},
      {"breakdown", o.breakdown == LayoutOptions::Breakdowns::Suspend ? "suspend" : "after-job"},
      {"wake", wake},
      {"due_spread", o.due_spread},
      {"reserve_super_hot", o.super_hot_reservation},
      {"theta", changed}};
}

Json json_estimate(const twins::fab::Estimate& e) {
  if (e.n == 0) return {{"mean", nullptr}, {"half_width", nullptr}, {"sd", nullptr}, {"n", 0}};
  const bool one = e.n < 2;
  return {{"mean", e.mean},
          {"half_width", one ? Json() : Json(e.half_width)},
          {"sd", one ? Json() : Json(e.sd)},
          {"n", e.n}};
}

Json json_timing(const Effort& effort, std::uint32_t threads) {
  const double rate = effort.seconds > 0.0 ? effort.events / effort.seconds : 0.0;
  return {{"seconds", effort.seconds},
          {"events", effort.events},
          {"events_per_second", rate},
          {"threads", threads}};
}

Json json_result(const RunOutput& run) {
  const RunResult& result = run.result;
  Json json = json_head("simulate");
  json["data_set"] = json_data_set(run.layout);
  json["run"] = json_run(run.layout, run.theta, result.options);
  json["stopped"] = !stop_line(result).empty();
  json["units"] = units();
  json["mean"] = result.replications.empty() ? Json() : mean_figures(run.layout, result);
  json["within_run"] = nullptr;
  if (result.replications.size() == 1) {
    const auto batches = batch_means_cycle(result.replications.front(), result.options.warmup_days);
    if (batches.n > 1)
      json["within_run"] = {{"figure", "all.cycle_days"},
                            {"method", "batch means"},
                            {"estimate", json_estimate(batches)}};
  }
  json["replications"] = Json::array();
  for (const auto& r : result.replications) {
    Json one = {{"replication", r.member},
                {"fingerprint", hex(r.fingerprint)},
                {"from_day", r.kpi.from_day},
                {"to_day", r.kpi.to_day}};
    one.update(figures_of(run.layout, r.kpi));
    Json& days = one["days"];
    for (const auto& d : r.days) {
      days["day"].push_back(d.day);
      days["wip"].push_back(d.wip);
      days["released"].push_back(d.released);
      days["finished"].push_back(d.finished);
      days["cycle_lots"].push_back(d.cycle_lots);
      days["cycle_days"].push_back(d.cycle_lots > 0.0 ? Json(d.cycle_days / d.cycle_lots) : Json());
      days["moves"].push_back(d.moves);
    }
    json["replications"].push_back(std::move(one));
  }
  json["timing"] = json_timing(run.effort, result.options.threads);
  return json;
}

}  // namespace apps::fabtwin
