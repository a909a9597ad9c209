#include "twins/fab/import/reading.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "twins/fab/import/small_fab.hpp"
#include "twins/fab/import/smt2020.hpp"

namespace twins::fab::import {
namespace {

using Edit = std::function<void(Folder&)>;

struct Broken {
  std::string name;  // of the mistake
  Edit edit;         // that puts it into the small correct fab
  std::string message;
};
void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.name; }

Edit cell(const std::string& file, std::size_t line, const std::string& column,
          const std::string& value) {
  return [=](Folder& f) { set_cell(f, file, line, column, value); };
}
Edit no_file(const std::string& file) {
  return [=](Folder& f) { f.files.erase(file); };
}
Edit content(const std::string& file, const std::string& text) {
  return [=](Folder& f) { f.files[file] = text; };
}
Edit append(const std::string& file, const std::string& row) {
  return [=](Folder& f) { f.files[file] += tabbed(row + "\n"); };
}
Edit both(const Edit& a, const Edit& b) {
  return [=](Folder& f) {
    a(f);
    b(f);
  };
}

// clang-format off
const Broken Mistakes[] = {
{"missing_tool_file", no_file("tool.txt"),
  "small: no file tool.txt (the data set needs it)"},
{"missing_part_file", no_file("part.txt"),
  "small: no file part.txt (the data set needs it)"},
{"missing_order_file", both(no_file("order.txt"), no_file("WIP.txt")),
  "small: no file order.txt (the data set needs it)"},
{"missing_route_file", no_file("route_A.txt"),
  "part.txt:2, column ROUTEFILE: no file 'route_A.txt' (the route is read from it) did you mean "
  "route_B.txt?"},
{"empty_file", content("setup.txt", ""),
  "setup.txt: empty file (a header line and rows are needed)"},
{"empty_table", content("order.txt", "LOT\tPART\n"),
  "order.txt: empty table (it has a header line and no rows)"},
{"not_text", content("part.txt", "PAR\1"),
  "part.txt:1: control character 0x01 (this is no text file)"},
{"not_utf8", content("part.txt", "PART\nK\xE4se\n"),
  "part.txt:2: byte 0xE4 is not UTF-8 (the file must be UTF-8, or UTF-16 with a byte order mark)"},
{"missing_column", content("part.txt", "PARTS\tROUTEFILE\nA\tr\n"),
  "part.txt:1: no column PART (this file needs it) did you mean PARTS?"},
{"column_twice", content("part.txt", "PART\tROUTEFILE\tPART\n"),
  "part.txt:1, column PART: column appears twice (its values would be ambiguous)"},
{"a_tab_too_many", append("fromto.txt", "Fab Delay uniform 7.5 2.5 . min"),
  "fromto.txt:3: cell 7 holds 'min' in a column without a name (the header names 6 columns) is "
  "there a tab too many?"},
{"tool_group_twice", cell("tool.txt", 3, "STNFAM", "Litho"),
  "tool.txt:3, column STNFAM: tool group 'Litho' appears twice (first in line 2)"},
{"tool_group_without_name", cell("tool.txt", 3, "STNFAM", ""),
  "tool.txt:3, column STNFAM: missing value (only a row that goes on with FWLRANK has no STNFAM)"},
{"no_tools", cell("tool.txt", 2, "STNQTY", "0"),
  "tool.txt:2, column STNQTY: '0' is too small (at least 1)"},
{"half_a_tool", cell("tool.txt", 2, "STNQTY", "2.5"),
  "tool.txt:2, column STNQTY: '2.5' is not a whole number (this is a count)"},
{"letter_for_a_digit", cell("tool.txt", 2, "STNQTY", "1O"),
  "tool.txt:2, column STNQTY: '1O' is not a number (digits with a decimal point) did you mean 10?"},
{"more_tools_than_memory", cell("tool.txt", 2, "STNQTY", "2e6"),
  "tool.txt:2, column STNQTY: '2e6' is too large (at most 1000000)"},
{"more_tools_in_all", both(cell("tool.txt", 2, "STNQTY", "6e5"), cell("tool.txt", 3, "STNQTY", "6e5")),
  "tool.txt:3, column STNQTY: too many tools (at most 1 million in a fab)"},
{"unknown_rule", cell("tool.txt", 2, "RULE", "rule_HotLotFirst"),
  "tool.txt:2, column RULE: unknown word 'rule_HotLotFirst' (it must be rule_HotLotFIRST or "
  "rule_LSSU) did you mean rule_HotLotFIRST?"},
{"unknown_rank", cell("tool.txt", 2, "FWLRANK", "rank_HP;rank_FIF0"),
  "tool.txt:2, column FWLRANK: unknown rank 'rank_FIF0' (known are rank_HP, rank_RSETUP, "
  "rank_FIFO and rank_CR) did you mean rank_FIFO?"},
{"rank_twice", cell("tool.txt", 2, "FWLRANK", "rank_HP;rank_HP"),
  "tool.txt:2, column FWLRANK: rank 'rank_HP' appears twice (each criterion decides once)"},
{"fifo_and_critical_ratio", cell("tool.txt", 2, "FWLRANK", "rank_FIFO;rank_CR"),
  "tool.txt:2, column FWLRANK: both rank_FIFO and rank_CR (no tie is left for the second to "
  "decide)"},
{"unknown_wake", cell("tool.txt", 2, "WAKERESRANK", "wake_leastSetup"),
  "tool.txt:2, column WAKERESRANK: unknown word 'wake_leastSetup' (it must be "
  "wake_LeastSetupTime) did you mean wake_LeastSetupTime?"},
{"unknown_batch_criterion", cell("tool.txt", 4, "BATCHCRITF", "crit_samestep"),
  "tool.txt:4, column BATCHCRITF: unknown word 'crit_samestep' (it must be crit_sameroutestep or "
  "crit_samepartfam|crit_samestepname) did you mean crit_sameroutestep?"},
{"batch_without_unit", cell("tool.txt", 4, "BATCHPER", ""),
  "tool.txt:4, column BATCHPER: missing value (it must be piece)"},
{"batch_unit_without_criterion", cell("tool.txt", 2, "BATCHPER", "piece"),
  "tool.txt:2, column BATCHPER: BATCHPER without BATCHCRITF (the group's batches have no "
  "criterion)"},
{"cascading_batch_tool", cell("tool.txt", 4, "STNCAP", "2"),
  "tool.txt:4, column STNCAP: a cascading batch tool (STNCAP 2 and BATCHCRITF exclude each other)"},
{"three_job_slots", cell("tool.txt", 3, "STNCAP", "3"),
  "tool.txt:3, column STNCAP: '3' is too large (at most 2)"},
{"negative_load_time", cell("tool.txt", 2, "LTIME", "-1"),
  "tool.txt:2, column LTIME: '-1' is negative (a time is zero or more)"},
{"unknown_unit", cell("tool.txt", 2, "LTUNITS", "mins"),
  "tool.txt:2, column LTUNITS: unknown word 'mins' (it must be sec, min, hr or day) did you mean "
  "min?"},
{"time_without_unit", cell("tool.txt", 2, "ULTUNITS", ""),
  "tool.txt:2, column ULTUNITS: missing value (it must be sec, min, hr or day)"},
{"unknown_setup_group", cell("tool.txt", 5, "SETUPGRP", "Gass"),
  "tool.txt:5, column SETUPGRP: unknown setup group 'Gass' (setupgrp.txt has none of that name) "
  "did you mean Gas?"},
{"minimum_run_without_setup_group", cell("tool.txt", 5, "SETUPGRP", ""),
  "tool.txt:5, column SETUPGRP: rule_LSSU without SETUPGRP (it keeps the setups of a group)"},
{"setup_group_without_minimum_run", cell("tool.txt", 2, "SETUPGRP", "Gas"),
  "tool.txt:2, column SETUPGRP: SETUPGRP without rule_LSSU (only that rule keeps minimum runs) "
  "is RULE rule_LSSU meant?"},
{"rule_before_the_ranking", cell("tool.txt", 2, "PRERULERWL", "yes"),
  "tool.txt:2, column PRERULERWL: unsupported value 'yes' (no rule runs before the ranking)"},
{"setup_group_not_named", cell("setupgrp.txt", 2, "SETUPGRP", ""),
  "setupgrp.txt:2, column SETUPGRP: missing value (the first row must name a setup group)"},
{"minimum_run_twice", cell("setupgrp.txt", 3, "SETUP", "P1"),
  "setupgrp.txt:3, column SETUP: setup 'P1' appears twice (it can have one minimum run)"},
{"minimum_run_of_none", cell("setupgrp.txt", 2, "MINRUN", "0"),
  "setupgrp.txt:2, column MINRUN: '0' is too small (at least 1)"},
{"setup_change_twice", cell("setup.txt", 3, "NEWSETUP", "P1"),
  "setup.txt:3, column NEWSETUP: this change of setup appears twice (one time must hold)"},
{"setup_change_into_itself", cell("setup.txt", 4, "NEWSETUP", "P1"),
  "setup.txt:4, column NEWSETUP: a change from 'P1' into itself (NEWSETUP must differ from "
  "CURSETUP)"},
{"random_setup_time", content("setup.txt", tabbed("CURSETUP NEWSETUP SDIST STIME STUNITS\n. P1 uniform 30 min\n")),
  "setup.txt:2, column SDIST: unsupported law 'uniform' (setup times are constant)"},
{"product_twice", cell("part.txt", 3, "PART", "A"),
  "part.txt:3, column PART: product 'A' appears twice (first in line 2)"},
{"route_in_two_files", cell("part.txt", 3, "ROUTE", "r_A"),
  "part.txt:3, column ROUTE: route 'r_A' stands in two files (one of them would be passed over)"},
{"route_with_two_names", cell("part.txt", 3, "ROUTEFILE", "route_A.txt"),
  "part.txt:3, column ROUTE: a second name for route_A.txt (it is read as 'r_A')"},
{"wrong_route_in_file", cell("route_A.txt", 3, "ROUTE", "r_B"),
  "route_A.txt:3, column ROUTE: route 'r_B' in the file of 'r_A' (part.txt names it so)"},
{"engineering_in_another_family", both(cell("tool.txt", 4, "BATCHCRITF", "crit_samepartfam|crit_samestepname"),
  append("part.txt", "Engineering family_E E route_A.txt r_A")),
  "part.txt:4, column ROUTEFILE: route of two families with batches by family ('family_A' and "
  "'family_E')"},
{"unknown_tool_group", cell("route_A.txt", 4, "STNFAM", "Furnance"),
  "route_A.txt:4, column STNFAM: unknown tool group 'Furnance' (tool.txt has none of that name) "
  "did you mean Furnace?"},
{"tool_group_in_other_case", cell("route_A.txt", 3, "STNFAM", "ETCH"),
  "route_A.txt:3, column STNFAM: unknown tool group 'ETCH' (tool.txt has none of that name) did "
  "you mean Etch?"},
{"step_out_of_order", cell("route_A.txt", 4, "STEP", "5"),
  "route_A.txt:4, column STEP: step 5 where 3 must stand (steps are numbered 1, 2, 3, ... in "
  "their order)"},
{"step_from_zero", cell("route_A.txt", 2, "STEP", "0"),
  "route_A.txt:2, column STEP: '0' is too small (at least 1)"},
{"unknown_law", cell("route_A.txt", 2, "PDIST", "normal"),
  "route_A.txt:2, column PDIST: unknown word 'normal' (it must be constant, uniform or "
  "exponential)"},
{"negative_time", cell("route_A.txt", 2, "PTIME", "-2"),
  "route_A.txt:2, column PTIME: '-2' is negative (a time is zero or more)"},
{"not_a_number", cell("route_A.txt", 2, "PTIME", "nan"),
  "route_A.txt:2, column PTIME: 'nan' is not a number (digits with a decimal point)"},
{"decimal_comma", cell("route_A.txt", 2, "PTIME", "2,5"),
  "route_A.txt:2, column PTIME: '2,5' is not a number (digits with a decimal point) did you mean "
  "2.5?"},
{"endless_time", cell("route_A.txt", 8, "PTIME", "1e12"),
  "route_A.txt:8, column PTIME: '1e12' is too long (at most 3170 years)"},
{"half_width_above_mean", cell("route_A.txt", 2, "PTIME2", "2.5"),
  "route_A.txt:2, column PTIME2: half-width '2.5' exceeds the mean '2' (times would be negative)"},
{"half_width_missing", cell("route_A.txt", 2, "PTIME2", ""),
  "route_A.txt:2, column PTIME2: missing value (this cell must not be blank)"},
{"half_width_of_a_constant", cell("route_A.txt", 7, "PTIME2", "1"),
  "route_A.txt:7, column PTIME2: half-width given for a law that has none (only a uniform time "
  "has one) did you mean uniform?"},
{"unknown_process_unit", cell("route_A.txt", 2, "PTPER", "per_wafer"),
  "route_A.txt:2, column PTPER: unknown word 'per_wafer' (it must be per_lot, per_piece or "
  "per_batch)"},
{"batch_step_on_single_tool", cell("route_A.txt", 2, "PTPER", "per_batch"),
  "route_A.txt:2, column PTPER: per_batch on a tool group without batches ('Litho' has no "
  "BATCHCRITF)"},
{"single_step_on_batch_tool", cell("route_A.txt", 4, "PTPER", "per_lot"),
  "route_A.txt:4, column PTPER: 'per_lot' on a batch tool group ('Furnace' has BATCHCRITF) did "
  "you mean per_batch?"},
{"batch_without_maximum", cell("route_A.txt", 4, "BATCHMX", ""),
  "route_A.txt:4, column BATCHMX: missing value (this cell must not be blank)"},
{"batch_maximum_below_minimum", cell("route_A.txt", 4, "BATCHMX", "25"),
  "route_A.txt:4, column BATCHMX: maximum 25 below the minimum 50 (no batch could start) are "
  "BATCHMN and BATCHMX swapped?"},
{"batch_size_without_batch", cell("route_A.txt", 2, "BATCHMN", "25"),
  "route_A.txt:2, column BATCHMN: BATCHMN without per_batch (it would have no effect)"},
{"batch_that_never_fills", both(cell("route_A.txt", 4, "BATCHMN", "55"),
  cell("route_A.txt", 4, "BATCHMX", "70")),
  "route_A.txt:4, column BATCHMN: no batch of 55 to 70 wafers can form (lots have 25 wafers)"},
{"lot_larger_than_a_batch", both(cell("route_A.txt", 4, "BATCHMN", "10"),
  cell("route_A.txt", 4, "BATCHMX", "20")),
  "route_A.txt:4, column BATCHMX: maximum 20 below a lot of 25 wafers (the lot could never be "
  "processed)"},
{"setup_without_an_entry", cell("route_A.txt", 5, "SETUP", "P3"),
  "route_A.txt:5, column SETUP: setup without an entry: 'P3' (there is no STIME here and no row "
  "of setup.txt leads to it)"},
{"unknown_setup_need", cell("route_A.txt", 2, "WHEN", "sometimes"),
  "route_A.txt:2, column WHEN: unknown word 'sometimes' (it must be need or always)"},
{"setup_time_without_setup", cell("route_A.txt", 2, "SETUP", ""),
  "route_A.txt:2, column WHEN: WHEN without SETUP (it would have no effect)"},
{"dedication_without_step", cell("route_A.txt", 2, "FORSTEP", ""),
  "route_A.txt:2, column FORSTEP: missing value (this cell must not be blank)"},
{"dedication_not_asked_for", cell("route_A.txt", 2, "SVESTN", "no"),
  "route_A.txt:2, column FORSTEP: FORSTEP without SVESTN yes (it would have no effect)"},
{"dedication_backwards", cell("route_A.txt", 2, "FORSTEP", "1"),
  "route_A.txt:2, column FORSTEP: step 1 is not later (step 1 keeps its tool for a later one)"},
{"dedication_of_another_group", cell("route_A.txt", 2, "FORSTEP", "6"),
  "route_A.txt:2, column FORSTEP: step 6 runs on another tool group ('Hold' there, 'Litho' here)"},
{"dedication_of_batches", both(cell("route_A.txt", 4, "SVESTN", "yes"),
  cell("route_A.txt", 4, "FORSTEP", "5")),
  "route_A.txt:4, column FORSTEP: dedication on a batch tool group ('Furnace' has BATCHCRITF: lots "
  "of one batch could be kept for different tools)"},
{"dedication_beyond_the_route", cell("route_A.txt", 2, "FORSTEP", "50"),
  "route_A.txt:2, column FORSTEP: no step '50' (the route has 7 steps)"},
{"two_dedications", both(cell("route_A.txt", 5, "STNFAM", "Litho"),
  both(cell("route_A.txt", 5, "SVESTN", "yes"),
  cell("route_A.txt", 5, "FORSTEP", "5"))),
  "route_A.txt:5, column FORSTEP: step 5 has two dedications (step 1 keeps its tool for it "
  "already)"},
{"cascading_without_interval", cell("route_A.txt", 3, "PartInterval", ""),
  "route_A.txt:3, column PartInterval: missing PartInterval (tool group 'Etch' is cascading: "
  "STNCAP 2)"},
{"interval_without_cascading", cell("route_A.txt", 2, "PartInterval", "1"),
  "route_A.txt:2, column PartInterval: PartInterval on a tool group without cascading (STNCAP of "
  "'Litho' is not 2)"},
{"interval_of_the_other_kind", cell("route_A.txt", 3, "BatchInterval", "1"),
  "route_A.txt:3, column BatchInterval: BatchInterval with per_piece (PartInterval goes with "
  "per_piece, BatchInterval with per_lot)"},
{"interval_above_process_time", cell("route_A.txt", 3, "PartInterval", "2.9"),
  "route_A.txt:3, column PartInterval: interval '2.9' exceeds the shortest process time (a wafer "
  "would leave before the next may enter)"},
{"exponential_cascade", both(cell("route_A.txt", 3, "PDIST", "exponential"),
  cell("route_A.txt", 3, "PTIME2", "")),
  "route_A.txt:3, column PDIST: exponential time on a cascading tool group (it can be shorter "
  "than its interval)"},
{"rework_to_a_later_step", cell("route_A.txt", 6, "RWKSTEP", "7"),
  "route_A.txt:6, column RWKSTEP: rework to the later step 7 (it goes back, never forward)"},
{"rework_forever", cell("route_A.txt", 6, "REWORK", "100"),
  "route_A.txt:6, column REWORK: rework of 100 % (the lot would never go on)"},
{"rework_of_pieces", cell("route_A.txt", 6, "RWKTYPE", "piece"),
  "route_A.txt:6, column RWKTYPE: unknown word 'piece' (it must be lot)"},
{"rework_without_step", cell("route_A.txt", 6, "RWKSTEP", ""),
  "route_A.txt:6, column REWORK: REWORK without RWKSTEP (it would have no effect)"},
{"sampling_of_none", cell("route_A.txt", 7, "StepPercent", "0"),
  "route_A.txt:7, column StepPercent: '0' is no percentage (above 0 and at most 100)"},
{"sampling_above_all", cell("route_A.txt", 7, "StepPercent", "101"),
  "route_A.txt:7, column StepPercent: '101' is no percentage (above 0 and at most 100)"},
{"window_backwards", cell("route_A.txt", 3, "STEP_CQT", "2"),
  "route_A.txt:3, column STEP_CQT: step 2 is not later (the window that opens at step 2 ends at "
  "a later one)"},
{"window_without_limit", cell("route_A.txt", 3, "CQT", ""),
  "route_A.txt:3, column CQT: missing value (this cell must not be blank)"},
{"limit_without_window", cell("route_A.txt", 3, "STEP_CQT", ""),
  "route_A.txt:3, column CQT: CQT without STEP_CQT (it would have no effect)"},
{"unknown_product", cell("order.txt", 2, "PART", "a1"),
  "order.txt:2, column PART: unknown product 'a1' (part.txt has none of that name)"},
{"missing_due_date", cell("order.txt", 2, "DUE", ""),
  "order.txt:2, column DUE: missing due date (every lot and stream needs one)"},
{"due_before_start", cell("order.txt", 3, "DUE", "01/01/18 00:00:00"),
  "order.txt:3, column DUE: due before START (a due date lies after the release)"},
{"start_before_time_zero", cell("order.txt", 2, "START", "12/31/17 23:59:59"),
  "order.txt:2, column START: '12/31/17 23:59:59' is before time zero (time starts there)"},
{"not_a_date", cell("order.txt", 2, "START", "02/30/18 00:00:00"),
  "order.txt:2, column START: '02/30/18 00:00:00' is not a date (MM/DD/YY HH:MM:SS in the years "
  "2000 to 2099)"},
{"lot_twice", cell("order.txt", 3, "LOT", "Lot_A"),
  "order.txt:3, column LOT: lot 'Lot_A' appears twice (names tell lots apart)"},
{"lot_of_no_wafers", cell("order.txt", 2, "PIECES", "0"),
  "order.txt:2, column PIECES: '0' is too small (at least 1)"},
{"interval_of_zero", cell("order.txt", 2, "REPEAT", "0"),
  "order.txt:2, column REPEAT: '0' is too short (an interval lasts 1 ms or more)"},
{"repeated_never", cell("order.txt", 2, "RPT#", "0"),
  "order.txt:2, column RPT#: '0' is too small (at least 1)"},
{"unsupported_release_law", cell("order.txt", 2, "RDIST", "uniform"),
  "order.txt:2, column RDIST: unsupported law 'uniform' (intervals are constant or exponential)"},
{"count_without_interval", cell("order.txt", 2, "REPEAT", ""),
  "order.txt:2, column RPT#: RPT# without REPEAT (the lot is released once)"},
{"wip_beyond_the_route", cell("WIP.txt", 2, "CURSTEP", "8"),
  "WIP.txt:2, column CURSTEP: no step '8' (route 'r_A' has 7 steps)"},
{"wip_before_the_route", cell("WIP.txt", 2, "CURSTEP", "0"),
  "WIP.txt:2, column CURSTEP: '0' is too small (at least 1)"},
{"wip_in_the_future", cell("WIP.txt", 2, "START", "01/01/18 00:00:01"),
  "WIP.txt:2, column START: CURSTEP with a START after time zero (only lots in the fab at time "
  "zero have a step)"},
{"wip_named_as_an_order", cell("WIP.txt", 2, "LOT", "Lot_A"),
  "order.txt:2, column LOT: lot 'Lot_A' appears twice (names tell lots apart)"},
{"calendar_twice", cell("pmcal.txt", 3, "PMCALNAME", "Litho_MN"),
  "pmcal.txt:3, column PMCALNAME: calendar 'Litho_MN' appears twice (first in line 2)"},
{"failures_without_pause", cell("downcal.txt", 2, "MTTF", "0"),
  "downcal.txt:2, column MTTF: '0' is too short (an interval lasts 1 ms or more)"},
{"unknown_breakdown_type", cell("downcal.txt", 2, "DOWNCALTYPE", "mttf_by_use"),
  "downcal.txt:2, column DOWNCALTYPE: unknown word 'mttf_by_use' (it must be mttf_by_cal) did "
  "you mean mttf_by_cal?"},
{"maintenance_by_wafers_in_days", cell("pmcal.txt", 3, "MTBPMUNITS", "day"),
  "pmcal.txt:3, column MTBPMUNITS: unknown word 'day' (it must be pieces)"},
{"maintenance_longer_than_its_interval", cell("pmcal.txt", 2, "MTTR", "720"),
  "pmcal.txt:2, column MTTR: maintenance takes as long as its interval (the tool would never be "
  "up)"},
{"breakdown_attached_to_nothing", cell("attach.txt", 2, "RESNAME", "Lithos"),
  "attach.txt:2, column RESNAME: unknown area 'Lithos' (tool.txt has none of that name) did you "
  "mean Litho?"},
{"maintenance_attached_to_nothing", cell("attach.txt", 3, "RESNAME", "Litho_1"),
  "attach.txt:3, column RESNAME: unknown tool group 'Litho_1' (tool.txt has none of that name) "
  "did you mean Litho?"},
{"unknown_calendar", cell("attach.txt", 3, "CALNAME", "Litho_MM"),
  "attach.txt:3, column CALNAME: unknown PM calendar 'Litho_MM' (pmcal.txt has none of that "
  "name) did you mean Litho_MN?"},
{"breakdown_as_maintenance", cell("attach.txt", 3, "CALTYPE", "down"),
  "attach.txt:3, column CALNAME: unknown breakdown calendar 'Litho_MN' (downcal.txt has none of "
  "that name)"},
{"unknown_resource_type", cell("attach.txt", 3, "RESTYPE", "stn"),
  "attach.txt:3, column RESTYPE: unknown word 'stn' (it must be stnfam or stngrp)"},
{"random_first_maintenance", cell("attach.txt", 3, "FOADIST", "exponential"),
  "attach.txt:3, column FOADIST: unsupported law 'exponential' (a first maintenance has a fixed "
  "date)"},
{"calendar_attached_twice", append("attach.txt", "Litho_MN pm stngrp Litho constant 25 day"),
  "attach.txt:5, column CALNAME: calendar 'Litho_MN' attached twice (to tool group 'Litho')"},
{"no_calendars_to_attach", no_file("pmcal.txt"),
  "attach.txt:3, column CALNAME: unknown PM calendar 'Litho_MN' (pmcal.txt has none of that name)"},
{"unknown_location", cell("fromto.txt", 2, "TOLOC", "Faab"),
  "fromto.txt:2, column TOLOC: unknown location 'Faab' (tool.txt has none of that name) did you "
  "mean Fab?"},
{"transport_twice", append("fromto.txt", "Fab Fab constant 5 . min"),
  "fromto.txt:3, column TOLOC: transport from 'Fab' to 'Fab' appears twice (one time must hold)"},
};
// clang-format on

std::string message_of(const Broken& broken) {
  Folder folder = small_fab();
  broken.edit(folder);
  try {
    static_cast<void>(read_smt2020(folder));
  } catch (const twin::core::Error& e) {
    return e.what();
  }
  return "read";
}

class BrokenFab : public testing::TestWithParam<Broken> {};

// A broken fab would be simulated, or its user would search for the mistake in the wrong place.
TEST_P(BrokenFab, is_told_exactly_what_is_wrong) {
  EXPECT_EQ(message_of(GetParam()), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(Reading, BrokenFab, testing::ValuesIn(Mistakes),
                         [](const auto& i) { return i.param.name; });

// A table of another fab would be read, or one without rows be taken for a fab without tools.
TEST(Reading, opens_only_tables_with_rows) {
  const Folder folder{"f", {{"a.txt", "A\n1\n"}, {"b.txt", "A\n"}}};
  Reading reading;
  reading.folder = &folder;
  EXPECT_EQ(open(reading, "a.txt").rows(), 1U);
  EXPECT_THROW(static_cast<void>(open(reading, "b.txt")), twin::core::Error);
  EXPECT_THROW(static_cast<void>(open(reading, "c.txt")), twin::core::Error);
}

}  // namespace
}  // namespace twins::fab::import
