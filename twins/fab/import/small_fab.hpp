// A small correct fab that uses every column, for tests that break it and for the seeds of the fuzz
// targets: five tool groups, two products, routes of seven and two steps.
#pragma once
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "twins/fab/import/folder.hpp"

namespace twins::fab::import {

// Cells stand between blanks here so that the eye finds the columns: . is an empty cell, + a blank.
inline std::string tabbed(std::string_view lines) {
  std::string text;
  std::string cell;
  bool first = true;  // of its line
  const auto finish = [&] {
    if (cell.empty()) return;
    text += (first ? "" : "\t") + (cell == "." ? std::string{} : cell);
    first = false;
    cell.clear();
  };
  for (const char c : lines) {
    if (c == ' ') {
      finish();
    } else if (c == '\n') {
      finish();
      text += c;
      first = true;
    } else {
      cell += c == '+' ? ' ' : c;
    }
  }
  return text;
}

// Tables side by side: the first lines joined, the second, and so on.
inline std::string beside(const std::vector<std::string>& tables) {
  std::string text;
  std::vector<std::istringstream> streams;
  streams.reserve(tables.size());
  for (const std::string& t : tables) streams.emplace_back(t);
  for (std::string line; std::getline(streams[0], line);) {
    text += line;
    for (std::size_t i = 1; i < streams.size(); ++i) {
      std::getline(streams[i], line);
      text += " " + line;
    }
    text += '\n';
  }
  return text;
}

// clang-format off
inline Folder small_fab() {
  return {"small", {
{"tool.txt", tabbed(beside({
R"(STNFAM  RULE             FWLRANK                       WAKERESRANK         BATCHCRITF         BATCHPER
Litho   rule_HotLotFIRST rank_HP;rank_RSETUP;rank_FIFO wake_LeastSetupTime .                  .
Etch    rule_HotLotFIRST rank_HP;rank_FIFO             .                   .                  .
Furnace rule_HotLotFIRST rank_HP;rank_CR               .                   crit_sameroutestep piece
Implant rule_LSSU        rank_HP;rank_RSETUP;rank_CR   .                   .                  .
Hold    .                .                             .                   .                  .
)",
R"(LTIME LTUNITS ULTIME ULTUNITS STNCAP STNQTY STNGRP  STNFAMLOC PRERULERWL SETUPGRP
1     min     1      min      .      2.0    Litho   Fab       no         .
1.0   min     1.0    min      2      3      Etch    Fab       no         .
1     min     1      min      1      1      Diff    Fab       no         .
30    sec     1      min      .      1      Implant Fab       no         Gas
.     .       .      .        .      50     .       Delay     .          .
)"}))},
{"setupgrp.txt", tabbed(
R"(SETUPGRP SETUP MINRUN IGNORE
Gas      P1    4      Implant
.        P2    4      Implant
)")},
{"setup.txt", tabbed(
R"(CURSETUP NEWSETUP STIME STUNITS
.        P1       30    min
.        P2       40    min
P1       P2       1     hr
)")},
{"part.txt", tabbed(
R"(PARTGRP  PARTFAM  PART ROUTEFILE   ROUTE
Saleable family_A A    route_A.txt r_A
Saleable family_B B    route_B.txt r_B
)")},
{"route_A.txt", tabbed(beside({
R"(ROUTE STEP DESC      STNFAM  PDIST       PTIME PTIME2 PTUNITS PTPER     BATCHMN BATCHMX SETUP WHEN
r_A   1    1_Litho   Litho   uniform     2     0.1    min     per_piece .       .       M1    need
r_A   2    2_Etch    Etch    uniform     3     0.15   min     per_piece .       .       .     .
r_A   3    3_Furnace Furnace uniform     240   12     min     per_batch 50      75      .     .
r_A   4    4_Implant Implant exponential 20    .      min     per_lot   .       .       P1    need
r_A   5    5_Litho   Litho   uniform     40    2      min     per_lot   .       .       M2    always
r_A   6    6_Hold    Hold    constant    2     .      hr      per_lot   .       .       .     .
r_A   7    7_Etch    Etch    uniform     60    3      min     per_lot   .       .       .     .
)",
R"(STIME STUNITS SVESTN FORSTEP BatchInterval BatchIntUnits PartInterval PartIntUnits RWKSTEP REWORK
8     min     yes    5       .             .             .            .            .       .
.     .       .      .       .             .             2.25         min          .       .
.     .       .      .       .             .             .            .            .       .
.     .       .      .       .             .             .            .            .       .
8     min     .      .       .             .             .            .            4       1.5
.     .       .      .       .             .             .            .            .       .
.     .       .      .       45            min           .            .            .       .
)",
R"(RWKTYPE StepPercent STEP_CQT CQT CQTUNITS IGNORE
.       .           .        .   .        Litho
.       100         3        2   hr       Etch
.       .           .        .   .        Diff
.       .           .        .   .        Implant
lot     .           .        .   .        Litho
.       50          .        .   .        .
.       .           .        .   .        Etch
)"}))},
{"route_B.txt", tabbed(
R"(STEP STNFAM  PTIME PTUNITS PTPER   SETUP BatchInterval BatchIntUnits
1    Etch    50    min     per_lot .     40            min
2    Implant 25    min     per_lot P2    .             .
)")},
{"order.txt", tabbed(beside({
R"(LOT   PART PRIOR PIECES START             RDIST       REPEAT RUNITS RPT# LOTSPERRPT DUE
Lot_A A    10    25     01/01/18+00:00:00 constant    2      hr     5000 1          01/03/18+00:00:00
Hot_A A    20    25     01/02/18+00:00:00 exponential 2.5    day    500  .          01/03/18+12:00:00
Lot_B B    10    20     01/01/18+06:00:00 .           300    min    1000 2          01/02/18+00:00:00
One_B B    30    10     02/01/18+00:00:00 .           .      .      .    .          02/02/18+00:00:00
)",
R"(ORDER HOTLOT
O_A   no
O_A   yes
O_B   .
O_B   no
)"}))},
{"WIP.txt", tabbed(
R"(LOT    PART PRIOR PIECES START             CURSTEP DUE               ORDER  HOTLOT TRACE
Init_1 A    10    25     01/01/18+00:00:00 4       01/01/18+12:00:00 O_Init
Init_2 A    20    25     01/01/18+00:00:00 3       12/31/17+12:00:00 O_Init .      .
)")},
{"downcal.txt", tabbed(
R"(DOWNCALNAME DOWNCALTYPE MTTFDIST    MTTF  MTTFUNITS MTTRDIST    MTTR MTTRUNITS
BREAK_Litho mttf_by_cal exponential 10080 min       exponential 12   hr
)")},
{"pmcal.txt", tabbed(
R"(PMCALNAME PMCALTYPE       MTBPM MTBPMUNITS MTTRDIST MTTR MTTR2 MTTRUNITS
Litho_MN  mtbpm_by_cal    30    day        uniform  10   2     hr
Etch_WK   mtbpm_by_pieces 2500  pieces     constant 6    .     hr
)")},
{"attach.txt", tabbed(
R"(CALNAME     CALTYPE RESTYPE RESNAME FOADIST     FOA   FOAUNITS
BREAK_Litho down    stngrp  Litho   exponential 10080 min
Litho_MN    pm      stnfam  Litho   constant    25    day
Etch_WK     pm      stngrp  Etch    constant    1880  .
)")},
{"fromto.txt", tabbed(
R"(FROMLOC TOLOC DDIST   DTIME DTIME2 DUNITS
Fab     Fab   uniform 7.5   2.5    min
)")},
  }};
}
// clang-format on

// Puts a value into the cell of a file's line (1: the header) and column.
inline void set_cell(Folder& folder, const std::string& file, std::size_t line,
                     const std::string& column, const std::string& value) {
  std::string& text = folder.files.at(file);
  const auto cells_at = [&](std::size_t begin) {
    std::vector<std::string> cells(1);
    for (std::size_t i = begin; i < text.size() && text[i] != '\n'; ++i) {
      if (text[i] == '\t') {
        cells.emplace_back();
      } else {
        cells.back() += text[i];
      }
    }
    return cells;
  };
  std::size_t begin = 0;
  for (std::size_t l = 1; l < line; ++l) begin = text.find('\n', begin) + 1;
  const std::vector<std::string> header = cells_at(0);
  std::vector<std::string> cells = cells_at(begin);
  std::size_t at = 0;
  while (at < header.size() && header[at] != column) ++at;
  if (at == header.size()) throw std::logic_error(file + " has no column " + column);
  if (cells.size() <= at) cells.resize(at + 1);
  cells[at] = value;
  std::string joined;
  for (std::size_t i = 0; i < cells.size(); ++i) joined += (i == 0 ? "" : "\t") + cells[i];
  text.replace(begin, text.find('\n', begin) - begin, joined);
}

}  // namespace twins::fab::import
