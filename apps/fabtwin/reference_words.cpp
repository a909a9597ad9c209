// The pages of the reference that explain words in files: results and events.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "apps/fabtwin/comparison.hpp"
#include "apps/fabtwin/csv.hpp"
#include "apps/fabtwin/figures.hpp"
#include "apps/fabtwin/json.hpp"
#include "apps/fabtwin/json_words.hpp"
#include "apps/fabtwin/operating_curve.hpp"
#include "apps/fabtwin/reference.hpp"
#include "apps/fabtwin/score_columns.hpp"
#include "twin/event/glossary.hpp"

namespace apps::fabtwin {
namespace {

using ReferenceWordsRows = std::vector<std::vector<std::string>>;

std::string column_table(const std::vector<CsvColumn>& columns) {
  ReferenceWordsRows rows;
  for (const CsvColumn& c : columns) rows.push_back({code(c.title), std::string(c.text)});
  return markdown_table({"column [unit]", "meaning"}, rows);
}

template <class K>
void add_figures(ReferenceWordsRows& rows, std::string_view place,
                 std::span<const Figure<K>> figures) {
  for (const Figure<K>& f : figures)
    rows.push_back({std::string(place), code(f.name), std::string(f.unit), std::string(f.text)});
}

std::string figure_table() {
  ReferenceWordsRows rows;
  add_figures(rows, "fab", fab_figures());
  add_figures(rows, "class of lots", class_figures());
  add_figures(rows, "tool group", group_figures());
  add_figures(rows, "windows", window_figures());
  return markdown_table({"of", "name", "unit", "meaning"}, rows);
}

template <class Words>
std::string word_list(const Words& words) {
  ReferenceWordsRows rows;
  for (const auto& word : words)
    rows.push_back({fmt::format("{}", static_cast<unsigned>(word.value)),
                    word.text.empty() ? std::string("(empty)") : code(word.text)});
  return markdown_table({"no.", "text"}, rows);
}

}  // namespace

std::string results_page() {
  std::string text =
      "# Results: CSV columns and JSON names\n\n## Figures\n\n"
      "The key figures, the same in CSV and JSON. Unit 1: a share or a ratio. A figure of lots is "
      "unknown (CSV: blank, JSON:\nnull) where no lot finished; cycle times and flow factors also "
      "for lots that were in the fab at time zero.\n\n" +
      figure_table() + "\n## CSV\n\n`fabtwin simulate DIR --csv FOLDER` writes these files:\n";
  for (const CsvSheet& sheet : csv_sheets())
    text += fmt::format("\n### {}\n\n{}.\n\n", sheet.name, sheet.row) + column_table(sheet.columns);
  text += "\n### The operating curve\n\n`fabtwin sweep DIR --csv FILE`: one row a load.\n\n" +
          column_table(curve_columns());
  text +=
      "\n### The scores of an experiment\n\n`fabtwin assimilate FILE --csv FILE`: one row a "
      "method.\n\n" +
      column_table(score_columns());
  text += fmt::format(
      "\n## JSON\n\nWith `--json`; `schema_version` is {}. `[]` is each entry of a list, `*` any "
      "of "
      "the figures. A mean over replications\nis an object: `mean`, `half_width` (of the 95 % "
      "interval, Student t; null for one value), `sd`, `n` (how many values).\n",
      SchemaVersion);
  for (const char* schema :
       {"simulate", "compare", "sweep", "check", "calibrate", "assimilate", "bench"}) {
    text += fmt::format("\n### fabtwin {} --json\n\n", schema);
    ReferenceWordsRows rows;
    for (const JsonWord& word : json_words(schema))
      rows.push_back({code(word.path), std::string(word.text)});
    text += markdown_table({"name", "meaning"}, rows);
    if (std::string_view(schema) != "compare") continue;
    ReferenceWordsRows compared;
    for (const Measure& m : measures()) compared.push_back({code(m.name), m.unit});
    text += "\nThe figures of a comparison:\n\n" + markdown_table({"name", "unit"}, compared);
  }
  return text;
}

std::string events_page() {
  std::string text =
      "# Events: fields, kinds, units\n\n[The files of the event log](../event-log.md) says how "
      "these stand in a file, [the fab's events](../fab-events.md) which of\nthem the model "
      "writes.\n\n## Fields\n\n`None` (4294967295) means \"there is no such object\". Ids are "
      "numbers of the log's name tables.\n\n";
  ReferenceWordsRows fields, kinds;
  for (const auto& f : twin::event::field_meanings())
    fields.push_back({code(to_string(f.field)), std::string(f.type), std::string(f.unit),
                      std::string(f.meaning)});
  text += markdown_table({"field", "type", "unit", "meaning"}, fields);
  text +=
      "\n## Kinds\n\nThe numbers stand in files: none is changed or used again. New kinds go to "
      "the "
      "end of their group. A program that\nmeets a number it does not know refuses the log.\n\n";
  for (const auto& k : twin::event::kind_meanings())
    kinds.push_back({fmt::format("{}", static_cast<unsigned>(k.kind)), code(to_string(k.kind)),
                     std::string(k.meaning), std::string(k.item), std::string(k.value)});
  text += markdown_table({"no.", "text", "meaning", "item", "value"}, kinds);
  return text +
         "\nA lot that is released with a priority of its own has a `priority_changed` at the same "
         "time right after its\n`lot_released`.\n\n## Qualities\n\n" +
         word_list(twin::event::qualities()) +
         "\n## Tool states\n\nThe `value` of `tool_state_changed`, after SEMI E10.\n\n" +
         word_list(twin::event::tool_states()) +
         "\n## Units\n\nTexts are [UCUM](https://ucum.org) codes, case-sensitive, but for `count`, "
         "`tick` (a point in time in ms since time\nzero), `Torr`, `sccm` (standard cubic "
         "centimetres per minute), `Ohm/sq` and `state` (a tool state), which have none.\n\n" +
         word_list(twin::event::units());
}

}  // namespace apps::fabtwin
