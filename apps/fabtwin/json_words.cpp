#include "apps/fabtwin/json_words.hpp"

#include "apps/fabtwin/score_columns.hpp"
#include "twin/core/expect.hpp"

namespace apps::fabtwin {
namespace {

using Words = std::vector<JsonWord>;

Words joined(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Words without(Words words, std::string_view path) {
  std::erase_if(words, [&](const JsonWord& w) { return w.path == path; });
  return words;
}

Words below(const std::string& prefix, Words words) {
  for (JsonWord& w : words) w.path.insert(0, prefix);
  return words;
}

Words head() {
  return {
      {"schema", "`fabtwin.` and the command"},
      {"schema_version", "raised when a name changes its meaning or goes away"},
      {"program.name", "`fabtwin`"},
      {"program.version", "its version"},
  };
}

Words data_set() {
  return {
      {"data_set.name", "name of its folder"},
      {"data_set.fingerprint", "hash of all that it says, the folder's name left out"},
      {"data_set.tool_groups", "tool groups"},
      {"data_set.tools", "tools"},
      {"data_set.routes", "routes"},
      {"data_set.products", "products"},
      {"data_set.warnings[]", "what is odd but not wrong, as `fabtwin check` says it"},
  };
}

Words run() {
  return {
      {"run.days", "length of the run [day]"},
      {"run.warmup_days", "figures count from here on [day]"},
      {"run.replications", "replications asked for"},
      {"run.first_replication", "number of the first"},
      {"run.seed", "the seed"},
      {"run.rule", "dispatching rule"},
      {"run.load", "releases, relative to the data set"},
      {"run.breakdowns", "do tools fail"},
      {"run.maintenance", "is there maintenance"},
      {"run.breakdown", "`after-job` or `suspend`"},
      {"run.wake", "`cascading`, `all` or `never`"},
      {"run.due_spread", "spread of the due dates"},
      {"run.reserve_super_hot", "do lots of the highest priority reserve their next tool"},
      {"run.theta", "the parameters that are not at their default, by name"},
  };
}

Words stopped() { return {{"stopped", "was the run interrupted"}}; }

Words timing() {
  return {
      {"timing.seconds",
       "wall time; this and the other timings are all that depends on the machine"},
      {"timing.events", "events simulated"},
      {"timing.events_per_second", "their rate"},
      {"timing.threads", "threads allowed"},
  };
}

// A run's figures: of one replication, or their means over replications.
Words figures(const std::string& prefix) {
  return below(prefix, {{"fab.*", "figures of the whole fab"},
                        {"classes[].name", "class of lots"},
                        {"classes[].product", "its product"},
                        {"classes[].priority", "its priority"},
                        {"classes[].initial", "was it in the fab at time zero"},
                        {"classes[].*", "figures of its lots; null: unknown"},
                        {"regular.*", "the same, for all lots of the lowest priority"},
                        {"all.*", "the same, for all lots that were released in the run"},
                        {"groups[].name", "tool group"},
                        {"groups[].area", "its area"},
                        {"groups[].tools", "how many tools it has"},
                        {"groups[].*", "its figures"},
                        {"windows.litho.*", "queue-time windows that end in an area `Litho...`"},
                        {"windows.rest.*", "the others"},
                        {"windows.all.*", "all of them"}});
}

Words simulate() {
  Words words = joined(joined(joined(joined(head(), data_set()), run()), stopped()),
                       {{"units.fab.*", "units of the figures, `1` for shares and ratios"},
                        {"units.classes.*", "the same"},
                        {"units.groups.*", "the same"},
                        {"units.windows.*", "the same"}});
  words = joined(words, figures("mean."));
  words = joined(
      words,
      {{"within_run", "null for several replications and for runs too short"},
       {"within_run.figure", "what the interval is of: `all.cycle_days`"},
       {"within_run.method", "`batch means`"},
       {"within_run.estimate", "mean and interval from within the one replication"},
       {"replications[].replication", "number of the replication"},
       {"replications[].fingerprint", "hash of its State at the end: equal runs, equal hash"},
       {"replications[].from_day", "figures count from here [day]"},
       {"replications[].to_day", "to here [day]"}});
  words = joined(words, figures("replications[]."));
  words =
      joined(words, below("replications[].days.", {{"day[]", "end of the day"},
                                                   {"wip[]", "lots in the fab at its end"},
                                                   {"released[]", "lots that entered"},
                                                   {"finished[]", "lots that left complete"},
                                                   {"cycle_lots[]", "those with a cycle time"},
                                                   {"cycle_days[]", "their mean [day], or null"},
                                                   {"moves[]", "steps begun"}}));
  return joined(words, timing());
}

Words compare_json_words() {
  const Words first =
      joined(joined(joined(head(), data_set()), without(run(), "run.rule")), stopped());
  const Words own = {
      {"rules[].rule", "a rule"},
      {"rules[].*", "its figures, means over replications"},
      {"rules[].replications[].replication", "number of a replication"},
      {"rules[].replications[].*", "its figures"},
      {"differences[].rule", "a rule"},
      {"differences[].against", "the first rule"},
      {"differences[].*",
       "mean and interval of the paired differences, rule minus first; "
       "`significant`: the interval leaves out zero"},
  };
  return joined(joined(first, own), timing());
}

Words sweep() {
  const Words first =
      joined(joined(joined(head(), data_set()), without(run(), "run.load")), stopped());
  const Words own = {
      {"curve[].load", "releases, relative to the data set"},
      {"curve[].flow_factor", "of the regular lots"},
      {"curve[].flow_p05", "5 % quantile of their flow factors"},
      {"curve[].flow_p50", "median"},
      {"curve[].flow_p95", "95 % quantile"},
      {"curve[].cycle_days", "cycle time of the regular lots [day]"},
      {"curve[].wip", "lots in the fab, mean over time"},
      {"curve[].outs_per_day", "lots finished a day"},
      {"curve[].bottleneck.name", "the busiest tool group"},
      {"curve[].bottleneck.tools", "how many tools it has"},
      {"curve[].bottleneck.utilisation", "share of available time that it is used"},
  };
  return joined(joined(first, own), timing());
}

Words check_json_words() {
  return joined(
      joined(head(), data_set()),
      {{"data_set.areas", "areas"},
       {"data_set.steps", "steps of all routes"},
       {"data_set.streams", "streams of lots"},
       {"data_set.lots_listed", "lots released at listed times"},
       {"data_set.lots_at_time_zero", "lots in the fab at time zero"},
       {"data_set.queue_time_windows", "steps at which one opens"},
       {"expected_wip_lots", "lots in the fab at a flow factor of 1"},
       {"products[].name", "product"},
       {"products[].route", "its route"},
       {"products[].steps", "steps of the route"},
       {"products[].performed_steps", "expected, sampling and rework counted"},
       {"products[].raw_process_days", "raw process time [day]"},
       {"products[].work_days", "expected work, with load and unload [day]"},
       {"products[].rpt_days", "raw process time with transport and rework [day]"},
       {"products[].lots_per_week", "released [lots/week]"},
       {"products[].wafers_per_week", "released [wafers/week]"},
       {"groups[].name", "tool group, the most loaded first"},
       {"groups[].area", "its area"},
       {"groups[].tools", "how many tools it has"},
       {"groups[].steps", "steps of all routes that use it"},
       {"groups[].lots_per_week", "lots that come to it [lots/week]"},
       {"groups[].wafers_per_week", "the same [wafers/week]"},
       {"groups[].load", "capacity used at best: full batches, tools cascading; of available time"},
       {"groups[].utilisation", "capacity used as expected; of available time"},
       {"groups[].availability", "share of all time that is neither down nor maintenance"},
       {"groups[].breakdown_share", "share of all time in breakdowns"},
       {"groups[].maintenance_share", "share of all time in maintenance"},
       {"groups[].setup_h", "setups, estimated [tool-hours/week]"},
       {"groups[].work_h", "work [tool-hours/week]"}});
}

Words calibrate_json_words() {
  const auto range = [](const std::string& path, std::string_view meaning) {
    return Words{{path + ".median", meaning},
                 {path + ".p05", "its 5 % quantile"},
                 {path + ".p95", "its 95 % quantile"}};
  };
  Words words = joined(
      joined(head(), data_set()),
      {{"events", "events of the log"},
       {"days", "its length [day]"},
       {"begins", "its first day"},
       {"window_days", "changes are placed between windows of this length [day]"},
       {"left_out", "durations that say nothing: interrupted, held up, of a constant law"},
       {"under_way", "failures and repairs that count with the time they have lasted"},
       {"whole_log", "false where the log breaks off"},
       {"parameters.*.seen",
        "outcomes it rests on; parameters of which nothing was seen are absent"},
       {"parameters.*.median", "multiplier on the data set's value, at the log's end: median"},
       {"parameters.*.p05", "5 % quantile"},
       {"parameters.*.p95", "95 % quantile"},
       {"parameters.*.p005", "0.5 % quantile"},
       {"parameters.*.p995", "99.5 % quantile"},
       {"parameters.*.differs", "is 1 outside the 99 % interval"},
       {"parameters.*.groups_differ",
        "of an area: probability that its tool groups differ; above 0.99 they have parameters"},
       {"parameters.*.change.probability", "that it stepped or drifted within the log"},
       {"parameters.*.change.reported", "is that above 0.99; only then what follows"},
       {"parameters.*.change.kind", "the last change: `step`, or `drift` up to the end"},
       {"parameters.*.change.date", "its likely day"}});
  words = joined(words,
                 range("parameters.*.change.day", "days from the log's beginning to it, median"));
  words = joined(words, range("parameters.*.change.before", "the value until then, median"));
  words =
      joined(words, range("parameters.*.change.per_day", "of a drift: its slope [1/day], median"));
  return joined(words, {{"parameters.*.change.segments[].from_day", "likeliest course: from"},
                        {"parameters.*.change.segments[].to_day", "to"},
                        {"parameters.*.change.segments[].shape", "`constant` or `line`"}});
}

Words bench_json_words() {
  return joined(joined(head(), data_set()),
                {{"rule", "dispatching rule"},
                 {"measured.*.value", "what was measured"},
                 {"measured.*.unit", "its unit"},
                 {"measured.*.goal", "what it should be for SMT2020 HVLM"}});
}

Words experiment() {
  Words words =
      joined(joined(head(), stopped()), {{"experiment.name", "what the file calls it"},
                                         {"experiment.model", "the model"},
                                         {"experiment.variables", "what is corrected"},
                                         {"experiment.observations", "observations of a look"},
                                         {"experiment.ticks_per_cycle", "between two looks [tick]"},
                                         {"experiment.cycles", "looks of a run"},
                                         {"experiment.burn_in", "looks that were not scored"},
                                         {"experiment.seeds", "runs of each method"},
                                         {"experiment.first_seed", "the seed of the first"}});
  for (const CsvColumn& column : score_columns()) {
    if (column.title == "cycle_ms") continue;
    words.push_back({"methods[]." + column.title, column.text});
  }
  return joined(words, {{"methods[].seeds[].seed", "a run's seed"},
                        {"methods[].seeds[].lost", "did it diverge, or give no number"},
                        {"methods[].seeds[].rmse_f", "its figures; null: no number"},
                        {"methods[].seeds[].rmse_a", "the same"},
                        {"methods[].seeds[].spread", "the same"},
                        {"methods[].seeds[].crps", "the same"},
                        {"timing.seconds", "wall time of all runs"},
                        {"timing.threads", "threads allowed"},
                        {"timing.cycle_ms[]", "wall time of a cycle of each method [ms]"}});
}

}  // namespace

std::vector<JsonWord> json_words(std::string_view schema) {
  if (schema == "simulate") return simulate();
  if (schema == "compare") return compare_json_words();
  if (schema == "sweep") return sweep();
  if (schema == "check") return check_json_words();
  if (schema == "calibrate") return calibrate_json_words();
  if (schema == "assimilate") return experiment();
  TWIN_EXPECT(schema == "bench");
  return bench_json_words();
}

}  // namespace apps::fabtwin
